"""What even members do not see of each other, and what people who only know of each other do not."""

from typing import Any

from tests import acts
from tests.access.world import UPSERT_USER, open_with, upload
from tests.client import Person

KEYS = """
query($id: ID!) {
  conversation(id: $id) {
    unreadCount
    lastMessage { clientMessageId }
    messages(first: 9) { edges { node { clientMessageId } } }
  }
}
"""
KEY_HEARD = """
subscription($id: ID!) { messageAdded(conversationId: $id) { message { clientMessageId } } }
"""
COUNTS = "{ viewer { unreadMessageCount unreadConversationCount } }"
PRESENCE = "query($id: ID!) { user(externalId: $id) { presence { status } } }"
WHO = "query($id: ID!) { user(externalId: $id) { externalId } }"
SUBJECT = """
query { subject(kind: "listing", externalId: "bike-1") {
  owner { externalId presence { status } }
  conversations { edges { node { id } } }
} }
"""

SAY = """
mutation($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) {
    messageEdges { node { body conversation {
      id
      unreadCount
      lastMessage { body }
      firstUnreadMessage { body }
      participants { id }
      counterpart { id }
      viewerParticipant { id }
      typing { id }
      messages(last: 9) { edges { node { body } } pageInfo { hasNextPage hasPreviousPage } }
    } } }
    errors { code }
  }
}
"""


async def keys_seen(person: Person, thread: str) -> set[str | None]:
    """The clientMessageIds that a person is told of a conversation."""
    found = await person.ask(KEYS, id=thread)
    nodes: list[Any] = [found["lastMessage"], *(edge["node"] for edge in found["messages"]["edges"])]
    return {node["clientMessageId"] for node in nodes}


async def test_a_senders_own_key_is_null_to_others(ann: Person, bob: Person, thread: str) -> None:
    async with ann.follow(KEY_HEARD, id=thread) as mine, bob.follow(KEY_HEARD, id=thread) as theirs:
        await acts.read(bob, thread)
        await acts.send(ann, thread, "Hello", "the key of Ann's")
        assert (await mine.next())["message"] == {"clientMessageId": "the key of Ann's"}
        assert (await theirs.next())["message"] == {"clientMessageId": None}
    assert await keys_seen(ann, thread) == {"the key of Ann's"}
    assert await keys_seen(bob, thread) == {None}


async def test_each_is_told_their_own_counts_only(ann: Person, bob: Person, cy: Person, thread: str) -> None:
    await acts.send(ann, thread, "Hello")
    await acts.send(ann, thread, "Are you there?")
    assert await bob.ask(COUNTS) == {"unreadMessageCount": 2, "unreadConversationCount": 1}
    for person in (ann, cy):
        assert await person.ask(COUNTS) == {"unreadMessageCount": 0, "unreadConversationCount": 0}
    assert (await ann.ask(KEYS, id=thread))["unreadCount"] == 0
    assert (await bob.ask(KEYS, id=thread))["unreadCount"] == 2


async def test_who_shares_no_conversation_sees_no_presence(ann: Person, bob: Person, cy: Person, thread: str) -> None:
    """Bob is a seller: everybody sees him, and only those who talk with him see whether he is there."""
    await bob.ask(COUNTS)
    assert (await ann.ask(PRESENCE, id="bob"))["presence"] == {"status": "OFFLINE"}
    assert (await cy.ask(PRESENCE, id="bob")) == {"presence": None}
    assert (await cy.ask(SUBJECT))["owner"] == {"externalId": "bob", "presence": None}
    await acts.open_about(cy)
    assert (await cy.ask(PRESENCE, id="bob"))["presence"] == {"status": "OFFLINE"}


async def test_people_are_seen_by_themselves_and_by_those_who_talk_with_them(
    ann: Person, bob: Person, cy: Person, thread: str
) -> None:
    assert await ann.ask(WHO, id="ann") == {"externalId": "ann"}
    assert await bob.ask(WHO, id="ann") == {"externalId": "ann"}
    await cy.ask(COUNTS)
    assert await cy.ask(WHO, id="ann") is None
    assert await bob.ask(WHO, id="cy") is None
    await open_with(cy, "ann")
    assert await cy.ask(WHO, id="ann") == {"externalId": "ann"}
    assert await bob.ask(WHO, id="cy") is None


async def test_who_is_listed_no_longer_is_seen_no_longer(cy: Person, bob: Person, host: Person) -> None:
    await bob.ask(COUNTS)
    assert await cy.ask(WHO, id="bob") == {"externalId": "bob"}
    payload = await host.ask(UPSERT_USER, input={"externalId": "bob", "roles": ["buyer"]})
    assert payload["errors"] == []
    assert await cy.ask(WHO, id="bob") is None


async def test_a_buyer_sees_their_own_conversation_about_a_listing_and_the_owner_all(
    ann: Person, bob: Person, cy: Person, thread: str
) -> None:
    cys = await acts.open_about(cy)

    async def seen(person: Person) -> list[str]:
        subject = await person.ask(SUBJECT)
        return [edge["node"]["id"] for edge in subject["conversations"]["edges"]]

    assert await seen(ann) == [thread]
    assert await seen(cy) == [cys]
    assert await seen(bob) == [cys, thread]


async def test_an_unsent_file_is_its_owners_alone(ann: Person, bob: Person, thread: str) -> None:
    """Also to whom it is going to be sent."""
    file = await upload(ann, "My offer")
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert await ann.ask(query, id=file["id"]) == {"id": file["id"]}
    assert await bob.ask(query, id=file["id"]) is None


async def test_nothing_of_others_is_heard(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    """What Ann and Bob do reaches no stream of Cy's: the first that he hears is what is said to himself."""
    await cy.ask(COUNTS)
    query = "subscription { inbox { __typename ... on MessageAddedEvent { message { body } } } }"
    async with cy.follow(query) as heard:
        mark = await open_with(cy, "bob")
        assert (await heard.next())["__typename"] == "ConversationUpdatedEvent"
        await acts.send(ann, thread, "A secret")
        await acts.read(bob, thread)
        await host.ask(
            "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }",
            input={"conversationId": thread, "body": "A reminder", "clientMessageId": acts.key()},
        )
        await acts.send(bob, mark, "Hello, Cy")
        event = await heard.next()
        assert event == {"__typename": "MessageAddedEvent", "message": {"body": "Hello, Cy"}}


async def test_the_host_who_speaks_in_it_sees_nothing_of_it(ann: Person, bob: Person, host: Person) -> None:
    """But what it said itself, and where."""
    await acts.book(host)
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(ann, booking, "A secret")
    said = {"conversationId": booking, "body": "A reminder", "clientMessageId": acts.key()}
    (edge,) = (await host.ask(SAY, input=said))["messageEdges"]
    message = edge["node"]
    assert (message["body"], message["conversation"].pop("id")) == ("A reminder", booking)
    assert message["conversation"] == {
        "unreadCount": 0,
        "lastMessage": None,
        "firstUnreadMessage": None,
        "participants": [],
        "counterpart": None,
        "viewerParticipant": None,
        "typing": [],
        "messages": {"edges": [], "pageInfo": {"hasNextPage": False, "hasPreviousPage": False}},
    }
