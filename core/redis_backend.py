"""Redis for broadcaster: thin, and failing fast. Whoever holds it throws it away when it fails.

broadcaster's own listens before the first subscription has reached the server, which with redis-py 8 leaves it deaf.
"""

import asyncio
from typing import Any

from broadcaster import BroadcastBackend, Event
from redis.asyncio import Redis


class RedisBackend(BroadcastBackend):
    """One connection that listens, and one that publishes."""

    def __init__(self, url: str, *, seconds: float) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=seconds, retry=None)
        self._pubsub = self._redis.pubsub()
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        """Fail now rather than later when nobody is there."""
        await self._redis.execute_command("PING")  # type: ignore[no-untyped-call]

    async def disconnect(self) -> None:
        """Let go of both connections."""
        await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        await self._redis.aclose()

    async def subscribe(self, channel: str) -> None:
        """Listen to a channel too."""
        await self._pubsub.subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Listen to it no more."""
        await self._pubsub.unsubscribe(channel)

    async def publish(self, channel: str, message: Any) -> None:
        """Tell everybody who listens now; one after another, on one connection, for the pool refuses many."""
        async with self._turn:
            await self._redis.publish(channel, message)

    async def next_published(self) -> Event:
        """The next message. What is no text is passed on with its bad bytes replaced, to be refused by the reader."""
        while True:
            message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
            if message is not None:
                return Event(message["channel"].decode(), message["data"].decode("utf-8", "replace"))
