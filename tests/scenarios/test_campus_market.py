"""A campus market: posts and rides, each with a Contact button, and one conversation for each post and contacter."""

from typing import Any

import pytest

from tests.acts import UPSERT_SUBJECT, key, list_thing
from tests.client import People, Person

CONTACT_BUTTON = """
query ContactButton($kind: String!, $id: ID!) {
  subject(kind: $kind, externalId: $id) {
    title
    state
    owner { name }
    viewerCanContact
    contactRefusal
    conversations(first: 1) { edges { node { id state } } }
  }
}
"""
CONTACT = """
mutation Contact($kind: String!, $id: ID!, $text: String!, $key: String!) {
  openConversation(input: {
    subject: {kind: $kind, externalId: $id}, firstMessage: {body: $text, clientMessageId: $key}
  }) {
    created
    conversation {
      id cursor subject { title } counterpart { role user { name } } viewerParticipant { role }
    }
    errors { code reason path ... on ContactRefusedError { refusal } }
  }
}
"""
WHO_WROTE = """
query WhoWrote($kind: String!, $id: ID!, $after: String) {
  subject(kind: $kind, externalId: $id) {
    conversations(first: 2, after: $after) {
      edges { node { id unreadCount counterpart { role user { name } } lastMessage { body } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
ANSWER = """
mutation Answer($thread: ID!, $text: String!, $key: String!) {
  sendMessage(input: {conversationId: $thread, body: $text, clientMessageId: $key}) {
    message { id }
    errors { code reason path }
  }
}
"""
TYPE = "mutation Type($thread: ID!) { setTyping(input: {conversationId: $thread}) { errors { code } } }"
THREAD = """
query Thread($thread: ID!) {
  conversation(id: $thread) {
    state
    subject { state }
    messages(first: 20) { edges { node { kind body sender { name } } } }
  }
}
"""
WATCH = """
subscription Watch($thread: ID!, $after: String) {
  conversationEvents(conversationId: $thread, after: $after) {
    __typename
    ... on ConversationUpdatedEvent { conversation { id state subject { viewerCanContact contactRefusal } } }
  }
}
"""


@pytest.fixture
async def posts(host: Person) -> None:
    """Bob, who has not signed in yet, sells a desk and drives to the city on Friday."""
    told = """
    mutation Student($input: UpsertUserInput!) { upsertUser(input: $input) { user { name } errors { code } } }
    """
    assert (await host.ask(told, input={"externalId": "bob", "name": "Bob"}))["user"] == {"name": "Bob"}
    await list_thing(host, "desk", kind="post", title="A desk", owner={"userExternalId": "bob", "role": "poster"})
    await list_thing(
        host,
        "friday",
        kind="ride",
        title="Friday to the city",
        owner={"userExternalId": "bob", "role": "driver"},
        contacterRole="passenger",
    )


async def button(person: Person, kind: str, post: str) -> tuple[bool, str | None]:
    """Is there a Contact button, and if not, why?"""
    subject = await person.ask(CONTACT_BUTTON, kind=kind, id=post)
    return subject["viewerCanContact"], subject["contactRefusal"]


async def contact(person: Person, kind: str, post: str, text: str) -> dict[str, Any]:
    """Press the button and write: the conversation."""
    payload = await person.ask(CONTACT, kind=kind, id=post, text=text, key=key())
    assert payload["errors"] == [], payload
    conversation: dict[str, Any] = payload["conversation"]
    return conversation


async def set_ride(host: Person, state: str) -> None:
    """The ride is full, or free again; the host says no more than that."""
    payload = await host.ask(UPSERT_SUBJECT, input={"kind": "ride", "externalId": "friday", "state": state})
    assert payload["errors"] == [], payload


@pytest.mark.usefixtures("posts")
async def test_everybody_but_the_poster_has_a_contact_button(ann: Person, bob: Person, cy: Person) -> None:
    for person in (ann, cy):
        assert await button(person, "ride", "friday") == (True, None)
    for kind, post in (("post", "desk"), ("ride", "friday")):
        assert await button(bob, kind, post) == (False, "IS_OWNER")
    payload = await bob.ask(CONTACT, kind="post", id="desk", text="Hello, me.", key=key())
    assert payload["conversation"] is None
    [error] = payload["errors"]
    assert (error["code"], error["refusal"], error["path"]) == ("CONTACT_REFUSED", "IS_OWNER", ["input", "subject"])
    assert (await bob.ask(CONTACT_BUTTON, kind="post", id="desk"))["conversations"]["edges"] == []
    assert await ann.ask(CONTACT_BUTTON, kind="ride", id="desk") is None, "a post is no ride"


@pytest.mark.usefixtures("posts")
async def test_each_post_and_contacter_have_one_conversation(ann: Person, bob: Person, cy: Person) -> None:
    desk = await contact(ann, "post", "desk", "How wide is it?")
    ride = await contact(ann, "ride", "friday", "Is there a seat left?")
    other = await contact(cy, "ride", "friday", "Two seats, please.")
    assert len({desk["id"], ride["id"], other["id"]}) == 3
    assert (await contact(ann, "ride", "friday", "With a suitcase."))["id"] == ride["id"]
    assert ride["subject"] == {"title": "Friday to the city"}
    assert ride["counterpart"] == {"role": "driver", "user": {"name": "Bob"}}
    assert ride["viewerParticipant"] == {"role": "passenger"}
    assert desk["counterpart"]["role"] == "poster"
    page = await ann.ask(CONTACT_BUTTON, kind="ride", id="friday")
    assert page["conversations"]["edges"] == [{"node": {"id": ride["id"], "state": "OPEN"}}]


@pytest.mark.usefixtures("posts")
async def test_the_poster_sees_all_conversations_of_a_post_and_answers_each(
    ann: Person, bob: Person, cy: Person, people: People
) -> None:
    """Three ask about the ride, the latest first; each sees only their own, and answers only reach who asked."""
    eve = people.person("eve", name="Eve")
    threads = {
        person.sub: (await contact(person, "ride", "friday", text))["id"]
        for person, text in ((ann, "A seat?"), (cy, "Two seats?"), (eve, "Do you stop halfway?"))
    }
    await contact(ann, "post", "desk", "How wide is it?")
    wrote: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = (await bob.ask(WHO_WROTE, kind="ride", id="friday", after=after))["conversations"]
        wrote += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [(one["counterpart"]["user"]["name"], one["lastMessage"]["body"]) for one in wrote] == [
        ("Eve", "Do you stop halfway?"),
        ("Cy", "Two seats?"),
        ("Ann", "A seat?"),
    ]
    assert {one["unreadCount"] for one in wrote} == {1}
    for person in (ann, cy, eve):
        mine = (await person.ask(WHO_WROTE, kind="ride", id="friday"))["conversations"]["edges"]
        assert [edge["node"]["id"] for edge in mine] == [threads[person.sub]]
    answered = await bob.ask(ANSWER, thread=threads["ann"], text="Yes, one.", key=key())
    assert answered["errors"] == []
    thread = await ann.ask(THREAD, thread=threads["ann"])
    assert [edge["node"]["body"] for edge in thread["messages"]["edges"]] == ["A seat?", "Yes, one."]
    thread = await cy.ask(THREAD, thread=threads["cy"])
    assert [edge["node"]["body"] for edge in thread["messages"]["edges"]] == ["Two seats?"]


@pytest.mark.usefixtures("posts")
async def test_a_closed_ride_can_be_read_and_nothing_can_be_sent_until_it_opens_again(
    ann: Person, bob: Person, cy: Person, host: Person
) -> None:
    """Ann watches: the ride closes under her page, whose button then says why it is gone, and opens again."""
    ride = await contact(ann, "ride", "friday", "Is there a seat left?")
    async with ann.follow(WATCH, thread=ride["id"], after=ride["cursor"]) as page:
        await set_ride(host, "CLOSED")
        closed = await _next_update(page)
        assert closed["state"] == "CLOSED"
        assert closed["subject"] == {"viewerCanContact": False, "contactRefusal": "SUBJECT_CLOSED"}

        thread = await bob.ask(THREAD, thread=ride["id"])
        assert (thread["state"], thread["subject"]["state"]) == ("CLOSED", "CLOSED")
        assert [edge["node"]["body"] for edge in thread["messages"]["edges"]] == ["Is there a seat left?"]
        for person in (ann, bob):
            assert await person.code(ANSWER, thread=ride["id"], text="Hello?", key=key()) == "CONVERSATION_CLOSED"
            assert await person.code(TYPE, thread=ride["id"]) == "CONVERSATION_CLOSED"
        late = {"kind": "ride", "id": "friday", "text": "And now?"}
        assert await ann.code(CONTACT, **late, key=key()) == "CONVERSATION_CLOSED"
        [refused] = (await cy.ask(CONTACT, **late, key=key()))["errors"]
        assert (refused["code"], refused["refusal"]) == ("CONTACT_REFUSED", "SUBJECT_CLOSED")
        assert await button(cy, "ride", "friday") == (False, "SUBJECT_CLOSED")
        assert await button(cy, "post", "desk") == (True, None)

        await set_ride(host, "ACTIVE")
        assert (await _next_update(page))["state"] == "OPEN"
    assert (await bob.ask(ANSWER, thread=ride["id"], text="One seat is free again.", key=key()))["errors"] == []


async def _next_update(page: Any) -> dict[str, Any]:
    while True:
        event = await page.next()
        if event["__typename"] == "ConversationUpdatedEvent":
            conversation: dict[str, Any] = event["conversation"]
            return conversation


@pytest.mark.usefixtures("posts")
async def test_another_contacter_of_the_same_ride_gets_nothing_of_the_conversation(
    ann: Person, bob: Person, cy: Person
) -> None:
    """Cy may see the ride and write to the driver; that opens no way into Ann's thread."""
    ride = await contact(ann, "ride", "friday", "Is there a seat left?")
    pose = """
    mutation Pose($input: OpenConversationInput!) {
      openConversation(input: $input) { conversation { id } errors { code } }
    }
    """
    with_ann = {"subject": {"kind": "ride", "externalId": "friday"}, "userExternalId": "ann"}
    assert (await cy.ask(pose, input=with_ann))["conversation"] is None
    assert await bob.ask(pose, input=with_ann) == {"conversation": {"id": ride["id"]}, "errors": []}
    await contact(cy, "ride", "friday", "Two seats, please.")
    assert (await cy.ask(pose, input=with_ann))["conversation"] is None, "nor with a thread of his own"
    assert await cy.ask(THREAD, thread=ride["id"]) is None
    assert await cy.code(ANSWER, thread=ride["id"], text="She will not come.", key=key()) == "NOT_FOUND"
    assert await cy.code(TYPE, thread=ride["id"]) == "NOT_FOUND"
    async with cy.follow(WATCH, thread=ride["id"]) as page:
        assert await page.ended() == "NOT_FOUND"
