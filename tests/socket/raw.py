"""A socket on a plain connection: frames as bytes, read when a test wants it, answered by nobody else."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.house import House
from tests.waiting import soon

TEXT, CONTINUED, CLOSE, PING, PONG = 1, 0, 8, 9, 10
_HELLO = (
    b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


def frame(kind: int, data: bytes = b"", *, is_last: bool = True) -> bytes:
    """A client's frame, under a mask of zeros."""
    head = bytes((kind | 128 * is_last,))
    size = bytes((128 | len(data),)) if len(data) < 126 else struct.pack("!BH", 254, len(data))
    return head + size + b"\0\0\0\0" + data


@dataclass(slots=True)
class RawSocket:
    """The client's end."""

    plug: socket.socket
    _came: bytes = b""
    heard: list[tuple[int, bytes]] = field(default_factory=list)

    async def say(self, data: bytes) -> None:
        """Write bytes; those that a closed connection does not take are lost."""
        await soon(asyncio.get_running_loop().sock_sendall(self.plug, data))

    async def hear(self) -> tuple[int, bytes]:
        """The next frame of the server's: its kind and its data. EOFError when there is none any more."""
        head = await self._take(2)
        size = head[1]
        if size == 126:
            (size,) = struct.unpack("!H", await self._take(2))
        heard = head[0] & 15, await self._take(size)
        self.heard.append(heard)
        return heard

    async def ending(self) -> int:
        """Read on until the server closes; the code."""
        while (heard := await self.hear())[0] != CLOSE:
            pass
        (code,) = struct.unpack("!H", heard[1][:2])
        return int(code)

    async def _take(self, size: int) -> bytes:
        while len(self._came) < size:
            data = await soon(asyncio.get_running_loop().sock_recv(self.plug, 65536))
            if not data:
                raise EOFError
            self._came += data
        taken, self._came = self._came[:size], self._came[size:]
        return taken

    async def greet(self) -> None:
        """Ask for the socket, and read no more than the answer."""
        await self.say(_HELLO)
        while b"\r\n\r\n" not in self._came:
            self._came += await soon(asyncio.get_running_loop().sock_recv(self.plug, 1))
        assert self._came.startswith(b"HTTP/1.1 101 ")
        self._came = b""


@asynccontextmanager
async def open_raw(house: House) -> AsyncIterator[RawSocket]:
    """A plain connection with small buffers, switched to WebSocket."""
    with socket.socket() as plug:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plug.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", int(house.url.rpartition(":")[2])))
        raw = RawSocket(plug)
        await raw.greet()
        yield raw
