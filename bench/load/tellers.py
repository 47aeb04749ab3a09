"""Who makes a server tell its followers something: by a message, or by a word to a server that stores nothing."""

import asyncio
from typing import Protocol

from bench.load.http import HOST, Connection
from bench.load.socket import Socket


class NotTold(Exception):
    """A message was not acknowledged; the text is what came instead."""


class Teller(Protocol):
    """Says one thing after another."""

    async def tell(self, request: bytes) -> None:
        """Returns when the server has acknowledged it. NotTold when it did not."""

    def close(self) -> None:
        """Hang up."""


class HttpTeller:
    """Sends messages over one connection."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] | None = None
        self._connection = Connection(self._answered, self._lost)

    @classmethod
    async def open(cls, port: int) -> "HttpTeller":
        """Connect."""
        teller = cls()
        await asyncio.get_running_loop().create_connection(lambda: teller._connection, HOST, port)
        return teller

    async def tell(self, request: bytes) -> None:
        """Returns when the message is stored."""
        self._answer = asyncio.get_running_loop().create_future()
        self._connection.ask(request)
        async with asyncio.timeout(30):
            await self._answer

    def _answered(self, _: Connection, is_ok: bool, body: bytes) -> None:
        is_stored = is_ok and (b'"errors":[]' in body or b'"errors": []' in body)
        if self._answer is None or self._answer.done():
            return
        if is_stored:
            self._answer.set_result(body)
        else:
            self._answer.set_exception(NotTold(body[:600].decode("utf-8", "replace")))

    def _lost(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NotTold("The server hung up."))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class BareTeller:
    """Names a room to a server that broadcasts."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, port: int) -> "BareTeller":
        """Connect."""
        return cls(await Socket.connect(port, "/", None))

    async def tell(self, request: bytes) -> None:
        """Returns when the server has handed it to its sockets."""
        self._socket.send(request.decode())
        await self._socket.receive()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
