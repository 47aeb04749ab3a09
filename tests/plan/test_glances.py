"""What is seen of conversations at a glance is what each part of it is by itself, for whoever looks."""

from itertools import combinations
from typing import Any

import pytest

from core.ids import key_of
from db import glances
from db.users import PersonRow
from graph.plan.plans import Plans
from tests import acts, changing, staff
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import open_house
from tests.legs import Home
from tests.plan.both import NoPlans
from tests.statements import counting, quiet_people

PARTS = {
    "counterpart": "counterpart { id role user { externalId name } }",
    "lastMessage": "lastMessage { id seq kind body deletedAt sender { externalId name } }",
    "unreadCount": "unreadCount",
}


def asking(*parts: str) -> str:
    """A query for parts of the viewer's conversations."""
    return f"{{ conversations(first: 20) {{ edges {{ node {{ id {' '.join(PARTS[part] for part in parts)} }} }} }} }}"


async def parts_of(person: Person, *parts: str) -> dict[str, dict[str, Any]]:
    """These parts of all conversations, by conversation."""
    edges = (await person.ask(asking(*parts)))["edges"]
    return {edge["node"].pop("id"): edge["node"] for edge in edges}


async def seen(person: Person) -> dict[str, dict[str, Any]]:
    """All parts of all conversations; the same whichever are asked for together, and in whatever order."""
    alone = [await parts_of(person, part) for part in PARTS]
    together = {key: {name: part for one in alone for name, part in one[key].items()} for key in alone[0]}
    for count in (2, 3):
        for parts in combinations(PARTS, count):
            wanted = {key: {part: whole[part] for part in parts} for key, whole in together.items()}
            assert await parts_of(person, *parts) == await parts_of(person, *reversed(parts)) == wanted
    return together


async def conversations(people: People) -> dict[str, str]:
    """Conversations of every kind, by what is special about each."""
    ann, bob = people.ann, people.bob
    for name in ("bike-1", "bike-2", "bike-3"):
        await acts.list_thing(people.host, name)
    opened = {"empty": await acts.open_about(ann, "bike-1")}
    opened["answered"] = await acts.open_about(ann, "bike-2")
    await acts.send(ann, opened["answered"], "Is it still there?")
    await acts.send(bob, opened["answered"], "It is.")
    opened["deleted"] = await acts.open_about(ann, "bike-3")
    await acts.send(bob, opened["deleted"], "One")
    two = await acts.send(bob, opened["deleted"], "Two")
    await bob.ask(changing.DELETE, input={"messageId": two["id"]})
    await acts.book(people.host, "booking-1", "ann", "bob", "cy")
    opened["three"] = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(people.person("cy", "buyer", name="Cy"), opened["three"], "Hello")
    return opened


@pytest.mark.parametrize("way", [Plans, NoPlans], ids=["by plans", "by resolvers"])
async def test_each_part_is_the_same_by_itself_and_beside_others(home: Home, way: type[Plans]) -> None:
    async with open_house(home.settings(), way) as house, People(house) as people:
        opened = await conversations(people)
        ann, bob, cy = people.ann, people.bob, people.person("cy", "buyer", name="Cy")
        found = await seen(ann)
        assert {name: found[key]["unreadCount"] for name, key in opened.items()} == {
            "empty": 0,
            "answered": 1,
            "deleted": 1,
            "three": 1,
        }
        others = {name: found[key]["counterpart"] for name, key in opened.items()}
        assert others.pop("three") is None
        assert {name: other["user"]["externalId"] for name, other in others.items()} == dict.fromkeys(others, "bob")
        last = {name: found[key]["lastMessage"] for name, key in opened.items()}
        assert last["empty"] is None
        assert (last["answered"]["body"], last["answered"]["sender"]["externalId"]) == ("It is.", "bob")
        assert (last["deleted"]["seq"], last["deleted"]["body"]) == (2, None)
        assert last["three"]["sender"]["externalId"] == "cy"

        # Whose words are the last has left, or is nobody at all; and who joins as staff is nobody's counterpart.
        await acts.book(people.host, "booking-1", "ann", "bob")
        await staff.join(staff.staff_of(people), opened["answered"])
        await acts.list_thing(people.host, "bike-3", state="CLOSED")
        for person, other in ((ann, "bob"), (bob, "ann")):
            found = await seen(person)
            assert {found[key]["counterpart"]["user"]["externalId"] for key in opened.values()} == {other}
        # A stranger, and who was one once more, sees nothing of it.
        assert await seen(cy) == {}


async def test_parts_that_are_asked_for_together_take_one_statement(make_house: OpenHouse) -> None:
    async with quiet_people(make_house) as people:
        await conversations(people)
        for parts in (("counterpart", "lastMessage"), ("lastMessage", "unreadCount"), tuple(PARTS)):
            query = asking(*parts)
            await people.ann.ask(query)
            with counting(people.house) as counted:
                await people.ann.ask(query)
            assert len(counted) == 2, counted.texts


async def test_of_conversations_that_somebody_is_not_in_nothing_is_found(make_house: OpenHouse) -> None:
    async with quiet_people(make_house) as people:
        opened = await conversations(people)
        cy = people.person("cy", "buyer", name="Cy")
        await acts.book(people.host, "booking-1", "ann", "bob")
        places = {key_of(key, "Conversation") or "": 2 for key in opened.values()}
        kinds = glances.Kinds(person=PersonRow)
        async with people.house.palaver.database.reading() as db:
            theirs, nobodys = [
                await glances.find(db, key_of(await staff.user_id(person), "User") or "", places, kinds)
                for person in (people.ann, cy)
            ]
        assert all(theirs)
        assert not any(nobodys)
