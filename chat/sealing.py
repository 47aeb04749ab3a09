"""The chain over the audit log: each link's hash holds the one before it, so that nothing can be taken out or changed
unnoticed.

Entries are written by the acts that they are about, many at a time; sealing comes a moment later, by one at a time.
Why so: docs/decisions/0019.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from chat.rush import Rush
from chat.work import Work
from core.tasks import end
from db import audit
from db.audit import AuditRow, EntryRow
from db.engine import Database, Reading

log = structlog.get_logger()

#: What the first link follows.
ROOT = "0" * 64
#: Entries that are sealed in one transaction, which takes a millisecond: others may write in between.
BATCH = 100
#: Seconds in which they surely may, while nobody waits for the chain.
PAUSE = 0.01
#: Seconds for which a portion waits to be committed with others, while nobody waits for the chain; and its size then,
#: for they wait until it is written.
PATIENCE, SMALL_BATCH = 0.25, 10


def hash_of(before: str, number: int, entry: EntryRow) -> str:
    """The hash of a link: SHA-256 of the one before it, its own number, and all that the entry says."""
    text = json.dumps([before, number, *entry], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def links_of(head: tuple[int, str] | None, entries: Sequence[EntryRow]) -> Iterator[AuditRow]:
    """The links that make entries follow the chain's head."""
    number, last = head or (0, ROOT)
    for entry in entries:
        number += 1
        last = hash_of(last, number, entry)
        yield AuditRow(*entry, number, last)


class Sealer:
    """Lets the chain grow, once in a while and whenever somebody wants to look. `sealed` and `failures` are counts."""

    def __init__(self, work: Work, database: Database, seconds: float) -> None:
        self._work = work
        self._database = database
        self._seconds = seconds
        self._rush = Rush(work)
        self._task: asyncio.Task[None] | None = None
        self.sealed = 0
        self.failures = 0

    def start(self) -> None:
        """Begin to seal by itself."""
        self._rush.begin()
        self._task = asyncio.create_task(self._run(), name="sealer")

    async def stop(self) -> None:
        """Seal no more."""
        if self._task is not None:
            await end([self._task])

    async def seal(self, pause: float = 0, patience: float = 0) -> None:
        """Seal whatever waits now, with a pause of so many seconds after each portion, and `patience` before it."""
        size = SMALL_BATCH if patience else BATCH
        while await self._database.read(audit.is_waiting):
            if await self._seal_some(size, patience) < size:
                return
            await asyncio.sleep(pause)

    async def _seal_some(self, size: int, patience: float) -> int:
        async with self._work.begin(patience=patience) as unit:
            await audit.hold_chain(unit.db)
            waiting = await audit.find_unsealed(unit.db, size)
            if waiting:
                await audit.seal(unit.db, [*links_of(await audit.find_head(unit.db), waiting)])
        self.sealed += len(waiting)
        return len(waiting)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            moment = self._rush.look()
            if moment.may_wait:
                continue
            try:
                await self.seal(PAUSE, PATIENCE if moment.rate > 0 else 0)
                self._rush.done()
            except Exception as error:  # noqa: BLE001 - the next time finds it waiting still
                self.failures += 1
                log.warning("sealing.failed", error=type(error).__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is not as it was written; without a number it is an entry that is not in the chain."""

    number: int | None
    entry_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a look at the whole chain found. `head` is the last good hash: to be noted elsewhere, and compared."""

    count: int
    head: str
    waiting: int
    broken: Broken | None


async def verify(database: Database, must_hold: str | None = None) -> Report:
    """Look at all of the log, in one snapshot. `must_hold` is a hash that was the newest one once.

    Whoever has the database can make all of the chain anew, or cut its end off; then it holds that hash no more.
    """
    async with database.reading() as db:
        count, head, broken = await _verify_chain(db)
        if broken is None and must_hold is not None and not await audit.has_hash(db, must_hold.lower()):
            broken = Broken(count + 1, "?", f"the chain does not lead through {must_hold}")
        if broken is None and (lost := await audit.find_lost(db)) is not None:
            broken = Broken(None, lost, "it is not in the chain, and does not wait to be")
        return Report(count, head, await audit.count_waiting(db), broken)


async def _verify_chain(db: Reading) -> tuple[int, str, Broken | None]:
    number, last = 0, ROOT
    while links := await audit.find_chain(db, number, BATCH):
        for link in links:
            if link.number != number + 1:
                return number, last, Broken(number + 1, "?", "it is gone from the chain")
            if link.entry is None:
                return number, last, Broken(link.number, link.entry_id, "its entry is gone")
            if hash_of(last, link.number, link.entry) != link.hash:
                return number, last, Broken(link.number, link.entry_id, "its hash is not that of what it says")
            number, last = link.number, link.hash
    return number, last, None
