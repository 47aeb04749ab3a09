"""A field's arguments, as a plain resolver would get them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLField, Undefined, VariableNode, is_required_argument
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from graph.plan.inputs import Entry, entry_of


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one field; without variables they are worked out once."""

    schema: strawberry.Schema
    field: StrawberryField
    definition: GraphQLField
    node: FieldNode
    constant: dict[str, Any] | None
    plain: Sequence["_Plain"] | None = None

    @classmethod
    def of(
        cls, schema: strawberry.Schema, field: StrawberryField, definition: GraphQLField, node: FieldNode
    ) -> "Arguments":
        """The arguments of a field where it stands in a document."""
        made = cls(schema, field, definition, node, None, _plain_of(schema, field, definition, node))
        return made if _has_variables(node) else cls(schema, field, definition, node, made._find(None))

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments by their names in Python."""
        if self.constant is not None:
            return self.constant
        if self.plain is not None:
            coerced, found = variables.coerced, {}
            for argument in self.plain:
                if argument.variable in coerced:
                    value = coerced[argument.variable]
                    if value is None and argument.entry.is_required:
                        break
                    found[argument.name] = argument.entry.make(value)
                elif argument.entry.is_required:
                    break
            else:
                return found
        return self._find(variables)

    def _find(self, variables: VariableValues | None) -> dict[str, Any]:
        if not self.definition.args:
            return {}
        return convert_arguments(
            get_argument_values(self.definition, self.node, variables),
            self.field.arguments,
            scalar_registry=self.schema.schema_converter.scalar_registry,
            config=self.schema.config,
        )


@dataclass(frozen=True, slots=True)
class _Plain:
    """An argument whose values stay as they are, which a variable gives."""

    name: str
    variable: str
    entry: Entry


def _plain_of(
    schema: strawberry.Schema, field: StrawberryField, definition: GraphQLField, node: FieldNode
) -> list[_Plain] | None:
    """A field's arguments, when all that are given are such, and none that is left out has a default."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    names = {schema.config.name_converter.from_argument(one): one.python_name for one in field.arguments}
    plain = []
    for name, argument in definition.args.items():
        value = given.get(name)
        if value is None and is_required_argument(argument):
            return None
        if argument.default_value is not Undefined or argument.default is not None:
            return None
        if value is None:
            continue
        entry = entry_of(argument.type, schema)
        if not isinstance(value, VariableNode) or entry is None:
            return None
        plain.append(_Plain(names[name], value.name.value, entry))
    return plain


class _Variables(Visitor):
    found = False

    def enter_variable(self, *_: Any) -> None:
        """There is one."""
        self.found = True


def _has_variables(node: FieldNode) -> bool:
    visitor = _Variables()
    for argument in node.arguments or ():
        visit(argument, visitor)
    return visitor.found
