"""@palaver/client by itself: its streams over everything that can end a connection."""

import asyncio

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import OpenApp
from tests.clients.following import (
    CURSORS,
    STREAMS,
    has_seen,
    is_live,
    is_offline,
    no_problems,
    times_offline,
    two_at,
    watch,
)
from tests.clients.log import say, whole_log
from tests.clients.node import run_app
from tests.clients.proxy import network_to
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

pytestmark = pytest.mark.clients
CRASHES = 4
BETWEEN = 6


@pytest.mark.parametrize("start", ["from a cursor", "from now"])
@pytest.mark.parametrize("stream", STREAMS)
async def test_a_stream_says_every_message_once_and_in_order_over_crashes(
    stream: str, start: str, open_app: OpenApp, served: Served, ann: Person, bob: Person, thread: str
) -> None:
    """Its document selects no cursor and has no variable for one; three writers never pause."""
    cursors = await ann.ask(CURSORS, id=thread)
    after = cursors["viewer"]["inboxCursor"] if stream == "inbox" else cursors["conversation"]["cursor"]
    reader = await open_app("palaver")
    await watch(reader, stream, thread, after if start == "from a cursor" else None)
    if start == "from now":
        await is_live(reader)
    async with run_app(served.url, "palaver", bob, "seller") as writer:
        writing = writer.begin("write", {"conversationId": thread, "writers": 3})
        for _ in range(CRASHES):
            await has_seen(reader, len(await reader.do("seen")) + BETWEEN)
            await served.kill()
            await served.start()
        await writer.do("stop")
        acknowledged = await writing
    log = await whole_log(bob, thread)
    assert len(log) == sum(map(len, acknowledged)) >= CRASHES * BETWEEN
    assert await has_seen(reader, len(log)) == log
    await no_problems(reader)


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_stream_that_has_said_nothing_yet_resumes_from_where_it_began(
    stream: str, served: Served, ann: Person, bob: Person, thread: str, library: None
) -> None:
    """No event has brought a cursor when the server dies, and what is said before it is back is said all the same."""
    await say(bob, thread, 2, "before")
    async with network_to(served.port) as network, run_app(network.url, "palaver", ann, "buyer") as app:
        await watch(app, stream, thread)
        await is_live(app)
        await network.shut()
        said = await say(bob, thread, 3, "meanwhile")
        network.reopen()
        assert await has_seen(app, len(said)) == said
        await no_problems(app)


async def test_streams_of_the_same_thing_each_say_everything_once(
    open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    """As many as a socket carries, begun at once: more frames than the server takes in so short a time."""
    app = await open_app("palaver")
    names = [f"{stream} {number}" for number in range(16) for stream in STREAMS]
    await asyncio.gather(*(watch(app, name.split()[0], thread, name=name) for name in names))
    await is_live(app)
    assert not await is_offline(app), "the server has taken them all"
    said = []
    for life in range(3):
        said += await say(bob, thread, 3, f"life {life}, word")
        for name in names:
            assert await has_seen(app, len(said), name) == said
        await served.kill()
        await served.start()
    await no_problems(app)


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_server_that_stops_in_order_is_waited_for(
    stream: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    """It closes with 1012, as each process of a fleet does while it is rolled."""
    app = await open_app("palaver")
    await watch(app, stream, thread)
    await is_live(app)
    said = []
    for life in range(3):
        said += await say(bob, thread, 2, f"life {life}, word")
        assert await has_seen(app, len(said)) == said
        served.terminate()
        await served.status()
        await served.start()
    assert await has_seen(app, len(said)) == said
    await no_problems(app)


async def test_a_socket_that_is_ended_for_its_age_is_followed_by_another(
    sqlite_home: Home, http: httpx.AsyncClient, library: None
) -> None:
    async with serve(sqlite_home, PALAVER_SOCKET_AGE_SECONDS="1") as served:
        ann, bob, thread = await two_at(served, http)
        async with run_app(served.url, "palaver", ann, "buyer") as app:
            await watch(app, "messages", thread)
            await is_live(app)
            said: list[str] = []

            async def has_come_back_twice() -> bool:
                said.append(f"word {len(said)}")
                await acts.send(bob, thread, said[-1])
                return await times_offline(app) >= 2

            await until(has_come_back_twice, pause=0.05)
            assert await has_seen(app, len(said)) == said
            await no_problems(app)


async def test_a_server_without_room_is_asked_again_later(
    sqlite_home: Home, http: httpx.AsyncClient, library: None
) -> None:
    """It closes with 1013 until somebody else has gone."""
    async with serve(sqlite_home, PALAVER_MAX_SOCKETS="1") as served:
        ann, bob, thread = await two_at(served, http)
        async with run_app(served.url, "palaver", ann, "buyer") as app:
            async with bob.connect():
                await watch(app, "messages", thread, (await ann.ask(CURSORS, id=thread))["conversation"]["cursor"])
                await until(lambda: is_offline(app))
                said = await say(bob, thread, 2)
            assert await has_seen(app, len(said)) == said
            await no_problems(app)
