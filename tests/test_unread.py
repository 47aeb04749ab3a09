"""Unread: messages of others above one's own mark, the host's included; counted alike wherever it is asked."""

from typing import Any

from sqlalchemy import update

from db.tables import participants
from tests import acts, threads
from tests.client import People, Person
from tests.house import House

POST = """
mutation Post($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { messageEdges { node { id } } errors { code } }
}
"""


async def unread(person: Person, *conversation_ids: str) -> list[Any]:
    """The counts of each conversation, then the person's own two."""
    counts = [(await threads.look(person, key, "unreadCount"))["unreadCount"] for key in conversation_ids]
    mine = await person.ask("{ viewer { unreadMessageCount unreadConversationCount } }")
    listed = await person.ask("{ conversations(filter: {unreadOnly: true}) { edges { node { id unreadCount } } } }")
    nodes = [edge["node"] for edge in listed["edges"]]
    assert {node["id"]: node["unreadCount"] for node in nodes} == {
        key: count for key, count in zip(conversation_ids, counts, strict=True) if count
    }
    return [*counts, mine["unreadMessageCount"], mine["unreadConversationCount"]]


async def first_unread(person: Person, conversation_id: str) -> int | None:
    """The seq of the message at which a client opens the thread."""
    message = (await threads.look(person, conversation_id, "firstUnreadMessage { seq }"))["firstUnreadMessage"]
    return None if message is None else int(message["seq"])


async def test_ones_own_messages_are_never_unread(ann: Person, bob: Person, thread: str) -> None:
    assert await unread(ann, thread) == [0, 0, 0]
    await threads.fill(ann, thread, 3)
    assert await unread(ann, thread) == [0, 0, 0]
    assert await unread(bob, thread) == [3, 3, 1]
    assert (await first_unread(ann, thread), await first_unread(bob, thread)) == (None, 1)


async def test_own_messages_between_others_are_not_counted(people: People, thread: str) -> None:
    """Whoever reads only up to an earlier message leaves theirs and the others' above the mark; theirs do not count."""
    ann, bob = people.ann, people.bob
    await acts.book(people.host, "booking-1", "ann", "bob", "dan")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    dan = people.person("dan", "buyer")
    first = await acts.send(dan, booking, "One")
    await acts.send(bob, booking, "Two")
    await acts.send(dan, booking, "Three")
    assert await unread(bob, booking) == [1, 1, 1], "his own sending read what was before it"
    assert await unread(dan, booking) == [0, 0, 0]
    await acts.read(ann, booking, first["id"])
    assert await unread(ann, booking, thread) == [2, 0, 2, 1]
    assert await first_unread(ann, booking) == 2


async def test_own_messages_above_the_mark_are_not_counted_either(
    house: House, ann: Person, bob: Person, thread: str
) -> None:
    """Sending moves the mark, so nobody gets there by the API; were the mark lost, what one wrote would stay read."""
    await acts.send(ann, thread, "Mine")
    await acts.send(bob, thread, "His")
    await acts.send(ann, thread, "Mine again")
    async with house.palaver.work.begin() as unit:
        await unit.db.run(update(participants).values(read_seq=0))
    assert (await unread(ann, thread), await first_unread(ann, thread)) == ([1, 1, 1], 2)
    assert (await unread(bob, thread), await first_unread(bob, thread)) == ([2, 2, 1], 1)


async def test_reading_lowers_the_count_to_what_is_above_the_mark(ann: Person, bob: Person, thread: str) -> None:
    sent = await threads.fill(ann, thread, 5)
    payload = await acts.read(bob, thread, sent[1]["id"])
    assert payload["conversation"]["unreadCount"] == 3
    assert payload["viewer"] == {"unreadMessageCount": 3, "unreadConversationCount": 1}
    assert await first_unread(bob, thread) == 3
    assert await unread(bob, thread) == [3, 3, 1]
    payload = await acts.read(bob, thread)
    assert payload["conversation"]["unreadCount"] == 0
    assert payload["viewer"] == {"unreadMessageCount": 0, "unreadConversationCount": 0}
    assert await first_unread(bob, thread) is None


async def test_the_counts_add_up_over_conversations(ann: Person, bob: Person, cy: Person, host: Person) -> None:
    """Each by itself, together in the viewer's, and none of them of a stranger's."""
    for number in range(3):
        await acts.list_thing(host, f"bike-{number}")
    opened = [await acts.open_about(ann, f"bike-{number}") for number in range(3)]
    for count, conversation_id in enumerate(opened):
        await threads.fill(ann, conversation_id, count)
    assert await unread(bob, *opened) == [0, 1, 2, 3, 2]
    assert await unread(ann, *opened) == [0, 0, 0, 0, 0]
    await acts.read(bob, opened[1])
    assert await unread(bob, *opened) == [0, 0, 2, 2, 1]
    assert await unread(cy) == [0, 0]


async def test_the_hosts_words_are_unread_for_everybody(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """And writing an answer reads them."""
    words = {"conversationId": thread, "body": "Reserved", "clientMessageId": "h1"}
    assert (await host.ask(POST, input=words))["errors"] == []
    assert (await unread(ann, thread), await unread(bob, thread)) == ([1, 1, 1], [1, 1, 1])
    await acts.send(ann, thread, "Thanks")
    assert (await unread(ann, thread), await unread(bob, thread)) == ([0, 0, 0], [2, 2, 1])


async def test_events_carry_the_counts_of_their_moment(ann: Person, bob: Person, thread: str) -> None:
    """A client that follows its inbox shows the right badge without asking."""
    inbox = """subscription($after: String) { inbox(after: $after) {
      __typename
      ... on MessageAddedEvent { message { seq } viewer { unreadMessageCount unreadConversationCount } }
    } }"""
    after = (await bob.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    async with bob.follow(inbox, after=after) as heard:
        for number in (1, 2):
            await acts.send(ann, thread, str(number))
            event = await heard.next()
            while event["__typename"] != "MessageAddedEvent":
                event = await heard.next()
            assert event["message"]["seq"] == number
            assert event["viewer"] == {"unreadMessageCount": number, "unreadConversationCount": 1}
