"""A place in a conversation has one name: on edges, in events and of the conversation itself; faults are told."""

import base64
import json
from typing import Any

import pytest

from chat.cursors import Cursors
from core.ids import key_of
from tests import acts, threads
from tests.client import Answered, People, Person
from tests.house import House

EVENTS = """
subscription Events($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) {
    __typename ... on MessageAddedEvent { cursor message { seq } } ... on ConversationUpdatedEvent { cursor }
  }
}
"""


async def test_cursors_of_edges_and_events_page_alike(ann: Person, bob: Person, thread: str) -> None:
    """A message has one cursor wherever it was met."""
    async with (
        threads.listening(bob, thread) as heard,
        threads.listening(bob, thread, EVENTS) as followed,
    ):
        sent = await threads.fill(ann, thread, 6)
        told = await heard.take(6)
        added: list[dict[str, Any]] = []
        while len(added) < 6:
            event = await followed.next()
            added += [event] if event["__typename"] == "MessageAddedEvent" else []
    edges = (await threads.page_of(bob, thread)).cursors
    assert edges == [message["cursor"] for message in sent]
    assert edges == [event["cursor"] for event in told]
    assert edges == [event["cursor"] for event in added]
    for seq, cursor in enumerate(edges, start=1):
        assert (await threads.page_of(bob, thread, first=2, after=cursor)).seqs == list(range(seq + 1, 7))[:2]
        assert (await threads.page_of(bob, thread, last=2, before=cursor)).seqs == list(range(1, seq))[-2:]


async def test_the_cursor_of_the_conversation_stands_behind_all_that_is_there(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    """Also while there is no message, and when the newest event is no message."""
    empty = (await threads.look(bob, thread, "cursor"))["cursor"]
    page = await threads.page_of(bob, thread, first=5, after=empty)
    assert (page.seqs, page.has_next, page.has_previous) == ([], False, False)
    page = await threads.page_of(bob, thread, last=5, before=empty)
    assert (page.seqs, page.has_next, page.has_previous) == ([], False, False)
    await threads.fill(ann, thread, 3)
    await acts.list_thing(host, title="A blue bicycle")
    retitled = (await threads.look(bob, thread, "cursor"))["cursor"]
    assert retitled not in (await threads.page_of(bob, thread)).cursors
    await threads.fill(ann, thread, 2, since=3)
    assert (await threads.page_of(bob, thread, after=empty)).seqs == [1, 2, 3, 4, 5]
    page = await threads.page_of(bob, thread, after=retitled)
    assert (page.seqs, page.has_next, page.has_previous) == ([4, 5], False, True)
    page = await threads.page_of(bob, thread, last=2, before=retitled)
    assert (page.seqs, page.has_next, page.has_previous) == ([2, 3], True, True)
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=retitled) as missed:
        assert [event["message"]["seq"] for event in await missed.take(2)] == [4, 5]


async def test_a_page_and_its_cursor_are_of_one_moment(ann: Person, bob: Person, thread: str) -> None:
    """What a page does not show comes after the conversation's cursor: no gap between a query and a subscription."""
    await threads.fill(ann, thread, 2)
    seen = await bob.ask(acts.MESSAGES, id=thread, last=100)
    await threads.fill(ann, thread, 2, since=2)
    assert [edge["node"]["seq"] for edge in seen["messages"]["edges"]] == [1, 2]
    assert (await threads.page_of(bob, thread, after=seen["cursor"])).seqs == [3, 4]


def encoded(value: Any) -> str:
    """Something in the clothes of a cursor."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def faulty(people: People, house: House, thread: str) -> dict[str, list[str]]:
    """Cursors that cannot be used in the thread, by the code that they are to be refused with."""
    ann = people.ann
    await acts.list_thing(people.host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    foreign = await acts.send(ann, other, "Elsewhere")
    listed = await ann.ask("{ conversations { edges { cursor } } users { edges { cursor } } viewer { inboxCursor } }")
    key = key_of(thread, "Conversation") or ""
    right, epoch = house.palaver.cursors, house.palaver.cursors.epoch
    values: list[Any] = [None, 1, {}, [], ["log"], ["log", epoch], ["log", epoch, key], [["log"], epoch, key, 1]]
    places: list[Any] = ["1", 1.5, True, None, 2**63, [1], {}, float("nan")]
    streams: list[Any] = ["", "logs", "LOG", None, 1]
    return {
        "INVALID_CURSOR": [
            *("", " ", "nonsense", "!", "é", "\0", "x" * 20_000, thread, foreign["id"], foreign["cursor"]),
            *(edge["cursor"] for name in ("conversations", "users") for edge in listed[name]["edges"]),
            listed["viewer"]["inboxCursor"],
            right.of_log(key, -1),
            *(encoded(value) for value in values),
            *(encoded(["log", epoch, key, place]) for place in places),
            *(encoded([stream, epoch, key, 1]) for stream in streams),
            encoded(["log", epoch, key, 1, 1]),
            "W" * 8000,
        ],
        "CURSOR_EXPIRED": [
            Cursors("0" * 32).of_log(key, 1),
            Cursors("").of_log(key, 1),
            right.of_log(key, 4),
            right.of_log(key, 2**62),
        ],
    }


async def test_a_faulty_cursor_is_told_of_in_pages(people: People, house: House, thread: str) -> None:
    """The thread's log holds its opening and two messages; each way of asking refuses alike."""
    await threads.fill(people.ann, thread, 2)
    for code, cursors in (await faulty(people, house, thread)).items():
        for cursor in cursors:
            for choice in ({"after": cursor}, {"first": 1, "after": cursor}, {"before": cursor, "last": 1}):
                with pytest.raises(Answered, match=f'"code": "{code}"'):
                    await threads.page_of(people.ann, thread, **choice)
    for position, rest in ((0, [1, 2]), (1, [1, 2]), (2, [2]), (3, [])):
        cursor = house.palaver.cursors.of_log(key_of(thread, "Conversation") or "", position)
        assert (await threads.page_of(people.ann, thread, after=cursor)).seqs == rest


async def test_a_faulty_cursor_leaves_the_rest_of_the_answer(ann: Person, thread: str) -> None:
    """The fault has its path, and siblings that can be answered are."""
    query = """query($id: ID!) {
      viewer { user { externalId } }
      conversation(id: $id) { id messages(after: "nonsense") { edges { cursor } } }
    }"""
    answer = await ann.answer(query, id=thread)
    assert [(error["extensions"]["code"], error["path"]) for error in answer["errors"]] == [
        ("INVALID_CURSOR", ["conversation", "messages"])
    ]
    assert answer["data"] == {"viewer": {"user": {"externalId": "ann"}}, "conversation": None}
