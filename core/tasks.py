"""Ends background tasks, also those that take the first word for something else; and finishes what must be whole."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Seconds until a task that did not end is told again.
PAUSE = 0.5


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended. A driver may take one cancellation for a failure of the network."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=PAUSE)
    await asyncio.gather(*tasks, return_exceptions=True)


async def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Do something to its end, however often one is called off meanwhile; only then one is."""
    task = asyncio.ensure_future(work)
    is_called_off = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            is_called_off = True
    if is_called_off:
        # What went wrong besides is of no interest to somebody who does not wait any more.
        await asyncio.gather(task, return_exceptions=True)
        raise asyncio.CancelledError
    return task.result()
