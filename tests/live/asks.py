"""The operations that the live tests use, and how they read a stream."""

from collections.abc import Iterable
from typing import Any

from tests import acts
from tests.client import Person, Stream
from tests.house import House
from tests.waiting import until

EVENT = """
  __typename
  ... on ResumableEvent { cursor }
  ... on MessageAddedEvent { isReplay viewer { unreadMessageCount } message { seq body conversation { id } } }
  ... on ReceiptEvent { conversation { id } participant { lastReadSeq lastDeliveredSeq user { externalId name } } }
  ... on ConversationUpdatedEvent {
    conversationEdge { cursor }
    conversation { id state subject { title } participants { user { externalId } } }
  }
  ... on ResetEvent { reason }
"""
CONVERSATION_EVENTS = f"""
subscription Events($id: ID!, $after: String) {{ conversationEvents(conversationId: $id, after: $after) {{ {EVENT} }} }}
"""
INBOX = f"subscription Inbox($after: String) {{ inbox(after: $after) {{ {EVENT} }} }}"
TYPING = """
subscription Typing($id: ID!) {
  typing(conversationId: $id) { isTyping expiresInMs expiresAt user { externalId } conversation { id } }
}
"""
SET_TYPING = """
mutation SetTyping($id: ID!, $isTyping: Boolean! = true) {
  setTyping(input: { conversationId: $id, isTyping: $isTyping }) { errors { code } }
}
"""
WHO_TYPES = "query($id: ID!) { conversation(id: $id) { typing { externalId } } }"
PRESENCE = """
subscription Presence($ids: [ID!]!) {
  presence(userIds: $ids) { user { externalId } presence { status lastSeenAt } }
}
"""
CURSOR = "query($id: ID!) { conversation(id: $id) { cursor } }"
INBOX_CURSOR = "{ viewer { inboxCursor } }"
MARK_DELIVERED = """
mutation($input: MarkDeliveredInput!) { markDelivered(input: $input) { errors { code } } }
"""


async def cursor_of(person: Person, conversation_id: str) -> str:
    """`Conversation.cursor`."""
    cursor: str = (await person.ask(CURSOR, id=conversation_id))["cursor"]
    return cursor


async def inbox_cursor(person: Person) -> str:
    """`Viewer.inboxCursor`."""
    cursor: str = (await person.ask(INBOX_CURSOR))["inboxCursor"]
    return cursor


async def listening(house: House, count: int) -> None:
    """Wait until so many subscriptions listen at the server."""
    await until(lambda: house.palaver.hub.listener_count == count)


async def skim(stream: Stream, kind: str, count: int = 1) -> list[dict[str, Any]]:
    """The next events of one kind; others are passed over."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        event = await stream.next()
        if event["__typename"] == kind:
            found.append(event)
    return found


async def without_receipts(stream: Stream, count: int) -> list[dict[str, Any]]:
    """The next events that are no receipts."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        event = await stream.next()
        if event["__typename"] != "ReceiptEvent":
            found.append(event)
    return found


async def say(person: Person, conversation_id: str, words: Iterable[str]) -> list[dict[str, Any]]:
    """Send messages, one after another."""
    return [await acts.send(person, conversation_id, word) for word in words]


def bodies_of(events: Iterable[dict[str, Any]]) -> list[str]:
    """What the messages of some events say."""
    return [event["message"]["body"] for event in events]


def seqs_of(events: Iterable[dict[str, Any]]) -> list[int]:
    """The seqs of the messages of some events."""
    return [event["message"]["seq"] for event in events]


def marks_of(event: dict[str, Any]) -> tuple[str, int, int]:
    """Whose marks a receipt tells: who, read, delivered."""
    part = event["participant"]
    return part["user"]["externalId"], part["lastReadSeq"], part["lastDeliveredSeq"]
