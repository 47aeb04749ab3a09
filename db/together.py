"""What several acts ask PostgreSQL for at the same moment goes there as one statement.

Nobody waits in the hope of company: whoever comes first is asked for alone, and those who come while the answer is on
its way go together after it. One whose answer takes long, because of a lock or a disk, does not hold up the others for
long: they go beside it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from db.ending import wait_for_end

Place = TypeVar("Place")
Asked = TypeVar("Asked")
Found = TypeVar("Found")

#: Of how many acts a statement is at most; far beyond it another one saves nothing.
MOST = 64
#: Seconds after which others no longer wait for a statement, and how many can be under way then.
PATIENCE, AT_ONCE = 0.05, 4


@dataclass(slots=True, eq=False)
class _Turn(Generic[Asked, Found]):
    """Somebody who waits for an answer."""

    asked: Asked
    answer: "asyncio.Future[Found]"
    #: Those that are asked for together with it, once they are.
    company: "Sequence[_Turn[Asked, Found]]" = ()
    run: asyncio.Task[None] | None = None
    is_given_up: bool = False


class Together(Generic[Place, Asked, Found]):
    """Gathers questions of one kind: `open_place` gives where they are asked, `ask` answers them, in their order.

    Those with the same `key` are never asked together. When a statement fails, each that it was asked for is asked for
    alone, and fails by itself; unless `is_final` says of the error that nobody is to ask again.
    """

    def __init__(
        self,
        open_place: Callable[[], AbstractAsyncContextManager[Place]],
        ask: Callable[[Place, Sequence[Asked]], Awaitable[Sequence[Found]]],
        key: Callable[[Asked], Hashable],
        is_final: Callable[[Exception], bool],
    ) -> None:
        self._open_place = open_place
        self._ask = ask
        self._key = key
        self._is_final = is_final
        self._waiting: deque[_Turn[Asked, Found]] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, asked: Asked, *, to_the_end: bool) -> Found:
        """The answer. Who is called off leaves; `to_the_end`, only when it is over.

        What nobody waits for any more is called off. Whether it was too late for that the server knows.
        """
        turn = _Turn[Asked, Found](asked, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        self._go_on()
        try:
            return await asyncio.shield(turn.answer)
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif not turn.answer.done():
                turn.is_given_up = True
                if turn.run is not None and all(other.is_given_up for other in turn.company):
                    turn.run.cancel()
                if to_the_end:
                    await wait_for_end(turn.answer)
            raise

    def _go_on(self) -> None:
        is_free = not self._running or self._timer is None
        if not self._waiting or not is_free or len(self._running) >= AT_ONCE:
            return
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._run())
        self._running.add(task)
        task.add_done_callback(self._end)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        self._timer = None
        self._go_on()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._go_on()

    async def _run(self) -> None:
        """Answer some of those who wait."""
        turns: list[_Turn[Asked, Found]] = []
        try:
            async with self._open_place() as place:
                turns = self._next()
                for turn in turns:
                    turn.company, turn.run = turns, asyncio.current_task()
                if turns:
                    await self._answer(place, turns)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            _fail(turns or self._next(), error)
        finally:
            for turn in turns:  # Called off: the place is left, so that it is over.
                turn.answer.cancel()

    def _next(self) -> list[_Turn[Asked, Found]]:
        turns: dict[Hashable, _Turn[Asked, Found]] = {}
        later: list[_Turn[Asked, Found]] = []
        while self._waiting and len(turns) < MOST:
            turn = self._waiting.popleft()
            key = self._key(turn.asked)
            if key in turns:
                later.append(turn)
            else:
                turns[key] = turn
        self._waiting.extendleft(reversed(later))
        return [*turns.values()]

    async def _answer(self, place: Place, turns: "Sequence[_Turn[Asked, Found]]") -> None:
        try:
            found = await self._ask(place, [turn.asked for turn in turns])
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            if len(turns) == 1 or self._is_final(error):
                _fail(turns, error)
                return
            for turn in turns:
                await self._answer(place, [turn])
        else:
            for turn, answer in zip(turns, found, strict=True):
                turn.answer.set_result(answer)

    async def close(self) -> None:
        """Wait for what is under way."""
        while self._running:
            await asyncio.wait(self._running)
        if self._timer is not None:
            self._timer.cancel()


def _fail(turns: "Sequence[_Turn[Asked, Found]]", error: Exception) -> None:
    for turn in turns:
        if turn.answer.done():
            continue
        turn.answer.set_exception(error)
        turn.answer.exception()  # Who would be told may have been called off.
