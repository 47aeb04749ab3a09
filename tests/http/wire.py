"""Requests as bytes: what a client library would never send, and answers judged by their shape."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.client import Person
from tests.house import House
from tests.waiting import soon

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
#: Every code that the contract names.
CODES = frozenset(
    {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_REQUEST",
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "NOT_FOUND",
        "BAD_USER_INPUT",
        "INVALID_CURSOR",
        "CURSOR_EXPIRED",
        "TOO_COMPLEX",
        "RATE_LIMITED",
        "TIMEOUT",
        "PAYLOAD_TOO_LARGE",
        "PERSISTED_QUERY_NOT_FOUND",
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "PERSISTED_QUERY_MISMATCH",
        "DOCUMENT_NOT_TRUSTED",
        "INTERNAL",
    }
)


async def post(
    person: Person, body: bytes | AsyncIterator[bytes], headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """A POST of these very bytes, as JSON unless the headers say otherwise."""
    sent = {**person.headers, "Content-Type": JSON, **(headers or {})}
    return await person.http.post(f"{person.house.url}/graphql", content=body, headers=sent)


async def post_query(
    person: Person, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> httpx.Response:
    """A POST of an operation."""
    return await post(person, json.dumps({"query": query, "variables": variables}).encode(), headers)


def errors_of(response: httpx.Response) -> list[dict[str, Any]]:
    """The errors of an answer, after a look at its shape: JSON, a text and a known code each, nothing from inside."""
    assert response.headers["content-type"] in (f"{JSON}; charset=utf-8", f"{GRAPHQL}; charset=utf-8")
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    errors: list[dict[str, Any]] = response.json().get("errors", [])
    for error in errors:
        assert isinstance(error["message"], str)
        assert error["message"]
        assert error["extensions"]["code"] in CODES
        assert error.keys() <= {"message", "locations", "path", "extensions"}
    return errors


def code_of(response: httpx.Response) -> str:
    """The code of an answer's only error."""
    [error] = errors_of(response)
    code: str = error["extensions"]["code"]
    return code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back on the wire."""

    status: int
    body: Any


@dataclass(slots=True)
class Wire:
    """A connection to which a test writes bytes itself."""

    person: Person
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def begin(self, *lines: str) -> None:
        """Write the head of a POST to /graphql, signed, with further lines."""
        head = ["POST /graphql HTTP/1.1", "Host: palaver.test", f"Authorization: Bearer {self.person.token}", *lines]
        await self.write("\r\n".join([*head, "", ""]).encode())

    async def write(self, data: bytes) -> None:
        """Write bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def write_chunks(self, parts: Iterable[bytes], *, ends: bool = True) -> None:
        """Write a chunked body, or the beginning of one."""
        for part in parts:
            await self.write(b"%x\r\n%s\r\n" % (len(part), part))
        if ends:
            await self.write(b"0\r\n\r\n")

    async def answer(self) -> Answer:
        """Wait for the answer."""
        head = (await soon(self.reader.readuntil(b"\r\n\r\n"))).decode().lower()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
        return Answer(int(head.split()[1]), json.loads(await soon(self.reader.readexactly(length))))


@asynccontextmanager
async def dial(house: House, person: Person) -> AsyncIterator[Wire]:
    """A connection; it is cut off when the block ends, whatever was not sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    try:
        yield Wire(person, reader, writer)
    finally:
        writer.transport.abort()
