"""All that sending has to know, in one way to the server and back."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, bindparam, select, true

from db import conversations as conversation_statements
from db.blocks import MemberRow, are_bound
from db.conversations import ConversationRow
from db.engine import AnyRow, Writing
from db.many import ManyStatement, asking
from db.messages import MessageRow, find_by_key
from db.participants import ParticipantRow
from db.rows import columns_of, lean
from db.statements import Statement
from db.tables import conversations, messages, participants
from db.tries import Try


class Known(NamedTuple):
    """A conversation, everybody who is or was in it, and what its sender has sent with the same key before."""

    conversation: ConversationRow
    everybody: list[MemberRow]
    before: MessageRow | None


_by_ordinal = attrgetter("participant.ordinal", "participant.id")
#: What sending looks at.
_Conversation = lean(
    ConversationRow,
    frozenset({"id", "contacter_id", "closed_by_subject", "closed_by_staff", "last_event", "last_seq"}),
)
_Participant = lean(ParticipantRow, frozenset({"id", "user_id", "role", "is_staff", "ordinal", "left_event"}))
_first, _second = len(_Conversation._fields), len(_Conversation._fields) + len(_Participant._fields)


def _knowing(
    start: FromClause, author: ColumnElement[str], before: FromClause, is_before: ColumnElement[bool], *names: str
) -> Select[Any]:
    """One row for everybody who is or was in the conversations of `start`; `before` is the message of the key, of which
    some columns are read."""
    everybody = start.join(participants, participants.c.conversation_id == conversations.c.id)
    return (
        select(
            *columns_of(conversations, _Conversation),
            *columns_of(participants, _Participant),
            are_bound(participants.c.user_id, author),
            *(before.c[name] for name in names),
        )
        .select_from(everybody.outerjoin(before, is_before))
        .where(conversations.c.gone_at.is_(None))
    )


def _is_sent(
    conversation_id: ColumnElement[str], author: ColumnElement[str], key: ColumnElement[str]
) -> ColumnElement[bool]:
    sent = messages.c
    return and_(sent.conversation_id == conversation_id, sent.author_key == author, sent.client_key == key)


_author: ColumnElement[str] = bindparam("author_key", type_=participants.c.user_id.type)
_KNOWN = Statement(
    _knowing(
        conversations, _author, messages, _is_sent(conversations.c.id, _author, bindparam("client_key")), "id"
    ).where(conversations.c.id == bindparam("conversation_id"))
)
_ASKED = {"conversation_id": Text(), "author_key": Text(), "client_key": Text()}
_asking = asking(_ASKED)
# Found for each by itself: joined, PostgreSQL may think that it is as good to read all of a conversation.
_before = (
    select(*(messages.c[name] for name in MessageRow._fields))
    .where(_is_sent(*(_asking.c[name] for name in _ASKED)))
    .limit(1)
    .lateral("before")
)
_to_each = _knowing(
    _asking.join(conversations, conversations.c.id == _asking.c.conversation_id),
    _asking.c.author_key,
    _before,
    true(),
    *MessageRow._fields,
)
_KNOWN_TO_EACH = ManyStatement(
    _to_each.with_only_columns(_asking.c.number, *_to_each.selected_columns), [*_ASKED], [*_ASKED]
)


async def find_known(db: Try, conversation_id: str, author_key: str, client_key: str) -> Known | None:
    """What there is, at one moment; None when there is no such conversation. Nothing is held."""
    names = {"conversation_id": conversation_id, "author_key": author_key, "client_key": client_key}
    rows = [row[1:] for row in await db.look(_KNOWN_TO_EACH, names)]
    if not rows:
        return None
    before = rows[0][_second + 1 :]
    return _known_of(rows, None if before[0] is None else MessageRow._make(before))


async def find_held(db: Writing, conversation_id: str, author_key: str, client_key: str) -> Known | None:
    """The same, with the conversation held until the unit of work ends; on SQLite whoever writes holds everything."""
    if db.dialect != "sqlite" and await conversation_statements.lock(db, conversation_id) is None:
        return None
    names = {"conversation_id": conversation_id, "author_key": author_key, "client_key": client_key}
    rows = await db.all(_KNOWN, names)
    if not rows:
        return None
    is_new = rows[0][-1] is None
    return _known_of(rows, None if is_new else await find_by_key(db, conversation_id, author_key, client_key))


def _known_of(rows: Sequence[AnyRow], before: MessageRow | None) -> Known:
    everybody = [MemberRow(_Participant._make(row[_first:_second]), bool(row[_second])) for row in rows]
    return Known(_Conversation._make(rows[0][:_first]), sorted(everybody, key=_by_ordinal), before)
