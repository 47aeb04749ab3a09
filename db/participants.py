"""Statements about who takes part in a conversation, and how far each has received and read."""

from collections import Counter
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Update, bindparam, select, update

from db.engine import Reading, Writing
from db.inserts import inserting
from db.rows import by_kind, columns_of, rows_of
from db.statements import Statement, among, larger
from db.tables import participants
from db.writing import Act


class ParticipantRow(NamedTuple):
    """One person's part in one conversation; kept after they leave (`left_event`).

    `joined_seq` is the last seq before they joined. Marks are seqs, 0 for nothing; read implies delivered.
    """

    id: str
    conversation_id: str
    user_id: str
    role: str
    is_staff: bool
    ordinal: int
    joined_at: int
    joined_event: int
    joined_seq: int
    left_event: int | None
    read_seq: int
    read_at: int | None
    delivered_seq: int
    marked_at: int


_by_ordinal = attrgetter("ordinal", "id")
_columns = tuple(participants.c[name] for name in ParticipantRow._fields)
_mine = participants.alias("mine")
# Not in order: two or three are put into it sooner than all are sorted.
_ALL = Statement(select(*_columns).where(among(participants.c.conversation_id, "ids")))


@by_kind
def _others(kind: type[ParticipantRow]) -> Statement:
    return Statement(
        select(*columns_of(participants, kind)).where(
            among(participants.c.conversation_id, "ids"),
            participants.c.user_id != bindparam("viewer_id"),
            participants.c.left_event.is_(None),
            participants.c.is_staff.is_(False),
        )
    )


_VISIBLE = Statement(
    select(*_columns)
    .join(_mine, _mine.c.conversation_id == participants.c.conversation_id)
    .where(
        among(participants.c.id, "ids"),
        participants.c.left_event.is_(None),
        _mine.c.user_id == bindparam("viewer_id"),
        _mine.c.left_event.is_(None),
    )
)


_of_user = participants.c.user_id == bindparam("user_id"), participants.c.left_event.is_(None)
_in_conversation = participants.c.conversation_id == bindparam("conversation_id")
_EVERYBODY = Statement(select(*_columns).where(_in_conversation))
_MEMBER = Statement(select(*_columns).where(_in_conversation, *_of_user))
_MEMBER_IDS = Statement(select(participants.c.user_id).where(_in_conversation, participants.c.left_event.is_(None)))
_MOVED_SINCE = Statement(
    select(*_columns)
    .join(_mine, _mine.c.conversation_id == participants.c.conversation_id)
    .where(
        _mine.c.user_id == bindparam("user_id"),
        _mine.c.left_event.is_(None),
        participants.c.left_event.is_(None),
        participants.c.marked_at >= bindparam("since"),
    )
    .order_by(participants.c.marked_at, participants.c.id)
)
# Not in order, for which another index would be chosen, that has all that somebody is in.
_as_staff = select(participants.c.conversation_id).where(*_of_user, participants.c.is_staff)
_AS_STAFF = Statement(_as_staff)
_AS_STAFF_BEFORE = Statement(_as_staff.where(participants.c.joined_at < bindparam("before")))
_INSERT = inserting(participants, ParticipantRow._fields)
_change = update(participants).where(participants.c.id == bindparam("participant_id"))
_REJOIN = Statement(
    _change.values(
        role=bindparam("role"),
        is_staff=bindparam("is_staff"),
        joined_at=bindparam("joined_at"),
        joined_event=bindparam("joined_event"),
        joined_seq=bindparam("joined_seq"),
        left_event=None,
    )
)
_LEAVE = Statement(_change.values(left_event=bindparam("position")))
_SAVE_ROLE = Statement(_change.values(role=bindparam("role")))
_seq: ColumnElement[int] = bindparam("seq", type_=participants.c.read_seq.type)


def moving_read(seq: ColumnElement[int], now: ColumnElement[int], *conditions: ColumnElement[bool]) -> Update:
    """Moves what somebody has read, and with it what was delivered to them, up to a seq."""
    return (
        update(participants)
        .where(*conditions, participants.c.read_seq < seq)
        .values(
            read_seq=seq,
            read_at=now,
            delivered_seq=larger(participants.c.delivered_seq, seq),
            marked_at=now,
        )
    )


#: The one that is named by `participant_id`.
is_that_one = participants.c.id == bindparam("participant_id")
_MOVE_READ = Statement(moving_read(_seq, bindparam("now"), is_that_one))
_MOVE_DELIVERED = Statement(
    update(participants)
    .where(_in_conversation, *_of_user, participants.c.delivered_seq < _seq)
    .values(delivered_seq=_seq, marked_at=bindparam("now"))
)


