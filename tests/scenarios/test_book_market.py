"""A book market: the first message makes the conversation, and one inbox subscription brings every notification."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acts import UPSERT_SUBJECT, key, list_thing
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.waiting import until

WRITE_ABOUT_BOOK = """
mutation WriteAboutBook($isbn: ID!, $text: String!, $key: String!) {
  openConversation(input: {
    subject: {kind: "book", externalId: $isbn}, firstMessage: {body: $text, clientMessageId: $key}
  }) {
    created
    conversation { id }
    messageEdge { node { id seq body clientMessageId } }
    errors { code reason }
  }
}
"""
WRITE = """
mutation Write($chat: ID!, $text: String!, $key: String!) {
  sendMessage(input: {conversationId: $chat, body: $text, clientMessageId: $key}) { message { id } errors { code } }
}
"""
MY_BOOKS = """
query MyBooks {
  viewer { inboxCursor unreadMessageCount }
  conversations(first: 20, filter: {subjectKind: "book"}) {
    edges {
      node {
        id
        unreadCount
        subject { title }
        subjectSnapshot { title imageUrl url }
        counterpart { role user { name } }
        lastMessage { body }
      }
    }
  }
}
"""
NOTIFICATIONS = """
subscription Notifications($after: String) {
  inbox(after: $after) {
    __typename
    ... on ResumableEvent { cursor }
    ... on MessageAddedEvent {
      isReplay
      message { body sender { name } conversation { id unreadCount } }
      viewer { unreadMessageCount unreadConversationCount }
    }
    ... on ConversationUpdatedEvent {
      conversation { id state subjectSnapshot { title } counterpart { role user { name } } }
    }
    ... on ReceiptEvent { conversation { id } participant { user { name } lastReadSeq } viewer { unreadMessageCount } }
  }
}
"""
READ = "mutation Read($chat: ID!) { markRead(input: {conversationId: $chat}) { errors { code } } }"
TYPE = "mutation Type($chat: ID!) { setTyping(input: {conversationId: $chat}) { errors { code } } }"
WHO_TYPES = """
subscription WhoTypes($chat: ID!) { typing(conversationId: $chat) { user { name } isTyping expiresInMs } }
"""
COVER = "https://books.example/covers/dune.jpg"


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server on which typing lasts one second."""
    async with make_house(typing_seconds=1) as running:
        yield running


@pytest.fixture
async def dee(people: People) -> Person:
    """Another seller of books."""
    return people.person("dee", "seller", name="Dee")


@pytest.fixture
async def books(host: Person, bob: Person, dee: Person) -> None:
    """Bob sells Dune, and Dee sells Emma."""
    for seller in (bob, dee):
        await seller.ask("{ viewer { id } }")
    owners = {"dune": ("Dune", "bob"), "emma": ("Emma", "dee")}
    for isbn, (title, seller_id) in owners.items():
        owner = {"userExternalId": seller_id, "role": "seller"}
        page = f"https://books.example/{isbn}"
        await list_thing(host, isbn, kind="book", title=title, owner=owner, imageUrl=COVER, url=page)


async def write_about(person: Person, isbn: str, text: str, client_key: str | None = None) -> dict[str, Any]:
    """Write about a book: the payload."""
    payload: dict[str, Any] = await person.ask(WRITE_ABOUT_BOOK, isbn=isbn, text=text, key=client_key or key())
    assert payload["errors"] == [], payload
    return payload


async def write(person: Person, chat_id: str, text: str) -> None:
    """Write into a conversation."""
    assert (await person.ask(WRITE, chat=chat_id, text=text, key=key()))["errors"] == []


