"""One connection to the broker, through broadcaster; good until it breaks, then thrown away and built anew.

broadcaster swallows what breaks it: its listener ends and nobody is told. So a link is believed only as long as probes
come back through the very channels that it serves.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from broadcaster import Broadcast, BroadcastBackend

from core.tasks import end

CHANNELS = 4
#: PostgreSQL refuses to notify with 8,000 bytes or more.
LARGEST_FRAME = 7500


class LinkBrokenError(Exception):
    """The broker cannot be reached, or does not give back what it was given."""


class Link:
    """A connection that hears its channels and publishes to them; `hear` gets each frame but the probes."""

    def __init__(self, url: str, name: str, hear: Callable[[str], None], *, seconds: float) -> None:
        self._seconds = seconds
        self._hear = hear
        self._channels = [f"palaver-{name}-{number}" for number in range(CHANNELS)]
        self._probe = secrets.token_hex(8)
        self._came_back: set[int] = set()
        self._something = asyncio.Event()
        self._exits = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._backend = _backend_of(url, seconds)
        self._broadcast = Broadcast("memory://") if self._backend is None else Broadcast(backend=self._backend)

    async def open(self) -> None:
        """Connect, and subscribe to one channel after another: together they would overwrite each other."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._exits.enter_async_context(self._broadcast)
                for number, channel in enumerate(self._channels):
                    subscriber = await self._exits.enter_async_context(self._broadcast.subscribe(channel))
                    self._tasks.append(asyncio.create_task(self._listen(number, subscriber), name=f"link-{number}"))
        except Exception as error:
            await self.close()
            raise LinkBrokenError(type(error).__name__) from error

    async def publish(self, number: int, frame: str) -> None:
        """Publish a frame to a channel. LinkBrokenError when that fails or takes too long."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._broadcast.publish(self._channels[number], frame)
        except Exception as error:
            raise LinkBrokenError(type(error).__name__) from error

    async def check(self) -> None:
        """Send a probe through every channel and wait until all are back. LinkBrokenError when one stays out."""
        self._came_back.clear()
        for number in range(CHANNELS):
            await self.publish(number, json.dumps({"probe": self._probe}))
        try:
            async with asyncio.timeout(self._seconds):
                while len(self._came_back) < CHANNELS:
                    self._something.clear()
                    await self._something.wait()
        except TimeoutError as error:
            raise LinkBrokenError("a probe did not come back") from error

    async def close(self) -> None:
        """Let go of everything, whatever state it is in; a dead broker may not hold us."""
        await end(self._tasks)
        # In a task of its own: broadcaster raises whatever its dead listener died of, a cancellation too,
        # and then leaves the connections to us.
        closing = asyncio.create_task(self._let_go())
        await asyncio.wait([closing], timeout=self._seconds)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)

    async def _let_go(self) -> None:
        try:
            await self._exits.aclose()
        finally:
            if self._backend is not None:
                await self._backend.disconnect()

    async def _listen(self, number: int, subscriber: Any) -> None:
        async for event in subscriber:
            if event.message.startswith('{"probe"'):
                if self._probe in event.message:
                    self._came_back.add(number)
                    self._something.set()
            else:
                self._hear(event.message)


def _backend_of(url: str, seconds: float) -> BroadcastBackend | None:
    """Our own backend of a broker; None for memory, which broadcaster has. ValueError for a broker of another kind."""
    if url.startswith(("redis://", "rediss://")):
        from core.redis_backend import RedisBackend  # noqa: PLC0415 - the driver is an extra

        return RedisBackend(url, seconds=seconds)
    if url.startswith(("postgresql://", "postgresql+asyncpg://", "postgres://")):
        from core.postgres_backend import PostgresBackend  # noqa: PLC0415 - likewise

        return PostgresBackend(url, seconds=seconds)
    if url.startswith("memory://"):
        return None
    raise ValueError("The broker must be memory://, redis://... or postgresql://...")
