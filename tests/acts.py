"""What tests do all the time, as a client would write it."""

from typing import Any
from uuid import uuid4

from tests.client import Person

UPSERT_SUBJECT = """
mutation UpsertSubject($input: UpsertSubjectInput!) {
  upsertSubject(input: $input) { subject { id kind externalId title state policy } errors { code reason path } }
}
"""
OPEN = """
mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) {
    created
    conversation { id cursor state }
    conversationEdge { cursor node { id } }
    messageEdge { cursor node { id seq body } }
    errors { code reason path ... on ContactRefusedError { refusal } }
  }
}
"""
SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id seq body kind status clientMessageId createdAt }
    messageEdge { cursor node { id } }
    errors { code reason path ... on RateLimitedError { retryAfterMs } }
  }
}
"""
MARK_READ = """
mutation MarkRead($input: MarkReadInput!) {
  markRead(input: $input) {
    conversation { id unreadCount }
    viewer { unreadMessageCount unreadConversationCount }
    errors { code reason path }
  }
}
"""
MESSAGES = """
query Messages($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID) {
  conversation(id: $id) {
    cursor
    messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
      edges { cursor node { id seq body kind status sender { externalId } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
MESSAGE_ADDED = """
subscription Messages($id: ID!, $after: String) {
  messageAdded(conversationId: $id, after: $after) {
    cursor isReplay message { id seq body sender { externalId } }
  }
}
"""


def key() -> str:
    """A new clientMessageId."""
    return uuid4().hex


async def list_thing(host: Person, external_id: str = "bike-1", **changes: Any) -> dict[str, Any]:
    """The host tells of a listing, Bob's unless said otherwise."""
    fields: dict[str, Any] = {
        "kind": "listing",
        "externalId": external_id,
        "title": "A red bicycle",
        "owner": {"userExternalId": "bob", "role": "seller"},
        **changes,
    }
    payload = await host.ask(UPSERT_SUBJECT, input=fields)
    assert payload["errors"] == [], payload
    subject: dict[str, Any] = payload["subject"]
    return subject


async def book(host: Person, external_id: str = "booking-1", *people: str, **changes: Any) -> dict[str, Any]:
    """The host tells of a booking between people, Ann and Bob unless said otherwise."""
    parties = [{"userExternalId": person, "role": "party"} for person in people or ("ann", "bob")]
    fields = {
        "kind": "booking",
        "title": "A haircut",
        "policy": "PARTIES",
        "owner": None,
        "parties": parties,
        **changes,
    }
    return await list_thing(host, external_id, **fields)


async def open_about(person: Person, external_id: str = "bike-1", *, kind: str = "listing", **more: Any) -> str:
    """Open the conversation about a subject; its id."""
    payload = await person.ask(OPEN, input={"subject": {"kind": kind, "externalId": external_id}, **more})
    assert payload["errors"] == [], payload
    conversation_id: str = payload["conversation"]["id"]
    return conversation_id


async def send(person: Person, conversation_id: str, body: str, client_key: str | None = None) -> dict[str, Any]:
    """Send a message; the stored one, with its edge's cursor as `cursor`."""
    fields = {"conversationId": conversation_id, "body": body, "clientMessageId": client_key or key()}
    payload = await person.ask(SEND, input=fields)
    assert payload["errors"] == [], payload
    return {**payload["message"], "cursor": payload["messageEdge"]["cursor"]}


async def read(person: Person, conversation_id: str, up_to: str | None = None) -> dict[str, Any]:
    """Mark as read, up to a message or all; the payload."""
    payload: dict[str, Any] = await person.ask(
        MARK_READ, input={"conversationId": conversation_id, "upToMessageId": up_to}
    )
    assert payload["errors"] == [], payload
    return payload


async def bodies(person: Person, conversation_id: str, **page: Any) -> list[str]:
    """The bodies of a page of messages, the first 100 unless said otherwise."""
    conversation = await person.ask(MESSAGES, id=conversation_id, **(page or {"first": 100}))
    return [edge["node"]["body"] for edge in conversation["messages"]["edges"]]
