"""An answer is written at once, and what cannot be is written in order and soon."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from graph.one_write import HttpProtocol
from tests.waiting import until


class Connection(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.writes: list[bytes] = []
        self.is_over = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it. RuntimeError once it is closed, as the loop's own."""
        if self.is_over:
            raise RuntimeError("closed")
        self.writes.append(bytes(data))

    def close(self) -> None:
        """It is over."""
        self.is_over = True

    def is_closing(self) -> bool:
        """Is it over?"""
        return self.is_over

    def pause_reading(self) -> None:
        """Nothing comes of itself."""

    def resume_reading(self) -> None:
        """The same."""


def answering(go_on: asyncio.Event) -> ASGIApp:
    """Answers with a body, in pieces, without any, or first with a head and with the rest when it is told to."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 "
        await go_on.wait()
        yield b"rest"

    async def later() -> AsyncIterator[bytes]:
        await go_on.wait()
        yield b"late"

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        answers: dict[str, Response] = {
            "/whole": Response(b"whole"),
            "/none": Response(status_code=204),
            "/pieces": StreamingResponse(pieces()),
            "/later": StreamingResponse(later()),
            "/last": Response(b"last", headers={"Connection": "close"}),
        }
        await answers[Request(scope).url.path](scope, receive, send)

    return app


@pytest.fixture
def connection() -> Connection:
    """To a client."""
    return Connection()


@pytest.fixture
async def go_on() -> asyncio.Event:
    """The rest may come."""
    return asyncio.Event()


@pytest.fixture
async def protocol(connection: Connection, go_on: asyncio.Event) -> HttpProtocol:
    """As uvicorn makes it."""
    config = uvicorn.Config(answering(go_on), http=HttpProtocol, log_config=None, access_log=False)
    config.load()
    made: Any = HttpProtocol(config=config, server_state=ServerState(), app_state={})
    made.connection_made(connection)
    return made  # type: ignore[no-any-return]


def ask(protocol: HttpProtocol, path: str, method: str = "GET") -> None:
    """A request comes."""
    protocol.data_received(f"{method} {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())


async def test_a_head_and_its_body_are_one_write(protocol: HttpProtocol, connection: Connection) -> None:
    for number in (1, 2):
        ask(protocol, "/whole")
        await until(lambda number=number: len(connection.writes) == number)  # type: ignore[misc]
    for write in connection.writes:
        assert write.startswith(b"HTTP/1.1 200 OK\r\n")
        assert write.endswith(b"\r\n\r\nwhole")


@pytest.mark.parametrize(("path", "method"), [("/none", "GET"), ("/whole", "HEAD")])
async def test_a_head_without_a_body_does_not_wait(
    protocol: HttpProtocol, connection: Connection, path: str, method: str
) -> None:
    ask(protocol, path, method)
    await until(lambda: b"".join(connection.writes).endswith(b"\r\n\r\n"))


async def test_what_comes_in_pieces_is_written_in_order_and_not_held_back(
    protocol: HttpProtocol, connection: Connection, go_on: asyncio.Event
) -> None:
    """Also what looks like the head of another answer."""
    ask(protocol, "/pieces")
    await until(lambda: b"9\r\nHTTP/1.1 \r\n" in b"".join(connection.writes))
    go_on.set()
    await until(lambda: b"".join(connection.writes).endswith(b"4\r\nrest\r\n0\r\n\r\n"))


async def test_a_head_whose_body_takes_its_time_goes_alone(
    protocol: HttpProtocol, connection: Connection, go_on: asyncio.Event
) -> None:
    ask(protocol, "/later")
    await until(lambda: b"".join(connection.writes).endswith(b"\r\n\r\n"))
    go_on.set()
    await until(lambda: b"".join(connection.writes).endswith(b"4\r\nlate\r\n0\r\n\r\n"))


async def test_the_last_answer_is_written_before_the_end(protocol: HttpProtocol, connection: Connection) -> None:
    ask(protocol, "/last")
    await until(lambda: connection.is_over)
    assert b"".join(connection.writes).endswith(b"\r\n\r\nlast")


async def test_a_client_that_is_gone_is_written_nothing(protocol: HttpProtocol, connection: Connection) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    protocol.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    connection.close()
    for _ in range(3):
        await asyncio.sleep(0)
    assert connection.writes == []
    assert complaints == []
