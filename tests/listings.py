"""What tests of subjects and conversations look at."""

from typing import Any

from tests.client import Person

SUBJECT = """
query Subject($kind: String!, $id: ID!) {
  subject(kind: $kind, externalId: $id) {
    id kind externalId title url imageUrl policy state
    owner { externalId name }
  }
}
"""
UPSERT = """
mutation Upsert($input: UpsertSubjectInput!) {
  upsertSubject(input: $input) { subject { id } errors { code path } }
}
"""
CONVERSATION = """
query Conversation($id: ID!) {
  conversation(id: $id) {
    id state createdAt lastMessageAt
    subject { title url imageUrl }
    subjectSnapshot { title url imageUrl }
    participants { role user { externalId } }
    counterpart { user { externalId } }
    viewerParticipant { role user { externalId } }
  }
}
"""
LIST = """
query List($first: Int, $after: String, $last: Int, $before: String, $filter: ConversationFilter) {
  conversations(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
OPEN = """
mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) {
    created
    conversation { id }
    conversationEdge { node { id } }
    messageEdge { node { body } }
    errors { code path ... on ContactRefusedError { refusal } ... on RateLimitedError { retryAfterMs } }
  }
}
"""


async def subject_of(person: Person, external_id: str = "bike-1", kind: str = "listing") -> Any:
    """A subject as a person sees it."""
    return await person.ask(SUBJECT, kind=kind, id=external_id)


async def conversation_of(person: Person, conversation_id: str) -> Any:
    """A conversation as a person sees it."""
    return await person.ask(CONVERSATION, id=conversation_id)


async def people_in(person: Person, conversation_id: str) -> dict[str, str]:
    """Who is in a conversation, and in which role."""
    found = await conversation_of(person, conversation_id)
    return {one["user"]["externalId"]: one["role"] for one in found["participants"]}


async def ids_listed(person: Person, **choice: Any) -> list[str]:
    """The conversations that a person is shown, in order."""
    page = await person.ask(LIST, **{"first": 100, **choice})
    return [edge["node"]["id"] for edge in page["edges"]]


async def opening(person: Person, **fields: Any) -> Any:
    """The answer to an opening, whatever it is."""
    return await person.ask(OPEN, input=fields)


async def refusal_of(person: Person, **fields: Any) -> tuple[Any, ...]:
    """Why an opening is refused: the code, the path without `input`, and the reason for not contacting if any."""
    payload = await opening(person, **fields)
    (error,) = payload["errors"]
    assert (payload["created"], payload["conversation"], payload["messageEdge"]) == (False, None, None)
    return (error["code"], ".".join(error["path"][1:]), *([error["refusal"]] if "refusal" in error else []))


def about(external_id: str = "bike-1", kind: str = "listing") -> dict[str, Any]:
    """A subject by the host's own name."""
    return {"subject": {"kind": kind, "externalId": external_id}}
