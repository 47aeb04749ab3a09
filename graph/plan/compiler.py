"""Compiles an operation: one level for each object of its selection, with a generated function that builds it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    is_leaf_type,
)
from strawberry.types.field import StrawberryField

from db.glances import Glance
from graph.declarations import Acted, Asked, Before, Column, Computed, Declared, Followed, Loaded
from graph.fields import declared_of, itself
from graph.needs import Kinds, Needs, row_of
from graph.plan.arguments import Arguments
from graph.plan.leaves import Names, leaf
from graph.plan.levels import Act, AnyLevel, Below, Event, Level, Lists, Objects, Part, Values
from graph.plan.selection import Selections, Unplanned, fields_in


@dataclass(slots=True)
class _Draft:
    """A level that is being written."""

    names: Names = field(default_factory=Names)
    entries: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def add(self, key: str, source: str) -> None:
        """An entry of the object: its name in the answer, and the source of its value."""
        self.entries.append(f"{key!r}: {source}")

    def variable(self, part: Part) -> str:
        """The name of a part's value for a row."""
        self.parts.append(part)
        return f"x{len(self.parts) - 1}"

    def level(self) -> Level:
        """The level, with its function compiled."""
        columns = [f"a{number}" for number in range(len(self.parts))]
        values = [f"x{number}" for number in range(len(self.parts))]
        each = (
            f"{', '.join(['r', *values])} in zip({', '.join(['rows', *columns])}, strict=True)"
            if values
            else "r in rows"
        )
        lines = [
            f"def make({', '.join(['rows', 'context', *columns])}):",
            f"    return [{{{', '.join(self.entries)}}} for {each}]",
        ]
        scope = dict(self.names.bound)
        # The source is made of names of the schema and of this file, never of a client's values.
        exec(compile("\n".join(lines), "<plan>", "exec"), scope)  # noqa: S102
        return Level.of(scope["make"], self.parts)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The level at the top of an operation, and what is read instead of whole rows."""

    level: Level
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the operations of a document against a schema whose fields say where their values come from."""

    schema: strawberry.Schema
    selections: Selections
    type_of: Mapping[type, str]
    #: The fields of the whole document, passed over or not.
    names: Set[str]
    needs: Needs = field(default_factory=Needs)

    @classmethod
    def of(
        cls,
        schema: strawberry.Schema,
        type_of: Mapping[type, str],
        document: DocumentNode,
        conditions: Mapping[str, Any],
    ) -> "Compiler":
        """The compiler of a document, for certain values of the variables that directives look at."""
        return cls(schema, Selections.of(schema._schema, document, conditions), type_of, fields_in(document))

    def compile(self, operation: OperationDefinitionNode) -> "Compiled":
        """The plan of a query, a mutation or a subscription's events. Unplanned when it holds what is not known."""
        root = self.schema._schema.get_root_type(operation.operation)
        if root is None:
            raise Unplanned("no root")
        level = self._level(root, [operation])
        return Compiled(level, self.needs.kinds())

    def _level(self, type_: GraphQLObjectType, nodes: Sequence[Any]) -> Level:
        draft, row = _Draft(), row_of(self.schema, type_.name)
        for key, fields in self.selections.fields_of(type_, [node.selection_set for node in nodes]).items():
            if fields[0].name.value == "__typename":
                draft.add(key, repr(type_.name))
            else:
                declared = self._add(draft, key, type_, fields)
                self.needs.add(row, getattr(declared, "needs", None))
                if isinstance(declared, Loaded) and declared.glance is not None:
                    self.needs.add(Glance, frozenset({declared.glance}))
        return draft.level()

    def _add(self, draft: _Draft, key: str, type_: GraphQLObjectType, fields: Sequence[FieldNode]) -> Declared:
        definition = type_.fields.get(fields[0].name.value)
        if definition is None:
            raise Unplanned("introspection")
        field_, declared = declaration_of(definition)
        inner = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
        if isinstance(declared, Column) and _is_leaf(inner):
            if declared.read_as:
                (name,) = declared.needs or frozenset[str]()
                draft.add(key, f"{draft.names.of(declared.read_as(type_.name))}(r.{name})")
            else:
                source = f"r.{declared.name}" if declared.name else f"{draft.names.of(declared.read)}(r)"
                draft.add(key, leaf(definition.type, source, draft.names))
        elif isinstance(declared, Computed) and _is_leaf(inner):
            draft.add(key, leaf(definition.type, f"{draft.names.of(declared.read)}(r, context)", draft.names))
        elif isinstance(declared, Followed):
            draft.add(key, draft.variable(self._objects(definition.type, Event(), fields)))
        else:
            arguments = Arguments.of(self.schema, field_, definition, fields[0])
            if isinstance(declared, Loaded) and declared.alone and not declared.alone.unless & self.names:
                declared = replace(declared, load=declared.alone.load, glance=declared.alone.glance)
            values = Act(key, declared, arguments) if isinstance(declared, Acted) else Values(declared, arguments)
            if _is_leaf(inner):
                draft.add(key, leaf(definition.type, draft.variable(values), draft.names))
            else:
                draft.add(key, draft.variable(self._objects(definition.type, values, fields)))
        return declared

    def _objects(self, type_: GraphQLOutputType, values: Part, fields: Sequence[FieldNode]) -> Part:
        is_required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if not isinstance(inner, GraphQLList):
            source = values.source if isinstance(values, Values) else getattr(values, "acted", None)
            for_staff = isinstance(source, Asked | Acted) and source.for_staff
            is_same = isinstance(source, Column) and source.read is itself
            return Objects(values, self._below(inner, fields), is_required, for_staff, is_same)
        item = inner.of_type
        is_item_required = isinstance(item, GraphQLNonNull)
        below = self._below(item.of_type if isinstance(item, GraphQLNonNull) else item, fields)
        is_own = isinstance(values, Values) and isinstance(values.source, Column) and is_item_required
        return Lists(values, Objects(values, below, is_item_required), is_required, is_own)

    def _below(self, type_: GraphQLOutputType, fields: Sequence[FieldNode]) -> Below:
        if isinstance(type_, GraphQLObjectType):
            return self._level(type_, fields)
        if isinstance(type_, GraphQLAbstractType):
            possible = self.schema._schema.get_possible_types(type_)
            return AnyLevel(self.type_of, {each.name: self._level(each, fields) for each in possible})
        raise Unplanned(f"a list of {type_}")


