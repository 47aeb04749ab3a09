"""Who leaves with something untold and is let in again resumes where the telling ended."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from chat import inbox
from chat.conversation_stream import ConversationStream
from chat.events import ConversationRemoved, ConversationUpdated, MessageAdded, ReceiptMoved, Seen, StreamEvent, see
from chat.inbox import InboxStream
from chat.streams import follow
from chat.users import Viewer
from tests import acts
from tests.client import Person
from tests.house import House
from tests.live.asks import CONVERSATION_EVENTS, cursor_of, inbox_cursor, say, skim
from tests.storage import run_sql


async def test_the_cursor_of_a_removal_is_that_of_what_was_told_last(
    house: House, ann: Person, cy: Person, host: Person
) -> None:
    """The stream is stepped by hand: between two steps a word is said, and Cy is taken out."""
    thread, viewer, conversation_id = await seated(house, ann, cy, host)
    start = await cursor_of(cy, thread)
    stream = ConversationStream(house.palaver, viewer, conversation_id, after=start)
    async with aclosing(follow(stream)) as events:
        assert isinstance(await anext(events), ReceiptMoved)
        await acts.send(ann, thread, "Not told yet")
        await acts.book(host, "booking-1", "ann", "bob")
        removal = await anext(event async for event in events if not isinstance(event, ReceiptMoved))
    assert isinstance(removal, ConversationRemoved)
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    async with cy.follow(CONVERSATION_EVENTS, id=thread, after=removal.cursor) as back:
        (told,) = await skim(back, "MessageAddedEvent")
        assert told["message"]["body"] == "Not told yet"


async def next_of(events: AsyncGenerator[StreamEvent, None]) -> StreamEvent:
    """The next event that is no receipt."""
    while isinstance(event := await anext(events), ReceiptMoved):
        pass
    return event


async def seated(house: House, ann: Person, cy: Person, host: Person) -> tuple[str, Viewer, str]:
    """A booking of Ann, Bob and Cy, with Cy as the streams know them, and its id in the database."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    await cursor_of(cy, thread)
    (user_id,) = (await run_sql(house, "select id from users where external_id = ?", "cy"))[0]
    (conversation_id,) = (await run_sql(house, "select id from conversations"))[0]
    return thread, Viewer(user_id, "cy", (), 2**53), conversation_id


async def out_and_in(host: Person) -> None:
    """Cy is taken out of the booking, and let in again before anybody looks."""
    await acts.book(host, "booking-1", "ann", "bob")
    await acts.book(host, "booking-1", "ann", "bob", "cy")


async def test_what_could_not_be_told_because_of_an_absence_is_looked_up_again(
    house: House, ann: Person, cy: Person, host: Person
) -> None:
    """The absence fell between the look and the telling: the word comes again, and the rest after it."""
    thread, viewer, conversation_id = await seated(house, ann, cy, host)
    start = await cursor_of(cy, thread)
    stream = ConversationStream(house.palaver, viewer, conversation_id, after=start)
    await say(ann, thread, "ab")
    async with aclosing(follow(stream)) as events:
        assert isinstance(await next_of(events), MessageAdded)
        await out_and_in(host)
        stream.look_back()
        again = [await next_of(events) for _ in range(2)]
    assert [event.message.body for event in again if isinstance(event, MessageAdded)] == ["a", "b"]


async def test_an_inbox_looks_again_too(house: House, ann: Person, cy: Person, host: Person) -> None:
    """What was said before one was let in again is there to be fetched; the leaving and the coming say so."""
    thread, viewer, _ = await seated(house, ann, cy, host)
    token = await inbox_cursor(cy)
    stream = InboxStream(house.palaver, viewer, after=token)
    await say(ann, thread, "ab")
    async with aclosing(follow(stream)) as events:
        assert isinstance(await next_of(events), MessageAdded)
        await out_and_in(host)
        stream.look_back()
        assert [type(await next_of(events)) for _ in range(2)] == [ConversationUpdated, ConversationUpdated]


async def test_who_is_out_when_it_is_looked_up_again_is_told_so(
    house: House, ann: Person, cy: Person, host: Person
) -> None:
    """With the cursor from before what could not be told."""
    thread, viewer, conversation_id = await seated(house, ann, cy, host)
    start = await cursor_of(cy, thread)
    stream = ConversationStream(house.palaver, viewer, conversation_id, after=start)
    await say(ann, thread, "a")
    async with aclosing(follow(stream)) as events:
        assert isinstance(await next_of(events), MessageAdded)
        await acts.book(host, "booking-1", "ann", "bob")
        stream.look_back()
        removal = await next_of(events)
    assert isinstance(removal, ConversationRemoved)
    assert removal.cursor == start


async def test_who_leaves_right_after_another_is_told_so_once(
    house: House, ann: Person, bob: Person, cy: Person, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob's leaving was found while Cy was there, and is looked up when he is there no more."""
    _, viewer, conversation_id = await seated(house, ann, cy, host)
    await acts.list_thing(host)
    other = await acts.open_about(cy)
    stream = InboxStream(house.palaver, viewer, after=await inbox_cursor(cy))
    await acts.book(host, "booking-1", "ann", "cy")
    looks = 0

    async def see_later(*about: Any) -> Seen:
        nonlocal looks
        looks += 1
        if looks == 1:
            await acts.book(host, "booking-1", "ann", "dee")
            await acts.send(bob, other, "The last one")
        return await see(*about)

    monkeypatch.setattr(inbox, "see", see_later)
    async with aclosing(follow(stream)) as events:
        told = [await next_of(events)]
        while not isinstance(told[-1], MessageAdded):
            told.append(await next_of(events))
    assert looks > 1
    gone = [event.conversation_id for event in told if isinstance(event, ConversationRemoved)]
    assert gone == [conversation_id]
