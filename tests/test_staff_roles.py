"""Staff whose role is gone: they are out of all that they joined by it, and of nothing that is their own."""

import asyncio
import time
from typing import Any

import pytest

from tests import acts, staff
from tests.client import People, Person, sign
from tests.explaining import explain
from tests.house import House
from tests.statements import counting
from tests.storage import run_sql
from tests.tokens import make

UPSERT = "mutation($i: UpsertUserInput!) { upsertUser(input: $i) { errors { code } } }"

INBOX = """
subscription($after: String) {
  inbox(after: $after) { __typename ... on ConversationRemovedEvent { conversationId } }
}
"""
#: What shows a conversation to who is in it, each by another statement.
LOOK = """
query($id: ID!, $message: ID!) {
  conversation(id: $id) { id }
  conversations(first: 10) { edges { node { id } } }
  node(id: $message) { id }
  nodes(ids: [$id, $message]) { id }
  searchMessages(query: "red", first: 5) { edges { node { id } } }
  inThis: searchMessages(query: "red", conversationId: $id, first: 5) { edges { node { id } } }
  viewer { unreadMessageCount }
}
"""

SEEN_BY_NOBODY: dict[str, Any] = {
    "conversation": None,
    "conversations": {"edges": []},
    "node": None,
    "nodes": [None, None],
    "searchMessages": {"edges": []},
    "inThis": {"edges": []},
    "viewer": {"unreadMessageCount": 0},
}


@pytest.fixture
def ada(people: People) -> Person:
    """Staff, for an hour: a token says when it was made in whole seconds, and hers is not of this one."""
    return people.person("ada", "admin", name="Ada", iat=int(time.time()) - 600)


def without_role(person: Person, **claims: Any) -> Person:
    """The same one, with another token, made now unless it says otherwise, that has no role."""
    return Person(person.house, person.http, person.sub, sign(person.sub, **{"name": "Ada", **claims}))


async def test_a_newer_token_without_the_role_ends_what_was_joined(
    ann: Person, bob: Person, ada: Person, thread: str
) -> None:
    """By every path, and for what goes on with the older token too."""
    sent = await acts.send(ann, thread, "Is it red?")
    await staff.join(ada, thread)
    seen = await ada.ask(LOOK, id=thread, message=sent["id"])
    assert seen["node"] == {"id": sent["id"]}
    assert [edge["node"]["id"] for edge in seen["inThis"]["edges"]] == [sent["id"]]
    ordinary = without_role(ada)
    async with (
        ada.follow(staff.EVENTS, id=thread) as hers,
        ada.follow(INBOX) as inbox,
        ann.follow(staff.EVENTS, id=thread) as anns,
    ):
        assert await ordinary.ask(LOOK, id=thread, message=sent["id"]) == SEEN_BY_NOBODY
        assert await hers.ended() == "NOT_FOUND"
        assert await staff.heard(inbox) == {"__typename": "ConversationRemovedEvent", "conversationId": thread}
        assert (await staff.heard(anns))["__typename"] == "ConversationUpdatedEvent"
    assert await staff.roles_in(bob, thread) == ["seller", "buyer"]
    assert await ada.ask(LOOK, id=thread, message=sent["id"]) == SEEN_BY_NOBODY
    for person in (ordinary, ada):
        fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k1"}
        assert await person.code(acts.SEND, input=fields) == "NOT_FOUND"
        async with person.connect() as line:
            assert await (await line.subscribe(staff.EVENTS, id=thread)).ended() == "NOT_FOUND"
    assert await staff.departures(ada) == [("ada", thread, "The role is gone.")]


