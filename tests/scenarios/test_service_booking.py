"""A service-booking app: customer and provider have one conversation for each booking, only while it is active."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.acts import UPSERT_SUBJECT, book, key
from tests.client import People, Person, Stream, StreamEnded

BOOKING = """
query Booking($id: ID!) {
  subject(kind: "booking", externalId: $id) {
    title
    viewerCanContact
    contactRefusal
    conversations(first: 1) {
      edges {
        node {
          id
          state
          unreadCount
          counterpart { role user { name } }
          messages(first: 50) { edges { node { kind body status sender { name } } } }
        }
      }
    }
  }
}
"""
OPEN_BOOKING = """
mutation OpenBooking($id: ID!) {
  openConversation(input: {subject: {kind: "booking", externalId: $id}}) {
    created
    conversation { id cursor participants { role user { externalId } } }
    errors { code ... on ContactRefusedError { refusal } }
  }
}
"""
WRITE = """
mutation Write($chat: ID!, $text: String!, $key: String!) {
  sendMessage(input: {conversationId: $chat, body: $text, clientMessageId: $key}) {
    message { id seq status }
    errors { code }
  }
}
"""
ANNOUNCE = """
mutation Announce($id: ID!, $text: String!, $key: String!) {
  postSystemMessage(input: {
    subject: {kind: "booking", externalId: $id}, body: $text, clientMessageId: $key
  }) { messageEdges { node { id seq kind } } errors { code } }
}
"""
READ = "mutation Read($chat: ID!) { markRead(input: {conversationId: $chat}) { errors { code } } }"
HAVE = "mutation Have($chat: ID!) { markDelivered(input: {conversationId: $chat}) { errors { code } } }"
STATUS = "query Status($id: ID!) { node(id: $id) { ... on Message { status } } }"
TICKS = """
subscription Ticks($chat: ID!, $after: String) {
  conversationEvents(conversationId: $chat, after: $after) {
    __typename
    ... on MessageAddedEvent { message { seq kind body } }
    ... on ReceiptEvent { participant { role lastDeliveredSeq lastReadSeq } }
    ... on ConversationUpdatedEvent { conversation { state participants { role user { externalId } } } }
  }
}
"""
DEVICE = """
subscription Device($chat: ID!, $after: String) {
  messageAdded(conversationId: $chat, after: $after) { message { seq body } }
}
"""
INBOX = """
subscription Inbox($after: String) {
  inbox(after: $after) { __typename ... on ConversationRemovedEvent { conversationId viewer { unreadMessageCount } } }
}
"""


def pair(provider: str) -> list[dict[str, str]]:
    """Ann books somebody."""
    return [{"userExternalId": "ann", "role": "customer"}, {"userExternalId": provider, "role": "provider"}]


async def tell(host: Person, **changes: Any) -> None:
    """The host tells what became of the booking."""
    payload = await host.ask(UPSERT_SUBJECT, input={"kind": "booking", "externalId": "cut", **changes})
    assert payload["errors"] == [], payload


@pytest.fixture
async def haircut(host: Person, ann: Person) -> dict[str, Any]:
    """The conversation of an active booking of Ann's with Bob."""
    await book(host, "cut", parties=pair("bob"))
    conversation: dict[str, Any] = (await ann.ask(OPEN_BOOKING, id="cut"))["conversation"]
    return conversation


async def write(person: Person, chat: str, text: str) -> dict[str, Any]:
    """Write: the message."""
    payload = await person.ask(WRITE, chat=chat, text=text, key=key())
    assert payload["errors"] == [], payload
    message: dict[str, Any] = payload["message"]
    return message


async def page_of(person: Person) -> dict[str, Any]:
    """The booking's page: its conversation."""
    [edge] = (await person.ask(BOOKING, id="cut"))["conversations"]["edges"]
    conversation: dict[str, Any] = edge["node"]
    return conversation


