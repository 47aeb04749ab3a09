"""The clients of the load understand what servers say, in whatever pieces it comes, and count what is not good."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import pytest
import websockets
from websockets.asyncio.server import ServerConnection

from bench.load.frames import TEXT, frame_of, read_frame
from bench.load.http import Crowd, request_of
from bench.load.socket import Socket
from tests.waiting import soon, until


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_is_read_when_all_of_it_is_there(length: int) -> None:
    """At each length at which its head changes; and the next one begins where it ends."""
    payload = bytes(number % 256 for number in range(length))
    masked = frame_of(payload)
    head = len(masked) - 4 - length
    plain = bytes([masked[0], masked[1] & 0x7F]) + masked[2:head] + payload
    mask = masked[head : head + 4]
    assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked[head + 4 :])) == payload
    assert read_frame(plain[:-1]) is None
    frame = read_frame(b"xx" + plain + b"more", 2)
    assert frame is not None
    assert (frame.kind, frame.payload, frame.end) == (TEXT, payload, 2 + len(plain))


class Saying(asyncio.Protocol):
    """Answers each request with these pieces, one at a time."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """A part of a request."""
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            self._asked = self._asked.partition(b"\r\n\r\n")[2]
            self._say(0)

    def _say(self, place: int) -> None:
        if place < len(self._pieces) and not self._transport.is_closing():
            self._transport.write(self._pieces[place])
            asyncio.get_running_loop().call_later(0.001, self._say, place + 1)


@asynccontextmanager
async def saying(*pieces: bytes) -> AsyncIterator[int]:
    """A server that answers so; its port."""
    server = await asyncio.get_running_loop().create_server(lambda: Saying(pieces), "127.0.0.1")
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def ask(port: int, count: int) -> Crowd:
    """Two connections that ask until so much has come back."""
    crowd = Crowd(port, 2, lambda: request_of("GET", "/", None), lambda body: body == b"good")
    await crowd.open()
    await until(lambda: len(crowd.tally.seconds) + crowd.tally.failures >= count)
    crowd.close()
    return crowd


WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: y\r\n\r\ngood"


@pytest.mark.parametrize(
    "pieces", [[WHOLE], [WHOLE[:9], WHOLE[9:]], [WHOLE[:-2], WHOLE[-2:]], [bytes([byte]) for byte in WHOLE]]
)
async def test_answers_are_counted_however_they_come(pieces: Sequence[bytes]) -> None:
    """Whole, and in pieces."""
    async with saying(*pieces) as port:
        crowd = await ask(port, 5)
    assert crowd.tally.failures == 0
    assert all(seconds > 0 for seconds in crowd.tally.seconds)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (WHOLE.replace(b"200", b"503"), b"good"),
        (WHOLE.replace(b"good", b"evil"), b"evil"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood", b"without Content-Length"),
    ],
)
async def test_answers_that_are_not_good_are_failures(answer: bytes, what: bytes) -> None:
    """By their status, by what they say, and by what this client does not understand."""
    async with saying(answer) as port:
        crowd = await ask(port, 4)
    assert crowd.tally.seconds == []
    assert what in crowd.tally.first_failure


async def test_a_socket_hands_on_every_frame() -> None:
    """Through a handshake, with a ping in between, and up to the server's last word."""

    async def talk(connection: ServerConnection) -> None:
        await connection.send(await connection.recv())
        await (await connection.ping())
        await connection.send("x" * 70_000)

    async with websockets.serve(talk, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        socket = await Socket.connect(port, "/", None)
        lost = asyncio.Event()
        socket.on_lost = lost.set
        socket.send("Hello")
        assert await socket.receive() == b"Hello"
        assert await socket.receive() == b"x" * 70_000
        await soon(lost.wait())


async def test_a_handshake_that_is_refused_is_an_error() -> None:
    """And does not wait for ever."""
    async with saying(b"HTTP/1.1 403 Forbidden\r\n\r\n") as port:
        with pytest.raises(ConnectionError, match="403"):
            await Socket.connect(port, "/", None)
