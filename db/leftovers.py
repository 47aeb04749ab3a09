"""Statements about files that are to be removed from their store, or will be unless something becomes of them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update

from db.engine import Reading, Writing
from db.inserts import inserting_if_new
from db.statements import Statement, among
from db.upload_tables import leftovers

#: Whoever moves or forgets many takes them in one order.
_HOLD = Statement(
    select(leftovers.c.key).where(among(leftovers.c.key, "keys")).order_by(leftovers.c.key).with_for_update()
)
_MOVE = Statement(update(leftovers).where(among(leftovers.c.key, "keys")).values(due_at=bindparam("due_at")))
_PLAN = inserting_if_new(leftovers, ("key", "due_at"))
_DUE = Statement(
    select(leftovers.c.key)
    .where(leftovers.c.due_at <= bindparam("now"))
    .order_by(leftovers.c.due_at, leftovers.c.key)
    .limit(bindparam("most"))
)
_FORGET = Statement(delete(leftovers).where(among(leftovers.c.key, "keys")))


async def plan(db: Writing, keys: Sequence[str], due_at: int) -> None:
    """Remove what is under these keys at a moment, whenever that was to be before."""
    await _hold(db, keys)
    await db.run(_MOVE, {"keys": keys, "due_at": due_at})
    await db.run_many(_PLAN[db.dialect], [{"key": key, "due_at": due_at} for key in sorted(keys)])


async def find_due(db: Reading, now: int, most: int) -> list[str]:
    """The keys whose time has come, the earliest first."""
    return [row[0] for row in await db.all(_DUE, {"now": now, "most": most})]


async def forget(db: Writing, keys: Sequence[str]) -> None:
    """What is under these keys stays, or has been removed."""
    await _hold(db, keys)
    await db.run(_FORGET, {"keys": keys})


async def _hold(db: Writing, keys: Sequence[str]) -> None:
    if db.dialect == "postgresql":  # On SQLite one writes at a time.
        await db.all(_HOLD, {"keys": keys})
