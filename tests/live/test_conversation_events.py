"""conversationEvents: everything that changes in one conversation, beginning with the present marks."""

from tests import acts
from tests.client import Person
from tests.live.asks import (
    CONVERSATION_EVENTS,
    MARK_DELIVERED,
    bodies_of,
    cursor_of,
    marks_of,
    say,
    skim,
    without_receipts,
)
from tests.live.cursors import moved
from tests.waiting import until

PARTICIPANTS = """
query($id: ID!) { conversation(id: $id) { participants { lastDeliveredSeq user { externalId } } } }
"""


async def test_it_begins_with_the_marks_of_each_participant(ann: Person, bob: Person, thread: str) -> None:
    first, *_ = await say(ann, thread, "abc")
    await acts.read(bob, thread, first["id"])
    await bob.ask(MARK_DELIVERED, input={"conversationId": thread})
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        beginning = await stream.take(2)
        assert {event["__typename"] for event in beginning} == {"ReceiptEvent"}
        assert sorted(map(marks_of, beginning)) == [("ann", 3, 3), ("bob", 1, 3)]
        assert {event["cursor"] for event in beginning} == {await cursor_of(ann, thread)}


async def test_marks_are_told_as_they_move(ann: Person, bob: Person, thread: str) -> None:
    first, second = await say(ann, thread, "ab")
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        await bob.ask(MARK_DELIVERED, input={"conversationId": thread, "upToMessageId": second["id"]})
        assert marks_of(await stream.next()) == ("bob", 0, 2)
        await acts.read(bob, thread, first["id"])
        assert marks_of(await stream.next()) == ("bob", 1, 2)
        await acts.read(bob, thread)
        assert marks_of(await stream.next()) == ("bob", 2, 2)


async def test_a_mark_that_does_not_move_is_not_told(ann: Person, bob: Person, thread: str) -> None:
    first, second = await say(ann, thread, "ab")
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        await acts.read(bob, thread, first["id"])
        await acts.read(bob, thread, first["id"])
        await bob.ask(MARK_DELIVERED, input={"conversationId": thread, "upToMessageId": first["id"]})
        await acts.read(bob, thread, second["id"])
        assert [marks_of(event) for event in await stream.take(2)] == [("bob", 1, 1), ("bob", 2, 2)]


async def test_writing_to_a_socket_is_delivery(ann: Person, bob: Person, thread: str) -> None:
    """Live and replayed alike; the sender's own devices do not count."""
    start = await cursor_of(bob, thread)
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        await say(ann, thread, "ab")
        async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as heard:
            await heard.take(2)
            receipts = await skim(stream, "ReceiptEvent")
            while marks_of(receipts[-1]) != ("bob", 0, 2):
                receipts += await skim(stream, "ReceiptEvent")
            await say(ann, thread, "c")
            await heard.take(1)
            while marks_of(receipts[-1]) != ("bob", 0, 3):
                receipts += await skim(stream, "ReceiptEvent")
        assert marks_of(receipts[-1]) == ("bob", 0, 3)


async def test_a_message_that_only_the_sender_received_is_not_delivered(ann: Person, bob: Person, thread: str) -> None:
    start = await cursor_of(ann, thread)
    async with ann.connect() as line:
        own = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        stream = await line.subscribe(CONVERSATION_EVENTS, id=thread)
        await stream.take(2)
        await say(ann, thread, "a")
        await own.take(1)
        await acts.read(bob, thread)
        # The read mark is the first that is told of Bob's.
        of_bob = [marks_of(event) for event in await skim(stream, "ReceiptEvent", 2)]
        assert of_bob == [("ann", 1, 1), ("bob", 1, 1)]


async def test_everything_that_changes_is_told_in_order(ann: Person, bob: Person, host: Person) -> None:
    await acts.book(host)
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    start = await cursor_of(bob, thread)
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
        await say(ann, thread, "a")
        await acts.book(host, title="A hair colouring")
        await acts.book(host, state="CLOSED")
        await acts.book(host, state="ACTIVE")
        await acts.book(host, "booking-1", "ann", "bob", "dan")
        await say(bob, thread, "b")
        live = await without_receipts(stream, 6)
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
        replayed = await without_receipts(stream, 6)
    assert [event["cursor"] for event in live] == [event["cursor"] for event in replayed]
    assert len({event["cursor"] for event in live}) == 6
    kinds = [event["__typename"] for event in live]
    assert kinds == ["MessageAddedEvent", *["ConversationUpdatedEvent"] * 4, "MessageAddedEvent"]
    assert [event["isReplay"] for event in (live[0], live[5], replayed[0], replayed[5])] == [False, False, True, True]
    joined = live[4]["conversation"]
    assert [part["user"]["externalId"] for part in joined["participants"]] == ["ann", "bob", "dan"]


