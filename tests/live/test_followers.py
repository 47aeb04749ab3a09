"""Subscribers beside each other, and what they leave behind when they go: nothing."""

import asyncio

import pytest

from tests import acts
from tests.client import Line, Person, Stream
from tests.house import House
from tests.live.asks import (
    CONVERSATION_EVENTS,
    INBOX,
    PRESENCE,
    TYPING,
    bodies_of,
    cursor_of,
    inbox_cursor,
    listening,
    say,
)
from tests.waiting import until

MY_ID = "{ viewer { user { id } } }"


async def nobody_is_left(house: House) -> None:
    """Wait until the server holds nothing for anybody who followed: listeners, rings, connections, sockets."""
    await listening(house, 0)
    await until(lambda: len(house.palaver.rings) == 0)
    await until(lambda: house.sockets.count == 0)
    await until(lambda: connections_in_use(house) == 0)


def connections_in_use(house: House) -> int:
    """How many of the database's connections are taken."""
    engines = (house.palaver.database.reader, house.palaver.database.writer)
    return sum(engine.pool.checkedout() for engine in engines)  # type: ignore[attr-defined]


async def test_two_tabs_that_are_first_at_once_both_hear(ann: Person, bob: Person, thread: str) -> None:
    """Nobody has followed anything on this server before; the tabs begin in the same moment."""
    start = await cursor_of(bob, thread)
    async with bob.connect() as left, bob.connect() as right:
        tabs = await asyncio.gather(
            left.subscribe(acts.MESSAGE_ADDED, id=thread, after=start),
            right.subscribe(acts.MESSAGE_ADDED, id=thread, after=start),
            left.subscribe(acts.MESSAGE_ADDED, id=thread, after=start, as_id="again"),
        )
        await say(ann, thread, "ab")
        for tab in tabs:
            assert bodies_of(await tab.take(2)) == ["a", "b"]


@pytest.mark.parametrize("query", [acts.MESSAGE_ADDED, CONVERSATION_EVENTS, INBOX], ids=["messages", "events", "inbox"])
async def test_what_is_said_while_many_begin_is_heard_by_all(ann: Person, bob: Person, thread: str, query: str) -> None:
    """One message and no second one after it, which would wake whoever missed the first."""
    for number in range(6):
        after = await (inbox_cursor(bob) if query == INBOX else cursor_of(bob, thread))
        known = {"after": after} if query == INBOX else {"after": after, "id": thread}
        async with bob.connect() as line:
            streams = [await line.subscribe(query, **known) for _ in range(25)]
            await say(ann, thread, [str(number)])
            for stream in streams:
                event = await stream.next()
                while "message" not in event:
                    event = await stream.next()
                assert event["message"]["body"] == str(number)


async def test_one_who_leaves_takes_nothing_from_the_others(ann: Person, bob: Person, thread: str) -> None:
    start = await cursor_of(bob, thread)
    async with bob.connect() as line:
        staying = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as leaving:
            await say(ann, thread, "a")
            assert bodies_of([await staying.next(), await leaving.next()]) == ["a", "a"]
        other = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        await other.take(1)
        await other.complete()
        await listening(bob.house, 1)
        await say(ann, thread, "b")
        assert bodies_of(await staying.take(1)) == ["b"]


async def follow_everything(person: Person, line: Line, thread: str) -> list[Stream]:
    """Each of the five subscriptions, all of them begun."""
    my_id = (await person.ask(MY_ID))["user"]["id"]
    start = await cursor_of(person, thread)  # Who listens has not yet read where it begins.
    streams = [
        await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start),
        await line.subscribe(CONVERSATION_EVENTS, id=thread),
        await line.subscribe(INBOX),
        await line.subscribe(TYPING, id=thread),
        await line.subscribe(PRESENCE, ids=[my_id]),
    ]
    await listening(person.house, 5)
    return streams


@pytest.mark.parametrize("way", ["complete", "close", "abort"])
async def test_whoever_leaves_leaves_nothing_behind(ann: Person, bob: Person, thread: str, way: str) -> None:
    async with bob.connect() as line:
        streams = await follow_everything(bob, line, thread)
        await say(ann, thread, "a")
        await streams[0].next()
        if way == "complete":
            for stream in streams:
                await stream.complete()
            await listening(bob.house, 0)
            await until(lambda: len(bob.house.palaver.rings) == 0)
        elif way == "close":
            await line.close()
        else:
            line.socket.transport.abort()
            await nobody_is_left(bob.house)
    await nobody_is_left(bob.house)


async def test_subscriptions_that_are_refused_leave_nothing_behind(cy: Person, thread: str) -> None:
    async with cy.connect() as line:
        for query in (acts.MESSAGE_ADDED, CONVERSATION_EVENTS, TYPING):
            assert await (await line.subscribe(query, id=thread)).ended() == "NOT_FOUND"
        assert await (await line.subscribe(INBOX, after="x")).ended() == "INVALID_CURSOR"
        await listening(cy.house, 0)
        await until(lambda: len(cy.house.palaver.rings) == 0)


@pytest.mark.parametrize("way", ["complete", "abort"])
async def test_many_who_leave_in_the_middle_of_a_replay_leave_nothing_behind(
    ann: Person, bob: Person, thread: str, way: str
) -> None:
    """More of them than the database has connections; each leaves at another moment of its replay."""
    start, token = await cursor_of(bob, thread), await inbox_cursor(bob)
    await say(ann, thread, [str(number) for number in range(30)])
    for number in range(20):
        async with bob.connect() as line:
            streams = [await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start) for _ in range(3)]
            streams.append(await line.subscribe(INBOX, after=token))
            await streams[0].take(number)
            if way == "abort":
                line.socket.transport.abort()
            else:
                for stream in streams:
                    await stream.complete()
    await nobody_is_left(bob.house)
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as stream:
        assert len(await stream.take(30)) == 30


async def test_a_complete_that_comes_at_once_is_kept(ann: Person, bob: Person, thread: str) -> None:
    """Subscribe and complete in one breath, many times; nothing of it is heard later."""
    start = await cursor_of(bob, thread)
    await say(ann, thread, "abc")
    async with bob.connect() as line:
        for _ in range(20):
            stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
            await stream.complete()
        await listening(bob.house, 0)
    await nobody_is_left(bob.house)
