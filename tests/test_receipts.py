"""Receipts: two marks for each person, delivered and read, that only move forward, and what others see of them."""

from typing import Any

from tests import acts, threads
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.statements import counting, quiet_people

MARK_DELIVERED = """
mutation MarkDelivered($input: MarkDeliveredInput!) {
  markDelivered(input: $input) { conversation { id } errors { code path } }
}
"""
MARKS = """participants {
  user { externalId } lastReadSeq lastReadAt lastReadMessage { seq } lastDeliveredSeq lastDeliveredMessage { seq }
}"""
RECEIPTS = """
subscription Events($id: ID!) {
  conversationEvents(conversationId: $id) {
    __typename
    ... on ReceiptEvent { participant { user { externalId } lastReadSeq lastDeliveredSeq } }
  }
}
"""


async def marks(person: Person, thread: str) -> dict[str, tuple[int, int]]:
    """Everybody's marks, delivered and read, as a person sees them."""
    found = {}
    for part in (await threads.look(person, thread, MARKS))["participants"]:
        delivered, read = part["lastDeliveredSeq"], part["lastReadSeq"]
        assert part["lastReadMessage"] == (None if read == 0 else {"seq": read})
        assert part["lastDeliveredMessage"] == (None if delivered == 0 else {"seq": delivered})
        assert (part["lastReadAt"] is None) == (read == 0)
        found[part["user"]["externalId"]] = (delivered, read)
    return found


async def deliver(person: Person, thread: str, up_to: str | None = None) -> None:
    """Say that a device has the messages, up to one or all."""
    payload = await person.ask(MARK_DELIVERED, input={"conversationId": thread, "upToMessageId": up_to})
    assert payload["errors"] == [], payload
    assert payload["conversation"] == {"id": thread}


async def statuses(person: Person, thread: str) -> list[str]:
    """The status of each message in turn."""
    edges = (await person.ask(acts.MESSAGES, id=thread))["messages"]["edges"]
    return [edge["node"]["status"] for edge in edges]


async def test_marks_only_move_forward(ann: Person, bob: Person, thread: str) -> None:
    """An older message, or a repeat, moves nothing and is no error."""
    sent = await threads.fill(ann, thread, 5)
    ids = [message["id"] for message in sent]
    assert await marks(bob, thread) == {"ann": (5, 5), "bob": (0, 0)}
    for mark, up_to, expected in (
        (deliver, ids[1], (2, 0)),
        (deliver, ids[0], (2, 0)),
        (acts.read, ids[0], (2, 1)),
        (deliver, ids[0], (2, 1)),
        (acts.read, ids[2], (3, 3)),
        (acts.read, ids[1], (3, 3)),
        (deliver, ids[2], (3, 3)),
        (deliver, ids[3], (4, 3)),
        (acts.read, None, (5, 5)),
        (acts.read, ids[0], (5, 5)),
        (deliver, None, (5, 5)),
    ):
        await mark(bob, thread, up_to)
        assert (await marks(ann, thread))["bob"] == expected
        assert (await marks(bob, thread))["bob"] == expected
    assert (await marks(bob, thread))["ann"] == (5, 5), "nobody else's marks moved"


async def test_the_time_of_reading_is_that_of_the_last_move(ann: Person, bob: Person, thread: str) -> None:
    async def read_at() -> str:
        seen = await threads.look(ann, thread, "counterpart { lastReadAt }")
        return str(seen["counterpart"]["lastReadAt"])

    sent = await threads.fill(ann, thread, 2)
    await acts.read(bob, thread, sent[0]["id"])
    first = await read_at()
    await acts.read(bob, thread, sent[0]["id"])
    await deliver(bob, thread)
    assert await read_at() == first
    await acts.read(bob, thread, sent[1]["id"])
    assert await read_at() >= first


async def test_ones_own_sending_moves_ones_own_marks(ann: Person, bob: Person, thread: str) -> None:
    """Who answers has read what was before, and a receipt is rung for it."""
    await threads.fill(ann, thread, 2)
    assert await marks(ann, thread) == {"ann": (2, 2), "bob": (0, 0)}
    async with ann.follow(RECEIPTS, id=thread) as followed:
        present = await followed.take(2)
        assert [event["__typename"] for event in present] == ["ReceiptEvent"] * 2
        await acts.send(bob, thread, "Three")
        event = await followed.next()
        while event.get("participant", {}).get("user") != {"externalId": "bob"}:
            event = await followed.next()
        assert (event["participant"]["lastReadSeq"], event["participant"]["lastDeliveredSeq"]) == (3, 3)
    assert (await marks(bob, thread))["bob"] == (3, 3)
    assert (await statuses(ann, thread))[:2] == ["READ", "READ"]


async def test_a_mark_is_one_row_whatever_the_number_of_messages(make_house: OpenHouse) -> None:
    """And no row at all when it would not move."""
    async with quiet_people(make_house) as people:
        ann, bob, house = people.ann, people.bob, people.house
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        for count in (1, 50):
            await threads.fill(ann, thread, count)
            assert (await marks(bob, thread))["ann"] != (0, 0)  # and the server knows Bob from here on
            for mark in (deliver, acts.read):
                with counting(house) as counted:
                    await mark(bob, thread)
                assert counted.writes == [("update participants", 1)]
                with counting(house) as counted:
                    await mark(bob, thread)
                assert [write for write in counted.writes if write[1]] == []


