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
    """Do something to its end. Who is called off meanwhile, however often, is called off only then."""
    task = asyncio.ensure_future(work)
    # Waited for through a thing of our own, so that there is no doubt about who was called off.
    ended = asyncio.Event()
    task.add_done_callback(lambda _: ended.set())
    called_off: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await ended.wait()
        except asyncio.CancelledError as error:
            called_off = error
    if called_off is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # Nobody is there any more whom its failure would concern.
    raise called_off
