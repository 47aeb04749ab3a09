"""Inputs that graphql-core leaves as they are: recognised, and made into what resolvers get, without asking it."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import Any, Protocol

import strawberry
from graphql import GraphQLInputObjectType, GraphQLInputType, GraphQLList, GraphQLNonNull, Undefined
from strawberry.types.base import StrawberryObjectDefinition

#: Scalars whose values in JSON are taken as they are, and the one class that these have then.
PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Int": int, "Boolean": bool}
LEAST_INT, MOST_INT = -(2**31), 2**31 - 1


class Shape(Protocol):
    """What values of a type look like when nothing has to be done to them. None is none of them."""

    def takes(self, value: Any) -> bool:
        """Is this such a value?"""

    def make(self, value: Any) -> Any:
        """The value as resolvers get it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A scalar."""

    kind: type

    def takes(self, value: Any) -> bool:
        """Is it of the scalar's class?"""
        if self.kind is int:
            return value.__class__ is int and LEAST_INT <= value <= MOST_INT
        return value.__class__ is self.kind

    def make(self, value: Any) -> Any:
        """The same."""
        return value


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list, or a field of an object: a shape, and whether it may be null."""

    shape: Shape
    is_required: bool
    name: str = ""

    def takes(self, value: Any) -> bool:
        """Is it null where it may be, or of the shape?"""
        return not self.is_required if value is None else self.shape.takes(value)

    def make(self, value: Any) -> Any:
        """The value as resolvers get it."""
        return None if value is None else self.shape.make(value)


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    item: Entry

    def takes(self, value: Any) -> bool:
        """Is it a list of nothing else? One value alone would have to be put into a list."""
        return value.__class__ is list and all(map(self.item.takes, value))

    def make(self, value: Any) -> Any:
        """A list of its own."""
        return [self.item.make(item) for item in value]


@dataclass(frozen=True, slots=True)
class Record:
    """An input object."""

    fields: Mapping[str, Entry]
    required: frozenset[str]
    make_one: Callable[..., Any]
    #: What is left out is None where the class has no default of its own, as Strawberry has it.
    missing: Mapping[str, None]

    def takes(self, value: Any) -> bool:
        """Has it all that it must have, and nothing else?"""
        if value.__class__ is not dict or not self.required <= value.keys():
            return False
        fields = self.fields
        return all(name in fields and fields[name].takes(given) for name, given in value.items())

    def make(self, value: Any) -> Any:
        """An instance of the input's class."""
        fields, given = self.fields, dict(self.missing)
        for name, one in value.items():
            field = fields[name]
            given[field.name] = field.make(one)
        return self.make_one(**given)


def entry_of(type_: GraphQLInputType, schema: strawberry.Schema, name: str = "") -> Entry | None:
    """The values of a type that stay as they are; None when there is something to be done to all of them."""
    is_required = isinstance(type_, GraphQLNonNull)
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    shape: Shape | None = None
    if isinstance(inner, GraphQLList):
        item = entry_of(inner.of_type, schema)
        shape = None if item is None else Many(item)
    elif isinstance(inner, GraphQLInputObjectType):
        shape = _record_of(inner, schema)
    elif inner.name in PLAIN:
        shape = Plain(PLAIN[inner.name])
    return None if shape is None else Entry(shape, is_required, name)


def _record_of(type_: GraphQLInputObjectType, schema: strawberry.Schema) -> Record | None:
    definition = type_.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryObjectDefinition) or definition.from_input is not None or type_.is_one_of:
        return None
    python = {schema.config.name_converter.from_field(field): field for field in definition.fields}
    fields: dict[str, Entry] = {}
    missing: dict[str, None] = {}
    for name, field in type_.fields.items():
        entry = entry_of(field.type, schema, python[name].python_name)
        if entry is None or field.default_value is not Undefined or field.default is not None:
            return None
        fields[name] = entry
        if python[name].default_value is MISSING and python[name].default_factory is MISSING:
            missing[entry.name] = None
    required = frozenset(name for name, entry in fields.items() if entry.is_required)
    return Record(fields, required, definition.origin, missing)
