"""Ends background tasks, also those that take the first word for something else."""

import asyncio
from collections.abc import Collection

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
