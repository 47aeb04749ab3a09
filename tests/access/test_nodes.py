"""Everything with an id can be fetched again by those who see it, and by nobody else."""

from collections.abc import Callable

import pytest
from graphql import GraphQLInterfaceType

from graph.roots import schema
from tests.access.things import Things, twin
from tests.access.world import World

SCHEMA = schema._schema
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"
NODE = "query($id: ID!) { node(id: $id) { id __typename } }"
VIEWER = "{ viewer { id } }"

#: Something of Ann's and Bob's of each type. Bob is a seller, whom everybody sees; Ann is not.
IDS: dict[str, Callable[[Things], str]] = {
    "User": lambda things: things.ann,
    "Subject": lambda things: things.subject,
    "Conversation": lambda things: things.conversation,
    "Participant": lambda things: things.participant,
    "Message": lambda things: things.message,
    "Attachment": lambda things: things.file,
    "AuditEntry": lambda things: things.entry,
    "Report": lambda things: things.report,
    "MessageTemplate": lambda things: things.template,
}
#: Who sees it, and who does not, where it is not Ann's and Bob's: what is Ann's alone, and what is staff's.
SEEN_BY = {"AuditEntry": ("sam", "ada"), "Report": ("ann",), "MessageTemplate": ("ann",)}
_OWN = ("bob", "cy", "ada", "host")
HIDDEN_FROM = {"AuditEntry": ("ann", "bob", "cy", "host", "rex"), "Report": _OWN, "MessageTemplate": _OWN}
each_type = pytest.mark.parametrize("type_name", IDS)


def test_every_type_with_an_id_is_here() -> None:
    node = SCHEMA.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    types = {kind.name for kind in SCHEMA.get_possible_types(node)}
    assert types == set(IDS), "add an id of the new type to IDS, of a thing that only Ann and Bob see"


@each_type
async def test_members_fetch_it(type_name: str, world: World) -> None:
    for name in SEEN_BY.get(type_name, ("ann", "bob")):
        thing = IDS[type_name](world.things(name))
        assert await world.cast[name].ask(NODE, id=thing) == {"id": thing, "__typename": type_name}
        assert await world.cast[name].ask(NODES, ids=[thing]) == [{"id": thing, "__typename": type_name}]


@each_type
async def test_strangers_fetch_nothing_by_it(type_name: str, world: World) -> None:
    for name in HIDDEN_FROM.get(type_name, ("cy", "ada", "host")):
        person, thing = world.cast[name], IDS[type_name](world.things(name))
        assert await person.ask(NODE, id=thing) is None
        assert await person.ask(NODES, ids=[thing, twin(thing)]) == [None, None]
        assert await person.answer(NODE, id=thing) == await person.answer(NODE, id=twin(thing))


async def test_one_of_many_that_is_not_visible_is_null_in_its_place(world: World) -> None:
    cy, things = world.cast["cy"], world.things("cy")
    ids = [things.conversation, things.home, things.message]
    assert await cy.ask(NODES, ids=ids) == [None, {"id": things.home, "__typename": "Conversation"}, None]


async def test_the_viewer_of_another_is_nothing_that_can_be_fetched(world: World) -> None:
    viewer = await world.cast["ann"].ask(VIEWER)
    for name in ("ann", "cy"):
        assert await world.cast[name].ask(NODE, id=viewer["id"]) is None


async def test_an_id_of_one_type_is_no_id_of_another(world: World) -> None:
    """Also for a member, who may see both."""
    ann, things = world.cast["ann"], world.things("ann")
    assert await ann.ask("query($id: ID!) { conversation(id: $id) { id } }", id=things.message) is None
    payload = await ann.ask(
        "mutation($id: ID!) { markRead(input: { conversationId: $id }) { errors { code } } }", id=things.ann
    )
    assert payload == {"errors": [{"code": "NOT_FOUND"}]}
