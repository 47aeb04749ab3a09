"""Statements about who is online: a lease for each process and person, and one heartbeat for each process."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, func, select, update

from db.engine import Reading, Writing
from db.inserts import inserting, inserting_if_new
from db.statements import Statement, among
from db.tables import presence_leases, presence_processes, users

_ONLINE = Statement(
    select(presence_leases.c.user_id)
    .join(presence_processes, presence_processes.c.id == presence_leases.c.process_id)
    .where(among(presence_leases.c.user_id, "ids"), presence_processes.c.beat_at >= bindparam("alive_since"))
    .distinct()
)


_BEAT = Statement(
    update(presence_processes)
    .where(presence_processes.c.id == bindparam("process_id"))
    .values(beat_at=bindparam("now"))
)
_INSERT_PROCESS = inserting(presence_processes, ("id", "beat_at"))
_TAKE_LEASE = inserting_if_new(presence_leases, ("process_id", "user_id", "since"))


async def find_online(db: Reading, user_ids: Collection[str], alive_since: int) -> set[str]:
    """Those of the people who hold a lease of a process whose heart beat since then."""
    rows = await db.all(_ONLINE, {"ids": user_ids, "alive_since": alive_since})
    return {row[0] for row in rows}


async def beat(db: Writing, process_id: str, now: int) -> bool:
    """A process lives. False when it was not known, or given up for dead with its leases."""
    if await db.run(_BEAT, {"process_id": process_id, "now": now}):
        return True
    await db.run(_INSERT_PROCESS, {"id": process_id, "beat_at": now})
    return False


async def take_leases(db: Writing, process_id: str, user_ids: Collection[str], now: int) -> None:
    """People are connected to a process."""
    rows = [{"process_id": process_id, "user_id": user_id, "since": now} for user_id in user_ids]
    await db.run_many(_TAKE_LEASE[db.dialect], rows)


async def drop_leases(db: Writing, process_id: str, user_ids: Collection[str], now: int) -> None:
    """People are connected to a process no more; they were seen until now."""
    await db.run(
        delete(presence_leases).where(
            presence_leases.c.process_id == process_id, presence_leases.c.user_id.in_(user_ids)
        )
    )
    await db.run(update(users).where(users.c.id.in_(user_ids)).values(last_seen_at=now))


async def drop_processes(db: Writing, dead_since: int) -> int:
    """Forget processes whose heart stopped, with their leases; whoever they held was last seen at the last beat."""
    dead = select(presence_processes.c.id).where(presence_processes.c.beat_at < dead_since)
    last = (
        select(func.max(presence_processes.c.beat_at))
        .join(presence_leases, presence_leases.c.process_id == presence_processes.c.id)
        .where(presence_leases.c.user_id == users.c.id, presence_processes.c.beat_at < dead_since)
        .scalar_subquery()
    )
    held = select(presence_leases.c.user_id).where(presence_leases.c.process_id.in_(dead))
    await db.run(
        update(users)
        .where(users.c.id.in_(held), func.coalesce(users.c.last_seen_at, 0) < last)
        .values(last_seen_at=last)
    )
    return await db.run(delete(presence_processes).where(presence_processes.c.beat_at < dead_since))


async def drop_process(db: Writing, process_id: str) -> None:
    """A process ends, with its leases."""
    await db.run(delete(presence_processes).where(presence_processes.c.id == process_id))