class Notified:
    """What came through somebody's one inbox subscription, as a client keeps it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.cursor = ""

    async def next(self, kind: str) -> dict[str, Any]:
        """The next event of a kind; the others are only counted as seen."""
        while True:
            event: dict[str, Any] = await self.stream.next()
            self.cursor = event["cursor"]
            if event["__typename"] == kind:
                return event


@pytest.mark.usefixtures("books")
async def test_the_first_message_makes_the_conversation_once_however_often_a_flaky_client_sends_it(
    ann: Person, bob: Person, house: House
) -> None:
    """Ann's phone loses the answer, sends again three times at once, and then once more with a slip of the finger."""
    once, question = key(), "Is it the hardcover?"
    variables = {"isbn": "dune", "text": question, "key": once}
    body = {"query": WRITE_ABOUT_BOOK, "variables": variables}
    async with ann.http.stream("POST", f"{house.url}/graphql", json=body, headers=ann.headers):
        pass  # The answer came as far as its headers.
    again = await asyncio.gather(*(write_about(ann, "dune", question, once) for _ in range(3)))
    assert again[0] == again[1] == again[2]
    assert again[0]["created"] is False
    assert again[0]["messageEdge"]["node"]["seq"] == 1
    assert again[0]["messageEdge"]["node"]["clientMessageId"] == once
    assert await ann.code(WRITE_ABOUT_BOOK, **{**variables, "text": "Is it signed?"}) == "IDEMPOTENCY_CONFLICT"
    chat = again[0]["conversation"]["id"]
    assert await ann.code(WRITE, chat=chat, text=question, key=once) is None, "one space of keys"
    page = await bob.ask(MY_BOOKS)
    assert page["viewer"]["unreadMessageCount"] == 1
    [edge] = page["conversations"]["edges"]
    assert (edge["node"]["id"], edge["node"]["lastMessage"]["body"]) == (chat, question)


@pytest.mark.usefixtures("books")
async def test_each_book_shows_its_partner_and_what_it_was_when_they_began_to_talk(
    ann: Person, bob: Person, host: Person
) -> None:
    await write_about(ann, "dune", "Is it the hardcover?")
    await write_about(ann, "emma", "Which edition is it?")
    renamed = {"kind": "book", "externalId": "dune", "title": "Dune (sold to Eve)", "imageUrl": None}
    assert (await host.ask(UPSERT_SUBJECT, input=renamed))["errors"] == []
    edges = (await ann.ask(MY_BOOKS))["conversations"]["edges"]
    by_title = {edge["node"]["subjectSnapshot"]["title"]: edge["node"] for edge in edges}
    assert [edge["node"]["counterpart"] for edge in edges] == [
        {"role": "seller", "user": {"name": "Dee"}},
        {"role": "seller", "user": {"name": "Bob"}},
    ]
    assert by_title["Dune"]["subject"]["title"] == "Dune (sold to Eve)"
    assert by_title["Dune"]["subjectSnapshot"] == {
        "title": "Dune",
        "imageUrl": COVER,
        "url": "https://books.example/dune",
    }
    [sold] = (await bob.ask(MY_BOOKS))["conversations"]["edges"]
    assert sold["node"]["counterpart"] == {"role": "buyer", "user": {"name": "Ann"}}


