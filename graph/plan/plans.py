"""The plans of operations: compiled once, remembered by the operation, forgotten when too many are remembered."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import strawberry
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from graphql.execution.values import VariableValues

from graph.context import Context
from graph.declarations import Before
from graph.needs import WHOLE, Kinds
from graph.plan.compiler import Compiled, Compiler, acts_before, acts_by_field
from graph.plan.levels import Level, Run
from graph.plan.selection import Unplanned, conditions_in, variables_below
from graph.plan.variables import Variables

#: Operations remembered, and for each of them the sets of values of its directives' variables.
REMEMBERED = 1000
VARIANTS = 16


@dataclass(slots=True)
class _Known:
    """An operation, and its plans by the values of the variables that its directives look at; None for no plan."""

    operation: OperationDefinitionNode
    variables: Variables
    conditions: tuple[str, ...]
    matters: tuple[str, ...]
    before: tuple[Before, ...]
    plans: OrderedDict[tuple[Any, ...], Compiled | None] = field(default_factory=OrderedDict)


class Plan(NamedTuple):
    """A plan with the variables of one request."""

    level: Level
    variables: VariableValues
    kinds: Kinds = WHOLE

    async def answer(self, context: Context, event: Any = None) -> dict[str, Any]:
        """The data of the answer. Whatever is raised, graphql-core has to say what it means to the client."""
        await context.begin_plan(self.kinds)
        (data,) = await self.level.answer(Run(context, self.variables, event), [None])
        return data  # type: ignore[no-any-return]


class Plans:
    """Finds the plan of an operation, or compiles it."""

    def __init__(self, schema: strawberry.Schema, type_of: Mapping[type, str], *, most: int = REMEMBERED) -> None:
        self.schema = schema
        self._type_of = type_of
        self._acts = acts_by_field(schema)
        self._most = most
        self._known: OrderedDict[int, _Known] = OrderedDict()

    def __len__(self) -> int:
        return sum(len(known.plans) for known in self._known.values())

    def find(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any] | None
    ) -> Plan | None:
        """The plan of a checked query or mutation, or of each event of a subscription; None when graphql-core has to
        answer, wrong variables included."""
        known = self._known_of(document, operation)
        coerced = known.variables.coerce(variables or {})
        if isinstance(coerced, list):
            return None
        values = tuple(coerced.coerced.get(name) for name in known.conditions)
        if values not in known.plans:
            known.plans[values] = self._compile(document, operation, dict(zip(known.conditions, values, strict=True)))
            while len(known.plans) > VARIANTS:
                known.plans.popitem(last=False)
        compiled = known.plans[values]
        return None if compiled is None else Plan(compiled.level, coerced, compiled.kinds)

    def matters(self, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
        """The names of the variables that change how an event of a subscription is told."""
        return self._known_of(document, operation).matters

    def before(self, document: DocumentNode, operation: OperationDefinitionNode) -> tuple[Before, ...]:
        """What is to be done before an operation reads anything."""
        return self._known_of(document, operation).before

    def _known_of(self, document: DocumentNode, operation: OperationDefinitionNode) -> _Known:
        key = id(operation)  # The operation is kept with it, so no other one has this id meanwhile.
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(
                operation,
                Variables.of(self.schema, operation),
                conditions_in(document),
                variables_below(document),
                acts_before(self._acts, document),
            )
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return known

    def _compile(
        self, document: DocumentNode, operation: OperationDefinitionNode, conditions: Mapping[str, Any]
    ) -> Compiled | None:
        try:
            return Compiler.of(self.schema, self._type_of, document, conditions).compile(operation)
        except (Unplanned, GraphQLError):
            return None
