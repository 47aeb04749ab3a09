"""A field's arguments, as a plain resolver would get them."""

from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLField
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one field; without variables they are worked out once."""

    schema: strawberry.Schema
    field: StrawberryField
    definition: GraphQLField
    node: FieldNode
    constant: dict[str, Any] | None

    @classmethod
    def of(
        cls, schema: strawberry.Schema, field: StrawberryField, definition: GraphQLField, node: FieldNode
    ) -> "Arguments":
        """The arguments of a field where it stands in a document."""
        made = cls(schema, field, definition, node, None)
        return made if _has_variables(node) else cls(schema, field, definition, node, made._find(None))

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """The arguments by their names in Python."""
        return self._find(variables) if self.constant is None else self.constant

    def _find(self, variables: VariableValues | None) -> dict[str, Any]:
        if not self.definition.args:
            return {}
        return convert_arguments(
            get_argument_values(self.definition, self.node, variables),
            self.field.arguments,
            scalar_registry=self.schema.schema_converter.scalar_registry,
            config=self.schema.config,
        )


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
