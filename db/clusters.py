"""Whose transaction ids the log holds: they mean nothing in another PostgreSQL than the one that gave them out."""

from sqlalchemy import select, text, update

from db.engine import Database, Reading, Writing
from db.tables import epochs

#: A transaction id that is visible in every snapshot of every cluster.
ALWAYS_VISIBLE = 3


async def is_foreign(database: Database) -> bool:
    """Was this database filled by another cluster, as a dump that was read in here is? Never on SQLite."""
    return not database.is_sqlite and await database.read(_is_foreign)


async def _is_foreign(db: Reading) -> bool:
    known, current = await db.value(select(epochs.c.cluster)), await _find_current(db)
    if known is not None and current is not None and known != current:
        return True
    # Also where one may not ask for the cluster's name: an id that was not given out yet is another's.
    newest = "(select xid from events order by xid desc limit 1)"
    return bool(await db.value(text(f"select coalesce({newest} >= pg_snapshot_xmax(pg_current_snapshot()), false)")))


async def _find_current(db: Reading) -> str | None:
    """The cluster's own number; None where this user may not know it."""
    if not await db.value(text("select has_function_privilege('pg_control_system()', 'execute')")):
        return None
    number: str = await db.value(text("select system_identifier::text from pg_control_system()"))
    return number


async def adopt(db: Writing) -> None:
    """This cluster's from now on: what is in the log counts as told before any snapshot of it."""
    if db.dialect == "sqlite":
        return
    await db.run(
        text("update events set xid = cast(:xid as xid8) where xid <> cast(:xid as xid8)"), {"xid": ALWAYS_VISIBLE}
    )
    await db.run(update(epochs).values(cluster=await _find_current(db)))