async def test_only_members_mark_and_only_messages_of_the_conversation(
    ann: Person, bob: Person, cy: Person, host: Person, thread: str
) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    foreign = await acts.send(ann, other, "Elsewhere")
    sent = await acts.send(ann, thread, "Here")
    for mutation in (acts.MARK_READ, MARK_DELIVERED):
        for person, where, up_to, path in (
            (cy, thread, None, "conversationId"),
            (cy, thread, sent["id"], "conversationId"),
            (bob, "nonsense", None, "conversationId"),
            (bob, thread, foreign["id"], "upToMessageId"),
            (bob, thread, "nonsense", "upToMessageId"),
            (bob, thread, "", "upToMessageId"),
            (bob, thread, thread, "upToMessageId"),
        ):
            errors = await threads.refusals(person, mutation, input={"conversationId": where, "upToMessageId": up_to})
            assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", path])], up_to
    assert await marks(bob, thread) == {"ann": (1, 1), "bob": (0, 0)}


async def test_marks_move_in_an_empty_thread_and_in_a_closed_one(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    """To nothing there, and as ever here: closing ends sending, not reading."""
    await acts.read(bob, thread)
    await deliver(bob, thread)
    assert await marks(bob, thread) == {"ann": (0, 0), "bob": (0, 0)}
    await threads.fill(ann, thread, 2)
    await acts.list_thing(host, state="CLOSED")
    await deliver(bob, thread)
    assert await statuses(ann, thread) == ["DELIVERED", "DELIVERED"]
    await acts.read(bob, thread)
    assert await statuses(ann, thread) == ["READ", "READ"]


async def test_the_status_for_a_pair(ann: Person, bob: Person, thread: str) -> None:
    """Both see the same; one's own reading does nothing for one's own message."""
    sent = await threads.fill(ann, thread, 3)
    await acts.read(ann, thread)
    assert await statuses(ann, thread) == ["SENT", "SENT", "SENT"]
    await deliver(bob, thread, sent[1]["id"])
    assert await statuses(ann, thread) == ["DELIVERED", "DELIVERED", "SENT"]
    await acts.read(bob, thread, sent[0]["id"])
    assert await statuses(ann, thread) == await statuses(bob, thread) == ["READ", "DELIVERED", "SENT"]


async def booking_of(people: People, *names: str, **changes: Any) -> str:
    """A booking's conversation, opened by Ann."""
    await acts.book(people.host, "booking-1", *names, **changes)
    return await acts.open_about(people.ann, "booking-1", kind="booking")


async def test_the_status_for_three(people: People) -> None:
    """It takes everybody else."""
    booking = await booking_of(people, "ann", "bob", "dan")
    ann, bob, dan = people.ann, people.bob, people.person("dan", "buyer")
    await acts.send(ann, booking, "Hello")
    for person, mark, status in (
        (bob, deliver, "SENT"),
        (bob, acts.read, "SENT"),
        (dan, deliver, "DELIVERED"),
        (dan, acts.read, "READ"),
    ):
        await mark(person, booking)
        assert await statuses(ann, booking) == [status]
        assert await statuses(bob, booking) == [status]


async def test_who_joins_later_is_not_waited_for(people: People) -> None:
    """Not for what was said before; for what is said from then on."""
    booking = await booking_of(people, "ann", "bob")
    ann, bob = people.ann, people.bob
    await acts.send(ann, booking, "Before")
    await acts.book(people.host, "booking-1", "ann", "bob", "dan")
    await acts.send(ann, booking, "After")
    await acts.read(bob, booking)
    assert await statuses(ann, booking) == ["READ", "SENT"]
    await acts.read(people.person("dan", "buyer"), booking)
    assert await statuses(ann, booking) == ["READ", "READ"]


async def test_a_status_stays_when_somebody_leaves_and_comes_again(people: People) -> None:
    """Bob reads and goes, Dan takes his place, and Bob is back: what was read stays read."""
    booking = await booking_of(people, "ann", "bob")
    ann, bob = people.ann, people.bob
    await threads.fill(ann, booking, 3)
    sent = (await threads.page_of(ann, booking)).ids
    await deliver(bob, booking, sent[1])
    await acts.read(bob, booking, sent[0])
    reached = ["READ", "DELIVERED", "SENT"]
    for names in (("ann", "bob"), ("ann", "dan"), ("ann", "dan", "bob"), ("ann", "bob")):
        await acts.book(people.host, "booking-1", *names)
        assert await statuses(ann, booking) == reached, names


async def test_who_leaves_holds_nothing_up(people: People) -> None:
    """Who is gone is waited for no longer; and their marks are as they were when they are back."""
    booking = await booking_of(people, "ann", "bob", "dan")
    ann, bob, dan = people.ann, people.bob, people.person("dan", "buyer")
    await threads.fill(ann, booking, 2)
    await acts.read(bob, booking)
    await deliver(dan, booking, (await threads.page_of(ann, booking)).ids[0])
    assert await statuses(ann, booking) == ["DELIVERED", "SENT"]
    await acts.book(people.host, "booking-1", "ann", "bob")
    assert await statuses(ann, booking) == ["READ", "READ"]
    await acts.book(people.host, "booking-1", "ann", "bob", "dan")
    assert await statuses(ann, booking) == ["READ", "READ"]
    assert (await marks(ann, booking))["dan"] == (1, 0)
