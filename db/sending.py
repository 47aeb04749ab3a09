"""All that sending has to know, in one way to the server and back."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, select

from db import conversations as conversation_statements
from db.blocks import MemberRow, are_bound
from db.conversations import ConversationRow
from db.engine import AnyRow, Writing
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.statements import Statement
from db.tables import conversations, messages, participants
from db.tries import Try


class Known(NamedTuple):
    """A conversation, everybody who is or was in it, and what its sender has sent with the same key before."""

    conversation: ConversationRow
    everybody: list[MemberRow]
    before: MessageRow | None


_by_ordinal = attrgetter("participant.ordinal", "participant.id")
_author: ColumnElement[str] = bindparam("author_key", type_=participants.c.user_id.type)
_first, _second = len(ConversationRow._fields), len(ConversationRow._fields) + len(ParticipantRow._fields)
_KNOWN = Statement(
    select(
        *(conversations.c[name] for name in ConversationRow._fields),
        *(participants.c[name] for name in ParticipantRow._fields),
        are_bound(participants.c.user_id, _author),
        *(messages.c[name] for name in MessageRow._fields),
    )
    .join(participants, participants.c.conversation_id == conversations.c.id)
    .outerjoin(
        messages,
        and_(
            messages.c.conversation_id == conversations.c.id,
            messages.c.author_key == _author,
            messages.c.client_key == bindparam("client_key"),
        ),
    )
    .where(conversations.c.id == bindparam("conversation_id"), conversations.c.gone_at.is_(None))
)


async def find_known(db: Try, conversation_id: str, author_key: str, client_key: str) -> Known | None:
    """What there is, at one moment; None when there is no such conversation. Nothing is held."""
    names = {"conversation_id": conversation_id, "author_key": author_key, "client_key": client_key}
    return _known_of(await db.look(_KNOWN, names))


async def find_held(db: Writing, conversation_id: str, author_key: str, client_key: str) -> Known | None:
    """The same, with the conversation held until the unit of work ends; on SQLite whoever writes holds everything."""
    if db.dialect != "sqlite" and await conversation_statements.lock(db, conversation_id) is None:
        return None
    names = {"conversation_id": conversation_id, "author_key": author_key, "client_key": client_key}
    return _known_of(await db.all(_KNOWN, names))


def _known_of(rows: Sequence[AnyRow]) -> Known | None:
    if not rows:
        return None
    everybody = [MemberRow(ParticipantRow._make(row[_first:_second]), bool(row[_second])) for row in rows]
    before = rows[0][_second + 1 :]
    return Known(
        ConversationRow._make(rows[0][:_first]),
        sorted(everybody, key=_by_ordinal),
        None if before[0] is None else MessageRow._make(before),
    )
