"""PostgreSQL's LISTEN and NOTIFY for broadcaster: thin, and failing fast. Whoever holds it throws it away then.

broadcaster's own refuses two publishes at a time, and does not notice when its connection ends.
"""

import asyncio
from typing import Any

import asyncpg
from broadcaster import BroadcastBackend, Event


class PostgresBackend(BroadcastBackend):
    """One connection that listens, and one that notifies. The queue between is as long as one turn of the loop."""

    def __init__(self, url: str, *, seconds: float) -> None:
        # As SQLAlchemy writes it, or as the driver does: both are the address of one server.
        self._url = url.replace("+asyncpg", "", 1).replace("?ssl=", "?sslmode=", 1).replace("&ssl=", "&sslmode=", 1)
        self._seconds = seconds
        self._heard: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listening: Any = None
        self._telling: Any = None
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        """Fail now rather than later when nobody is there."""
        self._listening = await self._open()
        self._telling = await self._open()
        self._listening.add_termination_listener(lambda _: self._heard.put_nowait(None))

    async def _open(self) -> Any:
        settings = {"application_name": "palaver bells"}
        return await asyncpg.connect(self._url, timeout=self._seconds, server_settings=settings)

    async def disconnect(self) -> None:
        """Let go of both connections, without a word when the server says nothing any more."""
        for connection in (self._listening, self._telling):
            if connection is not None:
                connection.terminate()

    async def subscribe(self, channel: str) -> None:
        """Listen to a channel too."""
        await self._listening.add_listener(channel, self._hear)

    async def unsubscribe(self, channel: str) -> None:
        """Listen to it no more."""
        if not self._listening.is_closed():
            await self._listening.remove_listener(channel, self._hear)

    async def publish(self, channel: str, message: Any) -> None:
        """Tell everybody who listens now; bells and probes take turns, for a connection does one thing at a time."""
        async with self._turn:
            await self._telling.execute("select pg_notify($1, $2)", channel, message)

    async def next_published(self) -> Event:
        """The next message. ConnectionError when there will be none."""
        event = await self._heard.get()
        if event is None:
            raise ConnectionError("PostgreSQL ended the connection.")
        return event

    def _hear(self, _: object, __: int, channel: str, message: str) -> None:
        self._heard.put_nowait(Event(channel, message))
