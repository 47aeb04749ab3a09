"""PostgreSQL restarts, crashes, or cuts everybody off: whoever follows goes on, and whoever asks is answered."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import acts
from tests.client import People, Person
from tests.house import House, open_house
from tests.legs import Home, PostgresLeg, home_in
from tests.live.asks import CONVERSATION_EVENTS, INBOX, bodies_of, cursor_of, say, without_receipts
from tests.parts.postgres import Postgres
from tests.storage import run_sql

CUT_OFF = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'palaver'"


@pytest.fixture
def postgres_home(tmp_path: Path) -> Iterator[Home]:
    """A database on a PostgreSQL of this test's own."""
    leg = PostgresLeg()
    with home_in(tmp_path, leg) as home:
        yield home
    leg.stop()


@pytest.fixture
def postgres(postgres_home: Home) -> Postgres:
    """The server that goes away."""
    leg = postgres_home.leg
    assert isinstance(leg, PostgresLeg)
    return leg.databases.postgres


@pytest.fixture
async def thread(people: People) -> str:
    """The id of a conversation of Ann's with Bob about his bicycle."""
    await acts.list_thing(people.host)
    return await acts.open_about(people.ann)


@pytest.fixture
async def house(postgres_home: Home) -> AsyncIterator[House]:
    """A server at that database, which nothing wakes but the look behind the bells and its own."""
    async with open_house(postgres_home.settings(broker_url="memory://", backstop_seconds=0.2)) as running:
        yield running


async def restart(postgres: Postgres, how: str, house: House) -> None:
    """What goes wrong with the database's server."""
    if how == "cut off":
        await run_sql(house, CUT_OFF)
    elif how == "crashed":
        await asyncio.to_thread(postgres.kill)
        await asyncio.to_thread(postgres.start)
    else:
        await asyncio.to_thread(postgres.stop)
        await asyncio.to_thread(postgres.start)


@pytest.mark.parametrize("how", ["cut off", "crashed", "restarted"])
async def test_streams_go_on_and_nothing_is_lost_or_doubled(
    how: str, house: House, people: People, thread: str, postgres: Postgres
) -> None:
    """None ends, and none tells an error: what could not be read is read again."""
    ann, bob = people.ann, people.bob
    async with (
        bob.follow(acts.MESSAGE_ADDED, id=thread) as messages,
        bob.follow(CONVERSATION_EVENTS, id=thread) as events,
        bob.follow(INBOX) as inbox,
    ):
        for number in range(3):
            talking = asyncio.create_task(talk(ann, thread, number))
            await restart(postgres, how, house)
            bodies = await talking
            assert bodies_of(await messages.take(len(bodies))) == bodies
            assert bodies_of(await without_receipts(events, len(bodies))) == bodies
            assert bodies_of(await without_receipts(inbox, len(bodies))) == bodies


async def talk(person: Person, thread: str, number: int) -> list[str]:
    """Say some things, each until it is acknowledged."""
    bodies = [f"{number}.{word}" for word in range(8)]
    for body in bodies:
        while True:
            answer = await person.answer(
                acts.SEND, input={"conversationId": thread, "body": body, "clientMessageId": body}
            )
            if not answer.get("errors"):
                break
            # Cut off in the middle of it, nobody knows whether it happened: the same key asks.
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    return bodies


async def test_whoever_asks_while_it_is_away_is_answered_when_it_is_back(
    house: House, people: People, thread: str, postgres: Postgres
) -> None:
    """A query, a send, and a new subscription wait for it; none is refused."""
    # One that began at what is now would begin after what is sent, when it is the last that is answered.
    start = await cursor_of(people.bob, thread)
    async with people.bob.connect() as line:
        await asyncio.to_thread(postgres.stop)
        asking = asyncio.create_task(cursor_of(people.ann, thread))
        sending = asyncio.create_task(acts.send(people.ann, thread, "a"))
        stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        await asyncio.to_thread(postgres.start)
        assert await asking
        assert (await sending)["seq"] == 1
        await acts.send(people.ann, thread, "b")
        while (event := await stream.next())["message"]["body"] != "b":
            assert event["message"]["body"] == "a"


async def test_a_server_that_stays_away_is_told_as_a_fault_of_ours_and_a_stream_can_be_resumed(
    postgres_home: Home, postgres: Postgres
) -> None:
    """With a code, and nothing of what is inside."""
    settings = postgres_home.settings(broker_url="memory://", backstop_seconds=0.1, database_wait=0.3)
    async with open_house(settings) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        cursor = await cursor_of(people.bob, thread)
        async with people.bob.follow(acts.MESSAGE_ADDED, id=thread, after=cursor) as stream:
            await say(people.ann, thread, "a")
            (event,) = await stream.take(1)
            await asyncio.to_thread(postgres.stop)
            fields = {"conversationId": thread, "body": "b", "clientMessageId": "b"}
            assert await people.ann.code("{ viewer { unreadMessageCount } }") == "INTERNAL"
            assert await people.ann.code(acts.SEND, input=fields) == "INTERNAL"
            told = (await people.ann.answer(acts.SEND, input=fields))["errors"][0]
            assert told["message"] == "The database is away. Try again."
            # It cannot be waited for without a time: a bell makes the stream look, and find nobody.
            house.palaver.hub.look_again(0)
            assert await stream.ended() == "INTERNAL"
            await asyncio.to_thread(postgres.start)
            resumed = await stream.line.subscribe(acts.MESSAGE_ADDED, id=thread, after=event["cursor"])
            await say(people.ann, thread, "c")
            assert bodies_of(await resumed.take(1)) == ["c"]