def declaration_of(definition: GraphQLField) -> tuple[StrawberryField, Declared]:
    """Where a field's value comes from. Unplanned when it does not say."""
    field_: Any = definition.extensions.get("strawberry-definition")
    declared = declared_of(field_)
    if declared is None or field_.extensions or field_.permission_classes:
        raise Unplanned("a field that does not say where its value comes from")
    return field_, declared


def acts_by_field(schema: strawberry.Schema) -> dict[str, Before]:
    """What a schema's fields want done before anything is read, by their names."""
    acts: dict[str, Before] = {}
    for type_ in schema._schema.type_map.values():
        for name, definition in type_.fields.items() if isinstance(type_, GraphQLObjectType) else ():
            declared = declared_of(definition.extensions.get("strawberry-definition"))
            if isinstance(declared, Asked | Loaded) and declared.before is not None:
                acts[name] = declared.before
    return acts


def acts_before(acts: Mapping[str, Before], document: DocumentNode) -> tuple[Before, ...]:
    """What a document wants done before anything is read; also what is only in another operation of it, or passed
    over."""
    return tuple(acts[name] for name in sorted(fields_in(document) & acts.keys()))


def _is_leaf(type_: GraphQLOutputType) -> bool:
    while isinstance(type_, GraphQLList | GraphQLNonNull):
        type_ = type_.of_type
    return is_leaf_type(type_)
