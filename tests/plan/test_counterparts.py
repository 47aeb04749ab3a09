"""The other person of a conversation is the same by itself and beside everybody, for whoever looks."""

from tests import acts, staff
from tests.client import Person
from tests.conftest import OpenHouse
from tests.statements import quiet_people

ALONE = "{ conversations(first: 9) { edges { node { id counterpart { id user { externalId } } } } } }"
BESIDE = ALONE.replace("counterpart", "participants { id } counterpart")


async def names(person: Person, *, as_staff: bool = False) -> dict[str, str | None]:
    """The names of the counterparts, by conversation; asked for both ways."""
    ways = []
    for query in (ALONE, BESIDE):
        found = await person.ask(f"{{ admin {query} }}" if as_staff else query)
        edges = found["conversations" if as_staff else "edges"]
        nodes = [edge["node"] for edge in (edges["edges"] if as_staff else edges)]
        ways.append({node["id"]: node["counterpart"] for node in nodes})
    assert ways[0] == ways[1]
    return {key: one and one["user"]["externalId"] for key, one in ways[0].items()}


async def test_a_counterpart_is_the_only_other_one_who_is_there(make_house: OpenHouse) -> None:
    async with quiet_people(make_house) as people:
        ann, bob, cy = people.ann, people.bob, people.person("cy", "buyer", name="Cy")
        ada = staff.staff_of(people)
        await acts.list_thing(people.host)
        pair = await acts.open_about(ann)
        await acts.book(people.host, "booking-1", "ann", "bob", "cy")
        three = await acts.open_about(ann, "booking-1", kind="booking")
        assert await names(ann) == {pair: "bob", three: None}
        assert await names(bob) == {pair: "ann", three: None}
        assert await names(cy) == {three: None}
        # Who has left is nobody's counterpart, and sees none.
        await acts.book(people.host, "booking-1", "ann", "cy")
        assert await names(ann) == {pair: "bob", three: "cy"}
        assert await names(cy) == {three: "ann"}
        assert await names(bob) == {pair: "ann"}
        # Staff who join are no counterpart, and have none: there are two others.
        await ada.ask(staff.JOIN, input={"conversationId": pair})
        assert await names(ann) == {pair: "bob", three: "cy"}
        assert await names(ada) == {pair: None}
        assert await names(ada, as_staff=True) == {pair: None, three: None}
