"""Things that are done to their end, also when whoever waits for them is called off: a connection is given back whole.

Given back by half, or by somebody whom nobody waits for any more, it would be lost to all who come later.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do something to its end. Who is called off meanwhile, however often, is called off only then."""
    task = asyncio.ensure_future(work)
    called_off: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            called_off = error
    if called_off is None:
        task.result()
        return
    if not task.cancelled():
        task.exception()  # Nobody is there any more whom its failure would concern.
    raise called_off


async def wait_for_end(work: "asyncio.Future[Any]") -> None:
    """Wait for something that nobody wants any more, however often one is called off meanwhile."""
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            continue
