"""Saves the words that messages are found by, a moment after they were sent, and before anybody looks for them."""

import asyncio

import structlog

from chat.work import Work
from core.tasks import end
from db import search
from db.engine import Database, Reading

log = structlog.get_logger()

#: Messages whose words are saved in one unit of work: while people write, and while nobody does.
BATCH, QUIET_BATCH = 25, 200
#: Seconds between two of them, in which others write: a tenth of the time is enough.
PAUSE, QUIET_PAUSE = 0.02, 0.002
#: With more acts a second than these, saving words waits; but no longer than so many seconds.
RUSH, LONGEST_RUSH = 200, 30.0
#: Messages whose words one search waits for.
MOST = 2000


class Indexer:
    """Saves the words of messages for which nobody has: those that were sent, and those that were there before search.

    Sending does not wait for it. Each process looks once in a while, and takes its time while people write much; what
    one has taken is left out by the others. Whoever searches lets it first do what they may find.
    """

    def __init__(self, database: Database, work: Work, seconds: float) -> None:
        self._database = database
        self._work = work
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._acts = 0
        self._looked_at = self._done_at = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._looked_at = self._done_at = _now()
        self._task = asyncio.create_task(self._run(), name="indexer")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            await end([self._task])

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the next look finds them
                log.warning("search.failed", error=type(error).__name__)

    async def look(self) -> None:
        """Save the words of all messages that wait; of none while people write much, unless that lasts long."""
        rate = self._rate()
        if rate > RUSH and _now() - self._done_at < LONGEST_RUSH:
            return
        size, pause = (BATCH, PAUSE) if rate > 0 else (QUIET_BATCH, QUIET_PAUSE)
        is_more = await self._database.read(search.has_pending)
        while is_more:
            is_more = await self.index_some(size) == size
            await asyncio.sleep(pause)
        self._done_at = _now()

    def _rate(self) -> float:
        """How many acts a second this process has done since the last time."""
        now, acts = _now(), self._work.acts
        rate = (acts - self._acts) / max(now - self._looked_at, 0.001)
        self._looked_at, self._acts = now, acts
        return rate

    async def index_some(self, size: int = QUIET_BATCH) -> int:
        """Save the words of some messages; of how many."""
        # Should it be lost with the power, the messages still wait, and it is done again.
        async with self._work.begin(durable=False) as unit:
            texts = await search.take_pending(unit.db, size)
            await search.save_words(unit.db, texts)
        return len(texts)

    async def catch_up(self, viewer_id: str) -> None:
        """Save the words of what a viewer may find; of `MOST` messages at most, the rest is found a little later."""

        async def has_pending(db: Reading) -> bool:
            return await search.has_pending_of(db, viewer_id)

        left = MOST if await self._database.read(has_pending) else 0
        while left > 0:
            async with self._work.begin(durable=False) as unit:
                texts = await search.take_pending_of(unit.db, viewer_id, QUIET_BATCH)
                await search.save_words(unit.db, texts)
            left = left - len(texts) if texts else 0


def _now() -> float:
    """Seconds by the loop's clock."""
    return asyncio.get_running_loop().time()
