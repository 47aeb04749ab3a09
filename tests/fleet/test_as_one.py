"""What is done at one machine is known at the other: messages, marks, typing, presence, keys, and who was taken out."""

import asyncio
from typing import Any

import pytest

from tests import acts
from tests.client import Person, Stream
from tests.fleet.conftest import Fleet
from tests.live.asks import (
    CONVERSATION_EVENTS,
    INBOX,
    PRESENCE,
    SET_TYPING,
    TYPING,
    bodies_of,
    cursor_of,
    inbox_cursor,
    marks_of,
    say,
    skim,
    without_receipts,
)
from tests.waiting import until

USER = "query($id: ID!) { user(externalId: $id) { id presence { status } } }"


async def test_every_stream_hears_what_is_said_at_the_other_machine(fleet: Fleet, thread: str) -> None:
    async with (
        fleet.there.bob.follow(acts.MESSAGE_ADDED, id=thread) as messages,
        fleet.there.bob.follow(CONVERSATION_EVENTS, id=thread) as events,
        fleet.there.bob.follow(INBOX) as inbox,
    ):
        await say(fleet.here.ann, thread, "abc")
        assert bodies_of(await messages.take(3)) == ["a", "b", "c"]
        assert bodies_of(await without_receipts(events, 3)) == ["a", "b", "c"]
        assert bodies_of(await without_receipts(inbox, 3)) == ["a", "b", "c"]


async def test_a_stream_resumes_at_the_other_machine(fleet: Fleet, thread: str) -> None:
    """What was said in between comes first, once, whichever machine it was said at."""
    async with fleet.here.bob.follow(acts.MESSAGE_ADDED, id=thread) as stream:
        await say(fleet.here.ann, thread, "a")
        (event,) = await stream.take(1)
    token = await inbox_cursor(fleet.here.bob)
    await say(fleet.here.ann, thread, "b")
    await say(fleet.there.ann, thread, "c")
    async with fleet.there.bob.connect() as line:
        resumed = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=event["cursor"])
        inbox = await line.subscribe(INBOX, after=token)
        assert bodies_of(await resumed.take(2)) == ["b", "c"]
        assert bodies_of(await without_receipts(inbox, 2)) == ["b", "c"]
        await say(fleet.here.ann, thread, "d")
        assert bodies_of(await resumed.take(1)) == ["d"]


async def test_marks_made_at_one_machine_are_told_at_the_other(fleet: Fleet, thread: str) -> None:
    await say(fleet.here.ann, thread, "a")
    async with (
        fleet.here.ann.follow(CONVERSATION_EVENTS, id=thread) as events,
        fleet.here.ann.follow(INBOX) as inbox,
    ):
        await skim(events, "ReceiptEvent", 2)
        await acts.read(fleet.there.bob, thread)
        for stream in (events, inbox):
            assert marks_of(*await skim(stream, "ReceiptEvent")) == ("bob", 1, 1)


async def test_typing_at_one_machine_is_seen_at_the_other(fleet: Fleet, thread: str) -> None:
    async with fleet.there.bob.follow(TYPING, id=thread) as stream:
        async with fleet.here.ann.connect():
            await fleet.here.ann.ask(SET_TYPING, id=thread)
            assert (await stream.next())["isTyping"] is True
        # Her last socket is closed, so she has stopped.
        assert (await stream.next())["isTyping"] is False


async def test_who_connects_to_one_machine_is_seen_from_the_other(fleet: Fleet, thread: str) -> None:
    """Connected to both, and then to one of them, is still connected."""
    bob = (await fleet.here.ann.ask(USER, id="bob"))["id"]
    async with fleet.here.ann.follow(PRESENCE, ids=[bob]) as stream:
        assert await status_of(stream) == "OFFLINE"
        async with fleet.there.bob.connect():
            assert await status_of(stream) == "ONLINE"
            async with fleet.here.bob.connect():
                await until(lambda: fleet.here.house.sockets.count == 2)
            await until(lambda: fleet.here.house.sockets.count == 1)
            assert (await fleet.here.ann.ask(USER, id="bob"))["presence"] == {"status": "ONLINE"}
        assert await status_of(stream) == "OFFLINE"


async def status_of(stream: Stream) -> str:
    """How the person is that a stream tells of next."""
    status: str = (await stream.next())["presence"]["status"]
    return status


