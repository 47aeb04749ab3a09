"""Many send in the same moment: on PostgreSQL they share statements (`db/together.py`), on SQLite commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from core.ids import key_of
from tests import acts, threads
from tests.client import Answered, People, Person
from tests.house import House, open_house
from tests.legs import Home
from tests.storage import address_of
from tests.test_overtaken import codes
from tests.waiting import soon

MANY = 12


async def threads_of(people: People, count: int = MANY) -> list[str]:
    """Conversations of Ann's with Bob, about different things."""
    names = [f"bike-{number}" for number in range(count)]
    for name in names:
        await acts.list_thing(people.host, name)
    return [await acts.open_about(people.ann, name) for name in names]


def sending(person: Person, thread: str, body: str) -> "asyncio.Task[dict[str, object]]":
    """A message under way."""
    fields = {"conversationId": thread, "body": body, "clientMessageId": acts.key()}
    return asyncio.create_task(person.ask(acts.SEND, input=fields))


@asynccontextmanager
async def held(house: House, table: str, thread: str) -> AsyncIterator[None]:
    """Another process has rows of one conversation. SQLite has no such thing: there nobody has anything."""
    if not house.palaver.work.can_try:
        yield
        return
    connection = await asyncpg.connect(address_of(house.settings.database_url))
    column = "id" if table == "conversations" else "conversation_id"
    try:
        transaction = connection.transaction()
        await transaction.start()
        words = f"select 1 from {table} where {column} = $1 for update"
        await connection.fetch(words, key_of(thread, "Conversation"))
        yield
        await transaction.rollback()
    finally:
        await connection.close()


async def test_each_is_stored_in_its_own_place(people: People) -> None:
    everywhere = await threads_of(people)
    tasks = [sending(people.ann, thread, f"{number}") for thread in everywhere for number in range(3)]
    tasks += [sending(people.bob, thread, f"{number}") for thread in everywhere for number in range(3, 5)]
    answers = await asyncio.gather(*tasks)
    assert [codes(answer) for answer in answers] == [[]] * len(tasks)
    for thread in everywhere:
        assert sorted(await acts.bodies(people.ann, thread)) == ["0", "1", "2", "3", "4"]
        assert await acts.bodies(people.ann, thread) == await acts.bodies(people.bob, thread)
        assert (await threads.look(people.bob, thread, "lastMessage { seq }"))["lastMessage"]["seq"] == 5


async def test_they_share_what_they_ask_the_database_for(people: People) -> None:
    everywhere = await threads_of(people)
    await asyncio.gather(*(sending(people.ann, thread, "first") for thread in everywhere))
    database = people.house.palaver.database
    if database.shared is None:
        assert database.line is not None
        before = database.line.commits
        await asyncio.gather(*(sending(people.ann, thread, "second") for thread in everywhere))
        assert database.line.commits - before < len(everywhere)
        return
    connection = await asyncpg.connect(address_of(people.house.settings.database_url))
    try:
        await asyncio.gather(*(sending(people.ann, thread, "second") for thread in everywhere))
        # One transaction writes the rows of several conversations: they have its number.
        found = await connection.fetch("select distinct xmin::text from messages where body = 'second'")
    finally:
        await connection.close()
    assert len(found) < len(everywhere)


async def test_strangers_and_closed_conversations_are_refused_among_others(people: People) -> None:
    good, closed, foreign, *_ = everywhere = await threads_of(people, 5)
    await acts.list_thing(people.host, "bike-1", state="CLOSED")
    tasks = [sending(people.ann, thread, "Hello") for thread in everywhere if thread != foreign]
    tasks.append(sending(people.cy, foreign, "Let me in"))
    answers = [codes(answer) for answer in await asyncio.gather(*tasks)]
    assert answers == [[], ["CONVERSATION_CLOSED"], [], [], ["NOT_FOUND"]]
    assert await acts.bodies(people.bob, good) == ["Hello"]
    assert await acts.bodies(people.bob, closed) == await acts.bodies(people.bob, foreign) == []


@pytest.mark.parametrize("table", ["conversations", "participants"])
async def test_who_is_held_up_holds_up_nobody(people: People, table: str) -> None:
    slow, *quick = await threads_of(people, 5)
    async with held(people.house, table, slow):
        first = sending(people.ann, quick[0], "Quick")
        waiting = sending(people.ann, slow, "Wait")  # With those after it, while the first is answered.
        others = [first, *(sending(people.ann, thread, "Quick") for thread in quick[1:])]
        answers = await soon(asyncio.gather(*others))
        assert [codes(answer) for answer in answers] == [[]] * len(quick)
        if people.house.palaver.work.can_try:
            assert not waiting.done()
    assert codes(await soon(waiting)) == []
    assert await acts.bodies(people.bob, slow) == ["Wait"]
    assert [await acts.bodies(people.bob, thread) for thread in quick] == [["Quick"]] * len(quick)


async def test_who_waits_in_vain_for_a_lock_fails_alone(postgres_home: Home) -> None:
    """The statement that they share fails with it, and each is asked for by itself then."""
    async with open_house(postgres_home.settings(database_wait=1)) as house, People(house) as people:
        first, busy, *quick = await threads_of(people, 5)
        # Not of the send's own locks, which it leaves to others: a trigger moves the conversation up in inboxes.
        async with held(house, "inbox_entries", busy):
            tasks = [sending(people.ann, first, "Before")]
            waiting = sending(people.ann, busy, "In vain")
            tasks += [sending(people.ann, thread, "With it") for thread in quick]
            answers = await soon(asyncio.gather(*tasks))
            assert [codes(answer) for answer in answers] == [[]] * len(tasks)
            with pytest.raises(Answered, match='"TIMEOUT"'):
                await soon(waiting)
        assert [await acts.bodies(people.bob, thread) for thread in (first, busy, *quick)] == [
            ["Before"],
            [],
            *[["With it"]] * len(quick),
        ]
