"""kill -9 during concurrent sends, again and again: nothing acknowledged is lost, and nobody hears a thing twice."""

import asyncio
import faulthandler
import random
import time
from typing import Any

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.crash.talkers import EVENTS, INBOX, MESSAGES, Reader, Writer
from tests.legs import Home
from tests.live.asks import cursor_of, inbox_cursor
from tests.served import Served, serve
from tests.waiting import soon, until

PAGE = """
query($id: ID!, $after: String) {
  conversation(id: $id) {
    messages(first: 100, after: $after) {
      edges { node { seq body clientMessageId sender { externalId } } } pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def two_threads(served: Served, http: httpx.AsyncClient) -> tuple[Person, Person, list[str]]:
    """Ann and Bob, and two conversations of theirs."""
    host = served.person(http, "market", "service", name="The market")
    ann = served.person(http, "ann", "buyer", name="Ann")
    bob = served.person(http, "bob", "seller", name="Bob")
    threads = []
    for name in ("bike-1", "bike-2"):
        await acts.list_thing(host, name)
        threads.append(await acts.open_about(ann, name))
    return ann, bob, threads


async def readers_of(served: Served, ann: Person, bob: Person, threads: list[str]) -> list[Reader]:
    """Somebody at each stream that can be resumed."""
    address, (first, second) = served.socket_url, threads
    return [
        Reader(address, bob, MESSAGES, {"id": first, "after": await cursor_of(bob, first)}),
        Reader(address, ann, MESSAGES, {"id": second, "after": await cursor_of(ann, second)}),
        Reader(address, bob, EVENTS, {"id": second, "after": await cursor_of(bob, second)}),
        Reader(address, ann, INBOX, {"after": await inbox_cursor(ann)}),
        Reader(address, bob, INBOX, {"after": await inbox_cursor(bob)}),
    ]


async def kill_and_start(served: Served, writers: list[Writer], readers: list[Reader]) -> float:
    """Kill the server when a few things were said since its start; the seconds to the first acknowledgement after."""
    # Each kill may take as long as a test: this guards against hanging, not against many kills.
    faulthandler.dump_traceback_later(120, exit=True, file=2)
    before, lives = said(writers), [reader.lives for reader in readers]
    enough = before + random.randint(5, 25)
    await until(lambda: said(writers) >= enough)
    await until(lambda: all(reader.lives > 0 for reader in readers))
    await served.kill()
    killed_at, known = time.monotonic(), said(writers)
    await served.start()
    await until(lambda: said(writers) > known)
    # Everybody is back before it happens again, else nobody would have been listening.
    await until(lambda: all(reader.lives > life for reader, life in zip(readers, lives, strict=True)))
    return min(at for writer in writers for at in writer.acknowledged_at if at > killed_at) - killed_at


def said(writers: list[Writer]) -> int:
    """How much was acknowledged so far."""
    return sum(len(writer.acknowledged) for writer in writers)


async def whole_log(person: Person, thread: str) -> list[dict[str, Any]]:
    """All messages of a conversation, page by page."""
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await person.ask(PAGE, id=thread, after=after))["messages"]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
async def test_what_was_acknowledged_is_there_once_and_heard_once(kills: int, home: Home) -> None:
    async with serve(home) as served, httpx.AsyncClient(timeout=30) as http:
        ann, bob, threads = await two_threads(served, http)
        readers = await readers_of(served, ann, bob, threads)
        writers = [Writer(person, threads, f"{person.sub}-{n}") for person in (ann, bob) for n in range(2)]
        listening = [asyncio.create_task(reader.listen()) for reader in readers]
        talking = [asyncio.create_task(writer.talk()) for writer in writers]
        waits = [await kill_and_start(served, writers, readers) for _ in range(kills)]
        for writer in writers:
            writer.is_over = True
        await soon(asyncio.gather(*talking))
        logs = {thread: await whole_log(ann, thread) for thread in threads}
        await until(lambda: all(is_done(reader, logs) for reader in readers))
        for task in listening:
            assert not task.done()
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        compare(logs, writers, readers)
        repeats = sum(writer.repeats for writer in writers)
        print(
            f"\n{kills} kills: {said(writers)} acknowledged, {repeats} attempts that failed, "
            f"the first acknowledgement after a kill within {min(waits):.2f} to {max(waits):.2f} s"
        )


def is_done(reader: Reader, logs: dict[str, list[dict[str, Any]]]) -> bool:
    """Has a reader heard as much as there is?"""
    mine = [reader.variables["id"]] if "id" in reader.variables else list(logs)
    return len(reader.heard) >= sum(len(logs[thread]) for thread in mine)


def compare(logs: dict[str, list[dict[str, Any]]], writers: list[Writer], readers: list[Reader]) -> None:
    """The log holds what was acknowledged, each once, without holes; every reader heard just that, in order."""
    acknowledged = {place: seq for writer in writers for place, seq in writer.acknowledged.items()}
    stored = {(thread, node["body"]): node["seq"] for thread, nodes in logs.items() for node in nodes}
    assert stored == acknowledged
    for thread, nodes in logs.items():
        assert [node["seq"] for node in nodes] == list(range(1, len(nodes) + 1))
        for writer in writers:
            mine = [body for (where, body) in writer.acknowledged if where == thread]
            assert [node["body"] for node in nodes if node["body"].startswith(f"{writer.name} ")] == mine
        for reader in readers:
            if reader.variables.get("id", thread) == thread:
                assert reader.heard_in(thread) == [(node["seq"], node["body"]) for node in nodes]