async def test_the_hosts_word_ends_it_at_once(ann: Person, host: Person, ada: Person, thread: str) -> None:
    """With no token of hers but the one that still has the role."""
    await staff.join(ada, thread)
    for roles in ({}, {"roles": ["buyer", "admin"]}):
        assert (await host.ask(UPSERT, i={"externalId": "ada", **roles}))["errors"] == []
        assert await staff.is_member(ada, thread)
    async with ada.follow(staff.EVENTS, id=thread) as hers:
        assert (await host.ask(UPSERT, i={"externalId": "ada", "roles": ["buyer"]}))["errors"] == []
        assert await hers.ended() == "NOT_FOUND"
    assert not await staff.is_member(ada, thread)
    assert await staff.roles_in(ann, thread) == ["seller", "buyer"]
    assert await staff.departures(ada) == [("market", thread, "The role is gone.")]


async def test_what_is_told_now_ends_it_whatever_the_clock_of_another_server_says(
    house: House, host: Person, ada: Person, thread: str
) -> None:
    """One that is ahead let her in, as it seems after this moment; a token of before that is no such word."""
    for is_told in (False, True):
        await staff.join(ada, thread)
        await run_sql(house, "update participants set joined_at = joined_at + 20000 where role = 'staff'")
        await without_role(ada, iat=int(time.time()) - 60 + is_told).ask("{ viewer { id } }")
        assert await staff.is_member(ada, thread)
        if is_told:
            await host.ask(UPSERT, i={"externalId": "ada", "roles": ["buyer"]})
        else:
            await without_role(ada, iat=None).ask("{ viewer { id } }")
        assert not await staff.is_member(ada, thread)


async def test_no_other_word_ends_it(people: People, cy: Person, ada: Person, thread: str) -> None:
    """Neither an older token of hers, nor one that others have."""
    await staff.join(ada, thread)
    await without_role(ada, iat=int(time.time()) - 60).ask("{ viewer { id } }")
    await without_role(people.person("sam", "admin")).ask("{ viewer { id } }")
    await cy.ask("{ viewer { id } }")
    await people.host.ask(UPSERT, i={"externalId": "cy", "roles": ["buyer"]})
    assert await staff.is_member(ada, thread)
    assert await staff.departures(ada) == []


async def test_a_token_that_does_not_say_when_it_was_made_was_made_now(ada: Person, thread: str) -> None:
    """Each of them is looked at, also when another one said the same before."""
    ends = int(time.time()) + 3600
    for number in range(2):
        await staff.join(ada, thread)
        token = make(sub="ada", name="Ada", exp=ends + number)
        assert not await staff.is_member(Person(ada.house, ada.http, "ada", token), thread)
    assert len(await staff.departures(ada)) == 2


async def test_what_is_ones_own_stays(people: People, ada: Person, thread: str) -> None:
    """Somebody who is staff sells a desk too."""
    desk = {"userExternalId": "ada", "role": "seller"}
    await acts.list_thing(people.host, "desk-1", title="A desk", owner=desk)
    own = await acts.open_about(people.cy, "desk-1")
    await staff.join(ada, thread)
    ordinary = without_role(ada)
    assert (await staff.is_member(ordinary, own), await staff.is_member(ordinary, thread)) == (True, False)
    assert await staff.roles_in(people.cy, own) == ["seller", "buyer"]


async def test_who_never_joined_anything_is_looked_up_in_an_index_of_those_who_did(house: House, ann: Person) -> None:
    """It is asked at each new token of anybody's, also of who is in ten thousand conversations."""
    await ann.ask("{ viewer { id } }")
    with counting(house) as counted:
        await without_role(ann).ask("{ viewer { id } }")
    looked = [statement for statement in counted.texts if "is_staff" in statement]
    assert len(looked) == 1
    accesses = await explain(house.palaver.database, looked)
    assert [(access.table, access.index) for access in accesses if access.table == "participants"] == [
        ("participants", "ix_participants_user_id_is_staff")
    ]


async def test_many_tokens_at_once_end_it_once(ada: Person, thread: str) -> None:
    await staff.join(ada, thread)
    others = [without_role(ada, exp=time.time() + 100 + number, nonce=number) for number in range(6)]
    assert await asyncio.gather(*(staff.is_member(other, thread) for other in others)) == [False] * 6
    assert await staff.departures(ada) == [("ada", thread, "The role is gone.")]
