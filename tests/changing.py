"""What clients do to messages that are there already: edit, delete, answer, react."""

from typing import Any

from tests import acts
from tests.client import Person

MESSAGE = """
  id seq body kind createdAt editedAt deletedAt
  edits { body editedAt }
"""
EDIT = f"""
mutation Edit($input: EditMessageInput!) {{
  editMessage(input: $input) {{ message {{ {MESSAGE} }} errors {{ code reason path }} }}
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


async def bodies_around(person: Person, conversation_id: str) -> list[str | None]:
    """What a thread says, from its beginning."""
    found: list[str | None] = [*await acts.bodies(person, conversation_id)]
    return found