async def the_next(stream: Stream, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Read on to the event that is wanted."""
    while True:
        event: dict[str, Any] = await stream.next()
        if is_wanted(event):
            return event


def marks(role: str, delivered: int, read: int) -> Callable[[dict[str, Any]], bool]:
    """Somebody's marks stand so."""
    wanted = {"role": role, "lastDeliveredSeq": delivered, "lastReadSeq": read}
    return lambda event: event.get("participant") == wanted


async def test_a_booking_can_be_talked_about_once_it_is_confirmed_and_has_one_conversation(
    ann: Person, bob: Person, host: Person
) -> None:
    await book(host, "cut", parties=pair("bob"), state="CLOSED")
    waiting = await ann.ask(BOOKING, id="cut")
    assert (waiting["viewerCanContact"], waiting["contactRefusal"]) == (False, "SUBJECT_CLOSED")
    [error] = (await ann.ask(OPEN_BOOKING, id="cut"))["errors"]
    assert (error["code"], error["refusal"]) == ("CONTACT_REFUSED", "SUBJECT_CLOSED")

    await tell(host, state="ACTIVE")
    resume = (await bob.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    async with bob.follow(INBOX, after=resume) as inbox:
        opened = await asyncio.gather(*(person.ask(OPEN_BOOKING, id="cut") for person in (ann, bob) * 4))
        assert (await inbox.next())["__typename"] == "ConversationUpdatedEvent"
    assert len({payload["conversation"]["id"] for payload in opened}) == 1
    assert [payload["created"] for payload in opened].count(True) == 1
    roles = [{"role": "customer", "user": {"externalId": "ann"}}, {"role": "provider", "user": {"externalId": "bob"}}]
    assert opened[0]["conversation"]["participants"] == roles
    assert (await page_of(ann))["counterpart"]["role"] == "provider"
    assert (await page_of(bob))["counterpart"] == {"role": "customer", "user": {"name": "Ann"}}


async def test_the_host_says_booking_confirmed_once_to_both(
    ann: Person, bob: Person, host: Person, haircut: dict[str, Any]
) -> None:
    once = key()
    said = [await host.ask(ANNOUNCE, id="cut", text="Booking confirmed", key=once) for _ in range(2)]
    assert said[0]["messageEdges"] == said[1]["messageEdges"]
    for person in (ann, bob):
        page = await page_of(person)
        confirmed = {"kind": "SYSTEM", "body": "Booking confirmed", "status": "SENT", "sender": None}
        assert [edge["node"] for edge in page["messages"]["edges"]] == [confirmed]
        assert page["unreadCount"] == 1
    assert await ann.code(ANNOUNCE, id="cut", text="Half the price", key=key()) == "FORBIDDEN"


async def test_the_customer_sees_sent_delivered_and_read_live(
    ann: Person, bob: Person, haircut: dict[str, Any]
) -> None:
    """One tick while Bob is away, two when his device has it, blue ones when he has read it; then by polling only."""
    chat = haircut["id"]
    async with ann.follow(TICKS, chat=chat, after=haircut["cursor"]) as ticks:
        first = await write(ann, chat, "Can I come at ten?")
        assert first["status"] == "SENT"
        assert await ann.ask(STATUS, id=first["id"]) == {"status": "SENT"}
        async with bob.follow(DEVICE, chat=chat, after=haircut["cursor"]) as device:
            assert (await device.next())["message"]["body"] == "Can I come at ten?"
            await the_next(ticks, marks("provider", 1, 0))
            assert await ann.ask(STATUS, id=first["id"]) == {"status": "DELIVERED"}
            await bob.ask(READ, chat=chat)
            await the_next(ticks, marks("provider", 1, 1))
            assert await ann.ask(STATUS, id=first["id"]) == {"status": "READ"}
        second = await write(ann, chat, "Or at eleven?")
        assert await ann.ask(STATUS, id=second["id"]) == {"status": "SENT"}
        await bob.ask(HAVE, chat=chat)
        await the_next(ticks, marks("provider", 2, 1))
        assert await ann.ask(STATUS, id=second["id"]) == {"status": "DELIVERED"}
        await write(bob, chat, "Eleven is fine.")
        await the_next(ticks, marks("provider", 3, 3))
    assert [edge["node"]["status"] for edge in (await page_of(ann))["messages"]["edges"][:2]] == ["READ", "READ"]


async def test_a_booking_that_is_done_is_read_only_for_both_and_the_host_has_the_last_word(
    ann: Person, bob: Person, host: Person, haircut: dict[str, Any]
) -> None:
    chat = haircut["id"]
    await write(bob, chat, "See you at eleven.")
    async with ann.follow(TICKS, chat=chat, after=haircut["cursor"]) as events:
        await tell(host, state="CLOSED")
        closed = await the_next(events, lambda event: "conversation" in event)
        assert closed["conversation"]["state"] == "CLOSED"
        for person in (ann, bob):
            assert await person.code(WRITE, chat=chat, text="Thanks!", key=key()) == "CONVERSATION_CLOSED"
        assert (await host.ask(ANNOUNCE, id="cut", text="How was it?", key=key()))["errors"] == []
        said = await the_next(events, lambda event: event.get("message", {}).get("kind") == "SYSTEM")
        assert said["message"] == {"seq": 2, "kind": "SYSTEM", "body": "How was it?"}
    again = await ann.ask(OPEN_BOOKING, id="cut")
    assert (again["created"], again["conversation"]["id"], again["errors"]) == (False, chat, [])
    assert (await page_of(ann))["unreadCount"] == 2
    assert (await ann.ask(READ, chat=chat))["errors"] == []
    assert (await page_of(ann))["unreadCount"] == 0


async def test_a_new_provider_reads_all_and_the_old_one_sees_nothing_any_more(
    ann: Person, bob: Person, host: Person, people: People, haircut: dict[str, Any]
) -> None:
    """Bob is ill; Dee takes over in the middle, while all three look at their screens."""
    dee, chat = people.person("dee", "provider", name="Dee"), haircut["id"]
    await write(ann, chat, "Can I come at ten?")
    resume = (await bob.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    async with (
        ann.follow(TICKS, chat=chat, after=haircut["cursor"]) as seen,
        bob.follow(DEVICE, chat=chat, after=haircut["cursor"]) as device,
        bob.follow(INBOX, after=resume) as inbox,
    ):
        await device.next()
        await tell(host, parties=pair("dee"))
        assert await device.ended() == "NOT_FOUND"
        removed = await the_next(inbox, lambda event: event["__typename"] == "ConversationRemovedEvent")
        assert (removed["conversationId"], removed["viewer"]["unreadMessageCount"]) == (chat, 0)
        now = [{"role": "customer", "user": {"externalId": "ann"}}, {"role": "provider", "user": {"externalId": "dee"}}]
        await the_next(seen, lambda event: event.get("conversation", {}).get("participants") == now)
    assert await bob.ask(BOOKING, id="cut") is None
    assert await bob.code(WRITE, chat=chat, text="Wait!", key=key()) == "NOT_FOUND"
    page = await page_of(dee)
    assert [edge["node"]["body"] for edge in page["messages"]["edges"]] == ["Can I come at ten?"]
    assert page["unreadCount"] == 1
    answer = await write(dee, chat, "Dee here: ten is fine.")
    assert (await page_of(ann))["counterpart"] == {"role": "provider", "user": {"name": "Dee"}}
    await ann.ask(READ, chat=chat)
    assert await dee.ask(STATUS, id=answer["id"]) == {"status": "READ"}


async def test_for_a_stranger_the_booking_does_not_exist(cy: Person, host: Person, haircut: dict[str, Any]) -> None:
    """Cy is a provider too, with a booking of his own, and knows the other one's number."""
    await book(host, "shave", "cy", "dee")
    assert await cy.ask(BOOKING, id="cut") is None
    assert await cy.code(OPEN_BOOKING, id="cut") == "NOT_FOUND"
    assert await cy.code(WRITE, chat=haircut["id"], text="I am cheaper.", key=key()) == "NOT_FOUND"
    assert await cy.code(HAVE, chat=haircut["id"]) == "NOT_FOUND"
    change = {"kind": "booking", "externalId": "cut", "parties": pair("cy")}
    assert await cy.code(UPSERT_SUBJECT, input=change) == "FORBIDDEN"
    async with cy.follow(TICKS, chat=haircut["id"], after=haircut["cursor"]) as ticks:
        with pytest.raises(StreamEnded) as ended:
            await ticks.next()
    assert ended.value.code == "NOT_FOUND"
    assert (await cy.ask(BOOKING, id="shave"))["viewerCanContact"] is True