async def test_one_key_at_both_machines_at_once_is_one_message(fleet: Fleet, thread: str) -> None:
    """And what is said under other keys meanwhile has its own place, without holes."""
    sending = [
        acts.send(people.ann, thread, body, client_key=body)
        for body in ("a", "b", "c")
        for people in (fleet.here, fleet.there) * 5
    ]
    answers = await asyncio.gather(*sending)
    assert len({answer["id"] for answer in answers}) == 3
    assert sorted({answer["seq"] for answer in answers}) == [1, 2, 3]
    assert sorted(await acts.bodies(fleet.there.bob, thread)) == ["a", "b", "c"]


async def test_fifty_open_at_both_machines_at_once_and_one_is_created(fleet: Fleet) -> None:
    await acts.list_thing(fleet.here.host)
    subject = {"kind": "listing", "externalId": "bike-1"}
    asked = [
        people.ann.ask(
            acts.OPEN,
            input={"subject": subject, "firstMessage": {"body": "Hello?", "clientMessageId": f"k{number}"}},
        )
        for number in range(25)
        for people in (fleet.here, fleet.there)
    ]
    payloads = await asyncio.gather(*asked)
    assert [payload["errors"] for payload in payloads] == [[]] * 50
    assert len({payload["conversation"]["id"] for payload in payloads}) == 1
    assert sum(payload["created"] for payload in payloads) == 1
    assert sorted(payload["messageEdge"]["node"]["seq"] for payload in payloads) == sorted([*range(1, 26)] * 2)


async def test_who_is_taken_out_at_one_machine_hears_no_more_at_the_other(fleet: Fleet) -> None:
    """By any stream, and none is left open without a word."""
    await acts.book(fleet.here.host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(fleet.here.ann, "booking-1", kind="booking")
    async with fleet.there.cy.connect() as line:
        cursor, token = await cursor_of(fleet.there.cy, booking), await inbox_cursor(fleet.there.cy)
        messages = await line.subscribe(acts.MESSAGE_ADDED, id=booking, after=cursor)
        events = await line.subscribe(CONVERSATION_EVENTS, id=booking, after=cursor)
        typing = await line.subscribe(TYPING, id=booking)
        inbox = await line.subscribe(INBOX, after=token)
        await say(fleet.here.ann, booking, ["for all"])
        for stream in (messages, events, inbox):
            assert bodies_of(await skim_messages(stream)) == ["for all"]
        await acts.book(fleet.here.host, "booking-1", "ann", "bob")
        await say(fleet.here.ann, booking, ["not for Cy"])
        assert await rest_of(messages) == ([], "NOT_FOUND")
        assert await rest_of(events) == (["ConversationRemovedEvent"], "NOT_FOUND")
        assert await rest_of(typing) == ([], "NOT_FOUND")
        removed = await skim(inbox, "ConversationRemovedEvent")
        await acts.list_thing(fleet.here.host)
        thread = await acts.open_about(fleet.here.cy)
        # Whatever else came to the inbox before this was not about the booking's later words.
        while (event := await inbox.next())["__typename"] != "ConversationUpdatedEvent":
            assert event["__typename"] == "ReceiptEvent"
        assert event["conversation"]["id"] == thread
        assert len(removed) == 1


async def skim_messages(stream: Stream) -> list[dict[str, Any]]:
    """The next message of any of the streams."""
    while "message" not in (event := await stream.next()):
        pass
    return [event]


async def rest_of(stream: Stream) -> tuple[list[str], str | None]:
    """What still comes of a stream but marks, and with which code it ends."""
    from tests.client import StreamEnded

    kinds: list[str] = []
    while True:
        try:
            event = await stream.next()
        except StreamEnded as end:
            return kinds, end.code
        if event.get("__typename") != "ReceiptEvent":
            kinds.append(event.get("__typename", "message"))


@pytest.mark.parametrize("machine", ["here", "there"])
async def test_a_stranger_is_refused_at_every_machine(fleet: Fleet, thread: str, machine: str) -> None:
    cy: Person = getattr(fleet, machine).cy
    assert (await cy.answer("query($id: ID!) { conversation(id: $id) { id } }", id=thread))["data"] == {
        "conversation": None
    }
    fields = {"conversationId": thread, "body": "Let me in", "clientMessageId": "k"}
    assert await cy.code(acts.SEND, input=fields) == "NOT_FOUND"
    async with cy.connect() as line:
        for query in (acts.MESSAGE_ADDED, CONVERSATION_EVENTS, TYPING):
            assert await (await line.subscribe(query, id=thread)).ended() == "NOT_FOUND"
