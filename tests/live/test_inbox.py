"""inbox: everything for one person over all conversations, those opened meanwhile included."""

import asyncio

import pytest

from tests import acts
from tests.client import Person
from tests.live.asks import (
    INBOX,
    bodies_of,
    cursor_of,
    inbox_cursor,
    marks_of,
    say,
    seqs_of,
    skim,
    without_receipts,
)
from tests.live.cursors import moved
from tests.storage import count_rows


async def open_several(ann: Person, host: Person, count: int) -> list[str]:
    """Conversations of Ann's with Bob, each about something else."""
    opened = []
    for number in range(count):
        await acts.list_thing(host, f"thing-{number}")
        opened.append(await acts.open_about(ann, f"thing-{number}"))
    return opened


async def test_a_conversation_opened_meanwhile_is_there(ann: Person, bob: Person, host: Person) -> None:
    await acts.list_thing(host)
    async with bob.follow(INBOX, after=await inbox_cursor(bob)) as stream:
        thread = await acts.open_about(ann, firstMessage={"body": "Hello?", "clientMessageId": acts.key()})
        opened, first = await without_receipts(stream, 2)
        assert (opened["__typename"], opened["conversation"]["id"]) == ("ConversationUpdatedEvent", thread)
        assert first["message"] == {"seq": 1, "body": "Hello?", "conversation": {"id": thread}}
        await say(ann, thread, ["Anybody?"])
        assert bodies_of(await without_receipts(stream, 1)) == ["Anybody?"]


async def test_several_conversations_come_in_the_order_of_happening(ann: Person, bob: Person, host: Person) -> None:
    threads = await open_several(ann, host, 3)
    start = await inbox_cursor(bob)
    async with bob.follow(INBOX, after=start) as stream:
        for number in range(9):
            await say(ann if number % 2 else bob, threads[number % 3], [str(number)])
        live = await without_receipts(stream, 9)
    assert bodies_of(live) == [str(number) for number in range(9)]
    assert [event["message"]["conversation"]["id"] for event in live] == threads * 3
    async with bob.follow(INBOX, after=start) as stream:
        replayed = await without_receipts(stream, 9)
    assert bodies_of(replayed) == bodies_of(live)
    assert {event["isReplay"] for event in live} == {False}
    assert {event["isReplay"] for event in replayed} == {True}


async def test_every_events_cursor_resumes(ann: Person, bob: Person, host: Person) -> None:
    threads = await open_several(ann, host, 2)
    start = await inbox_cursor(bob)
    for number, thread in enumerate(threads * 3):
        await say(ann, thread, [str(number)])
    async with bob.connect() as line:
        stream = await line.subscribe(INBOX, after=start)
        events = await skim(stream, "MessageAddedEvent", 6)
        for number, event in enumerate(events[:-1]):
            again = await line.subscribe(INBOX, after=event["cursor"])
            rest = await skim(again, "MessageAddedEvent", 5 - number)
            assert bodies_of(rest) == bodies_of(events[number + 1 :])


async def test_nothing_is_lost_between_the_token_and_the_subscription(ann: Person, bob: Person, host: Person) -> None:
    """Readers take tokens at every moment while four devices write into three conversations."""
    threads, each, people = await open_several(ann, host, 3), 12, [ann, bob, ann, bob]

    async def write(person: Person) -> None:
        for number in range(each):
            await acts.send(person, threads[number % 3], "more")

    async def read(person: Person, wait_for: int) -> None:
        known, token = await _inbox_of(person)
        while sum(map(len, known.values())) < wait_for:
            known, token = await _inbox_of(person)
        async with person.follow(INBOX, after=token) as stream:
            while sum(map(len, known.values())) < each * len(people):
                (event,) = await skim(stream, "MessageAddedEvent")
                known[event["message"]["conversation"]["id"]] += seqs_of([event])
        assert {tuple(seqs) for seqs in known.values()} == {tuple(range(1, 17))}

    async with asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(read(people[number % 2], number * 7))
        for person in people:
            group.create_task(write(person))


async def _inbox_of(person: Person) -> tuple[dict[str, list[int]], str]:
    """The seqs of every conversation, and the token of the same read."""
    query = (
        "{ viewer { inboxCursor } conversations { edges { node { id messages(last: 100) { edges { node { seq }}}}}}}"
    )
    found = await person.ask(query)
    nodes = [edge["node"] for edge in found["conversations"]["edges"]]
    known = {node["id"]: [edge["node"]["seq"] for edge in node["messages"]["edges"]] for node in nodes}
    return known, found["viewer"]["inboxCursor"]


