"""Who is online: a lease for each process and person, kept alive by one heartbeat of the process."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import structlog

from chat.topics import presence_topic
from chat.work import Work
from core.bells import Bell
from core.clock import now_ms
from core.hub import Hub
from core.tasks import end
from db import presence, users
from db.away import DatabaseAway
from db.engine import Reading
from db.ids import new_id

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PresenceState:
    """Is somebody online, and when were they seen last (milliseconds)?"""

    is_online: bool
    last_seen_at: int | None


class Presence:
    """The sockets of this process, told to the database in batches."""

    def __init__(self, work: Work, hub: Hub, lease_seconds: float) -> None:
        self._work = work
        self._hub = hub
        self.lease_ms = round(lease_seconds * 1000)
        self._process_id = new_id()
        self._sockets: Counter[str] = Counter()
        self._stored: set[str] = set()
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The first heartbeat, then one in each third of the lease."""
        await self._store()
        self._task = asyncio.create_task(self._run(), name="presence")

    async def stop(self) -> None:
        """This process ends: nobody is online through it any more."""
        if self._task is not None:
            await end([self._task])
        gone = set(self._stored)
        try:
            async with self._work.begin() as unit:
                await presence.hold_process(unit.db, self._process_id)
                await presence.hold_people(unit.db, gone, ())
                await presence.drop_leases(unit.db, self._process_id, gone, unit.now)
                await presence.drop_process(unit.db, self._process_id)
                unit.ring(Bell(presence_topic(user_id)) for user_id in gone)
        except DatabaseAway:
            log.warning("presence.kept")  # The leases run out.

    def arrive(self, user_id: str) -> None:
        """A socket of a person opened."""
        self._sockets[user_id] += 1
        self._note(user_id)

    def depart(self, user_id: str) -> bool:
        """A socket of a person closed; True when it was their last one here."""
        self._sockets[user_id] -= 1
        if self._sockets[user_id] > 0:
            return False
        del self._sockets[user_id]
        self._note(user_id)
        return True

    def _note(self, user_id: str) -> None:
        self._changed.add(user_id)
        self._wake.set()

    async def find(self, db: Reading, user_ids: Collection[str]) -> dict[str, PresenceState]:
        """The present state of people; the caller has checked that the viewer may know it."""
        online = await presence.find_online(db, user_ids, now_ms() - self.lease_ms)
        known = await users.find(db, user_ids)
        return {user_id: PresenceState(user_id in online, row.last_seen_at) for user_id, row in known.items()}

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self.lease_ms / 3000):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._store()
            except Exception as error:  # noqa: BLE001 - the next heartbeat tries again
                self._wake.set()
                log.warning("presence.failed", error=type(error).__name__)
                await asyncio.sleep(self.lease_ms / 10_000)

    async def _store(self) -> None:
        changed, self._changed = self._changed, set()
        try:
            here = {user_id for user_id in changed if user_id in self._sockets}
            come, gone = here - self._stored, (changed - here) & self._stored
            async with self._work.begin() as unit:
                is_known = await presence.beat(unit.db, self._process_id, unit.now)
                taken = come if is_known else (self._stored | come) - gone
                await presence.take_leases(unit.db, self._process_id, taken, unit.now)
                dead = await presence.hold_dead(unit.db, unit.now - 2 * self.lease_ms)
                if gone or dead:
                    await presence.hold_people(unit.db, gone, dead)
                if gone:
                    await presence.drop_leases(unit.db, self._process_id, gone, unit.now)
                if dead:
                    await presence.drop_dead(unit.db, dead)
                unit.ring(Bell(presence_topic(user_id)) for user_id in come | gone)
            self._stored = (self._stored | come) - gone
        except BaseException:
            self._changed |= changed
            raise
