"""Rows of the matrix: what only the host's server does. To everybody else it is FORBIDDEN, whatever they name."""

from typing import Any

from tests.access.rows import Row, refused
from tests.access.things import Things
from tests.acts import key

UPSERT_SUBJECT = """
mutation($input: UpsertSubjectInput!) { upsertSubject(input: $input) { subject { externalId } errors { code } } }
"""
UPSERT_USER = """
mutation($input: UpsertUserInput!) { upsertUser(input: $input) { user { externalId roles } errors { code } } }
"""
POST_SYSTEM_MESSAGE = """
mutation($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { messageEdges { node { body } } errors { code } }
}
"""
DELETE_SUBJECT = """
mutation($input: DeleteSubjectInput!) { deleteSubject(input: $input) { deletedId errors { code } } }
"""
FORBIDDEN = refused("FORBIDDEN")


def _booking(things: Things, **changes: Any) -> dict[str, Any]:
    return {"input": {"kind": "booking", "externalId": "booking-1", **changes}}


def _listing(things: Things, **changes: Any) -> dict[str, Any]:
    return {"input": {"kind": "listing", "externalId": "bike-1", **changes}}


def _parties(first: str, role: str) -> list[dict[str, str]]:
    return [{"userExternalId": first, "role": role}, {"userExternalId": "bob", "role": "party"}]


def _is_booking(_: Things, found: Any) -> bool:
    return bool(found["subject"]["externalId"] == "booking-1")


def _is_listing(_: Things, found: Any) -> bool:
    return bool(found["subject"]["externalId"] == "bike-1")


def _is_said(_: Things, found: Any) -> bool:
    return bool(found["messageEdges"])


def _says(**where: Any) -> dict[str, Any]:
    return {"input": {"body": "Confirmed", "clientMessageId": key(), **where}}


def _subject_row(name: str, variables: Any, is_found: Any) -> Row:
    return Row((f"Mutation.upsertSubject(input.{name})",), UPSERT_SUBJECT, variables, is_found, FORBIDDEN, "host")


def _says_row(name: str, variables: Any) -> Row:
    return Row(
        (f"Mutation.postSystemMessage(input.{name})",), POST_SYSTEM_MESSAGE, variables, _is_said, FORBIDDEN, "host"
    )


HOST = [
    _subject_row("kind", lambda t: {"input": {"kind": t.booking_kind, "externalId": "booking-1"}}, _is_booking),
    _subject_row("externalId", lambda t: {"input": {"kind": "booking", "externalId": t.booking_id}}, _is_booking),
    _subject_row("parties.userExternalId", lambda t: _booking(t, parties=_parties(t.ann_id, "party")), _is_booking),
    _subject_row("parties.role", lambda t: _booking(t, parties=_parties("ann", t.ann_role)), _is_booking),
    # The twin of an owner is somebody else; only strangers name it, and get nowhere.
    _subject_row(
        "owner.userExternalId",
        lambda t: _listing(t, owner={"userExternalId": "bob" if t.ann_id == "ann" else t.ann_id, "role": "seller"}),
        _is_listing,
    ),
    _subject_row(
        "owner.role",
        lambda t: _listing(t, owner={"userExternalId": "bob", "role": "seller" if t.ann_id == "ann" else "thief"}),
        _is_listing,
    ),
    _subject_row("contacterRole", lambda t: _listing(t, contacterRole=t.ann_role), _is_listing),
    Row(
        ("Mutation.upsertUser(input.externalId)", "Mutation.upsertUser(input.roles)"),
        UPSERT_USER,
        lambda t: {"input": {"externalId": t.ann_id, "roles": [t.ann_role]}},
        lambda _, found: found["user"] == {"externalId": "ann", "roles": ["buyer"]},
        FORBIDDEN,
        "host",
    ),
    Row(
        ("Mutation.deleteSubject(input.kind)", "Mutation.deleteSubject(input.externalId)"),
        DELETE_SUBJECT,
        lambda t: {"input": {"kind": t.booking_kind, "externalId": t.spare_id}},
        lambda _, found: found["deletedId"] is not None,
        FORBIDDEN,
        "host",
    ),
    _says_row("conversationId", lambda t: _says(conversationId=t.conversation)),
    _says_row("subject.kind", lambda t: _says(subject={"kind": t.booking_kind, "externalId": "booking-1"})),
    _says_row("subject.externalId", lambda t: _says(subject={"kind": "booking", "externalId": t.booking_id})),
    _says_row("clientMessageId", lambda t: _says(conversationId=t.conversation, clientMessageId=t.message_key)),
]
