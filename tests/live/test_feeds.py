"""What many sockets of one person follow alike is followed once, told once, and written to all of them."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import pytest

from graph.feeds import Feed
from tests import acts
from tests.client import People, Person, Stream, sign
from tests.conftest import OpenHouse
from tests.house import House
from tests.live.asks import CONVERSATION_EVENTS, INBOX, PRESENCE, TYPING, bodies_of, cursor_of, listening, say, skim
from tests.metrics.scraping import Watch, watch
from tests.waiting import until

MY_ID = "{ viewer { user { id } } }"
SHORT = "subscription ($id: ID!) { messageAdded(conversationId: $id) { message { body } } }"
CHOOSY = """
subscription ($id: ID!, $after: String, $withBody: Boolean!) {
  messageAdded(conversationId: $id, after: $after) { cursor message { seq body @include(if: $withBody) } }
}
"""


async def resting(house: House, count: int) -> None:
    """Wait until so many subscriptions rest in feeds."""
    await until(lambda: house.feeds.resting == count)


async def answers(counts: Watch) -> float:
    """How many events were put into words."""
    return await counts.moved("palaver_answers_total", kind="subscription")


async def open_many(people: list[Person], stack: AsyncExitStack, query: str, **variables: Any) -> list[Stream]:
    """One subscription on a socket of its own for each of the people."""
    lines = [await stack.enter_async_context(person.connect()) for person in people]
    return [await line.subscribe(query, **variables) for line in lines]


async def test_an_event_is_put_into_words_once_for_each_person_and_operation(
    house: House, ann: Person, bob: Person, thread: str
) -> None:
    """Twelve sockets; two operations of Bob's, one of Ann's."""
    async with AsyncExitStack() as stack:
        streams = await open_many([bob] * 4, stack, acts.MESSAGE_ADDED, id=thread)
        streams += await open_many([bob] * 4, stack, SHORT, id=thread)
        streams += await open_many([ann] * 4, stack, SHORT, id=thread)
        await resting(house, 12)
        assert len(house.feeds) == 2
        counts = await watch(house)
        await say(ann, thread, "abc")
        for stream in streams:
            assert bodies_of(await stream.take(3)) == ["a", "b", "c"]
        assert await answers(counts) == 9
        assert await counts.moved("palaver_deliveries_total") == 36


async def test_only_variables_that_matter_tell_subscriptions_apart(
    house: House, ann: Person, bob: Person, thread: str
) -> None:
    """Where they began does not; what they include does."""
    start = await cursor_of(bob, thread)
    await say(ann, thread, "a")
    async with AsyncExitStack() as stack:
        later = await open_many([bob] * 2, stack, CHOOSY, id=thread, withBody=True)
        since = await open_many([bob] * 2, stack, CHOOSY, id=thread, withBody=True, after=start)
        plain = await open_many([bob] * 2, stack, CHOOSY, id=thread, withBody=False, after=None)
        for stream in since:
            assert bodies_of(await stream.take(1)) == ["a"]
        await resting(house, 6)
        counts = await watch(house)
        await say(ann, thread, "b")
        for stream in (*later, *since):
            assert bodies_of(await stream.take(1)) == ["b"]
        for stream in plain:
            assert (await stream.next())["message"] == {"seq": 2}
        assert await answers(counts) == 2


@pytest.mark.parametrize("query", [acts.MESSAGE_ADDED, CONVERSATION_EVENTS, INBOX, TYPING, PRESENCE])
async def test_every_subscription_rests(house: House, ann: Person, bob: Person, thread: str, query: str) -> None:
    """Nothing holds a subscription up that has told everything."""
    variables = {INBOX: {}, PRESENCE: {"ids": [(await bob.ask(MY_ID))["user"]["id"]]}}.get(query, {"id": thread})
    async with AsyncExitStack() as stack:
        await open_many([ann] * 3, stack, query, **variables)
        await resting(house, 3)
        assert len(house.feeds) == 1
    await listening(house, 0)
    assert len(house.feeds) == 0


async def test_who_comes_and_goes_misses_nothing(house: House, ann: Person, bob: Person, thread: str) -> None:
    """Bob's sockets come and go while Ann talks; each has every message after its beginning, once, in order."""
    start = await cursor_of(bob, thread)
    async with AsyncExitStack() as stack:
        (staying,) = await open_many([bob], stack, acts.MESSAGE_ADDED, id=thread, after=start)
        for number in range(8):
            await acts.send(ann, thread, "alone")
            async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as coming:
                assert bodies_of(await coming.take(1)) == ["alone"]
                if number % 2:
                    await resting(house, 2)
                await say(ann, thread, "ab")
                told = await coming.take(2)
                assert bodies_of(told) == ["a", "b"]
                assert bodies_of(await staying.take(3)) == ["alone", "a", "b"]
                start = told[-1]["cursor"]
        await resting(house, 1)


