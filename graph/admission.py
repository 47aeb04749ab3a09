"""Whether an operation may begin: its document is good, it costs no more than one may, and its viewer can afford it."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from chat.users import Viewer
from core.budget import Budget
from graph.documents import Documents
from graph.errors import too_dear, too_early
from graph.execution import Operation
from graph.guard import choose_operation
from graph.requests import Asked, Refused, too_many

#: So many characters of a text that is not known yet cost as much as an object of an answer.
CHARACTERS = 20


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
    max_variables: int

    async def admit(self, asked: Asked, viewer: Viewer) -> Operation:
        """The operation that is asked for, and paid for. NotAdmitted, or Refused when it does not say which one.

        Refused too when its variables hold too much.
        """
        if asked.variables and has_more_values(asked.variables, self.max_variables):
            raise too_many(f"The variables have more than {self.max_variables} values.")
        await self._pay_for_text(asked, viewer)
        checked = self.documents.find(asked, viewer.id)
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
        await self._pay(viewer, cost)
        return Operation(checked.document, asked.operation_name, asked.variables, chosen, cost)

    async def _pay_for_text(self, asked: Asked, viewer: Viewer) -> None:
        """A text that has to be parsed and validated costs something too, also when it is refused then."""
        if asked.query is not None and not self.documents.knows(asked.query):
            await self._pay(viewer, min(len(asked.query) // CHARACTERS, self.max_cost))

    async def _pay(self, viewer: Viewer, cost: int) -> None:
        wait = await self.budget.take(viewer.id, cost)
        if wait:
            raise NotAdmitted((too_early(wait, cost),), wait)


def has_more_values(variables: dict[str, Any], most: int) -> bool:
    """Do variables hold more than so many values? No more of them are looked at to find out."""
    ahead: list[dict[str, Any] | list[Any]] = [variables]
    seen = 0
    while ahead:
        here = ahead.pop()
        seen += len(here)
        if seen > most:
            return True
        values = here.values() if isinstance(here, dict) else here
        ahead += [value for value in values if isinstance(value, (dict, list))]
    return False
