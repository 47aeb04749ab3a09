"""One connection to the broker, through broadcaster; good until it breaks, then thrown away and built anew.

broadcaster swallows what breaks it: its listener ends and nobody is told. So a link is believed only as long as probes
come back through the very channels that it serves.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

from broadcaster import Broadcast

from core.finishing import finish

CHANNELS = 4
#: PostgreSQL refuses to notify with 8,000 bytes or more.
LARGEST_FRAME = 7500


#: Makes broadcaster's front for an address, whose backend gives up after so many seconds.
NewBroadcast: TypeAlias = Callable[[str, float], Broadcast]


class LinkBrokenError(Exception):
    """The broker cannot be reached, or does not give back what it was given."""


class Link:
    """A connection that hears its channels and publishes to them; `hear` gets each frame but the probes."""

    def __init__(
        self,
        url: str,
        name: str,
        hear: Callable[[str], None],
        *,
        seconds: float,
        new_broadcast: NewBroadcast | None = None,
    ) -> None:
        self._seconds = seconds
        self._hear = hear
        self._channels = [f"palaver-{name}-{number}" for number in range(CHANNELS)]
        self._probe = secrets.token_hex(8)
        self._came_back: set[int] = set()
        self._something = asyncio.Event()
        self._exits = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._broadcast = (new_broadcast or _broadcast_of)(url, seconds)

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
            if (task := asyncio.current_task()) is not None and task.cancelling():
                # Out of a cancelled subscription broadcaster raises a KeyError, which hides the cancellation.
                raise asyncio.CancelledError from error
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
        """Let go of everything, whatever state it is in; a dead broker may not hold us, nor who calls us off."""
        await finish(self._close())

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        # In a task of its own: broadcaster raises whatever its dead listener died of, a cancellation too.
        closing = asyncio.create_task(self._exits.aclose())
        await asyncio.wait([closing], timeout=self._seconds)
        for _ in range(CHANNELS + 1):  # Each channel's step may hang, and broadcaster's own; a cancellation ends one.
            if not closing.done():
                closing.cancel()
                await asyncio.wait([closing], timeout=self._seconds / 10)
        closing.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if closing.done():
            await asyncio.gather(closing, return_exceptions=True)

    async def _listen(self, number: int, subscriber: Any) -> None:
        async for event in subscriber:
            if event.message.startswith('{"probe"'):
                if self._probe in event.message:
                    self._came_back.add(number)
                    self._something.set()
            else:
                self._hear(event.message)


def _broadcast_of(url: str, seconds: float) -> Broadcast:
    """broadcaster's front, over our own backend for Redis. ValueError for a broker that it does not know."""
    if url.startswith(("redis://", "rediss://")):
        from core.redis_backend import RedisBackend  # noqa: PLC0415 - the driver is an extra

        return Broadcast(backend=RedisBackend(url, seconds=seconds))
    if url.startswith(("memory://", "postgresql://", "postgres://")):
        return Broadcast(url)
    raise ValueError("The broker must be memory://, redis://... or postgresql://...")
