"""HTTP/1.1 connections that are kept alive: each sends its next request when it has the answer to the last."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, cast

HOST = "127.0.0.1"
#: Makes the next request, ready for the wire.
NextRequest: TypeAlias = Callable[[], bytes]
#: Is this the body of a good answer?
IsGood: TypeAlias = Callable[[bytes], bool]


def request_of(method: str, path: str, token: str | None, body: bytes = b"") -> bytes:
    """A request, ready for the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept: application/json"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(slots=True)
class Tally:
    """What came back: seconds that each good answer took, and how many were not good."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    first_failure: bytes = b""

    def fail(self, what: bytes) -> None:
        """An answer was not good."""
        self.failures += 1
        self.first_failure = self.first_failure or what[:600]


class Connection(asyncio.Protocol):
    """One connection. `on_answer` is called with each answer: is its status 200, and its body."""

    def __init__(self, on_answer: Callable[["Connection", bool, bytes], None], on_lost: Callable[[], None]) -> None:
        self._on_answer = on_answer
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._pending = b""
        self._wanted = 0
        self.asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class.

    def ask(self, request: bytes) -> None:
        """Send a request; the last one must have been answered."""
        assert self._transport is not None
        self.asked_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """A part of an answer, most often all of it."""
        if self._pending:
            data = self._pending = self._pending + data
        if len(data) < self._wanted:
            self._pending = data
            return
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self._pending = data
            return
        head = data[:end].lower()
        place = head.find(b"\ncontent-length:")
        if place < 0:
            self._pending = b""
            self._on_answer(self, False, b"An answer without Content-Length: " + data)
            return
        line = head.find(b"\r", place + 1)
        length = int(head[place + 16 : line if line > 0 else end])
        self._wanted = end + 4 + length
        if len(data) < self._wanted:
            self._pending = data
            return
        self._pending, self._wanted = b"", 0
        self._on_answer(self, data.startswith(b"HTTP/1.1 200"), data[end + 4 :])

    def connection_lost(self, error: Exception | None) -> None:
        """The server hung up, or we did."""
        self._on_lost()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Crowd:
    """Connections to one server that ask again and again until they are told to stop."""

    port: int
    count: int
    next_request: NextRequest
    is_good: IsGood
    tally: Tally = field(default_factory=Tally)
    _connections: list[Connection] = field(default_factory=list)
    _is_over: bool = False

    async def open(self) -> None:
        """Connect, and begin to ask."""
        loop = asyncio.get_running_loop()
        for _ in range(self.count):
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered, self._lost), HOST, self.port
            )
            self._connections.append(connection)
        for connection in self._connections:
            connection.ask(self.next_request())

    def _answered(self, connection: Connection, is_ok: bool, body: bytes) -> None:
        if is_ok and self.is_good(body):
            self.tally.seconds.append(time.perf_counter() - connection.asked_at)
        else:
            self.tally.fail(body)
        if not self._is_over:
            connection.ask(self.next_request())

    def _lost(self) -> None:
        if not self._is_over:
            self.tally.fail(b"The server hung up.")

    def restart(self) -> Tally:
        """Begin a new tally; the one so far."""
        ended, self.tally = self.tally, Tally()
        return ended

    def close(self) -> None:
        """Stop asking, and hang up."""
        self._is_over = True
        for connection in self._connections:
            connection.close()
