"""An event loop in virtual time: nothing waits, the clock jumps; and what a dead process would do next is not done."""

import asyncio
import heapq
from collections import deque
from collections.abc import Coroutine, Generator
from contextvars import Context, ContextVar
from typing import Any, Protocol


class Place(Protocol):
    """Where code runs: a process, which may be dead."""

    @property
    def is_dead(self) -> bool:
        """Does nothing run there any more?"""


#: The process that runs this; None for the world around the processes.
PLACE: ContextVar[Place | None] = ContextVar("place", default=None)

#: More turns than this are an endless loop.
MOST_TURNS = 200_000


class StuckError(Exception):
    """Everybody waits for somebody, or a loop has no end."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs what is ready in the order in which it became so; when nothing is, it is at once the next timer's time."""

    _ready: deque[Any]
    _scheduled: list[Any]

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._left = MOST_TURNS
        self._parked: list[Any] = []
        self._tasks: list[tuple[asyncio.Task[Any], Place | None]] = []
        self._parks = True

    def time(self) -> float:
        """Seconds since the beginning of this world."""
        return self._now

    def create_task(
        self,
        coro: Generator[Any, None, Any] | Coroutine[Any, Any, Any],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[Any]:
        """As always; and the task is held until the end, so that none is forgotten in the middle of something."""
        task: asyncio.Task[Any] = super().create_task(coro, name=name, context=context)
        self._tasks.append((task, PLACE.get() if context is None else context.get(PLACE)))
        return task

    def tasks_of(self, place: Place | None = None) -> list[asyncio.Task[Any]]:
        """What is not done yet, somewhere or anywhere."""
        return [task for task, where in self._tasks if not task.done() and (place is None or where is place)]

    def let_the_dead_run(self) -> None:
        """From now on the dead run again, so that their tasks can be ended in order."""
        self._parks = False
        self._ready.extend(self._parked)
        self._parked.clear()

    def _write_to_self(self) -> None:
        """Nobody sleeps who must be woken."""

    def _run_once(self) -> None:
        if not self._ready:
            self._jump()
        while self._scheduled and (self._scheduled[0]._cancelled or self._scheduled[0]._when <= self._now):
            timer = heapq.heappop(self._scheduled)
            timer._scheduled = False
            self._ready.append(timer)
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if handle._cancelled:
                continue
            place = handle._context.get(PLACE)
            if self._parks and place is not None and place.is_dead:
                self._parked.append(handle)
                continue
            self._left -= 1
            handle._run()
        if self._left < 0:
            self._left = MOST_TURNS
            raise StuckError("This goes on for ever.")

    def _jump(self) -> None:
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
        if not self._scheduled:
            raise StuckError("Everybody waits for somebody.")
        self._now = max(self._now, self._scheduled[0]._when)
