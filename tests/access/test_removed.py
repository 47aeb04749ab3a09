"""Who was a party and is one no more sees nothing of the conversation, by any path; and all of it again once back."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import acts
from tests.access import reads
from tests.access.acts import MARK_DELIVERED, OPEN, SEND, SET_TYPING
from tests.client import Person

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
PARTS = """
query($id: ID!) {
  viewer { inboxCursor unreadMessageCount }
  conversation(id: $id) {
    cursor
    subject { id }
    participants { id user { id externalId } }
    messages(first: 9) { edges { cursor node { id body } } }
  }
  conversations { edges { cursor node { id } } }
}
"""
COUNTS = "{ viewer { unreadMessageCount unreadConversationCount } }"
PRESENCE = "query($id: ID!) { user(externalId: $id) { presence { status } } }"


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking of Ann, Bob and Cy, and all names of it that Cy learned while he was in it."""

    id: str
    ids: list[str]
    message: str
    message_cursor: str
    conversation_cursor: str


@pytest.fixture
async def booking(ann: Person, bob: Person, cy: Person, host: Person) -> Booking:
    """Cy is a party, looks at everything, and is taken out; then Ann says something more."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(ann, booking, "See you on Monday")
    parts: Any = await cy.ask(PARTS, id=booking)
    found = parts["conversation"]
    (edge,) = found["messages"]["edges"]
    assert (edge["node"]["body"], parts["viewer"]["unreadMessageCount"]) == ("See you on Monday", 1)
    assert len(found["participants"]) == 3
    ids = [booking, found["subject"]["id"], edge["node"]["id"]]
    for participant in found["participants"]:
        ids.append(participant["id"])
        if participant["user"]["externalId"] == "ann":
            ids.append(participant["user"]["id"])
    assert [node["id"] for node in await cy.ask(NODES, ids=ids)] == ids
    assert (await cy.ask(PRESENCE, id="ann"))["presence"] is not None
    await acts.book(host, "booking-1", "ann", "bob")
    await acts.send(ann, booking, "Without Cy")
    return Booking(booking, ids, edge["node"]["id"], edge["cursor"], parts["conversations"]["edges"][0]["cursor"])


async def test_none_of_its_names_finds_anything(cy: Person, booking: Booking) -> None:
    assert await cy.ask(NODES, ids=booking.ids) == [None] * len(booking.ids)
    assert await cy.ask(reads.CONVERSATION, id=booking.id) is None
    assert await cy.ask(reads.SUBJECT, kind="booking", externalId="booking-1") is None
    assert await cy.ask(reads.USER, externalId="ann") is None


async def test_it_is_in_no_list_and_no_count(cy: Person, booking: Booking) -> None:
    assert (await cy.ask(reads.CONVERSATIONS))["edges"] == []
    assert (await cy.ask(reads.CONVERSATIONS, filter={"query": "haircut"}))["edges"] == []
    assert await cy.ask(COUNTS) == {"unreadMessageCount": 0, "unreadConversationCount": 0}
    assert [edge["node"]["externalId"] for edge in (await cy.ask(reads.USERS))["edges"]] == ["cy"]


async def test_nothing_can_be_done_in_it(cy: Person, bob: Person, booking: Booking) -> None:
    here = {"conversationId": booking.id}
    assert await cy.code(SEND, input={**here, "body": "Let me in", "clientMessageId": "a key"}) == "NOT_FOUND"
    assert await cy.code(acts.MARK_READ, input=here) == "NOT_FOUND"
    assert await cy.code(acts.MARK_READ, input={**here, "upToMessageId": booking.message}) == "NOT_FOUND"
    assert await cy.code(MARK_DELIVERED, input=here) == "NOT_FOUND"
    assert await cy.code(SET_TYPING, input=here) == "NOT_FOUND"
    reference = {"subject": {"kind": "booking", "externalId": "booking-1"}}
    assert await cy.code(OPEN, input=reference) == "NOT_FOUND"
    assert await acts.bodies(bob, booking.id) == ["See you on Monday", "Without Cy"]


async def test_nothing_of_it_can_be_followed(cy: Person, booking: Booking) -> None:
    """Not from now on, and not from a cursor that was good."""
    async with cy.connect() as line:
        for query in (
            "subscription($id: ID!, $after: String) { messageAdded(conversationId: $id, after: $after) { cursor } }",
            "subscription($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) "
            "{ __typename } }",
        ):
            for after in (None, booking.message_cursor):
                stream = await line.subscribe(query, id=booking.id, after=after)
                assert await stream.ended() == "NOT_FOUND"
        stream = await line.subscribe(
            "subscription($id: ID!) { typing(conversationId: $id) { isTyping } }", id=booking.id
        )
        assert await stream.ended() == "NOT_FOUND"


async def test_others_see_that_cy_is_gone(ann: Person, booking: Booking) -> None:
    found = await ann.ask(PARTS, id=booking.id)
    people = [participant["user"]["externalId"] for participant in found["conversation"]["participants"]]
    assert people == ["ann", "bob"]
    assert await ann.ask(reads.USER, externalId="cy") is None


async def test_back_again_cy_sees_all_of_it(cy: Person, host: Person, booking: Booking) -> None:
    """What was said meanwhile too, and his read mark is where it was."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    assert [node["id"] for node in await cy.ask(NODES, ids=booking.ids)] == booking.ids
    assert await acts.bodies(cy, booking.id) == ["See you on Monday", "Without Cy"]
    assert await cy.ask(COUNTS) == {"unreadMessageCount": 2, "unreadConversationCount": 1}
    async with cy.follow(acts.MESSAGE_ADDED, id=booking.id, after=booking.message_cursor) as missed:
        assert (await missed.next())["message"]["body"] == "Without Cy"