async def test_each_change_is_told_as_it_is_now(ann: Person, host: Person, thread: str) -> None:
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        await acts.list_thing(host, state="CLOSED")
        assert (await stream.next())["conversation"]["state"] == "CLOSED"
        await acts.list_thing(host, state="ACTIVE")
        assert (await stream.next())["conversation"]["state"] == "OPEN"
        await acts.list_thing(host, title="A blue bicycle")
        assert (await stream.next())["conversation"]["subject"]["title"] == "A blue bicycle"


async def test_a_subject_told_again_unchanged_is_no_event(ann: Person, host: Person, thread: str) -> None:
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        await acts.list_thing(host)
        await say(ann, thread, ["next"])
        assert bodies_of(await without_receipts(stream, 1)) == ["next"]


async def test_every_events_cursor_resumes(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """Also a message edge's, and also messageAdded from an event's."""
    start = await cursor_of(bob, thread)
    sent = await say(ann, thread, "ab")
    await acts.list_thing(host, title="A blue bicycle")
    await say(ann, thread, "c")
    async with bob.connect() as line:
        stream = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start)
        events = await without_receipts(stream, 4)
        for number, event in enumerate(events[:-1]):
            again = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=event["cursor"])
            rest = await without_receipts(again, 3 - number)
            assert [item["cursor"] for item in rest] == [item["cursor"] for item in events[number + 1 :]]
        after_edge = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=sent[0]["cursor"])
        assert (await without_receipts(after_edge, 1))[0]["message"]["body"] == "b"
        # The cursor of a change that was no message.
        messages = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=events[2]["cursor"])
        assert bodies_of(await messages.take(1)) == ["c"]


async def test_a_resumed_stream_tells_the_present_marks_once(ann: Person, bob: Person, thread: str) -> None:
    start = await cursor_of(ann, thread)
    for message in await say(ann, thread, "abc"):
        await acts.read(bob, thread, message["id"])
    async with ann.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
        beginning = await stream.take(5)
    kinds = [event["__typename"] for event in beginning]
    assert kinds == ["ReceiptEvent"] * 2 + ["MessageAddedEvent"] * 3
    assert sorted(map(marks_of, beginning[:2])) == [("ann", 3, 3), ("bob", 3, 3)]


async def test_a_receipts_cursor_loses_no_message(ann: Person, bob: Person, thread: str) -> None:
    """The marks at the beginning come before what was missed, and so do their cursors."""
    start = await cursor_of(ann, thread)
    await say(bob, thread, "ab")
    async with ann.connect() as line:
        stream = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start)
        receipt = await stream.next()
        again = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=receipt["cursor"])
        assert bodies_of(await without_receipts(again, 2)) == ["a", "b"]


async def test_beyond_the_head_it_is_reset_and_goes_on(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "here")
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=moved(sent["cursor"], 1)) as stream:
        reset = await stream.next()
        assert reset["__typename"] == "ResetEvent"
        assert reset["cursor"] == await cursor_of(bob, thread)
        assert reset["reason"]
        await acts.send(ann, thread, "and on")
        (event,) = await without_receipts(stream, 1)
        assert event["message"]["body"] == "and on"
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=reset["cursor"]) as stream:
        assert bodies_of(await without_receipts(stream, 1)) == ["and on"]


async def test_an_events_counts_are_those_of_now(ann: Person, bob: Person, thread: str) -> None:
    async with bob.follow(CONVERSATION_EVENTS, id=thread) as stream:
        await stream.take(2)
        for number in (1, 2):
            await say(ann, thread, "a")
            (event,) = await skim(stream, "MessageAddedEvent")
            assert event["viewer"]["unreadMessageCount"] == number


async def test_a_cursor_of_the_inbox_is_refused(bob: Person, thread: str) -> None:
    cursor = (await bob.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=cursor) as stream:
        assert await stream.ended() == "INVALID_CURSOR"


async def test_many_deliveries_are_written_together(ann: Person, bob: Person, thread: str) -> None:
    """The mark that is stored is the last one."""
    start = await cursor_of(bob, thread)
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as heard:
        await say(ann, thread, "abcdefgh")
        await heard.take(8)

        async def all_delivered() -> bool:
            people = (await ann.ask(PARTICIPANTS, id=thread))["participants"]
            return {part["user"]["externalId"]: part["lastDeliveredSeq"] for part in people} == {"ann": 8, "bob": 8}

        assert await until(all_delivered)
