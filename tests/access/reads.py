"""Rows of the matrix: what is asked."""

from typing import Any

from tests.access.rows import Row, finds, refused
from tests.access.things import Things

NODE = "query($id: ID!) { node(id: $id) { id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
CONVERSATION = "query($id: ID!) { conversation(id: $id) { id messages(first: 9) { edges { node { body } } } } }"
CONVERSATIONS = """
query($after: String, $before: String, $filter: ConversationFilter) {
  conversations(first: 100, after: $after, before: $before, filter: $filter) { edges { node { id } } }
}
"""
SUBJECT = "query($kind: String!, $externalId: ID!) { subject(kind: $kind, externalId: $externalId) { id title } }"
USER = "query($externalId: ID!) { user(externalId: $externalId) { id name } }"
USERS = """
query($after: String, $before: String, $filter: UserFilter) {
  users(first: 100, after: $after, before: $before, filter: $filter) { edges { node { externalId } } }
}
"""
BLOCKED = """
query($after: String, $before: String) {
  blockedUsers(first: 9, after: $after, before: $before) { edges { node { externalId } } }
}
"""
MESSAGES = """
query($id: ID!, $after: String, $before: String, $around: ID) {
  conversation(id: $id) {
    messages(first: 100, after: $after, before: $before, around: $around) { edges { node { id } } }
  }
}
"""
ABOUT = """
query($after: String, $before: String) {
  subject(kind: "listing", externalId: "bike-1") {
    conversations(first: 100, after: $after, before: $before) { edges { node { id } } }
  }
}
"""
WITH = """
query($userId: ID!, $after: String, $before: String) {
  messagesWith(userId: $userId, first: 100, after: $after, before: $before) { edges { node { id } } }
}
"""
SEARCH = """
query($text: String!, $conversationId: ID, $after: String, $before: String) {
  searchMessages(query: $text, conversationId: $conversationId, first: 100, after: $after, before: $before) {
    edges { node { id body } highlights { start length } }
  }
}
"""


def nodes_of(connection: Any, field: str = "id") -> list[str]:
    """The ids on a page."""
    return [edge["node"][field] for edge in connection["edges"]]


def _page(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}


def _own(things: Things) -> dict[str, Any]:
    return _page({"id": things.home})


def _about(things: Things) -> dict[str, Any]:
    return {"conversations": _page()}