async def test_receipts_of_every_conversation_are_told(ann: Person, bob: Person, host: Person) -> None:
    threads = await open_several(ann, host, 2)
    for thread in threads:
        await say(ann, thread, ["a"])
    async with ann.follow(INBOX, after=await inbox_cursor(ann)) as stream:
        for thread in threads:
            await acts.read(bob, thread)
            receipts = await skim(stream, "ReceiptEvent")
            while marks_of(receipts[-1]) != ("bob", 1, 1):
                receipts += await skim(stream, "ReceiptEvent")
            assert receipts[-1]["conversation"]["id"] == thread


async def test_a_resumed_inbox_tells_the_marks_that_moved(ann: Person, bob: Person, thread: str) -> None:
    await say(ann, thread, "ab")
    token = await inbox_cursor(ann)
    await acts.read(bob, thread)
    async with ann.follow(INBOX, after=token) as stream:
        receipts = await skim(stream, "ReceiptEvent", 2)
        assert ("bob", 2, 2) in [marks_of(event) for event in receipts]


async def test_an_inbox_delivers_what_it_tells(ann: Person, bob: Person, thread: str) -> None:
    start = await inbox_cursor(bob)
    async with ann.follow(INBOX, after=await inbox_cursor(ann)) as stream, bob.follow(INBOX, after=start) as heard:
        await say(ann, thread, "a")
        await skim(heard, "MessageAddedEvent")
        while marks_of((await skim(stream, "ReceiptEvent"))[0]) != ("bob", 0, 1):
            pass


async def test_a_stranger_hears_nothing_of_it(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    async with cy.follow(INBOX, after=await inbox_cursor(cy)) as stream:
        await say(ann, thread, "ab")
        await acts.read(bob, thread)
        await acts.list_thing(host, state="CLOSED")
        await acts.list_thing(host, "bike-2")
        own = await acts.open_about(cy, "bike-2")
        first = await stream.next()
        assert (first["__typename"], first["conversation"]["id"]) == ("ConversationUpdatedEvent", own)


async def test_somebody_who_joins_hears_from_then_on(ann: Person, bob: Person, host: Person, cy: Person) -> None:
    await acts.book(host)
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    await say(ann, thread, ["before"])
    async with cy.follow(INBOX, after=await inbox_cursor(cy)) as stream:
        await acts.book(host, "booking-1", "ann", "bob", "cy")
        await say(bob, thread, ["after"])
        joined, event = await without_receipts(stream, 2)
        assert (joined["__typename"], joined["conversation"]["id"]) == ("ConversationUpdatedEvent", thread)
        assert event["message"]["body"] == "after"


async def test_beyond_the_head_it_is_reset_and_goes_on(ann: Person, bob: Person, thread: str) -> None:
    async with bob.follow(INBOX, after=moved(await inbox_cursor(bob), 1)) as stream:
        reset = await stream.next()
        assert (reset["__typename"], bool(reset["reason"])) == ("ResetEvent", True)
        await say(ann, thread, ["and on"])
        assert bodies_of(await without_receipts(stream, 1)) == ["and on"]
    async with bob.follow(INBOX, after=reset["cursor"]) as stream:
        assert bodies_of(await without_receipts(stream, 1)) == ["and on"]


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "A" * 9000])
async def test_a_malformed_token_is_refused(bob: Person, cursor: str) -> None:
    async with bob.follow(INBOX, after=cursor) as stream:
        assert await stream.ended() == "INVALID_CURSOR"


async def test_the_token_of_another_person_or_list_is_refused(ann: Person, bob: Person, thread: str) -> None:
    page = await bob.ask("{ conversations { edges { cursor } } }")
    foreign = [await inbox_cursor(ann), await cursor_of(bob, thread), page["edges"][0]["cursor"]]
    async with bob.connect() as line:
        for cursor in foreign:
            stream = await line.subscribe(INBOX, after=cursor)
            assert await stream.ended() == "INVALID_CURSOR"


async def test_a_message_costs_no_row_for_each_member(ann: Person, host: Person) -> None:
    """A message to eleven people writes as many rows as one to a single person."""
    await acts.book(host)
    await acts.book(host, "booking-2", "ann", *(f"guest-{number}" for number in range(11)))
    small = await acts.open_about(ann, "booking-1", kind="booking")
    large = await acts.open_about(ann, "booking-2", kind="booking")
    written = []
    for thread in (small, large):
        before = await count_rows(ann.house)
        await say(ann, thread, "a")
        after = await count_rows(ann.house)
        grown = {name: count - before[name] for name, count in after.items() if count != before[name]}
        grown.pop("audit_unsealed", None)  # A note for the sealer, which may have been here already.
        written.append(grown)
    assert written[0] == written[1] == {"messages": 1, "events": 1, "message_words": 1, "audit_entries": 1}
