"""A checked subscription of one client: what it follows, and how an event of that is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, located_error
from graphql.execution.values import get_variable_values

from chat.streams import Stream
from graph.context import Context
from graph.declarations import Followed
from graph.errors import BAD_USER_INPUT, problem
from graph.execution import Answered, Operation, answer_by
from graph.plan.arguments import Arguments
from graph.plan.compiler import declaration_of
from graph.plan.plans import Plan, Plans
from graph.plan.selection import Selections


class Over(Exception):
    """The operation is over, and its client is told these errors; nothing when there are none."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(len(errors))
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class Subscription:
    """An operation with its root field.

    `telling` is equal for those that tell an event alike to one viewer, wherever they began.
    """

    operation: Operation
    plans: Plans
    plan: Plan | None
    followed: Followed
    key: str
    nodes: Sequence[FieldNode]
    arguments: dict[str, Any]
    telling: tuple[int, str]

    @classmethod
    def of(cls, plans: Plans, operation: Operation) -> "Subscription":
        """Over when a variable or an argument is wrong."""
        schema, chosen = plans.schema._schema, operation.chosen
        # Without suggestions, which production does not give; no subscription has an argument that could be guessed at.
        variables = get_variable_values(
            schema, chosen.variable_definitions or (), operation.variables or {}, hide_suggestions=True
        )
        if isinstance(variables, list):
            raise Over(variables)
        root: GraphQLObjectType = schema.subscription_type  # type: ignore[assignment]
        selected = Selections.of(schema, operation.document, variables.coerced).fields_of(root, [chosen.selection_set])
        if len(selected) != 1:
            raise Over([problem(BAD_USER_INPUT, "A subscription follows one field.")])
        ((key, nodes),) = selected.items()
        definition = root.fields[nodes[0].name.value]
        field, followed = declaration_of(definition)
        if not isinstance(followed, Followed):
            raise TypeError(f"Subscription.{field.python_name} does not say what it follows")
        try:
            arguments = Arguments.of(plans.schema, field, definition, nodes[0]).values(variables)
        except GraphQLError as error:
            raise Over([located_error(error, nodes, [key])]) from error
        given = operation.variables or {}
        matters = [[name, name in given, given.get(name)] for name in plans.matters(operation.document, chosen)]
        telling = (id(chosen), json.dumps(matters, sort_keys=True))
        plan = plans.find(operation.document, chosen, operation.variables)
        return cls(operation, plans, plan, followed, key, nodes, arguments, telling)

    @property
    def field(self) -> str:
        """The name of the root field."""
        return self.nodes[0].name.value

    def start(self, context: Context) -> Stream[Any]:
        """A stream of what is followed. Whatever it raises is told as `located`."""
        return self.followed.start(context, **self.arguments)

    def located(self, error: Exception) -> GraphQLError:
        """An error of the stream, as one of the root field."""
        return located_error(error, self.nodes, [self.key])

    async def tell(self, context: Context, event: Any) -> Answered:
        """The answer that tells an event."""
        try:
            return await answer_by(
                self.plan, self.plans.schema, context, self.operation, event, self.followed.of(event)
            )
        finally:
            # No connection is held between two events, whatever a slow socket takes.
            await context.renew()
