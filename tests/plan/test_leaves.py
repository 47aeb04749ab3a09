"""Scalars and enums stand in an answer as graphql-core would put them there, or else the plan gives up."""

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLLeafType, GraphQLList, GraphQLNonNull, is_leaf_type

from graph.plan.leaves import Names, leaf
from graph.roots import schema
from graph.schema.messages import MessageKind

#: What a row might hold, rightly or wrongly.
VALUES: tuple[Any, ...] = (
    None,
    "",
    "TEXT",
    "text",
    "https://market.example",
    MessageKind.TEXT,
    True,
    False,
    0,
    1,
    -(2**31),
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    1_795_819_877_362,
    1.0,
    1.5,
    float("nan"),
    float("inf"),
    [],
    {"a": 1},
)
LEAVES = [
    type_
    for type_ in schema._schema.type_map.values()
    if is_leaf_type(type_) and not type_.name.startswith("__") and type_.name != "Upload"
]
NOTHING = object()


def by_plan(type_: Any, value: Any) -> Any:
    """What the generated source makes of it."""
    names = Names()
    source = leaf(type_, "given", names)
    try:
        return eval(source, {**names.bound, "given": value})
    except Exception:  # noqa: BLE001 - whatever it is, graphql-core decides then
        return NOTHING


def by_graphql(type_: Any, value: Any) -> Any:
    """What graphql-core makes of it."""
    if isinstance(type_, GraphQLNonNull):
        shown = by_graphql(type_.of_type, value)
        return NOTHING if shown is None else shown
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        items = [by_graphql(type_.of_type, item) for item in value]
        return NOTHING if NOTHING in items else items
    try:
        return type_.serialize(value)
    except (GraphQLError, ValueError, TypeError, OverflowError):
        return NOTHING


@pytest.mark.parametrize("type_", LEAVES, ids=str)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_shown_as_graphql_core_shows_it(type_: GraphQLLeafType, value: Any) -> None:
    """One that may be null, and one that may not; what is refused there is never shown here."""
    for wrapped in (type_, GraphQLNonNull(type_)):
        expected, found = by_graphql(wrapped, value), by_plan(wrapped, value)
        assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize("items", [[], ["a"], ["a", None], [None], None])
def test_lists_of_leaves_are_shown_likewise(items: Any) -> None:
    """With and without nulls in them."""
    text = schema._schema.type_map["String"]
    assert isinstance(text, GraphQLLeafType)
    for item in (text, GraphQLNonNull(text)):
        for type_ in (GraphQLList(item), GraphQLNonNull(GraphQLList(item))):
            assert by_plan(type_, items) == by_graphql(type_, items)


def test_there_are_leaves_of_every_kind() -> None:
    assert {"ID", "Int", "Float", "String", "Boolean", "DateTime", "URL"} < {type_.name for type_ in LEAVES}
    assert any(isinstance(type_, GraphQLEnumType) for type_ in LEAVES)
