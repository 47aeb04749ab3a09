"""`serve --workers 2`: several processes behind one address are one server, also when one of them dies."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests import acts
from tests.client import NO_TLS, Line, Person
from tests.legs import SECRET, Leg, home_in
from tests.live.asks import PRESENCE, cursor_of, say
from tests.metrics.scraping import Scrape, read
from tests.served import Served, serve
from tests.waiting import until

WORKERS = 2


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory, legs: dict[str, Leg]) -> AsyncIterator[Served]:
    """The command as an operator runs it: one for all tests, which leave it running, since each of its processes reads
    all code."""
    settings = {
        "PALAVER_METRICS_TOKEN": SECRET,
        "PALAVER_PRESENCE_SECONDS": "1",
        # The system gives each socket to whichever process it likes, and may like one of them many times.
        "PALAVER_MAX_SOCKETS_PER_USER": "200",
    }
    with home_in(tmp_path_factory.mktemp("workers"), legs["postgres"]) as home:
        async with serve(home, "--workers", str(WORKERS), **settings) as running:
            yield running


async def scrape(http: httpx.AsyncClient, served: Served) -> Scrape:
    """What the processes tell of themselves, whichever is asked."""
    response = await http.get(f"{served.url}/metrics", headers={"Authorization": f"Bearer {SECRET}"})
    return read(response.text)


def up(found: Scrape) -> int:
    """How many processes answer."""
    return round(found.of("palaver_worker_up"))


async def spread(person: Person, exits: AsyncExitStack, http: httpx.AsyncClient, served: Served) -> list[Line]:
    """Sockets, until every process has one: the system gives connections to whichever takes them first."""
    opened: list[Line] = []

    async def is_whole() -> bool:
        return up(await scrape(http, served)) == WORKERS

    async def has_each() -> bool:
        opened.append(await exits.enter_async_context(person.connect()))
        found = await scrape(http, served)
        return all(found.of("palaver_sockets", worker=str(number + 1)) > 0 for number in range(WORKERS))

    await until(is_whole)
    await until(has_each)
    return opened


def pids_of(served: Served) -> list[int]:
    """The ids of the serving processes."""
    children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


async def test_processes_behind_one_address_are_one_server(served: Served) -> None:
    """Whatever is said is heard once by every socket of either process, and one key is one message."""
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http, AsyncExitStack() as exits:
        ann, bob, thread = await two_people(served, http)
        opened = await spread(bob, exits, http, served)
        start, before = await cursor_of(bob, thread), await scrape(http, served)
        streams = [await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start) for line in opened]
        keys = [f"k{number}" for number in range(5) for _ in range(4)]
        sent = await asyncio.gather(*(acts.send(ann, thread, key, client_key=key) for key in keys))
        assert len({message["id"] for message in sent}) == 5
        numbers = sorted({message["seq"] for message in sent})
        assert numbers == [*range(numbers[0], numbers[0] + 5)]
        for stream in streams:
            assert [event["message"]["seq"] for event in await stream.take(5)] == numbers
        found = await scrape(http, served)
        assert found.of("palaver_sends_total") - before.of("palaver_sends_total") == 5
        assert all(stream.is_quiet for stream in streams)


async def test_a_process_that_dies_is_replaced_and_its_people_come_back(served: Served) -> None:
    """Its presence is gone with its lease; what was said meanwhile is heard by whoever resumes."""
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http, AsyncExitStack() as exits:
        ann, bob, thread = await two_people(served, http)
        bob_id = (await ann.ask("query($id: ID!) { user(externalId: $id) { id } }", id="bob"))["id"]
        opened = await spread(bob, exits, http, served)
        watching = await exits.enter_async_context(ann.connect())
        presence = await watching.subscribe(PRESENCE, ids=[bob_id])
        assert (await presence.next())["presence"]["status"] == "ONLINE"
        start = await cursor_of(bob, thread)
        before = pids_of(served)
        os.kill(before[0], signal.SIGKILL)

        async def is_whole() -> bool:
            try:
                return len(pids_of(served)) == WORKERS and up(await scrape(http, served)) == WORKERS
            except httpx.TransportError:  # The connection was to the one that died.
                return False

        await until(is_whole)
        assert set(before[1:]) < set(pids_of(served))
        await say(ann, thread, "ab")
        line = await exits.enter_async_context(bob.connect())
        stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        assert [event["message"]["body"] for event in await stream.take(2)] == ["a", "b"]
        for each in opened:
            await each.close()
        await line.close()
        # The lease of the process that died has run out, whoever it held.
        again = await exits.enter_async_context(ann.connect())
        presence = await again.subscribe(PRESENCE, ids=[bob_id])
        while (await presence.next())["presence"]["status"] != "OFFLINE":
            pass


async def test_all_end_in_order_and_so_they_do_when_the_command_is_killed(served: Served) -> None:
    """Sockets close so that clients come back, the port is free again, and nothing is left running."""
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
        for end in (served.terminate, lambda: os.kill(served.pid, signal.SIGKILL)):
            async with AsyncExitStack() as exits:
                ann, _, _ = await two_people(served, http)
                opened = await spread(ann, exits, http, served)
                pids = pids_of(served)
                end()
                assert {await line.closed() for line in opened} == {1012}
                await served.status()
                await until(partial(are_gone, pids))
            await served.start()


def are_gone(pids: list[int]) -> bool:
    """Is none of the processes there any more, but as a ghost that waits to be counted?"""
    for pid in pids:
        with suppress(FileNotFoundError):
            if ") Z " not in Path(f"/proc/{pid}/stat").read_text():
                return False
    return True


async def two_people(served: Served, http: httpx.AsyncClient) -> tuple[Person, Person, str]:
    """Ann and Bob, and their conversation."""
    host = served.person(http, "market", "service", name="The market")
    ann = served.person(http, "ann", "buyer", name="Ann")
    bob = served.person(http, "bob", "seller", name="Bob")
    await acts.list_thing(host)
    return ann, bob, await acts.open_about(ann)
