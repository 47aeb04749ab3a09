"""Many deadlines and one timer: thousands wait for theirs, and none needs a timer of the loop's own, which is heavy."""

import asyncio
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from typing import Protocol

#: Entries of a heap that may be of no use before it is looked through.
FEW = 1000


class Timer(Protocol):
    """What a loop gives for a call to come."""

    def cancel(self) -> None:
        """Do not call."""


class Loop(Protocol):
    """As much of a loop as is needed here."""

    def time(self) -> float:
        """Its clock, in seconds."""

    def call_at(self, when: float, callback: Callable[[], object], /) -> Timer:
        """Call something at a moment."""


class Deadline:
    """Something that is to happen at a moment of the loop's clock, unless it is moved or dropped before."""

    __slots__ = ("_queued", "_when")

    def __init__(self) -> None:
        self._when = self._queued = inf

    def expire(self) -> None:
        """It has come. Called by the loop, once."""
        raise NotImplementedError


class Deadlines:
    """Waits for all of them. One that moves away keeps its entry until that comes up, and is entered again then."""

    def __init__(self, loop: Loop | None = None) -> None:
        """By the running loop's clock, unless another is given."""
        self._loop = loop
        self._heap: list[tuple[float, int, Deadline]] = []
        self._numbers = count()
        self._timer: Timer | None = None
        self._useless = 0

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def _clock(self) -> Loop:
        return self._loop or asyncio.get_running_loop()

    def move(self, deadline: Deadline, when: float) -> None:
        """Let one happen then, and at no other moment."""
        deadline._when = when
        if when < deadline._queued:
            if deadline._queued != inf:
                self._useless += 1
            self._enter(deadline)

    def drop(self, deadline: Deadline) -> None:
        """Let one never happen. Its entry is forgotten, at the latest with many others."""
        deadline._when = inf
        if deadline._queued != inf:
            deadline._queued = inf
            self._useless += 1
        if self._useless > FEW and 2 * self._useless > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2]._queued == entry[0]]
            heapify(self._heap)
            self._useless = 0

    def _enter(self, deadline: Deadline) -> None:
        deadline._queued = deadline._when
        heappush(self._heap, (deadline._when, next(self._numbers), deadline))
        if self._heap[0][2] is deadline:
            self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._heap:
            self._timer = self._clock.call_at(self._heap[0][0], self._look)

    def _look(self) -> None:
        self._timer = None
        now = self._clock.time()
        while self._heap and self._heap[0][0] <= now:
            queued, _, deadline = heappop(self._heap)
            if deadline._queued != queued:
                self._useless -= 1
                continue
            deadline._queued = inf
            if deadline._when <= now:
                deadline._when = inf
                deadline.expire()
            elif deadline._when != inf:
                self._enter(deadline)
        self._wait()
