"""graphql-core's executor, which says no when an answer becomes too large for it.

Plans make thousands of objects in a few milliseconds; graphql-core takes some twenty microseconds for each value, all
of them in one go, and everybody else waits. What an operation costs (`graph/costs.py`) is worked out before, and lists
without pages can be longer than it says; so what is really made is counted here.
"""

from typing import Any

from graphql import GraphQLError
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.errors import TOO_COMPLEX, is_refusal, problem


class CountingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Counts the values of an answer in its context."""

    def execute_fields(self, parent_type: Any, *rest: Any, **named: Any) -> Any:
        """The fields of one object. TOO_COMPLEX when there were too many values already."""
        fields = rest[2] if len(rest) > 2 else named["grouped_field_set"]
        context = self.context_value
        if not parent_type.name.startswith("__"):  # graphql-core bounds introspection.
            context.made += len(fields)
        if context.has_made_too_much:
            raise too_much()
        return super().execute_fields(parent_type, *rest, **named)

    def handle_field_error(self, raw_error: Exception, return_type: Any, field_details_list: Any, path: Any) -> None:
        """An error is where its field stands first: to find several places, graphql-core reads the whole text."""
        if is_refusal(raw_error):
            _forget_frames(raw_error)
        super().handle_field_error(raw_error, return_type, field_details_list[:1], path)


def _forget_frames(error: BaseException | None) -> None:
    """Keep none of the frames that a refusal has come through: nobody logs them, and with the errors of an answer
    thousands of them would stay, which the garbage collector walks through again and again."""
    while error is not None and error.__traceback__ is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def too_much() -> GraphQLError:
    """The refusal of an answer that becomes too large."""
    return problem(TOO_COMPLEX, "The answer has too many values: ask for less at once.", limit="values")
