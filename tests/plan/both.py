"""Asks both: the plan of an operation, and graphql-core."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from core.clock import CLOCK
from graph.context import Context
from graph.doorkeeper import Doorkeeper
from graph.execution import Operation, answer_of, execute
from graph.guard import Guard, choose_operation
from graph.meters import Meters
from graph.metrics import new_registry
from graph.plan.plans import Plans
from graph.responses import encode
from graph.roots import row_types, schema, subscription_fields
from graph.subscription import Over, Subscription
from tests.client import Person
from tests.house import House


class NoPlans(Plans):
    """Leaves every operation to graphql-core."""

    def find(self, *_: Any) -> None:
        """None."""


class Counts(Meters):
    """Meters that can be looked at."""

    def __init__(self) -> None:
        super().__init__(new_registry(), subscription_fields)
        self.answered: Counter[str] = Counter()

    def count_answer(self, kind: str, made: str) -> None:
        """Note how a query was answered."""
        super().count_answer(kind, made)
        self.answered[made] += 1


@dataclass(frozen=True, slots=True)
class Both:
    """Executes operations both ways, each at one and the same time of day."""

    house: House
    plans: Plans = field(default_factory=lambda: Plans(schema, row_types))
    nothing: Plans = field(default_factory=lambda: NoPlans(schema, row_types))
    meters: Counts = field(default_factory=Counts)

    def guard(self) -> Guard:
        """A guard that remembers."""
        return Guard(schema._schema, self.house.settings)

    async def answers(
        self, guard: Guard, person: Person, query: str, variables: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The answers of the plan and of graphql-core, as clients get them; None for what is no valid operation."""
        operation = self.operation(guard, query, variables)
        if operation is None:
            return None
        told = []
        _hold_the_clock()
        for plans, meters in self._ways():
            context = await self.context(person, meters)
            told.append(json.loads(encode(await execute(plans, context, operation))))
        return told[0], told[1]

    async def tellings(
        self, guard: Guard, person: Person, query: str, variables: dict[str, Any], event: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The same of a subscription for an event."""
        operation = self.operation(guard, query, variables)
        if operation is None:
            return None
        told = []
        _hold_the_clock()
        for plans, meters in self._ways():
            try:
                subscription = Subscription.of(plans, operation)
            except Over as over:
                told.append(answer_of(None, over.errors, self.house.palaver.settings.max_errors))
            else:
                context = await self.context(person, meters)
                told.append(json.loads(encode((await subscription.tell(context, event)).answer)))
        return told[0], told[1]

    def operation(self, guard: Guard, query: str, variables: dict[str, Any]) -> Operation | None:
        """A checked operation; None for what is no valid one."""
        checked = guard.check(query)
        if checked.document is None or checked.errors:
            return None
        chosen = choose_operation(checked.document, None)
        return Operation(checked.document, None, variables, chosen, checked.cost_of(chosen).of(variables))

    def _ways(self) -> tuple[tuple[Plans, Counts], ...]:
        return (self.plans, self.meters), (self.nothing, Counts())

    async def context(self, person: Person, meters: Counts) -> Context:
        """The context of an operation of somebody's."""
        viewer = await Doorkeeper(self.house.palaver).admit(person.headers["Authorization"])
        return Context(self.house.palaver, viewer, self.house.url, meters)


def _hold_the_clock() -> None:
    """Addresses and cursors hold the time. It stands still for one comparison, no longer: tokens are made meanwhile,
    and one that is made later than it is refused."""
    moment = time.time_ns()
    CLOCK.set(lambda: moment)
