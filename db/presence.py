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
_HOLD_PROCESS = Statement(
    select(presence_processes.c.id).where(presence_processes.c.id == bindparam("process_id")).with_for_update()
)
_HOLD_DEAD = Statement(
    select(presence_processes.c.id)
    .where(presence_processes.c.beat_at < bindparam("dead_since"))
    .with_for_update(skip_locked=True)
)
_LEASED = Statement(
    select(presence_leases.c.user_id).where(among(presence_leases.c.process_id, "process_ids")).distinct()
)
_HOLD_PEOPLE = Statement(
    select(users.c.id).where(among(users.c.id, "ids")).order_by(users.c.id).with_for_update(key_share=True)
)
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


async def hold_process(db: Writing, process_id: str) -> None:
    """Hold a process before its people, as everybody does: else two processes could wait for each other."""
    await db.first(_HOLD_PROCESS, {"process_id": process_id})


async def hold_dead(db: Writing, dead_since: int) -> list[str]:
    """Hold the processes whose heart stopped; their ids. One that somebody else holds is left to them."""
    return [row[0] for row in await db.all(_HOLD_DEAD, {"dead_since": dead_since})]


async def hold_people(db: Writing, user_ids: Collection[str], process_ids: Collection[str]) -> None:
    """Hold people, and those who are connected to processes, all at once in the order of their ids."""
    leased = await db.all(_LEASED, {"process_ids": process_ids}) if process_ids else ()
    await db.all(_HOLD_PEOPLE, {"ids": [*user_ids, *(row[0] for row in leased)]})


async def drop_leases(db: Writing, process_id: str, user_ids: Collection[str], now: int) -> None:
    """People, who are held, are connected to a process no more; they were seen until now."""
    await db.run(
        delete(presence_leases).where(
            presence_leases.c.process_id == process_id, presence_leases.c.user_id.in_(user_ids)
        )
    )
    await db.run(update(users).where(users.c.id.in_(user_ids)).values(last_seen_at=now))


async def drop_dead(db: Writing, process_ids: Collection[str]) -> None:
    """Forget processes, which are held with their people, and their leases; whoever they held was last seen at the last
    beat."""
    is_dead = presence_processes.c.id.in_(process_ids)
    last = (
        select(func.max(presence_processes.c.beat_at))
        .join(presence_leases, presence_leases.c.process_id == presence_processes.c.id)
        .where(presence_leases.c.user_id == users.c.id, is_dead)
        .scalar_subquery()
    )
    held = select(presence_leases.c.user_id).where(presence_leases.c.process_id.in_(process_ids))
    await db.run(
        update(users)
        .where(users.c.id.in_(held), func.coalesce(users.c.last_seen_at, 0) < last)
        .values(last_seen_at=last)
    )
    await db.run(delete(presence_processes).where(is_dead))


async def drop_process(db: Writing, process_id: str) -> None:
    """A process ends, with its leases."""
    await db.run(delete(presence_processes).where(presence_processes.c.id == process_id))
