"""The three roots of the schema, put together in one place, and the schema itself."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph.counting import CountingExecutor
from graph.execution import Prepared
from graph.mutations import Mutation
from graph.queries import Query
from graph.schema.errors import REFUSALS, ContactRefusedError, InputError, RateLimitedError, RefusedError
from graph.schema.events import (
    NOUNS,
)
from graph.schema.nodes import TYPES
from graph.schema.scalars import scalar_map
from graph.sound import bear_unsound_values
from graph.subscriptions import Subscription


class Schema(strawberry.Schema):
    """Strawberry's schema, which would log every error with the values of its variables: people's words."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: graph.errors logs what is a fault of ours, without what people wrote."""


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[InputError, RefusedError, ContactRefusedError, RateLimitedError],
    extensions=[Prepared],
    execution_context_class=CountingExecutor,
    config=StrawberryConfig(scalar_map=scalar_map),
)

bear_unsound_values(schema._schema)

subscription_fields = tuple(schema._schema.subscription_type.fields) if schema._schema.subscription_type else ()

#: The type that each kind of row is shown as, where a field may have several.
row_types: dict[type, str] = {**TYPES, **{row: noun.__name__ for row, noun in (NOUNS | REFUSALS).items()}}
