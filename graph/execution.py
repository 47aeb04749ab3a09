"""Executes a checked operation on Strawberry's schema, for the endpoint and the socket alike."""

import asyncio
import time
import traceback
from collections.abc import AsyncGenerator, Awaitable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

import strawberry
import structlog
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from db.away import PAUSE, ConnectionLost, DatabaseAway
from graph.context import Context
from graph.errors import TIMEOUT, format_error, is_not_found, origin_of, problem
from graph.guard import root_field_of
from graph.plan.plans import Plans

log = structlog.get_logger()
Result = TypeVar("Result")
#: So often in a row an event may be out of its viewer's sight; then it is told with its errors.
MOST_TIMES_LOST = 4


@dataclass(frozen=True, slots=True)
class Operation:
    """What to execute: a checked document, the name of the one of its operations that was chosen, and variables."""

    document: DocumentNode
    name: str | None
    variables: dict[str, Any] | None
    chosen: OperationDefinitionNode


class Prepared(SchemaExtension):
    """Hands the checked document to Strawberry, so that nothing is parsed or validated twice."""

    def on_operation(self) -> Iterator[None]:
        """Before anything else of an operation."""
        prepared = getattr(self.execution_context.context, "document", None)
        if prepared is not None:
            self.execution_context.graphql_document = prepared
            self.execution_context.pre_execution_errors = []
        yield


async def execute(plans: Plans, context: Context, operation: Operation, seconds: float) -> dict[str, Any]:
    """The answer to a query or mutation. After `seconds` it is TIMEOUT, and what was not committed is rolled back.

    A query during which the connection to the database was lost is answered anew; a mutation is its client's to repeat.
    """
    started = time.perf_counter()
    answer = await _execute(plans, context, operation, seconds)
    context.meters.count_operation(operation.chosen.operation.value, answer, time.perf_counter() - started)
    return answer


async def _execute(plans: Plans, context: Context, operation: Operation, seconds: float) -> dict[str, Any]:
    try:
        async with asyncio.timeout(seconds):
            if operation.chosen.operation is OperationType.QUERY:
                return await _read(plans, context, operation)
            return await _resolve(plans.schema, context, operation)
    except TimeoutError:
        return {"data": None, "errors": [format_error(problem(TIMEOUT, "The operation took too long."))]}
    finally:
        await context.release()


async def _read(plans: Plans, context: Context, operation: Operation) -> dict[str, Any]:
    """The answer to a query: by its plan, else by graphql-core, which also says what an error means to the client."""
    plan = plans.find(operation.document, operation.chosen, operation.variables)
    failure: Exception | None = None
    if plan is not None:
        try:
            await context.begin_plan()
            data = await plan.answer(context)
        except Exception as error:  # noqa: BLE001 - graphql-core has the last word on it
            failure = error
            await context.refresh()
        else:
            context.meters.count_plan("planned")
            return {"data": data}
    answer = await _resolve(plans.schema, context, operation)
    if isinstance(failure, DatabaseAway):
        failure = None  # It went away in the middle, and came back: nobody's fault.
    elif failure is not None and "errors" not in answer:
        # Without what its frames hold: that is what people wrote.
        last = traceback.extract_tb(failure.__traceback__)[-1]
        log.error("plan.failed", error=type(failure).__name__, file=last.filename, line=last.lineno)
    context.meters.count_plan("unplanned" if failure is None else "errors" if "errors" in answer else "failed")
    return answer


async def _resolve(schema: strawberry.Schema, context: Context, operation: Operation) -> dict[str, Any]:
    """The answer by graphql-core."""
    is_mutation = operation.chosen.operation is OperationType.MUTATION
    context.document = operation.document
    while True:
        result = await schema.execute(
            None, variable_values=operation.variables, context_value=context, operation_name=operation.name
        )
        if is_mutation or not _holds(result.errors, ConnectionLost):
            return answer_of(result.data, result.errors)
        await asyncio.sleep(PAUSE)
        await context.refresh()


async def subscribe(
    schema: strawberry.Schema, context: Context, operation: Operation
) -> AsyncGenerator[tuple[bool, dict[str, Any]], None]:
    """The answers of a subscription: (is the stream over?, answer). No connection is held between two of them.

    An event during which the connection to the database was lost is told anew; when its server stays away, the stream
    is over before that event, so that a client resumes with it.
    """
    context.document = operation.document
    stream = await schema.subscribe(
        None, variable_values=operation.variables, context_value=context, operation_name=operation.name
    )
    times_lost = 0
    following = context.meters.following(root_field_of(operation.document, operation.chosen))
    try:
        with following as meter:
            async with aclosing(stream) as results:
                while (result := await _whole(context, anext(results, None))) is not None:
                    await context.release()
                    errors = result.errors
                    is_fault = result.data is None and bool(errors) and not any(error.path for error in errors or ())
                    if not is_fault and _holds(errors, ConnectionLost):
                        context.wants_again = True
                        await asyncio.sleep(PAUSE)
                        continue
                    is_lost = not is_fault and any(is_not_found(error) for error in errors or ())
                    times_lost = times_lost + 1 if is_lost else 0
                    context.lost_sight = 0 < times_lost < MOST_TIMES_LOST
                    if context.lost_sight:
                        continue  # Taken out since the event was checked: the stream looks again, and says so.
                    yield is_fault or _holds(errors, DatabaseAway), answer_of(result.data, errors)
                    # The consumer came back for more, so its socket has taken the event.
                    meter.count_delivery(context.live_since)
    finally:
        await context.release()


def _holds(errors: Sequence[GraphQLError] | None, kind: type[Exception]) -> bool:
    """Is one of the errors of a kind?"""
    return any(isinstance(origin_of(error), kind) for error in errors or ())


async def _whole(context: Context, coming: Awaitable[Result]) -> Result:
    """What is coming. Who is cancelled while an event is put into words lets it be finished first.

    Torn in the middle, it would leave coroutines behind that nobody awaits.
    """
    task = asyncio.ensure_future(coming)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not context.is_answering:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise


def answer_of(data: dict[str, Any] | None, errors: list[GraphQLError] | None) -> dict[str, Any]:
    """Data and errors in the shape of a GraphQL response."""
    if not errors:
        return {"data": data}
    formatted = [format_error(error) for error in errors]
    if data is None and all(error.path is None for error in errors):
        return {"errors": formatted}
    return {"data": data, "errors": formatted}
