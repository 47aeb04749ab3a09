"""The values of an operation's variables, as graphql-core would coerce them; the plain ones without asking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, VariableDefinitionNode, type_from_ast
from graphql.execution.values import VariableValues, get_variable_values

from graph.plan.inputs import Entry, entry_of


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that an operation declares."""

    schema: GraphQLSchema
    definitions: Sequence[VariableDefinitionNode]
    plain: Sequence[Entry] | None

    @classmethod
    def of(cls, schema: strawberry.Schema, operation: OperationDefinitionNode) -> "Variables":
        """The variables of an operation."""
        definitions = operation.variable_definitions or ()
        plain = [one for definition in definitions if (one := _plain_of(definition, schema)) is not None]
        return cls(schema._schema, definitions, plain if len(plain) == len(definitions) else None)

    def coerce(self, given: dict[str, Any]) -> VariableValues | list[GraphQLError]:
        """The values, or what is wrong with them."""
        if self.plain is not None:
            coerced = {}
            for variable in self.plain:
                if variable.name in given:
                    value = coerced[variable.name] = given[variable.name]
                    if not variable.takes(value):
                        break
                elif variable.is_required:
                    break
            else:
                return VariableValues({}, coerced)
        return get_variable_values(self.schema, self.definitions, given)


def _plain_of(definition: VariableDefinitionNode, schema: strawberry.Schema) -> Entry | None:
    """A variable whose values stay as they are, without a default."""
    type_: Any = type_from_ast(schema._schema, definition.type)
    if type_ is None or definition.default_value is not None:
        return None
    return entry_of(type_, schema, definition.variable.name.value)
