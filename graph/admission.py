"""Whether an operation may begin: its document is good, it costs no more than one may, and its viewer can afford it."""

from dataclasses import dataclass

from graphql import GraphQLError

from chat.users import Viewer
from core.budget import Budget
from graph.documents import Documents
from graph.errors import RATE_LIMITED, problem
from graph.execution import Operation
from graph.guard import choose_operation, too_dear
from graph.requests import Asked, Refused


class NotAdmitted(Exception):
    """The operation does not begin, and its client is told these errors; when it is too early, also in how long."""

    def __init__(self, errors: tuple[GraphQLError, ...], retry_after_ms: int = 0) -> None:
        super().__init__(len(errors))
        self.errors = list(errors)
        self.retry_after_ms = retry_after_ms


@dataclass(frozen=True, slots=True)
class Admission:
    """Admits operations, over HTTP and the socket alike."""

    documents: Documents
    budget: Budget
    max_cost: int

    async def admit(self, asked: Asked, viewer: Viewer) -> Operation:
        """The operation that is asked for, and paid for. NotAdmitted, or Refused when it does not say which one."""
        checked = self.documents.find(asked)
        if checked.document is None or checked.errors:
            raise NotAdmitted(checked.errors)
        try:
            chosen = choose_operation(checked.document, asked.operation_name)
        except GraphQLError as error:
            raise Refused(error) from error
        cost = checked.cost_of(chosen).of(asked.variables)
        excess = too_dear(cost, self.max_cost)
        if excess is not None:
            raise NotAdmitted((excess,))
        wait = await self.budget.take(viewer.id, cost)
        if wait:
            words = "You have asked for much in little time; try again later."
            raise NotAdmitted((problem(RATE_LIMITED, words, retryAfterMs=wait, cost=cost),), wait)
        return Operation(checked.document, asked.operation_name, asked.variables, chosen, cost)
