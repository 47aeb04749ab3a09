"""uvicorn's HTTP protocol, with the head of an answer and its body in one write.

uvicorn writes the head when an application begins to answer, and the body when that comes, usually at once: two calls
of the system where one does, and two packets for the client to wake up for.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD = b"HTTP/1.1 "


class OneWrite:
    """A connection that keeps the head of an answer for what is written next; in the loop's next turn it goes alone.

    Whatever else looks like a head is only kept as shortly.
    """

    __slots__ = ("_call_soon", "_head", "connection", "is_closing")

    def __init__(self, connection: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.connection = connection
        self.is_closing = connection.is_closing  # Asked for with every answer.
        self._call_soon = loop.call_soon
        self._head = b""

    def write(self, data: bytes) -> None:
        """Write some, in the order in which it comes."""
        if self._head:
            data, self._head = self._head + data, b""
            self.connection.write(data)
        elif data.startswith(_HEAD):
            self._head = data
            self._call_soon(self.flush)
        else:
            self.connection.write(data)

    def flush(self) -> None:
        """Write what is kept."""
        if self._head:
            head, self._head = self._head, b""
            if not self.is_closing():
                self.connection.write(head)

    def close(self) -> None:
        """End it after what was written."""
        self.flush()
        self.connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


class HttpProtocol(HttpToolsProtocol):
    """The protocol of each connection, for uvicorn."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, OneWrite(transport, self.loop))

    def handle_websocket_upgrade(self) -> None:
        """It is a socket from now on, which writes by itself."""
        ours: Any = self.transport
        ours.flush()
        self.transport = ours.connection
        super().handle_websocket_upgrade()