READS = [
    Row(
        ("Query.node(id)",),
        NODE,
        lambda t: {"id": t.conversation},
        lambda t, found: found["id"] == t.conversation,
        finds(None),
    ),
    Row(
        ("Query.node(id)",),
        NODE,
        lambda t: {"id": t.report},
        lambda t, found: found["id"] == t.report,
        finds(None),
        case="of a report",
    ),
    Row(
        ("Query.node(id)",),
        NODE,
        lambda t: {"id": t.template},
        lambda t, found: found["id"] == t.template,
        finds(None),
        case="of a template",
    ),
    Row(
        ("Query.blockedUsers(after)",),
        BLOCKED,
        lambda t: {"after": t.ann_cursor},
        lambda t, found: nodes_of(found, "externalId")[-1:] == ["dee"],
        finds(_page()),
    ),
    Row(
        ("Query.blockedUsers(before)",),
        BLOCKED,
        lambda t: {"before": t.ann_cursor},
        lambda t, found: nodes_of(found, "externalId") == ["abe"],
        finds(_page()),
    ),
    Row(
        ("Query.nodes(ids)",),
        NODES,
        lambda t: {"ids": [t.conversation, t.message]},
        lambda t, found: [node["id"] for node in found] == [t.conversation, t.message],
        finds([None, None]),
    ),
    Row(
        ("Query.conversation(id)",),
        CONVERSATION,
        lambda t: {"id": t.conversation},
        lambda t, found: "Is it still there?" in nodes_of(found["messages"], "body"),
        finds(None),
    ),
    Row(
        ("Query.conversations(after)",),
        CONVERSATIONS,
        lambda t: {"after": t.conversation_cursor},
        lambda t, found: nodes_of(found)[0] not in (t.conversation, t.booking, t.pair),
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.conversations(before)",),
        CONVERSATIONS,
        lambda t: {"before": t.older_cursor},
        lambda t, found: t.conversation in nodes_of(found),
        finds(_own),
        member="bob",
    ),
    Row(
        ("Query.conversations(filter.withUserId)",),
        CONVERSATIONS,
        lambda t: {"filter": {"withUserId": t.ann}},
        lambda t, found: t.conversation in nodes_of(found),
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.conversations(filter.subjectKind)",),
        CONVERSATIONS,
        lambda t: {"filter": {"subjectKind": t.booking_kind}},
        lambda t, found: nodes_of(found) == [t.booking],
        finds(_page()),
    ),
    Row(
        ("Query.conversations(filter.query)",),
        CONVERSATIONS,
        lambda t: {"filter": {"query": t.ann_name}},
        lambda t, found: t.conversation in nodes_of(found),
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.subject(kind)",),
        SUBJECT,
        lambda t: {"kind": t.booking_kind, "externalId": "booking-1"},
        lambda t, found: found["id"] == t.subject,
        finds(None),
    ),
    Row(
        ("Query.subject(externalId)",),
        SUBJECT,
        lambda t: {"kind": "booking", "externalId": t.booking_id},
        lambda t, found: found["title"] == "A haircut",
        finds(None),
    ),
    Row(
        ("Query.user(externalId)",),
        USER,
        lambda t: {"externalId": t.ann_id},
        lambda t, found: found["name"] == "Ann",
        finds(None),
        member="bob",
    ),
    Row(
        ("Query.users(after)",),
        USERS,
        lambda t: {"after": t.ann_cursor, "filter": {"query": "bob"}},
        lambda t, found: nodes_of(found, "externalId") == ["bob"],
        finds(_page({"externalId": "bob"})),
    ),
    Row(
        ("Query.users(before)",),
        USERS,
        lambda t: {"before": t.ann_cursor, "filter": {"query": "abe"}},
        lambda t, found: nodes_of(found, "externalId") == ["abe"],
        finds(_page({"externalId": "abe"})),
    ),
    Row(
        ("Query.users(filter.role)",),
        USERS,
        lambda t: {"filter": {"role": t.ann_role, "query": "ann"}},
        lambda t, found: nodes_of(found, "externalId") == ["ann"],
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.users(filter.query)",),
        USERS,
        lambda t: {"filter": {"query": t.ann_name}},
        lambda t, found: nodes_of(found, "externalId") == ["ann"],
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Conversation.messages(after)",),
        MESSAGES,
        lambda t: {"id": t.home, "after": t.message_cursor},
        lambda t, found: nodes_of(found["messages"])[0] == t.reply,
        refused("INVALID_CURSOR"),
    ),
    Row(
        ("Conversation.messages(before)",),
        MESSAGES,
        lambda t: {"id": t.home, "before": t.reply_cursor},
        lambda t, found: nodes_of(found["messages"]) == [t.message],
        refused("INVALID_CURSOR"),
    ),
    Row(
        ("Conversation.messages(around)",),
        MESSAGES,
        lambda t: {"id": t.home, "around": t.message},
        lambda t, found: t.message in nodes_of(found["messages"]),
        refused("BAD_USER_INPUT"),
    ),
    Row(
        ("Subject.conversations(after)",),
        ABOUT,
        lambda t: {"after": t.conversation_cursor},
        lambda t, found: len(nodes_of(found["conversations"])) == 1,
        finds(_about),
        member="bob",
    ),
    Row(
        ("Subject.conversations(before)",),
        ABOUT,
        lambda t: {"before": t.older_cursor},
        lambda t, found: nodes_of(found["conversations"]) == [t.conversation],
        finds(_about),
        member="bob",
    ),
    Row(
        ("Query.messagesWith(userId)",),
        WITH,
        lambda t: {"userId": t.ann},
        lambda t, found: {t.message, t.reply} <= {*nodes_of(found)},
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.messagesWith(after)",),
        WITH,
        lambda t: {"userId": t.ann, "after": t.message_cursor},
        lambda t, found: t.reply in nodes_of(found) and t.message not in nodes_of(found),
        refused("INVALID_CURSOR"),
        member="bob",
    ),
    Row(
        ("Query.messagesWith(before)",),
        WITH,
        lambda t: {"userId": t.ann, "before": t.reply_cursor},
        lambda t, found: t.message in nodes_of(found) and t.reply not in nodes_of(found),
        refused("INVALID_CURSOR"),
        member="bob",
    ),
    Row(
        ("Query.searchMessages(query)",),
        SEARCH,
        lambda t: {"text": t.message_words},
        lambda t, found: t.message in nodes_of(found),
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.searchMessages(conversationId)",),
        SEARCH,
        lambda t: {"text": "is", "conversationId": t.conversation},
        lambda t, found: t.message in nodes_of(found),
        finds(_page()),
    ),
    Row(
        ("Query.searchMessages(after)",),
        SEARCH,
        lambda t: {"text": "is", "after": t.found_cursor},
        lambda t, found: nodes_of(found) == [t.message],
        finds(_page()),
        member="bob",
    ),
    Row(
        ("Query.searchMessages(before)",),
        SEARCH,
        lambda t: {"text": "is", "before": t.found_later_cursor},
        lambda t, found: nodes_of(found) == [t.reply],
        finds(_page()),
        member="bob",
    ),
]
