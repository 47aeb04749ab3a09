"""Streams that were open when somebody was taken out deliver nothing committed later, and end."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests import acts
from tests.access.acts import SET_TYPING
from tests.client import Line, Person, Stream, StreamEnded

ADDED = (
    "subscription($id: ID!, $after: String) { messageAdded(conversationId: $id, after: $after) { message { body } } }"
)
EVENTS = """
subscription($id: ID!) {
  conversationEvents(conversationId: $id) {
    __typename
    ... on MessageAddedEvent { message { body } }
    ... on ReceiptEvent { participant { lastReadSeq } }
    ... on ConversationRemovedEvent { conversationId }
  }
}
"""
TYPING = "subscription($id: ID!) { typing(conversationId: $id) { user { externalId } isTyping } }"
INBOX = """
subscription($after: String) {
  inbox(after: $after) {
    __typename
    ... on MessageAddedEvent { cursor message { body } }
    ... on ConversationUpdatedEvent { conversation { id } }
    ... on ReceiptEvent { conversation { id } participant { user { externalId } lastDeliveredSeq } }
    ... on ConversationRemovedEvent { cursor conversationId viewer { unreadMessageCount } }
  }
}
"""
PRESENCE = "subscription($ids: [ID!]!) { presence(userIds: $ids) { user { externalId } } }"
PEOPLE = "query($id: ID!) { conversation(id: $id) { participants { user { id externalId } } } }"


@pytest.fixture
async def booking(ann: Person, cy: Person, host: Person) -> str:
    """A booking of Ann, Bob and Cy, in which Cy has heard the first word."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(ann, booking, "See you on Monday")
    return booking


@pytest.fixture
async def line(cy: Person) -> AsyncIterator[Line]:
    """Cy's socket."""
    async with cy.connect() as line:
        yield line


async def take_cy_out(host: Person) -> None:
    """Cy is a party no more."""
    await acts.book(host, "booking-1", "ann", "bob")


async def go_on_without_cy(ann: Person, bob: Person, booking: str) -> None:
    """Everything happens that a stream could tell of."""
    await ann.ask(SET_TYPING, input={"conversationId": booking})
    await acts.send(ann, booking, "Without Cy")
    await acts.read(bob, booking)


async def rest_of(stream: Stream) -> tuple[list[Any], str | None]:
    """What still comes, and the code with which the stream ends."""
    came = []
    while True:
        try:
            came.append(await stream.next())
        except StreamEnded as end:
            return came, end.code


async def told_until(stream: Stream, body: str, *, of_marks_in: str) -> list[Any]:
    """What an inbox tells up to a message; marks are left out, and may be of one conversation only."""
    told: list[Any] = []
    while not told or told[-1].get("message") != {"body": body}:
        event = await stream.next()
        if event["__typename"] == "ReceiptEvent":
            assert event["conversation"] == {"id": of_marks_in}
        else:
            told.append(event)
    return told


async def test_message_added_ends(ann: Person, bob: Person, host: Person, booking: str, line: Line) -> None:
    stream = await line.subscribe(ADDED, id=booking)
    await acts.send(bob, booking, "All three")
    while (await stream.next())["message"]["body"] != "All three":
        pass
    await take_cy_out(host)
    await go_on_without_cy(ann, bob, booking)
    assert await rest_of(stream) == ([], "NOT_FOUND")


async def test_conversation_events_end(ann: Person, bob: Person, host: Person, booking: str, line: Line) -> None:
    """Marks and messages that moved later are not told; that the conversation is gone may be, before the end."""
    stream = await line.subscribe(EVENTS, id=booking)
    assert {event["__typename"] for event in await stream.take(3)} == {"ReceiptEvent"}
    await take_cy_out(host)
    await go_on_without_cy(ann, bob, booking)
    came, code = await rest_of(stream)
    assert code == "NOT_FOUND"
    assert came in ([], [{"__typename": "ConversationRemovedEvent", "conversationId": booking}])


async def test_typing_ends(ann: Person, bob: Person, host: Person, booking: str, line: Line) -> None:
    stream = await line.subscribe(TYPING, id=booking)
    await bob.ask(SET_TYPING, input={"conversationId": booking})
    assert await stream.next() == {"user": {"externalId": "bob"}, "isTyping": True}
    await take_cy_out(host)
    await go_on_without_cy(ann, bob, booking)
    assert await rest_of(stream) == ([], "NOT_FOUND")


