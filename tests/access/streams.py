"""Rows of the matrix: what is followed."""

from typing import Any

from tests.access.rows import Row, refused
from tests.access.world import World

MESSAGE_ADDED = """
subscription($id: ID!, $after: String) { messageAdded(conversationId: $id, after: $after) { message { id } } }
"""
CONVERSATION_EVENTS = """
subscription($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) { ... on MessageAddedEvent { message { id } } }
}
"""
TYPING = "subscription($id: ID!) { typing(conversationId: $id) { user { name } isTyping } }"
INBOX = """
subscription($after: String) { inbox(after: $after) { ... on MessageAddedEvent { message { id } } } }
"""
PRESENCE = "subscription($ids: [ID!]!) { presence(userIds: $ids) { user { id } presence { status } } }"
SET_TYPING = "mutation($id: ID!) { setTyping(input: { conversationId: $id }) { errors { code } } }"


def _is_reply(things: Any, event: Any) -> bool:
    return bool(event.get("message") == {"id": things.reply})


async def _bob_types(world: World) -> str | None:
    return await world.cast["bob"].code(SET_TYPING, id=world.things("bob").conversation)


STREAMS = [
    Row(
        ("Subscription.messageAdded(conversationId)",),
        MESSAGE_ADDED,
        lambda t: {"id": t.conversation, "after": t.message_cursor},
        _is_reply,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Subscription.messageAdded(after)",),
        MESSAGE_ADDED,
        lambda t: {"id": t.home, "after": t.message_cursor},
        _is_reply,
        refused("INVALID_CURSOR"),
    ),
    Row(
        ("Subscription.conversationEvents(conversationId)",),
        CONVERSATION_EVENTS,
        lambda t: {"id": t.conversation, "after": t.message_cursor},
        _is_reply,
        refused("NOT_FOUND"),
    ),
    Row(
        ("Subscription.conversationEvents(after)",),
        CONVERSATION_EVENTS,
        lambda t: {"id": t.home, "after": t.message_cursor},
        _is_reply,
        refused("INVALID_CURSOR"),
    ),
    Row(
        ("Subscription.typing(conversationId)",),
        TYPING,
        lambda t: {"id": t.conversation},
        lambda _, event: event == {"user": {"name": "Bob"}, "isTyping": True},
        refused("NOT_FOUND"),
        meanwhile=_bob_types,
        closed="CONVERSATION_CLOSED",
    ),
    Row(
        ("Subscription.inbox(after)",),
        INBOX,
        lambda t: {"after": t.inbox_cursor},
        _is_reply,
        refused("INVALID_CURSOR"),
    ),
    Row(
        ("Subscription.presence(userIds)",),
        PRESENCE,
        lambda t: {"ids": [t.ann]},
        lambda t, event: event["user"] == {"id": t.ann},
        refused("NOT_FOUND"),
        member="bob",
        blocked="NOT_FOUND",
    ),
]
