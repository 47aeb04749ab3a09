"""A WebSocket that hands on what it is told, frame by frame."""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

from bench.load.frames import CLOSE, PING, PONG, TEXT, frame_of, read_frame
from bench.load.http import HOST


class Socket(asyncio.Protocol):
    """One client's socket. `on_text` is called with the payload of each frame of text."""

    def __init__(self, path: str, subprotocol: str | None) -> None:
        self._path = path
        self._subprotocol = subprotocol
        self._transport: asyncio.Transport | None = None
        self._pending = b""
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._texts: asyncio.Queue[bytes] = asyncio.Queue()
        self.on_text: Callable[[bytes], None] = self._texts.put_nowait
        self.on_lost: Callable[[], None] = lambda: None
        self._is_open = False

    @classmethod
    async def connect(cls, port: int, path: str, subprotocol: str | None) -> "Socket":
        """Connect, and shake hands. ConnectionError when the server will not."""
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(path, subprotocol), HOST, port)
        try:
            async with asyncio.timeout(20):
                await socket._opened
        except (ConnectionError, TimeoutError):
            socket.close()
            raise
        return socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class.
        lines = [
            f"GET {self._path} HTTP/1.1",
            f"Host: {HOST}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
        ]
        if self._subprotocol is not None:
            lines.append(f"Sec-WebSocket-Protocol: {self._subprotocol}")
        self._transport.write("\r\n".join([*lines, "", ""]).encode())

    def send(self, text: str) -> None:
        """Write a frame of text."""
        assert self._transport is not None
        self._transport.write(frame_of(text.encode()))

    def answer(self, text: bytes) -> None:
        """Answer a heartbeat, whichever protocol's it is: who does not is taken for dead."""
        if text == b"2":  # Engine.IO
            self.send("3")
        elif b'"ping"' in text:
            self.send('{"type":"pong"}')

    async def receive(self, seconds: float = 20) -> bytes:
        """The next frame of text, while nobody else takes them. TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            return await self._texts.get()

    def data_received(self, data: bytes) -> None:
        """A part of what the server says."""
        if self._pending:
            data = self._pending + data
        if not self._is_open:
            data = self._shake(data)
        start = 0
        while self._is_open and (frame := read_frame(data, start)) is not None:
            start = frame.end
            if frame.kind == TEXT:
                self.on_text(frame.payload)
            else:
                self._control(frame.kind, frame.payload)
        self._pending = data[start:]

    def _shake(self, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            return data
        self._is_open = True
        if head.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
        elif not self._opened.done():
            self._opened.set_exception(ConnectionError(head.partition(b"\r")[0].decode()))
        return rest

    def _control(self, kind: int, payload: bytes) -> None:
        assert self._transport is not None
        if kind == PING:
            self._transport.write(frame_of(payload, PONG))
        elif kind == CLOSE:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        if not self._opened.done():
            self._opened.set_exception(error or ConnectionError("The server hung up."))
        self.on_lost()

    def close(self) -> None:
        """Leave without a word."""
        self.on_lost = lambda: None
        if self._transport is not None:
            self._transport.abort()