@pytest.mark.usefixtures("books")
async def test_one_subscription_notifies_of_everything_conversations_opened_meanwhile_included(
    ann: Person, bob: Person, cy: Person
) -> None:
    """Bob has nothing yet and only follows his inbox; then it goes quickly, and his connection is lost in between."""
    page = await bob.ask(MY_BOOKS)
    assert page["conversations"]["edges"] == []
    async with bob.follow(NOTIFICATIONS, after=page["viewer"]["inboxCursor"]) as stream:
        notified = Notified(stream)
        anns = (await write_about(ann, "dune", "Is it the hardcover?"))["conversation"]["id"]
        opened = await notified.next("ConversationUpdatedEvent")
        assert opened["conversation"] == {
            "id": anns,
            "state": "OPEN",
            "subjectSnapshot": {"title": "Dune"},
            "counterpart": {"role": "buyer", "user": {"name": "Ann"}},
        }
        first = await notified.next("MessageAddedEvent")
        assert first["message"] == {
            "body": "Is it the hardcover?",
            "sender": {"name": "Ann"},
            "conversation": {"id": anns, "unreadCount": 1},
        }
        cys = (await write_about(cy, "dune", "I take it."))["conversation"]["id"]
        assert (await notified.next("MessageAddedEvent"))["viewer"] == {
            "unreadMessageCount": 2,
            "unreadConversationCount": 2,
        }
    await write(ann, anns, "Hello?")
    async with bob.follow(NOTIFICATIONS, after=notified.cursor) as stream:
        notified = Notified(stream)
        missed = await notified.next("MessageAddedEvent")
        assert (missed["message"]["body"], missed["isReplay"]) == ("Hello?", True)
        assert missed["message"]["conversation"]["unreadCount"] == 2
        await bob.ask(READ, chat=cys)
        read = await notified.next("ReceiptEvent")
        while (read["conversation"]["id"], read["participant"]) != (cys, {"user": {"name": "Bob"}, "lastReadSeq": 1}):
            read = await notified.next("ReceiptEvent")
        assert read["viewer"] == {"unreadMessageCount": 2}


@pytest.mark.usefixtures("books")
async def test_typing_that_nobody_ends_is_over_by_itself_after_a_second(ann: Person, bob: Person) -> None:
    """Bob's phone tells that he types until it is shown, and then dies: nothing more is heard of him."""
    chat = (await write_about(ann, "dune", "Is it the hardcover?"))["conversation"]["id"]
    async with ann.follow(WHO_TYPES, chat=chat) as shown:

        async def is_shown() -> bool:
            assert (await bob.ask(TYPE, chat=chat))["errors"] == []
            return not shown.is_quiet

        await until(is_shown)
        events = [await shown.next()]
        while events[-1]["isTyping"]:
            events.append(await shown.next())
    assert len(events) > 1, "it began before it was over"
    assert {event["user"]["name"] for event in events} == {"Bob"}
    assert all(0 <= event["expiresInMs"] <= 1000 for event in events)
    now = await ann.ask("query TypingNow($id: ID!) { conversation(id: $id) { typing { name } } }", id=chat)
    assert now == {"typing": []}


@pytest.mark.usefixtures("books")
async def test_a_stranger_is_notified_of_nothing_not_even_with_a_borrowed_cursor(
    ann: Person, bob: Person, cy: Person
) -> None:
    """Cy watches his own inbox while others write; the first that he hears of is his own conversation."""
    mine = (await cy.ask(MY_BOOKS))["viewer"]["inboxCursor"]
    bobs = (await bob.ask(MY_BOOKS))["viewer"]["inboxCursor"]
    async with cy.follow(NOTIFICATIONS, after=bobs) as stream:
        assert await stream.ended() == "INVALID_CURSOR"
    async with cy.follow(NOTIFICATIONS, after=mine) as stream:
        chat = (await write_about(ann, "dune", "Is it the hardcover?"))["conversation"]["id"]
        await write(bob, chat, "It is.")
        assert await cy.code(WRITE, chat=chat, text="Sell it to me!", key=key()) == "NOT_FOUND"
        assert await cy.code(TYPE, chat=chat) == "NOT_FOUND"
        async with cy.follow(WHO_TYPES, chat=chat) as shown:
            assert await shown.ended() == "NOT_FOUND"
        own = (await write_about(cy, "emma", "Which edition is it?"))["conversation"]["id"]
        heard = await stream.take(2)
    assert heard[0]["conversation"]["id"] == own
    assert heard[1]["message"]["body"] == "Which edition is it?"
    about_dune = 'query { subject(kind: "book", externalId: "dune") { conversations(first: 5) { edges { cursor } } } }'
    assert (await cy.ask(about_dune))["conversations"]["edges"] == []
    assert await cy.ask('query { user(externalId: "ann") { name } }') is None