async def test_a_feed_tells_nothing_from_the_moment_of_leaving_on(
    house: House, ann: Person, cy: Person, host: Person
) -> None:
    """Cy is taken out of the booking while his sockets rest in a feed; Ann's go on."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    async with AsyncExitStack() as stack:
        hers = await open_many([ann] * 2, stack, acts.MESSAGE_ADDED, id=thread)
        messages = await open_many([cy] * 3, stack, acts.MESSAGE_ADDED, id=thread)
        events = await open_many([cy] * 3, stack, CONVERSATION_EVENTS, id=thread)
        typing = await open_many([cy] * 3, stack, TYPING, id=thread)
        await resting(house, 11)
        await say(ann, thread, "a")
        for stream in (*hers, *messages):
            assert bodies_of(await stream.take(1)) == ["a"]
        for stream in events:
            assert bodies_of(await skim(stream, "MessageAddedEvent")) == ["a"]
        await acts.book(host, "booking-1", "ann", "bob")
        await say(ann, thread, "b")
        for stream in (*messages, *typing):
            assert await stream.ended() == "NOT_FOUND"
        for stream in events:
            await skim(stream, "ConversationRemovedEvent")
            assert await stream.ended() == "NOT_FOUND"
        for stream in hers:
            assert bodies_of(await stream.take(1)) == ["b"]
        await resting(house, 2)


async def test_a_stranger_is_refused_beside_a_feed(house: House, ann: Person, cy: Person, thread: str) -> None:
    async with AsyncExitStack() as stack:
        await open_many([ann] * 2, stack, acts.MESSAGE_ADDED, id=thread)
        await resting(house, 2)
        (refused,) = await open_many([cy], stack, acts.MESSAGE_ADDED, id=thread)
        assert await refused.ended() == "NOT_FOUND"
        assert house.feeds.resting == 2


async def test_roles_tell_feeds_apart(house: House, ann: Person, thread: str) -> None:
    """What a token's roles may see is not shown to another token of the same person."""
    other = Person(house, ann.http, "ann", sign("ann", "buyer", "vip"))
    async with AsyncExitStack() as stack:
        await open_many([ann, ann, other], stack, acts.MESSAGE_ADDED, id=thread)
        await resting(house, 3)
        assert len(house.feeds) == 2


async def test_whose_time_is_up_leaves_the_others_to_the_feed(make_house: OpenHouse) -> None:
    """Two tokens of one person, one of which ends while both rest."""
    async with make_house() as house, People(house) as cast:
        await acts.list_thing(cast.host)
        thread = await acts.open_about(cast.ann)
        brief = Person(house, cast.bob.http, "bob", sign("bob", "seller", seconds=4))
        async with brief.connect() as short, cast.bob.connect() as long:
            ending = await short.subscribe(acts.MESSAGE_ADDED, id=thread)
            staying = await long.subscribe(acts.MESSAGE_ADDED, id=thread)
            await resting(house, 2)
            assert await short.closed() == 4403
            await say(cast.ann, thread, "a")
            assert bodies_of(await staying.take(1)) == ["a"]
            assert ending.is_quiet or (await ending.frames.get())["type"] == "closed"
            await resting(house, 1)


async def test_a_feed_that_is_ended_before_it_has_begun_leaves_nothing_behind(
    house: House, ann: Person, bob: Person, thread: str
) -> None:
    """Its member goes on, into another one."""
    feeds, opened = house.feeds, []
    run = feeds._run

    def end_the_first(feed: Feed) -> Coroutine[Any, Any, None]:
        opened.append(feed)
        if len(opened) == 1:
            asyncio.get_running_loop().call_soon(lambda: feed.task and feed.task.cancel())
        return run(feed)

    feeds._run = end_the_first  # type: ignore[method-assign]
    async with bob.follow(acts.MESSAGE_ADDED, id=thread) as stream:
        await until(lambda: len(opened) == 2 and feeds.resting == 1)
        assert opened[0].stream._listener not in house.palaver.hub._all_listeners()
        await say(ann, thread, "a")
        assert bodies_of(await stream.take(1)) == ["a"]
    await listening(house, 0)
    await until(lambda: not house.palaver.hub._all_listeners())
