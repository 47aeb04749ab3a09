"""People: whom one may look up and list, in which order, and page by page."""

from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.listings import opening

USERS = """
query($first: Int, $after: String, $last: Int, $before: String, $filter: UserFilter) {
  users(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { externalId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
UPSERT = "mutation($input: UpsertUserInput!) { upsertUser(input: $input) { user { id } errors { code } } }"
ME = "{ viewer { user { id } } }"


async def listed(person: Person, **choice: Any) -> list[str]:
    """Whom a person is shown, in order."""
    page = await person.ask(USERS, **{"first": 100, **choice})
    return [edge["node"]["externalId"] for edge in page["edges"]]


async def tell(host: Person, external_id: str, name: str, *roles: str) -> None:
    """The host tells of somebody."""
    payload = await host.ask(UPSERT, input={"externalId": external_id, "name": name, "roles": list(roles)})
    assert payload["errors"] == []


@pytest.fixture
async def market(host: Person) -> None:
    """People with different roles, in no order."""
    await tell(host, "s2", "zoë", "buyer", "seller")
    await tell(host, "s1", "Émile", "seller")
    await tell(host, "d1", "STRASSE", "driver")
    await tell(host, "d2", "Straße", "driver")
    await tell(host, "p1", "anton", "provider")
    await tell(host, "b1", "Berta", "buyer")
    await tell(host, "n1", "Nobody")
    await tell(host, "a1", "Admin", "admin")


async def test_people_of_the_directory_and_oneself_are_listed_by_name_whatever_the_case(
    ann: Person, market: None
) -> None:
    """Case does not part names, and equal names stand in one order."""
    assert await listed(ann) == ["ann", "p1", "d1", "d2", "s2", "s1"]


async def test_who_shares_a_conversation_is_listed_too(ann: Person, bob: Person, cy: Person, market: None) -> None:
    for person in (ann, bob, cy):
        await person.ask(ME)
    assert "cy" not in await listed(ann)
    assert (await opening(ann, userExternalId="cy"))["created"] is True
    assert await listed(ann, filter={"role": "buyer"}) == ["ann", "cy", "s2"]
    assert await listed(cy, filter={"role": "buyer"}) == ["ann", "cy", "s2"]
    assert "ann" not in await listed(bob)


TABLE: list[tuple[dict[str, Any], list[str]]] = [
    ({"role": "seller"}, ["s2", "s1"]),
    ({"role": "Seller"}, []),
    ({"role": "admin"}, []),
    ({"role": "buyer"}, ["ann", "s2"]),
    ({"role": None, "query": None}, ["ann", "p1", "d1", "d2", "s2", "s1"]),
    ({"query": "strasse"}, ["d1", "d2"]),
    ({"query": "Straß"}, ["d1", "d2"]),
    ({"query": " AN "}, ["ann", "p1"]),
    ({"query": "ÉMILE"}, ["s1"]),
    ({"query": "berta"}, []),
    ({"query": "%"}, []),
    ({"query": "_"}, []),
    ({"query": "e", "role": "driver"}, ["d1", "d2"]),
    ({"query": "  "}, ["ann", "p1", "d1", "d2", "s2", "s1"]),
]


async def test_every_filter_finds_whom_it_says(ann: Person, market: None) -> None:
    for chosen, wanted in TABLE:
        assert await listed(ann, filter=chosen) == wanted, chosen


async def test_the_directory_is_a_setting(make_house: OpenHouse) -> None:
    async with make_house(directory_roles=["teacher"]) as house, People(house) as people:
        await tell(people.host, "t1", "Teacher", "teacher")
        await people.bob.ask(ME)
        assert await listed(people.ann) == ["ann", "t1"]


@pytest.mark.parametrize("size", [1, 2, 4, 6, 7])
async def test_pages_put_together_are_the_list_from_either_end(size: int, ann: Person, market: None) -> None:
    wanted = await listed(ann)
    forward: list[str] = []
    end: str | None = None
    while len(forward) < len(wanted):
        page = await ann.ask(USERS, first=size, **({"after": end} if end else {}))
        assert page["pageInfo"]["hasPreviousPage"] is bool(forward)
        forward += [edge["node"]["externalId"] for edge in page["edges"]]
        assert page["pageInfo"]["hasNextPage"] is (len(forward) < len(wanted))
        end = page["pageInfo"]["endCursor"]
    assert forward == wanted
    backward: list[str] = []
    start: str | None = None
    while len(backward) < len(wanted):
        page = await ann.ask(USERS, last=size, **({"before": start} if start else {}))
        assert page["pageInfo"]["hasNextPage"] is bool(backward)
        backward = [edge["node"]["externalId"] for edge in page["edges"]] + backward
        assert page["pageInfo"]["hasPreviousPage"] is (len(backward) < len(wanted))
        start = page["pageInfo"]["startCursor"]
    assert backward == wanted


async def test_many_of_one_name_are_each_listed_once(ann: Person, host: Person) -> None:
    for number in range(5):
        await tell(host, f"m{number}", "Maria", "seller")
    seen: list[str] = []
    end: str | None = None
    for _ in range(3):
        page = await ann.ask(USERS, first=2, filter={"query": "maria"}, **({"after": end} if end else {}))
        seen += [edge["node"]["externalId"] for edge in page["edges"]]
        end = page["pageInfo"]["endCursor"]
    assert seen == [f"m{number}" for number in range(5)]


async def test_a_page_and_its_cursors_are_checked(ann: Person, thread: str) -> None:
    for choice in ({"first": 0}, {"last": 101}, {"first": 1, "last": 1}):
        assert await ann.code(USERS, **choice) == "BAD_USER_INPUT"
    message = await acts.send(ann, thread, "Hello")
    for wrong in (message["cursor"], "no cursor"):
        assert await ann.code(USERS, after=wrong) == "INVALID_CURSOR"
