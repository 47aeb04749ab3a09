"""Turns at something of which little goes on at a time: whoever has fewest comes next, and nobody has all of them."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """So many run at a time. Each waits behind their own others, and not behind all those of somebody else."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._running: Counter[str] = Counter()
        #: Of those who have as many, the one who has not had one for the longest time comes first.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def take(self, who: str) -> AsyncIterator[None]:
        """Wait for a turn, which lasts as long as the block."""
        if self._free:  # Then nobody waits.
            self._begin(who)
        else:
            await self._wait(who)
        try:
            yield
        finally:
            self._end(who)

    async def _wait(self, who: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._end(who)  # It had come in the same moment, and is the next one's.
            else:
                self._leave(who, turn)
            raise

    def _begin(self, who: str) -> None:
        self._free -= 1
        self._running[who] += 1

    def _end(self, who: str) -> None:
        self._free += 1
        self._running[who] -= 1
        if not self._running[who]:
            del self._running[who]
        if who in self._waiting:
            self._waiting[who] = self._waiting.pop(who)
        if self._waiting:
            following = min(self._waiting, key=self._running.__getitem__)
            turn = self._waiting[following][0]
            self._leave(following, turn)
            self._begin(following)
            turn.set_result(None)

    def _leave(self, who: str, turn: asyncio.Future[None]) -> None:
        self._waiting[who].remove(turn)
        if not self._waiting[who]:
            del self._waiting[who]
