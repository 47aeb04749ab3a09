"""Statements about reactions: each emoji once for each person and message."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select

from db.engine import Reading, Writing
from db.inserts import inserting_if_new
from db.message_tables import reactions
from db.statements import Statement, among


class ReactionRow(NamedTuple):
    """The people who reacted to a message with one emoji, in the order in which they did."""

    emoji: str
    user_ids: list[str]


_of_one = (
    reactions.c.message_id == bindparam("message_id"),
    reactions.c.user_id == bindparam("user_id"),
)
_OF_MESSAGES = Statement(
    select(reactions.c.message_id, reactions.c.emoji, reactions.c.user_id)
    .where(among(reactions.c.message_id, "ids"))
    .order_by(reactions.c.message_id, reactions.c.created_at, reactions.c.emoji, reactions.c.user_id)
)
_COUNT = Statement(select(func.count()).where(*_of_one))
_INSERT_IF_NEW = inserting_if_new(reactions, ("message_id", "user_id", "emoji", "created_at"))
_DELETE = Statement(delete(reactions).where(*_of_one, reactions.c.emoji == bindparam("emoji")))


async def find_of_messages(db: Reading, message_ids: Collection[str]) -> dict[str, list[ReactionRow]]:
    """The reactions to messages, the emoji used first before others; the caller has checked that the viewer may see
    the messages."""
    found: dict[str, dict[str, ReactionRow]] = {}
    for message_id, emoji, user_id in await db.all(_OF_MESSAGES, {"ids": message_ids}):
        found.setdefault(message_id, {}).setdefault(emoji, ReactionRow(emoji, [])).user_ids.append(user_id)
    return {message_id: [*rows.values()] for message_id, rows in found.items()}


async def count_of(db: Reading, message_id: str, user_id: str) -> int:
    """With how many emoji a person has reacted to a message."""
    return await db.value(_COUNT, {"message_id": message_id, "user_id": user_id}) or 0


async def insert_if_new(db: Writing, message_id: str, user_id: str, emoji: str, *, now: int) -> bool:
    """Add a reaction; False when the person had it already."""
    given = {"message_id": message_id, "user_id": user_id, "emoji": emoji, "created_at": now}
    return await db.run(_INSERT_IF_NEW[db.dialect], given) == 1


async def delete_one(db: Writing, message_id: str, user_id: str, emoji: str) -> bool:
    """Take a reaction back; False when the person had none."""
    return await db.run(_DELETE, {"message_id": message_id, "user_id": user_id, "emoji": emoji}) == 1
