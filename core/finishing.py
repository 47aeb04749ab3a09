"""Work that is finished, whatever happens to whoever waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Value = TypeVar("Value")


async def finish(work: Coroutine[Any, Any, Value]) -> Value:
    """Do the work to its end. Who is called off meanwhile, however often, is called off only then."""
    task = asyncio.create_task(work)
    called_off: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            called_off = error
    if called_off is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # Nobody is there any more whom its failure would concern.
    raise called_off
