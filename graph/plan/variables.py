"""The values of an operation's variables, as graphql-core would coerce them; the plain ones without asking it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema, NonNullTypeNode, OperationDefinitionNode, VariableDefinitionNode
from graphql.execution.values import VariableValues, get_variable_values

#: Scalars whose values in JSON are taken as they are, and the one class that these have then.
PLAIN: Mapping[str, type] = {"ID": str, "String": str, "Int": int, "Boolean": bool}
LEAST_INT, MOST_INT = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Plain:
    """A variable of a plain type, without a default."""

    name: str
    kind: type
    is_required: bool

    def takes(self, value: Any) -> bool:
        """Is this a value that stays as it is?"""
        if value is None:
            return not self.is_required
        if self.kind is int:
            return value.__class__ is int and LEAST_INT <= value <= MOST_INT
        return value.__class__ is self.kind


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that an operation declares."""

    schema: GraphQLSchema
    definitions: Sequence[VariableDefinitionNode]
    plain: Sequence[_Plain] | None

    @classmethod
    def of(cls, schema: GraphQLSchema, operation: OperationDefinitionNode) -> "Variables":
        """The variables of an operation."""
        definitions = operation.variable_definitions or ()
        plain = [one for one in map(_plain_of, definitions) if one is not None]
        return cls(schema, definitions, plain if len(plain) == len(definitions) else None)

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


def _plain_of(definition: VariableDefinitionNode) -> _Plain | None:
    is_required = isinstance(definition.type, NonNullTypeNode)
    type_: Any = definition.type.type if isinstance(definition.type, NonNullTypeNode) else definition.type
    kind = PLAIN.get(type_.name.value) if hasattr(type_, "name") else None
    if kind is None or definition.default_value is not None:
        return None
    return _Plain(definition.variable.name.value, kind, is_required)
