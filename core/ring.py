"""Short shared memories of logs: many readers of one log cost one read of the database for each new entry.

A ring holds a run of entries without holes. Who asks for what is older reads the database; who asks for what is newer
than the ring knows moves the ring. Nothing here decides what a reader gets: positions do.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

LENGTH = 256


class Entry(Protocol):
    """Something with a place in a dense log."""

    @property
    def position(self) -> int:
        """1, 2, 3 ... within its log."""


Item = TypeVar("Item", bound=Entry)
Load = Callable[[str, int, int], Awaitable[Sequence[Item]]]


@dataclass(slots=True)
class _Ring(Generic[Item]):
    entries: deque[Item]
    tail: int = -1
    is_stale: bool = True
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def restart(self, position: int) -> None:
        """Forget everything, and go on from a position."""
        self.entries.clear()
        self.tail, self.is_stale = position, True


class Rings(Generic[Item]):
    """The rings of the logs that somebody follows.

    `reads` counts the reads of the database, `hits` the readers who found what they wanted without one.

    `load(log, after, limit)` reads the database; `length` is how many entries a ring keeps.
    """

    def __init__(self, load: Load[Item], length: int = LENGTH) -> None:
        self._load = load
        self._length = length
        self._rings: dict[str, _Ring[Item]] = {}
        self._followers: Counter[str] = Counter()
        self.reads = 0
        self.hits = 0

    def __len__(self) -> int:
        return len(self._rings)

    @contextmanager
    def follow(self, log: str) -> Iterator[None]:
        """Keep a ring of a log as long as the block lasts."""
        self.enter(log)
        try:
            yield
        finally:
            self.leave(log)

    def enter(self, log: str) -> None:
        """Keep a ring of a log, until `leave`."""
        if log not in self._rings:
            self._rings[log] = _Ring(deque(maxlen=self._length))
        self._followers[log] += 1

    def leave(self, log: str) -> None:
        """One follower less; the last one takes the ring with it."""
        self._followers[log] -= 1
        if not self._followers[log]:
            del self._followers[log], self._rings[log]

    def mark_stale(self, log: str) -> None:
        """The log may have grown: the next reader looks."""
        ring = self._rings.get(log)
        if ring is not None:
            ring.is_stale = True

    def mark_all_stale(self) -> None:
        """Bells may have been lost: look at all logs again."""
        for ring in self._rings.values():
            ring.is_stale = True

    async def after(self, log: str, position: int) -> Sequence[Item]:
        """The entries after a position, in order without holes, at most `length`; empty at the end of the log."""
        ring = self._rings.get(log)
        if ring is None or (ring.tail >= 0 and position < ring.tail - len(ring.entries)):
            return await self._read(log, position)
        has_read = False
        async with ring.turn:
            if position > ring.tail:
                ring.restart(position)
            while ring.is_stale:
                ring.is_stale = False  # Before the read: a bell that rings meanwhile must not be forgotten.
                has_read = True
                try:
                    news = await self._read(log, ring.tail)
                except BaseException:
                    ring.is_stale = True
                    raise
                if not news:
                    break
                ring.entries.extend(news)
                ring.tail = news[-1].position
                ring.is_stale |= len(news) == self._length
                if ring.tail - len(ring.entries) >= position:
                    break
        if position < ring.tail - len(ring.entries):
            return await self._read(log, position)
        found = [entry for entry in ring.entries if entry.position > position]
        self.hits += bool(found) and not has_read
        return found

    async def _read(self, log: str, position: int) -> Sequence[Item]:
        self.reads += 1
        return await self._load(log, position, self._length)
