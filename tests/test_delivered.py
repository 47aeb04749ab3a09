"""Delivered without a word of the client: the server has written the message to one of the person's sockets."""

import pytest

from tests import acts, threads
from tests.client import People, Person, Stream
from tests.conftest import OpenHouse
from tests.statements import counting
from tests.waiting import until

EVENTS = """
subscription Events($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) { __typename ... on MessageAddedEvent { message { seq } } }
}
"""
INBOX = """
subscription Inbox($after: String) {
  inbox(after: $after) { __typename ... on MessageAddedEvent { message { seq conversation { id } } } }
}
"""
MARK = "counterpart { lastDeliveredSeq lastReadSeq }"


async def delivered_to_other(person: Person, thread: str) -> int:
    """How far the other person has the messages; nothing here reads any."""
    seen = (await threads.look(person, thread, MARK))["counterpart"]
    assert seen["lastReadSeq"] == 0
    return int(seen["lastDeliveredSeq"])


async def heard_up_to(stream: Stream, seq: int) -> None:
    """Read on until the message of this seq has come."""
    while True:
        event = await stream.next()
        if event.get("message", {}).get("seq") == seq:
            return


async def status(person: Person, thread: str) -> str:
    """The last message's status."""
    seen = await threads.look(person, thread, "lastMessage { status }")
    return str(seen["lastMessage"]["status"])


async def now_of(person: Person, thread: str, query: str) -> dict[str, str]:
    """The variables that make a stream begin with this moment."""
    if query is INBOX:
        return {"after": (await person.ask("{ viewer { inboxCursor } }"))["inboxCursor"]}
    return {"id": thread, "after": (await threads.look(person, thread, "cursor"))["cursor"]}


STREAMS = pytest.mark.parametrize(
    "query", [acts.MESSAGE_ADDED, EVENTS, INBOX], ids=["messageAdded", "conversationEvents", "inbox"]
)


@STREAMS
async def test_what_was_written_to_a_socket_is_delivered(ann: Person, bob: Person, thread: str, query: str) -> None:
    """By each of the three streams; not what was before it."""
    await threads.fill(ann, thread, 1)
    async with bob.follow(query, **await now_of(bob, thread, query)) as heard:
        assert (await delivered_to_other(ann, thread), await status(ann, thread)) == (0, "SENT")
        for seq in (2, 3):
            await acts.send(ann, thread, str(seq))
            await heard_up_to(heard, seq)
            await until(lambda: _is(ann, thread, "DELIVERED"))
            assert await delivered_to_other(ann, thread) == seq


async def _is(person: Person, thread: str, wanted: str) -> bool:
    return await status(person, thread) == wanted


@STREAMS
async def test_what_is_replayed_is_delivered(ann: Person, bob: Person, thread: str, query: str) -> None:
    """Bob was away; what he gets when he resumes is delivered then."""
    variables = await now_of(bob, thread, query)
    await threads.fill(ann, thread, 5)
    assert await delivered_to_other(ann, thread) == 0
    async with bob.follow(query, **variables) as heard:
        await heard_up_to(heard, 5)
        await until(lambda: _is(ann, thread, "DELIVERED"))
    assert await delivered_to_other(ann, thread) == 5


async def test_asking_is_not_having(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """A query says nothing of delivery, nor does a stream of another conversation: `markDelivered` is for that."""
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    async with threads.listening(bob, other) as heard:
        await threads.fill(ann, thread, 2)
        assert len(await acts.bodies(bob, thread)) == 2
        await bob.ask("{ conversations { edges { node { id lastMessage { body } unreadCount } } } }")
        await acts.send(ann, other, "Elsewhere")
        await heard_up_to(heard, 1)
        await until(lambda: _is(ann, other, "DELIVERED"))
    assert (await delivered_to_other(ann, thread), await status(ann, thread)) == (0, "SENT")


async def test_one_device_is_enough(people: People, thread: str) -> None:
    """Bob's telephone follows, his desk does not."""
    telephone = people.person("bob", "seller", name="Bob", device="telephone")
    async with telephone.follow(INBOX, **await now_of(telephone, thread, INBOX)) as heard:
        await acts.send(people.ann, thread, "Hello")
        await heard_up_to(heard, 1)
        await until(lambda: _is(people.ann, thread, "DELIVERED"))
    assert (await threads.look(people.bob, thread, "viewerParticipant { lastDeliveredSeq }"))["viewerParticipant"] == {
        "lastDeliveredSeq": 1
    }


async def test_the_sender_is_told_of_it(ann: Person, bob: Person, thread: str) -> None:
    """Ann's tick turns by an event, without asking."""
    receipts = """subscription($id: ID!) { conversationEvents(conversationId: $id) {
      __typename
      ... on ReceiptEvent { conversation { id } participant { user { externalId } lastDeliveredSeq lastReadSeq } }
    } }"""
    async with ann.follow(receipts, id=thread) as told, threads.listening(bob, thread):
        await acts.send(ann, thread, "Hello")
        expected = {"user": {"externalId": "bob"}, "lastDeliveredSeq": 1, "lastReadSeq": 0}
        while (event := await told.next()).get("participant") != expected:
            pass
        assert event["conversation"] == {"id": thread}


async def test_many_deliveries_are_one_write_and_none_is_lost_at_the_end(make_house: OpenHouse) -> None:
    """They are gathered for a while; a server that ends stores what it has gathered."""
    async with make_house(delivered_seconds=10, presence_seconds=600) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        after = (await threads.look(people.bob, thread, "cursor"))["cursor"]
        await threads.fill(people.ann, thread, 60)
        with counting(house) as counted:
            async with people.bob.follow(acts.MESSAGE_ADDED, id=thread, after=after) as heard:
                await heard_up_to(heard, 60)
                # The stream's next event proves that it came back after the sixtieth.
                await acts.send(people.ann, thread, "61")
                await heard_up_to(heard, 61)
            moved = [write for write in counted.writes if write[0] == "update participants"]
        # Ann's own mark moves by sending; on PostgreSQL within the statement that stores the message.
        assert moved == ([("update participants", 1)] if house.palaver.database.is_sqlite else [])
        assert await delivered_to_other(people.ann, thread) == 0
    async with make_house() as house, People(house) as people:
        assert await delivered_to_other(people.ann, thread) in (60, 61)