async def find_all(db: Reading, conversation_ids: Collection[str]) -> dict[str, list[ParticipantRow]]:
    """Everybody who is or was in the conversations, in order; the caller has checked that the viewer is in them."""
    rows = await db.all(_ALL, {"ids": conversation_ids})
    found: dict[str, list[ParticipantRow]] = {conversation_id: [] for conversation_id in conversation_ids}
    for row in rows:
        found[row[1]].append(ParticipantRow._make(row))
    for everybody in found.values():
        everybody.sort(key=_by_ordinal)
    return found


async def find_others(
    db: Reading, viewer_id: str, conversation_ids: Collection[str], kind: type[ParticipantRow] = ParticipantRow
) -> dict[str, ParticipantRow]:
    """The other person of each pair, by conversation; none where there is not exactly one. The caller has checked that
    the viewer is in the conversations."""
    rows = rows_of(kind, await db.all(_others(kind), {"ids": conversation_ids, "viewer_id": viewer_id}))
    found = {row.conversation_id: row for row in rows}
    if len(found) < len(rows):
        many = Counter(row.conversation_id for row in rows)
        found = {conversation_id: row for conversation_id, row in found.items() if many[conversation_id] == 1}
    return found


async def find_everybody(db: Reading, conversation_id: str) -> list[ParticipantRow]:
    """The same of one conversation."""
    rows = await db.all(_EVERYBODY, {"conversation_id": conversation_id})
    return sorted((ParticipantRow._make(row) for row in rows), key=_by_ordinal)


async def find_visible(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, ParticipantRow]:
    """Those of the participants whose conversation the viewer is in; who left is listed no more."""
    rows = await db.all(_VISIBLE, {"viewer_id": viewer_id, "ids": ids})
    return {row[0]: ParticipantRow._make(row) for row in rows}


async def find_member(db: Reading, conversation_id: str, user_id: str) -> ParticipantRow | None:
    """A person's own part in a conversation; None when they are not in it (any more)."""
    row = await db.first(_MEMBER, {"conversation_id": conversation_id, "user_id": user_id})
    return None if row is None else ParticipantRow._make(row)


async def find_member_ids(db: Reading, conversation_id: str) -> list[str]:
    """The ids of the people in a conversation."""
    return [row[0] for row in await db.all(_MEMBER_IDS, {"conversation_id": conversation_id})]


async def find_as_staff(db: Reading, user_id: str, *, before: int | None) -> list[str]:
    """The ids of the conversations that somebody is in as staff; with a moment, those joined before it."""
    if before is None:
        return sorted(row[0] for row in await db.all(_AS_STAFF, {"user_id": user_id}))
    return sorted(row[0] for row in await db.all(_AS_STAFF_BEFORE, {"user_id": user_id, "before": before}))


async def find_moved_since(db: Reading, user_id: str, since: int) -> list[ParticipantRow]:
    """Everybody's marks that moved since a time, in the conversations that a person is in."""
    rows = await db.all(_MOVED_SINCE, {"user_id": user_id, "since": since})
    return [ParticipantRow._make(row) for row in rows]


async def insert_all(db: Writing, rows: Sequence[ParticipantRow]) -> None:
    """Add people to a conversation."""
    await db.run_many(_INSERT, [row._asdict() for row in rows])


async def rejoin(db: Writing, row: ParticipantRow) -> None:
    """Somebody who had left is in again; their marks stay."""
    await db.run(_REJOIN, {**row._asdict(), "participant_id": row.id})


async def leave(db: Writing, participant_id: str, *, position: int) -> None:
    """Somebody is in a conversation no more, from this position of its log on."""
    await db.run(_LEAVE, {"participant_id": participant_id, "position": position})


async def save_role(db: Writing, participant_id: str, role: str) -> None:
    """Change the host's word for somebody's part."""
    await db.run(_SAVE_ROLE, {"participant_id": participant_id, "role": role})


async def move_read(db: Writing, participant_id: str, *, seq: int, now: int) -> bool:
    """Read up to a seq; read implies delivered. Never moves back; True when it moved."""
    return await db.run(*reading_up_to(participant_id, seq=seq, now=now)) == 1


def reading_up_to(participant_id: str, *, seq: int, now: int) -> Act:
    """What moves the mark."""
    return _MOVE_READ, {"participant_id": participant_id, "seq": seq, "now": now}


async def move_delivered(db: Writing, conversation_id: str, user_id: str, *, seq: int, now: int) -> bool:
    """Delivered up to a seq. Never moves back; True when it moved."""
    given = {"conversation_id": conversation_id, "user_id": user_id, "seq": seq, "now": now}
    return await db.run(_MOVE_DELIVERED, given) == 1
