"""How long a block may take: `asyncio.timeout` for thousands of blocks of one length, which share one timer.

Every request is in two such blocks, which nearly always end long before; a timer of its own for each of them is felt.
"""

import asyncio
from types import TracebackType
from typing import Any

#: Of so many places in the code is told where something was waiting.
INNERMOST = 6
#: Seconds after which it is told that the loop itself stood still.
LATE = 0.5


class TimeLimit:
    """Lets blocks take so many seconds each: `with limit(): ...`, within a task. TimeoutError when one takes longer,
    which says where it was waiting."""

    __slots__ = ("_running", "_timer", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        #: In the order in which they began, so the first of them is over first.
        self._running: dict[_Block, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many blocks have not ended yet."""
        return len(self._running)

    def __call__(self) -> "_Block":
        """A block that begins when it is entered, once."""
        return _Block(self)

    def add(self, block: "_Block", loop: asyncio.AbstractEventLoop) -> None:
        """One begins."""
        self._running[block] = None
        if self._timer is None:
            self._timer = loop.call_at(block.ends_at, self._look, loop)

    def remove(self, block: "_Block") -> None:
        """One has ended."""
        self._running.pop(block, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what has taken too long, and look again when that may be so of the oldest that is left."""
        self._timer = None
        now = loop.time()
        for block in [*self._running]:
            if block.ends_at > now:
                self._timer = loop.call_at(block.ends_at, self._look, loop)
                return
            del self._running[block]
            block.expire()


class _Block:
    """One block: who is in it, and until when."""

    __slots__ = ("_cancelling", "_expired_at", "_limit", "_task", "ends_at")

    def __init__(self, limit: TimeLimit) -> None:
        self._limit = limit
        #: Where it was when its time was over; None while it is not.
        self._expired_at: str | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only a task can be ended when it takes too long.")
        loop = task.get_loop()
        self._task = task
        self._cancelling = task.cancelling()
        self.ends_at = loop.time() + self._limit.seconds
        self._limit.add(self, loop)

    def expire(self) -> None:
        """It takes too long."""
        late = self._task.get_loop().time() - self.ends_at
        self._expired_at = place_of(self._task) + (f", the loop {late:.1f} s late" if late > LATE else "")
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limit.remove(self)
        if self._expired_at is None:
            return
        # Who was called off by somebody else meanwhile is called off.
        if self._task.uncancel() <= self._cancelling and isinstance(error, asyncio.CancelledError):
            raise TimeoutError(self._expired_at) from error


def place_of(task: "asyncio.Task[Any]") -> str:
    """Where a task waits: the innermost modules and lines, and nothing of what is in them."""
    places: list[str] = []
    waiting: Any = task.get_coro()
    while waiting is not None:
        for frame, below in (("cr_frame", "cr_await"), ("gi_frame", "gi_yieldfrom")):
            if (here := getattr(waiting, frame, None)) is not None:
                places.append(f"{here.f_globals.get('__name__')}:{here.f_lineno}")
                waiting = getattr(waiting, below)
                break
        else:
            break  # A future, which another task makes true; or an asynchronous generator, which does not tell.
    return " ".join(places[-INNERMOST:])