async def test_presence_ends(ann: Person, cy: Person, host: Person, booking: str, line: Line) -> None:
    """Ann comes only when Cy has nothing to do with her any more, and he does not hear of it."""
    found = await cy.ask(PEOPLE, id=booking)
    ids = {one["user"]["externalId"]: one["user"]["id"] for one in found["participants"]}
    stream = await line.subscribe(PRESENCE, ids=[ids["ann"]])
    assert await stream.next() == {"user": {"externalId": "ann"}}
    await take_cy_out(host)
    async with ann.connect():
        assert await rest_of(stream) == ([], "NOT_FOUND")


async def test_presence_goes_on_for_those_who_are_still_known(
    ann: Person, bob: Person, cy: Person, host: Person, booking: str, line: Line
) -> None:
    """Cy still talks with Bob about something else: he hears of Bob, and of Ann no more."""
    await acts.list_thing(host)
    await acts.open_about(cy)
    found = await cy.ask(PEOPLE, id=booking)
    ids = [one["user"]["id"] for one in found["participants"] if one["user"]["externalId"] != "cy"]
    stream = await line.subscribe(PRESENCE, ids=ids)
    first = [event["user"]["externalId"] for event in await stream.take(2)]
    assert sorted(first) == ["ann", "bob"]
    await take_cy_out(host)
    async with ann.connect() as anns, bob.connect():
        watch = await anns.subscribe(PRESENCE, ids=ids)
        seen: set[str] = set()
        while seen != {"ann", "bob"}:
            seen.add((await watch.next())["user"]["externalId"])
        assert await stream.next() == {"user": {"externalId": "bob"}}
    assert await stream.next() == {"user": {"externalId": "bob"}}


async def test_the_inbox_tells_it_and_goes_on(
    ann: Person, bob: Person, cy: Person, host: Person, booking: str, line: Line
) -> None:
    """The next that it tells after the removal is of another conversation."""
    stream = await line.subscribe(INBOX)
    await acts.send(bob, booking, "All three")
    mine = {"user": {"externalId": "cy"}, "lastDeliveredSeq": 2}
    while (await stream.next()).get("participant") != mine:
        pass  # The last that there is to tell of it: that this very message has come.
    await take_cy_out(host)
    await go_on_without_cy(ann, bob, booking)
    await acts.list_thing(host)
    other = await acts.open_about(cy)
    await acts.send(bob, other, "Another thing")
    removed, opened, added = await told_until(stream, "Another thing", of_marks_in=other)
    assert (removed["__typename"], removed["conversationId"]) == ("ConversationRemovedEvent", booking)
    assert removed["viewer"] == {"unreadMessageCount": 0}
    assert opened == {"__typename": "ConversationUpdatedEvent", "conversation": {"id": other}}
    assert added["message"] == {"body": "Another thing"}


async def test_a_resumed_inbox_tells_it_and_nothing_that_was_said_since(
    ann: Person, bob: Person, cy: Person, host: Person, booking: str
) -> None:
    """What was said before the removal, and not heard, is not told either."""
    token = (await cy.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    await acts.send(ann, booking, "Not heard in time")
    await take_cy_out(host)
    await go_on_without_cy(ann, bob, booking)
    await acts.list_thing(host)
    other = await acts.open_about(cy)
    await acts.send(cy, other, "Another thing")
    async with cy.follow(INBOX, after=token) as stream:
        told = await told_until(stream, "Another thing", of_marks_in=other)
    kinds = [event["__typename"] for event in told]
    assert kinds == ["ConversationRemovedEvent", "ConversationUpdatedEvent", "MessageAddedEvent"]
    assert told[0]["conversationId"] == booking


async def test_back_again_the_inbox_tells_of_it_again(
    ann: Person, cy: Person, host: Person, booking: str, line: Line
) -> None:
    """From the moment of coming back on; what was said meanwhile is read, not heard."""
    stream = await line.subscribe(INBOX)
    await take_cy_out(host)
    await acts.send(ann, booking, "Without Cy")
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    await acts.send(ann, booking, "Welcome back")
    told = await told_until(stream, "Welcome back", of_marks_in=booking)
    assert {"body": "Without Cy"} not in [event.get("message") for event in told]
    assert await acts.bodies(cy, booking) == ["See you on Monday", "Without Cy", "Welcome back"]
