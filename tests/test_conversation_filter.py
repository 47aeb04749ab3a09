"""Looking for some of one's conversations: every filter by itself, and all that is given together."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.listings import LIST, ids_listed, opening

ME = "{ viewer { user { id } } }"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Ann's conversations: about Bob's bicycle, about Dee's desk (closed), a ride with both, and a pair with Bob."""

    bike: str
    desk: str
    ride: str
    pair: str
    bob_id: str
    dee_id: str

    def named(self, ids: list[str]) -> set[str]:
        """The words for some ids."""
        words = {self.bike: "bike", self.desk: "desk", self.ride: "ride", self.pair: "pair"}
        return {words[one] for one in ids}


@pytest.fixture
async def drawer(people: People) -> Drawer:
    """All of them; Ann has not read what Bob said about the bicycle and what the pair begins with."""
    ann, bob, dee, host = people.ann, people.bob, people.person("dee", "seller", name="Zoë Déesse"), people.host
    bob_id, dee_id = [(await person.ask(ME))["user"]["id"] for person in (bob, dee)]
    await acts.list_thing(host, title="A red BICYCLE 100%")
    await acts.list_thing(host, "desk-1", title="Straße_desk", owner={"userExternalId": "dee", "role": "seller"})
    await acts.book(host, "ride-1", "ann", "bob", "dee", kind="ride", title="To the sea")
    bike = await acts.open_about(ann)
    desk = await acts.open_about(ann, "desk-1")
    ride = await acts.open_about(ann, "ride-1", kind="ride")
    pair = (await opening(ann, userExternalId="bob"))["conversation"]["id"]
    for thread in (bike, pair):
        await acts.send(bob, thread, "Hello, Ann")
    await acts.send(dee, desk, "Hello, Ann")
    await acts.read(ann, desk)
    await acts.list_thing(host, "desk-1", state="CLOSED")
    return Drawer(bike, desk, ride, pair, bob_id, dee_id)


async def found(person: Person, drawer: Drawer, **filter: Any) -> set[str]:
    """What a person finds by a filter."""
    return drawer.named(await ids_listed(person, filter=filter))


ALL = {"bike", "desk", "ride", "pair"}
TABLE: list[tuple[dict[str, Any], set[str]]] = [
    ({}, ALL),
    ({"unreadOnly": True}, {"bike", "pair"}),
    ({"unreadOnly": False}, ALL),
    ({"unreadOnly": None}, ALL),
    ({"state": "OPEN"}, {"bike", "ride", "pair"}),
    ({"state": "CLOSED"}, {"desk"}),
    ({"state": None}, ALL),
    ({"subjectKind": "listing"}, {"bike", "desk"}),
    ({"subjectKind": "ride"}, {"ride"}),
    ({"subjectKind": "Ride"}, set()),
    ({"subjectKind": None}, ALL),
    ({"archived": False}, ALL),
    ({"archived": None}, ALL),
    ({"archived": True}, set()),
    ({"query": "bicycle"}, {"bike"}),
    ({"query": " BicYcle  "}, {"bike"}),
    ({"query": "BOB"}, {"bike", "ride", "pair"}),
    ({"query": "strasse"}, {"desk"}),
    ({"query": "zoë déESSE"}, {"desk", "ride"}),
    ({"query": "ann"}, set()),
    ({"query": "%"}, {"bike"}),
    ({"query": "_"}, {"desk"}),
    ({"query": "e_s"}, set()),
    ({"query": "\\"}, set()),
    ({"query": "' or 1=1 --"}, set()),
    ({"query": "  "}, ALL),
    ({"query": None}, ALL),
    ({"subjectKind": "listing", "state": "OPEN"}, {"bike"}),
    ({"unreadOnly": True, "query": "hello"}, set()),
    ({"unreadOnly": True, "query": "bob", "subjectKind": "listing"}, {"bike"}),
]


async def test_every_filter_finds_what_it_says(ann: Person, drawer: Drawer) -> None:
    for chosen, wanted in TABLE:
        assert await found(ann, drawer, **chosen) == wanted, chosen


async def test_with_a_person_finds_all_that_they_are_in(ann: Person, bob: Person, drawer: Drawer) -> None:
    assert await found(ann, drawer, withUserId=drawer.bob_id) == {"bike", "ride", "pair"}
    assert await found(ann, drawer, withUserId=drawer.dee_id) == {"desk", "ride"}
    assert await found(ann, drawer, withUserId=drawer.dee_id, state="OPEN") == {"ride"}
    assert await found(bob, drawer, withUserId=drawer.dee_id) == {"ride"}
    assert await found(ann, drawer, withUserId=drawer.bike) == set()
    assert await found(ann, drawer, withUserId="no id") == set()


async def test_without_a_filter_all_are_listed(ann: Person, drawer: Drawer) -> None:
    assert drawer.named(await ids_listed(ann, filter=None)) == ALL


async def test_what_is_read_leaves_the_unread_ones(ann: Person, drawer: Drawer) -> None:
    await acts.read(ann, drawer.bike)
    assert await found(ann, drawer, unreadOnly=True) == {"pair"}
    await acts.send(ann, drawer.pair, "Hello, Bob")
    assert await found(ann, drawer, unreadOnly=True) == set()


async def test_a_title_is_looked_for_as_it_was_at_the_opening(ann: Person, host: Person, drawer: Drawer) -> None:
    """Which is the one that the conversation shows."""
    await acts.list_thing(host, title="A blue tricycle")
    assert await found(ann, drawer, query="bicycle") == {"bike"}
    assert await found(ann, drawer, query="tricycle") == set()


async def test_who_left_is_not_found_any_more(ann: Person, host: Person, drawer: Drawer) -> None:
    await acts.book(host, "ride-1", "ann", "bob", kind="ride", title="To the sea")
    assert await found(ann, drawer, withUserId=drawer.dee_id) == {"desk"}
    assert await found(ann, drawer, query="déesse") == {"desk"}


async def test_pages_of_what_is_found_count_that_only(ann: Person, drawer: Drawer) -> None:
    with_bob = {"withUserId": drawer.bob_id}
    wanted = await ids_listed(ann, filter=with_bob)
    seen: list[str] = []
    end: str | None = None
    for number in range(3):
        page = await ann.ask(LIST, first=1, filter=with_bob, **({"after": end} if end else {}))
        info, end = page["pageInfo"], page["pageInfo"]["endCursor"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        assert (info["hasPreviousPage"], info["hasNextPage"]) == (number > 0, number < 2)
    assert seen == wanted
