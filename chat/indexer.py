"""Saves the words that messages are found by, a moment after they were sent, and before anybody looks for them."""

import asyncio

import structlog

from chat.rush import Rush
from chat.work import Work
from core.tasks import end
from db import search
from db.engine import Database, Reading

log = structlog.get_logger()

#: Messages whose words are saved in one unit of work: while people write, who wait for it, and while nobody does.
BATCH, QUIET_BATCH = 6, 200
#: Seconds between two of them, in which others write: a tenth of the time is enough.
PAUSE, QUIET_PAUSE = 0.01, 0.002
#: Seconds for which saving words may wait for others to be done, while they write.
PATIENCE = 0.25
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
        self._rush = Rush(work)

    def start(self) -> None:
        """Begin to look."""
        self._rush.begin()
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
        moment = self._rush.look()
        if moment.may_wait:
            return
        size, pause, patience = (BATCH, PAUSE, PATIENCE) if moment.rate > 0 else (QUIET_BATCH, QUIET_PAUSE, 0)
        is_more = await self._database.read(search.has_pending)
        while is_more:
            is_more = await self.index_some(size, patience) == size
            await asyncio.sleep(pause)
        self._rush.done()

    async def index_some(self, size: int = QUIET_BATCH, patience: float = 0) -> int:
        """Save the words of some messages; of how many."""
        # Should it be lost with the power, the messages still wait, and it is done again.
        async with self._work.begin(durable=False, patience=patience) as unit:
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
