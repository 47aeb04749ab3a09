"""What clients do to messages that are there already: edit, delete, answer, react."""

from typing import Any

from tests import acts
from tests.client import Person

MESSAGE = """
  id seq body kind createdAt editedAt deletedAt replyTo { id seq body deletedAt }
  edits { body editedAt }
  attachments { id }
  reactions { emoji count viewerReacted users { externalId } }
"""
EDIT = f"""
mutation Edit($input: EditMessageInput!) {{
  editMessage(input: $input) {{ message {{ {MESSAGE} }} errors {{ code reason path }} }}
}}
"""
DELETE = f"""
mutation Delete($input: DeleteMessageInput!) {{
  deleteMessage(input: $input) {{ message {{ {MESSAGE} }} errors {{ code reason path }} }}
}}
"""
REPLY = f"""
mutation Reply($input: SendMessageInput!) {{
  sendMessage(input: $input) {{ message {{ {MESSAGE} }} errors {{ code reason path }} }}
}}
"""
REACT = f"""
mutation React($input: ReactInput!) {{
  react(input: $input) {{ message {{ {MESSAGE} }} errors {{ code reason path }} }}
}}
"""
SEEN = f"query Seen($id: ID!) {{ node(id: $id) {{ ... on Message {{ {MESSAGE} }} }} }}"
EVENT = f"""
  __typename
  ... on ResumableEvent {{ cursor }}
  ... on MessageAddedEvent {{ isReplay message {{ {MESSAGE} }} }}
  ... on MessageUpdatedEvent {{
    message {{ {MESSAGE} conversation {{ id unreadCount lastMessage {{ id body }} }} }} viewer {{ unreadMessageCount }}
  }}
"""
CONVERSATION_EVENTS = f"""
subscription Events($id: ID!, $after: String) {{ conversationEvents(conversationId: $id, after: $after) {{ {EVENT} }} }}
"""
INBOX = f"subscription Inbox($after: String) {{ inbox(after: $after) {{ {EVENT} }} }}"


async def edit(person: Person, message_id: str, body: str) -> dict[str, Any]:
    """Edit a message; as it is then."""
    payload = await person.ask(EDIT, input={"messageId": message_id, "body": body})
    assert payload["errors"] == [], payload
    message: dict[str, Any] = payload["message"]
    return message


async def edit_code(person: Person, message_id: str, body: str = "Other words") -> str | None:
    """Why a message cannot be edited."""
    return await person.code(EDIT, input={"messageId": message_id, "body": body})


async def seen(person: Person, message_id: str) -> dict[str, Any]:
    """A message as somebody sees it now."""
    message: dict[str, Any] = await person.ask(SEEN, id=message_id)
    return message


async def delete(person: Person, message_id: str) -> dict[str, Any]:
    """Delete a message; what is left of it."""
    payload = await person.ask(DELETE, input={"messageId": message_id})
    assert payload["errors"] == [], payload
    message: dict[str, Any] = payload["message"]
    return message


async def delete_code(person: Person, message_id: str) -> str | None:
    """Why a message cannot be deleted."""
    return await person.code(DELETE, input={"messageId": message_id})


def reply_of(conversation_id: str, message_id: str | None, body: str = "An answer", key: str = "") -> dict[str, Any]:
    """The input of a send that answers a message."""
    named = {"conversationId": conversation_id, "body": body, "clientMessageId": key or acts.key()}
    return {**named, "replyToId": message_id}


async def reply(person: Person, conversation_id: str, message_id: str | None, **more: str) -> dict[str, Any]:
    """Answer a message; the answer."""
    payload = await person.ask(REPLY, input=reply_of(conversation_id, message_id, **more))
    assert payload["errors"] == [], payload
    message: dict[str, Any] = payload["message"]
    return message


async def react(person: Person, message_id: str, emoji: str, *, reacted: bool = True) -> list[dict[str, Any]]:
    """Put an emoji to a message, or take it back; the reactions then."""
    payload = await person.ask(REACT, input={"messageId": message_id, "emoji": emoji, "reacted": reacted})
    assert payload["errors"] == [], payload
    reactions: list[dict[str, Any]] = payload["message"]["reactions"]
    return reactions


async def react_code(person: Person, message_id: str, emoji: str = "👍", *, reacted: bool = True) -> str | None:
    """Why somebody cannot react."""
    return await person.code(REACT, input={"messageId": message_id, "emoji": emoji, "reacted": reacted})
