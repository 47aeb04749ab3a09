"""Statements about who has blocked whom. A block binds both, whichever of the two it comes from."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, delete, exists, func, literal, select

from db.engine import Reading, Writing
from db.inserts import inserting_if_new
from db.own_tables import blocks
from db.participants import ParticipantRow
from db.statements import Statement, among
from db.tables import participants


class MemberRow(NamedTuple):
    """Somebody in a conversation, and whether a block binds them and the person who asks."""

    participant: ParticipantRow
    is_bound: bool


def are_bound(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Has one of two people blocked the other?"""
    there = blocks.alias("there")
    back = blocks.alias("back")
    # One row each. For EXISTS, asked of many, PostgreSQL may read all blocks that there are.
    return func.coalesce(
        select(literal(1)).where(there.c.blocker_id == one, there.c.blocked_id == other).scalar_subquery(),
        select(literal(1)).where(back.c.blocker_id == other, back.c.blocked_id == one).scalar_subquery(),
    ).is_not(None)


_user: ColumnElement[str] = bindparam("user_id", type_=participants.c.user_id.type)
_other: ColumnElement[str] = bindparam("other_id", type_=participants.c.user_id.type)
_columns = tuple(participants.c[name] for name in ParticipantRow._fields)
_EVERYBODY = Statement(
    select(*_columns, are_bound(participants.c.user_id, _user)).where(
        participants.c.conversation_id == bindparam("conversation_id")
    )
)
_THEIRS = Statement(select(blocks.c.blocked_id).where(blocks.c.blocker_id == _user, among(blocks.c.blocked_id, "ids")))
_OF_THEM = Statement(select(blocks.c.blocker_id).where(blocks.c.blocked_id == _user, among(blocks.c.blocker_id, "ids")))
_mine, _theirs, _third = (participants.alias(name) for name in ("mine", "theirs", "third"))
_PAIRED = Statement(
    select(_mine.c.conversation_id)
    .join(_theirs, _theirs.c.conversation_id == _mine.c.conversation_id)
    .where(
        _mine.c.user_id == _user,
        _theirs.c.user_id == _other,
        *(one.c.left_event.is_(None) for one in (_mine, _theirs)),
        *(~one.c.is_staff for one in (_mine, _theirs)),
        ~exists().where(
            _third.c.conversation_id == _mine.c.conversation_id,
            _third.c.user_id.not_in([_user, _other]),
            _third.c.left_event.is_(None),
            ~_third.c.is_staff,
        ),
    )
    .order_by(_mine.c.conversation_id)
)
_INSERT_IF_NEW = inserting_if_new(blocks, ("blocker_id", "blocked_id", "created_at"))
_DELETE = Statement(delete(blocks).where(blocks.c.blocker_id == _user, blocks.c.blocked_id == _other))
_HOLD_PAIR = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("pair", type_=Text()), literal(0))))
)


async def find_everybody(db: Reading, conversation_id: str, user_id: str) -> list[MemberRow]:
    """Everybody who is or was in a conversation, in order, and whom of them a block binds with a person."""
    rows = await db.all(_EVERYBODY, {"conversation_id": conversation_id, "user_id": user_id})
    found = [MemberRow(ParticipantRow._make(row[:-1]), bool(row[-1])) for row in rows]
    return sorted(found, key=lambda member: (member.participant.ordinal, member.participant.id))


async def find_bound(db: Reading, user_id: str, ids: Collection[str]) -> set[str]:
    """Those of the people whom a block binds with a person."""
    given = {"user_id": user_id, "ids": ids}
    return {row[0] for statement in (_THEIRS, _OF_THEM) for row in await db.all(statement, given)}


async def find_blocked(db: Reading, blocker_id: str, ids: Collection[str]) -> set[str]:
    """Those of the people whom a person has blocked."""
    return {row[0] for row in await db.all(_THEIRS, {"user_id": blocker_id, "ids": ids})}


async def find_paired(db: Reading, user_id: str, other_id: str) -> Sequence[str]:
    """The conversations that two people have with each other and, but for staff, nobody else, in the order of locks."""
    return [row[0] for row in await db.all(_PAIRED, {"user_id": user_id, "other_id": other_id})]


async def hold_pair(db: Writing, user_id: str, other_id: str) -> None:
    """Let nobody else act about the same two people until the unit of work ends. SQLite has one writer anyway."""
    if db.dialect == "postgresql":
        await db.first(_HOLD_PAIR, {"pair": ":".join(sorted((user_id, other_id)))})


async def insert_if_new(db: Writing, blocker_id: str, blocked_id: str, now: int) -> bool:
    """Block somebody; False when they were blocked already."""
    given = {"blocker_id": blocker_id, "blocked_id": blocked_id, "created_at": now}
    return await db.run(_INSERT_IF_NEW[db.dialect], given) == 1


async def remove(db: Writing, blocker_id: str, blocked_id: str) -> bool:
    """Block somebody no longer; False when they were not blocked."""
    return await db.run(_DELETE, {"user_id": blocker_id, "other_id": blocked_id}) == 1
