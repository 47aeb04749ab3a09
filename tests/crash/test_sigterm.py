"""SIGTERM: no new work, running mutations finish, sockets close with 1012, and the status is 0."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests import acts
from tests.client import NO_TLS, Person
from tests.legs import Home
from tests.live.asks import cursor_of
from tests.served import Served, serve
from tests.storage import locked_at
from tests.waiting import soon, until


@asynccontextmanager
async def two_people(served: Served) -> AsyncIterator[tuple[Person, Person, str]]:
    """Ann and Bob, and their conversation."""
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
        host = served.person(http, "market", "service", name="The market")
        ann = served.person(http, "ann", "buyer", name="Ann")
        bob = served.person(http, "bob", "seller", name="Bob")
        await acts.list_thing(host)
        yield ann, bob, await acts.open_about(ann)


class Call:
    """A request over a connection of its own, of which one knows when it was written."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def send(cls, person: Person, thread: str, body: str) -> "Call":
        """Write the request of a sendMessage."""
        host, port = person.house.url.removeprefix("http://").split(":")
        call = cls(*await asyncio.open_connection(host, int(port)))
        content = json.dumps({"query": acts.SEND, "variables": send_of(thread, body)})
        head = f"POST /graphql HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        head += f"Authorization: Bearer {person.token}\r\nContent-Length: {len(content)}\r\n\r\n"
        call._writer.write((head + content).encode())
        await call._writer.drain()
        return call

    async def answer(self) -> dict[str, Any]:
        """The answer's data."""
        text = (await soon(self._reader.read())).decode()
        self._writer.close()
        head, _, body = text.partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 200 "), text
        data: dict[str, Any] = json.loads(body)["data"]["sendMessage"]
        return data


def send_of(thread: str, body: str) -> dict[str, Any]:
    """The variables of a sendMessage."""
    return {"input": {"conversationId": thread, "body": body, "clientMessageId": body}}


async def is_refused(person: Person) -> bool:
    """Does the server take no more connections?"""
    try:
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            await http.get(f"{person.house.url}/healthz")
    except httpx.TransportError:
        return True
    return False


async def test_running_mutations_finish(home: Home) -> None:
    """Over HTTP they are answered, over a socket they are found by a retry; both are held up when the end begins."""
    async with serve(home) as served:
        async with two_people(served) as (ann, bob, thread), bob.connect() as line:
            async with locked_at(home.leg.url_of(home.folder)):
                by_http = await Call.send(ann, thread, "by HTTP")
                await line.subscribe(acts.SEND, **send_of(thread, "by socket"))
                # Whatever was written before these answers has been read when they come.
                for _ in range(3):
                    await cursor_of(bob, thread)
                served.terminate()
                await until(lambda: is_refused(ann))
            assert (await by_http.answer())["message"]["body"] == "by HTTP"
            assert await line.closed() == 1012
        assert await served.status() == 0
        await served.start()
        async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
            again = served.person(http, "bob", "seller", name="Bob")
            assert sorted(await acts.bodies(again, thread)) == ["by HTTP", "by socket"]
            assert (await acts.send(again, thread, "by socket", "by socket"))["seq"] in (1, 2)
            assert len(await acts.bodies(again, thread)) == 2


async def test_sockets_close_so_that_clients_come_back(home: Home) -> None:
    """With streams open, and what was said just before is there for whoever resumes."""
    async with serve(home) as served:
        async with two_people(served) as (ann, bob, thread), bob.connect() as line, ann.connect() as other:
            start = await cursor_of(bob, thread)
            stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
            await acts.send(ann, thread, "a")
            assert (await stream.next())["message"]["body"] == "a"
            await acts.send(ann, thread, "b")
            served.terminate()
            assert await line.closed() == 1012
            assert await other.closed() == 1012
        assert await served.status() == 0
        await served.start()
        async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
            again = served.person(http, "bob", "seller", name="Bob")
            async with again.connect() as line:
                resumed = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
                assert [event["message"]["body"] for event in await resumed.take(2)] == ["a", "b"]


async def test_a_client_that_takes_nothing_does_not_hold_up_the_end(home: Home) -> None:
    async with (
        serve(home, PALAVER_SHUTDOWN_SECONDS="1") as served,
        two_people(served) as (ann, bob, thread),
        bob.connect() as line,
    ):
        start = await cursor_of(bob, thread)
        for _ in range(40):
            await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        line.socket.transport.pause_reading()
        for _ in range(20):
            await acts.send(ann, thread, "\N{BICYCLE}" * 4000)
        served.terminate()
        assert await served.status() == 0
        line.socket.transport.abort()
