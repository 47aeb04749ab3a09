"""Bytes that are hardly HTTP: the parser refuses them with 400, or hangs up; nothing is executed twice, and nobody else
is harmed."""

import asyncio

import pytest
from structlog.testing import capture_logs

from tests.client import Person
from tests.standing import standing_house
from tests.waiting import soon

house = standing_house(body_seconds=1)
BODY = b'{"query": "{ viewer { user { externalId } } }"}'
ME = "{ viewer { user { externalId } } }"

#: After the request line, `{auth}` and a blank line come by themselves.
HEADS: dict[str, tuple[bytes, bytes]] = {
    "no length": (b"Content-Type: application/json", BODY),
    "a length that is no number": (b"Content-Type: application/json\r\nContent-Length: many", BODY),
    "a negative length": (b"Content-Type: application/json\r\nContent-Length: -1", BODY),
    "two lengths": (b"Content-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 50", BODY),
    "a length too short": (b"Content-Type: application/json\r\nContent-Length: 9", BODY),
    "a length too long": (b"Content-Type: application/json\r\nContent-Length: 5000", BODY),
    "a length beyond reason": (b"Content-Type: application/json\r\nContent-Length: " + b"9" * 40, BODY),
    "chunks of no size": (b"Content-Type: application/json\r\nTransfer-Encoding: chunked", b"x\r\n" + BODY),
    "chunks that end in the middle": (b"Content-Type: application/json\r\nTransfer-Encoding: chunked", b"ff\r\n{"),
    "another encoding": (b"Content-Type: application/json\r\nTransfer-Encoding: gzip", BODY),
    "two types": (b"Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 5000", BODY),
    "a head with a NUL": (b"X: a\0b\r\nContent-Type: application/json\r\nContent-Length: 47", BODY),
    "a head without a colon": (b"nonsense\r\nContent-Type: application/json\r\nContent-Length: 47", BODY),
    "a head of half a megabyte": (b"X: " + b"x" * 500_000 + b"\r\nContent-Length: 47", BODY),
    "two tokens": (b"Authorization: Bearer x\r\nContent-Type: application/json\r\nContent-Length: 4", b"null"),
}


async def told(person: Person, data: bytes) -> bytes:
    """All that comes back until the server hangs up, or has given one answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(person.house.url.rpartition(":")[2]))
    try:
        writer.write(data)
        await writer.drain()
        return await soon(reader.read(65_536))
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("name", HEADS)
async def test_a_head_or_a_body_that_is_hardly_http_is_a_fault_of_the_clients(name: str, ann: Person) -> None:
    head, body = HEADS[name]
    token = f"Authorization: Bearer {ann.token}".encode()
    lines = [b"POST /graphql HTTP/1.1", b"Host: palaver.test", token, head, b"", body]
    with capture_logs() as logs:
        answer = await told(ann, b"\r\n".join(lines))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:300]
        assert b"externalId" not in answer
        assert (await ann.ask(ME))["user"]["externalId"] == "ann"
    assert logs == []


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\0",
        b"\x16\x03\x01\x02\0\x01\0",
        b"GET",
        b"GET / HTTP/9.9",
        b"GET /nothing HTTP/1.1",
        b"BREW /graphql HTTP/1.1",
        b"get /graphql HTTP/1.1",
        b"POST graphql HTTP/1.1",
        b"POST /graphql HTTP/1.1 more",
        b"POST /" + b"a" * 200_000 + b" HTTP/1.1",
        b"PRI * HTTP/2.0\r\n\r\nSM",
        b"POST /../graphql HTTP/1.1",
        b"POST /%ff HTTP/1.1",
    ],
)
async def test_a_first_line_that_is_hardly_http_is_too(start: bytes, ann: Person) -> None:
    answer = await told(ann, start + b"\r\nHost: palaver.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer[:300]
    assert (await ann.ask(ME))["user"]["externalId"] == "ann"
