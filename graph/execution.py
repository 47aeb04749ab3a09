"""Executes a checked operation on Strawberry's schema, for the endpoint and the socket alike."""

import asyncio
import time
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import strawberry
import structlog
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType as Kind

from core.tasks import finish
from db.away import PAUSE, ConnectionLost, DatabaseAway
from graph.context import Context
from graph.counting import too_much
from graph.errors import (
    TIMEOUT,
    fault,
    format_error,
    is_refusal,
    origin_of,
    problem,
    told_of,
    too_early,
    without_suggestion,
)
from graph.plan.plans import Plan, Plans

log = structlog.get_logger()
EVERY_KIND = tuple(Kind)
#: What graphql-core's answer costs where there was a plan, beside the plan's.
TIMES_AS_DEAR = 10


class Operation(NamedTuple):
    """What to execute: a checked document, the name of the one of its operations that was chosen, and variables.

    `cost` is what it costs its viewer.
    """

    document: DocumentNode
    name: str | None
    variables: dict[str, Any] | None
    chosen: OperationDefinitionNode
    cost: int = 0


class Answered(NamedTuple):
    """An answer in the shape of GraphQL's, and the errors in it as they were raised."""

    answer: dict[str, Any]
    errors: Sequence[GraphQLError] = ()

    def holds(self, kind: type[Exception]) -> bool:
        """Is one of the errors of a kind?"""
        return any(isinstance(origin_of(error), kind) for error in self.errors)


class Prepared(SchemaExtension):
    """Hands the checked document to Strawberry, so that nothing is parsed or validated twice."""

    def on_operation(self) -> Iterator[None]:
        """Before anything else of an operation."""
        prepared = getattr(self.execution_context.context, "document", None)
        if prepared is not None:
            self.execution_context.graphql_document = prepared
            self.execution_context.pre_execution_errors = []
        yield


async def execute(plans: Plans, context: Context, operation: Operation) -> dict[str, Any]:
    """The answer to a query or mutation, with what it cost.

    After the time that an operation may take it is TIMEOUT, and what was not committed is rolled back.

    A query during which the connection to the database was lost is answered anew; a mutation is its client's to repeat.
    """
    started = time.perf_counter()
    answer = await _execute(plans, context, operation)
    if "data" in answer:  # Else it was not executed.
        answer["extensions"] = {"cost": operation.cost}
    context.meters.count_operation(operation.chosen.operation.value, answer, time.perf_counter() - started)
    return answer


async def _execute(plans: Plans, context: Context, operation: Operation) -> dict[str, Any]:
    try:
        with context.palaver.operation_time():
            plan = plans.find(operation.document, operation.chosen, operation.variables)
            if (failed := await _prepare(plans, context, operation)) is not None:
                return failed
            answered = await answer_by(plan, plans.schema, context, operation)
            return await _logged(context, answered.answer)
    except TimeoutError as error:
        log.warning("operation.timeout", at=str(error))
        return {"data": None, "errors": [format_error(problem(TIMEOUT, "The operation took too long."))]}
    finally:
        await context.release()


async def _prepare(plans: Plans, context: Context, operation: Operation) -> dict[str, Any] | None:
    """Do what is to be done before anything is read. The answer, when that fails."""
    try:
        for act in plans.before(operation.document, operation.chosen):
            await act(context)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer would not be right
        return {"data": None, "errors": [format_error(fault(error))]}
    return None


async def _logged(context: Context, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, once the audit log holds what staff were shown in it; without that they do not get it."""
    try:
        if context.looks:
            # Who waits for a second connection with one in hand may wait for others who do the same.
            await context.release()
            await context.looks.store(context.palaver.work, context.viewer.id)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing is shown
        return {"data": None, "errors": [format_error(fault(error))]}
    return answer


async def answer_by(
    plan: Plan | None,
    schema: strawberry.Schema,
    context: Context,
    operation: Operation,
    event: Any = None,
    noun: Any = None,
) -> Answered:
    """The answer by a plan, else by graphql-core, which also says what an error means to the client.

    A subscription's is about an event: the row that its stream gave, and the same as a noun.
    """
    kind = operation.chosen.operation.value
    failure: Exception | None = None
    if plan is not None:
        try:
            data = await plan.answer(context, event)
        except Exception as error:  # noqa: BLE001 - graphql-core has the last word on it
            failure = error
        else:
            context.meters.count_answer(kind, "planned")
            return Answered({"data": data})
    if failure is not None and not isinstance(failure, DatabaseAway):
        # Whoever has a plan fail is answered in a way that takes many times as long.
        wait = await context.palaver.budget.take(context.viewer.id, TIMES_AS_DEAR * operation.cost)
        if wait:
            return refused(too_early(wait, TIMES_AS_DEAR * operation.cost))
    await context.refresh()
    context.made = 0
    answered = await _resolve(schema, context, operation, noun)
    if context.has_made_too_much:
        answered = refused(too_much())
    if isinstance(failure, DatabaseAway):
        failure = None  # It went away in the middle, and came back: nobody's fault.
    elif failure is not None and not answered.errors and await _is_overtaken(plan, context, operation, failure):
        failure = None  # It was refused for what has changed since.
    elif failure is not None and not answered.errors:
        # Without what its frames hold: that is what people wrote.
        last = traceback.extract_tb(failure.__traceback__)[-1]
        log.error("plan.failed", error=type(failure).__name__, file=last.filename, line=last.lineno)
    how = "unplanned" if failure is None else "errors" if answered.errors else "failed"
    context.meters.count_answer(kind, how)
    return answered


async def _is_overtaken(plan: Plan | None, context: Context, operation: Operation, refusal: Exception) -> bool:
    """Does a plan that refused a query a moment ago answer it now, as graphql-core did after it?"""
    if plan is None or operation.chosen.operation is not OperationType.QUERY or not is_refusal(refusal):
        return False
    try:
        await plan.answer(context)
    except Exception:  # noqa: BLE001 - what is told is how it failed first
        return False
    return True


async def _resolve(schema: strawberry.Schema, context: Context, operation: Operation, noun: Any) -> Answered:
    """The answer by graphql-core; once more when the connection to the database was lost, but for a mutation."""
    chosen = operation.chosen.operation
    context.document = operation.document
    while True:
        running = schema.execute(
            None,
            variable_values=operation.variables,
            context_value=context,
            root_value=noun,
            operation_name=operation.name,
            allowed_operation_types=EVERY_KIND,
        )
        # Torn in the middle of an event, it would leave coroutines behind that nobody awaits.
        result = await (finish(running) if chosen is OperationType.SUBSCRIPTION else running)
        errors, settings = list(result.errors or ()), context.palaver.settings
        if settings.is_production:
            errors = [without_suggestion(error) for error in errors]
        answered = Answered(answer_of(result.data, errors, settings.max_errors), errors)
        if chosen is OperationType.MUTATION or not answered.holds(ConnectionLost):
            return answered
        await asyncio.sleep(PAUSE)
        await context.refresh()


def refused(error: GraphQLError) -> Answered:
    """An answer of nothing but an error."""
    return Answered({"data": None, "errors": [format_error(error)]}, [error])


def answer_of(data: dict[str, Any] | None, errors: list[GraphQLError], most_errors: int) -> dict[str, Any]:
    """Data and errors, so many at most, in the shape of a GraphQL response."""
    if not errors:
        return {"data": data}
    formatted = [format_error(error) for error in told_of(errors, most_errors)]
    if data is None and all(error.path is None for error in errors):
        return {"errors": formatted}
    return {"data": data, "errors": formatted}
