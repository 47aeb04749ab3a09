"""Calls something off at a chosen place: where it waits for the nth time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Generator
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.waiting import soon


@dataclass(slots=True, eq=False)
class Stepped:
    """Some work in a task of its own, called off wherever it waits for one of these times.

    `is_late`: not while it waits, but in the moment in which what it waits for has come, and it does not know yet.
    """

    work: Coroutine[Any, Any, Any]
    at: Collection[int]
    is_late: bool = False
    waits: int = 0

    async def run(self) -> BaseException | None:
        """Work to the end; the answer is what was raised."""
        task = asyncio.ensure_future(self._follow())
        await asyncio.wait([task])
        return asyncio.CancelledError() if task.cancelled() else task.exception()

    async def _follow(self) -> Any:
        return await self

    def __await__(self) -> Generator[Any, Any, Any]:
        task, step, given = asyncio.current_task(), self.work.send, None
        assert task is not None
        while True:
            try:
                waiting = step(given)
            except StopIteration as end:
                return end.value
            self.waits += 1
            if self.waits in self.at:
                if self.is_late and waiting is not None:
                    waiting.add_done_callback(lambda _: task.cancel())
                else:
                    asyncio.get_running_loop().call_soon(task.cancel)
            step, given = self.work.send, None
            try:
                yield waiting
            except BaseException as error:  # noqa: BLE001 - it is the work's to decide
                step, given = self.work.throw, error


async def call_off_everywhere(
    begin: Callable[[], Coroutine[Any, Any, None]],
    check: Callable[[], Awaitable[None]],
    may_raise: tuple[type[Exception], ...],
    *,
    is_late: bool,
) -> None:
    """Do some work again and again: called off at each place where it waits, and once more at each of those after it.

    Each time it is checked what it has left behind.
    """
    for first in count(1):
        waits = 0
        for second in count(first):
            stepped = Stepped(begin(), {first, second}, is_late)
            error = await soon(stepped.run())
            if error is not None and not isinstance(error, (asyncio.CancelledError, *may_raise)):
                raise error
            await check()
            waits = stepped.waits
            if waits < second:
                break
        if waits < first:
            return
