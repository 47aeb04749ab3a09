"""An operation that takes too long is TIMEOUT, and leaves nothing half done."""

import asyncio
import json
from contextlib import AsyncExitStack

import httpx
import pytest
from sqlalchemy import text

from graph.plan.plans import Plans
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import open_house
from tests.http.wire import GRAPHQL, code_of, post_query
from tests.legs import Home
from tests.plan.both import NoPlans
from tests.storage import locked, run_sql

#: Long enough for a busy machine to do what nothing hinders.
SECONDS = 2.0
IN_LIST = "{ conversations { edges { node { id unreadCount } } } }"


def fields(thread: str, body: str, key: str) -> dict[str, str]:
    """The input of a send."""
    return {"conversationId": thread, "body": body, "clientMessageId": key}


def is_timeout(response: httpx.Response) -> bool:
    """Is this the one answer that says so?"""
    assert response.status_code == 200
    assert response.json()["data"] is None
    return code_of(response) == "TIMEOUT"


async def test_a_mutation_that_cannot_write_in_time_is_a_timeout_and_changes_nothing(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=SECONDS, database_wait=60) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "before")
        assert await acts.bodies(people.bob, thread) == ["before"]
        async with locked(house):
            late = fields(thread, "too late", "late")
            answers = await asyncio.gather(
                post_query(people.ann, acts.SEND, {"Accept": "application/json"}, input=late),
                post_query(people.ann, acts.SEND, {"Accept": GRAPHQL}, input=late),
                post_query(people.bob, acts.MARK_READ, input={"conversationId": thread}),
                post_query(people.ann, acts.OPEN, input={"userExternalId": "bob"}),
            )
            assert all(is_timeout(answer) for answer in answers)
        assert await acts.bodies(people.ann, thread) == ["before"]
        await acts.send(people.ann, thread, "after")
        assert await acts.bodies(people.bob, thread) == ["before", "after"]
        assert await seqs(people.ann, thread) == [1, 2]
        listed = await people.bob.ask(IN_LIST)
        assert [edge["node"]["unreadCount"] for edge in listed["edges"]] == [2]
        assert await run_sql(house, "SELECT count(*) FROM conversations") == [(1,)]
        assert await run_sql(house, "SELECT count(*) FROM messages WHERE body = 'too late'") == [(0,)]


async def seqs(person: Person, thread: str) -> list[int]:
    """The numbers of the messages, which have no holes."""
    conversation = await person.ask(acts.MESSAGES, id=thread, first=100)
    return [edge["node"]["seq"] for edge in conversation["messages"]["edges"]]


async def test_a_timed_out_send_can_be_repeated_with_its_key(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=SECONDS, database_wait=60) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        async with locked(house):
            assert is_timeout(await post_query(people.ann, acts.SEND, input=fields(thread, "again", "same key")))
        await acts.send(people.ann, thread, "again", "same key")
        await acts.send(people.ann, thread, "again", "same key")
        assert await acts.bodies(people.ann, thread) == ["again"]


async def test_reading_goes_on_while_somebody_writes(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=SECONDS, database_wait=60) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "hello")
        async with locked(house):
            assert await acts.bodies(people.ann, thread) == ["hello"]


@pytest.mark.parametrize("way", [Plans, NoPlans], ids=["by plans", "by resolvers"])
async def test_a_query_that_finds_no_connection_in_time_is_a_timeout(home: Home, way: type[Plans]) -> None:
    settings = home.settings(operation_seconds=SECONDS, database_pool=1)
    async with open_house(settings, way) as house, People(house) as people:
        assert (await people.ann.ask(IN_LIST))["edges"] == []
        async with AsyncExitStack() as stack:
            database = house.palaver.database
            for reading in (database.reading(), database.shelf.reading() if database.shelf else None):
                if reading is not None:
                    await (await stack.enter_async_context(reading)).value(text("SELECT 1"))
            assert is_timeout(await post_query(people.ann, IN_LIST))
        assert (await people.ann.ask(IN_LIST))["edges"] == []


async def test_on_a_socket_it_ends_its_operation_and_no_other(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=SECONDS, database_wait=60) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        async with people.ann.connect() as line:
            start = (await people.ann.ask(acts.MESSAGES, id=thread))["cursor"]
            follow = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
            async with locked(house):
                stream = await line.subscribe(acts.SEND, input=fields(thread, "too late", "late"))
                frame = await stream.frames.get()
                assert frame["payload"]["errors"][0]["extensions"]["code"] == "TIMEOUT", json.dumps(frame)
            await acts.send(people.bob, thread, "hello")
            assert (await follow.next())["message"]["body"] == "hello"


async def test_many_that_wait_for_one_writer_all_end_and_the_writer_serves_on(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=SECONDS, database_wait=60) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        async with locked(house):
            answers = await asyncio.gather(
                *(post_query(people.ann, acts.SEND, input=fields(thread, "late", f"k{n}")) for n in range(12))
            )
            assert all(is_timeout(answer) for answer in answers)
        for number in range(3):
            await acts.send(people.ann, thread, f"after {number}")
        assert await acts.bodies(people.ann, thread) == ["after 0", "after 1", "after 2"]
