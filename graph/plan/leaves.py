"""Scalars and enums as they stand in an answer, written as Python source, exactly as graphql-core would give them."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
)

from graph.plan.selection import Unplanned

#: What needs no change when it is of this class already. URL is text that was checked when it was stored.
_PLAIN = {"ID": "str", "String": "str", "URL": "str", "Boolean": "bool"}
#: Scalars of ours that make something of everything but None.
_NEVER_NOTHING = {"DateTime"}
_INT = "-2147483648 <= v <= 2147483647"


class Names:
    """The objects that generated source refers to."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def of(self, thing: Any) -> str:
        """A name for a thing."""
        name = f"_{len(self.bound)}"
        self.bound[name] = thing
        return name


def leaf(type_: GraphQLOutputType, source: str, names: Names) -> str:
    """Source of the completed value of the expression `source`. What cannot be completed raises."""
    is_required = isinstance(type_, GraphQLNonNull)
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    complete = completer(type_)
    slowly = f"{names.of(complete)}(v)"
    if isinstance(inner, GraphQLEnumType):
        return f"{names.of(_Shown(complete))}[{source}]"
    if isinstance(inner, GraphQLScalarType):
        plain = _PLAIN.get(inner.name)
        null = "" if is_required else " or v is None"
        if plain is not None:
            return f"(v if (v := {source}).__class__ is {plain}{null} else {slowly})"
        if inner.name == "Int":
            return f"(v if (v := {source}).__class__ is int and {_INT}{null} else {slowly})"
        if inner.name in _NEVER_NOTHING:
            return f"({names.of(inner.serialize)}(v) if (v := {source}) is not None else {slowly})"
    return slowly.replace("(v)", f"({source})")


class _Shown(dict[Any, Any]):
    """What the values of an enum are shown as; as many as it has."""

    def __init__(self, complete: Callable[[Any], Any]) -> None:
        self._complete = complete

    def __missing__(self, value: Any) -> Any:
        shown = self[value] = self._complete(value)
        return shown


def completer(type_: GraphQLOutputType) -> Callable[[Any], Any]:
    """A function from a value to what stands in the answer; it raises where graphql-core would tell an error."""
    if isinstance(type_, GraphQLNonNull):
        inner = completer(type_.of_type)

        def required(value: Any) -> Any:
            if value is None:
                raise Unplanned("null where there must be a value")
            return inner(value)

        return required
    if isinstance(type_, GraphQLList):
        item = completer(type_.of_type)

        def items(value: Any) -> Any:
            return None if value is None else [item(one) for one in value]

        return items
    if isinstance(type_, GraphQLEnumType):
        return _serializer(type_)
    if isinstance(type_, GraphQLScalarType):
        return _serializer(type_)
    raise Unplanned(f"a leaf of type {type_}")


def _serializer(type_: GraphQLLeafType) -> Callable[[Any], Any]:
    serialize = type_.serialize

    def serialized(value: Any) -> Any:
        if value is None:
            return None
        shown = serialize(value)
        if shown is None:
            raise Unplanned("a scalar that becomes nothing")
        return shown

    return serialized
