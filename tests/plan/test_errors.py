"""Errors are graphql-core's, on both ways: their places, their codes, and the data around them."""

import traceback
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from chat.cursors import InvalidCursor
from graph.context import Context
from graph.errors import origin_of
from graph.execution import Operation, answer_by, execute
from graph.guard import choose_operation
from graph.plan.levels import Level
from graph.plan.plans import Plan
from tests import acts
from tests.client import Person
from tests.plan.both import Both
from tests.plan.market import Market

TORN = """
query Torn($id: ID!, $other: ID!, $bad: String) {
  one: conversation(id: $id) { messages(after: $bad) { pageInfo { endCursor } } counterpart { user { name } } }
  two: conversation(id: $other) {
    messages(first: 3) { edges { node { seq sender { name } status } } }
    unreadCount
    counterpart { user { name } }
  }
}
"""
TORN_LISTS = """
query TornLists($bad: String) {
  one: subject(kind: "listing", externalId: "bike-1") {
    a: conversations { edges { cursor } } b: conversations(after: $bad) { edges { cursor } }
    c: conversations(last: 2) { edges { cursor } } d: conversations(first: 1) { edges { cursor } }
  }
  two: subject(kind: "listing", externalId: "bike-3") {
    conversations(last: 2) { edges { node { id lastMessage { body } } } }
    viewerCanContact
    owner { name }
  }
}
"""
ARGUMENTS: dict[str, dict[str, Any]] = {
    "a bad cursor": {"after": "nonsense"},
    "a page of none": {"first": 0},
    "a page of too many": {"last": 101},
    "both ends": {"first": 1, "last": 1},
    "around nothing": {"around": "nonsense"},
    "a number that is none": {"first": "two"},
}


@pytest.mark.parametrize("name", ARGUMENTS)
async def test_an_error_has_its_place_and_code_both_ways(market: Market, both: Both, name: str) -> None:
    """The conversation is null with its page, and what stands beside it is answered."""
    variables = {"id": market.words.ids["Conversation"][0], **ARGUMENTS[name]}
    query = acts.MESSAGES.replace("conversation(id: $id)", "viewer { user { name } } conversation(id: $id)")
    answers = await both.answers(both.guard(), market.people.ann, query, variables)
    assert answers is not None
    planned, resolved = answers
    assert planned == resolved
    (error,) = planned["errors"]
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "INVALID_CURSOR")
    if error.get("path"):
        assert error["path"] == ["conversation", "messages"]
        assert planned["data"] == {"viewer": {"user": {"name": "Ann"}}, "conversation": None}


async def test_an_error_in_one_field_takes_nothing_from_the_others(market: Market, both: Both) -> None:
    """However the statements of the two meet: graphql-core calls off what stands beside an error."""
    bob = market.people.bob
    mine = await conversations_of(bob)
    for other in mine[1:]:
        answers = await both.answers(both.guard(), bob, TORN, {"id": mine[0], "other": other, "bad": "nonsense"})
        assert answers is not None
        for answer in answers:
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_CURSOR"]
            assert answer["data"]["one"] is None
            assert answer["data"]["two"]["counterpart"]["user"]["name"]


async def test_a_statement_that_runs_is_not_torn_either(market: Market, both: Both) -> None:
    """Also one that a field reads by itself."""
    for _ in range(20):
        answers = await both.answers(both.guard(), market.people.bob, TORN_LISTS, {"bad": "nonsense"})
        assert answers is not None
        for answer in answers:
            assert [error["path"] for error in answer["errors"]] == [["one", "b"]]
            assert answer["data"]["one"] is None
            assert answer["data"]["two"]["owner"] == {"name": "Bob"}
            assert len(answer["data"]["two"]["conversations"]["edges"]) == 2


async def conversations_of(person: Person) -> list[str]:
    """The ids of somebody's conversations with one other person."""
    found = await person.ask("{ conversations { edges { node { id counterpart { id } } } } }")
    return [edge["node"]["id"] for edge in found["edges"] if edge["node"]["counterpart"]]


@dataclass(frozen=True, slots=True)
class Refusing(Level):
    """A level that refuses at first, as if what was asked for were not there yet; and then answers."""

    refusals: list[Exception] = field(default_factory=list)

    async def answer(self, run: Any, rows: Any) -> Any:
        """The answer, in the end."""
        if self.refusals:
            raise self.refusals.pop()
        return await Level.answer(self, run, rows)


@pytest.mark.parametrize(("times", "how"), [(1, "unplanned"), (2, "failed")])
async def test_a_plan_that_refused_what_came_a_moment_later_has_not_failed(
    market: Market, both: Both, monkeypatch: pytest.MonkeyPatch, times: int, how: str
) -> None:
    """It is a fault only when it refuses again what graphql-core answers."""
    document = both.guard().check("{ viewer { user { name } } }").document
    assert document is not None
    operation = Operation(document, None, None, choose_operation(document, None))
    plan = both.plans.find(document, operation.chosen, None)
    assert plan is not None
    level = Refusing(plan.level.make, plan.level.parts, refusals=[InvalidCursor() for _ in range(times)])
    monkeypatch.setattr(both.plans, "find", lambda *_: Plan(level, plan.variables))
    context: Context = await both.context(market.people.ann, both.meters)
    with capture_logs() as logs:
        answer = await execute(both.plans, context, operation)
    assert answer["data"] == {"viewer": {"user": {"name": "Ann"}}}
    assert both.meters.answered == {how: 1}
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["plan.failed"] * (how == "failed")


MANY = """
query Many($ids: [ID!]!, $bad: String) {
  one: nodes(ids: $ids) { ... on Conversation { messages(after: $bad) { pageInfo { endCursor } } } }
  two: nodes(ids: $ids) { ... on Conversation { messages(after: $bad) { pageInfo { endCursor } } } }
}
"""


async def test_refusals_keep_none_of_the_frames_that_they_came_through(market: Market, both: Both) -> None:
    """Of hundreds of errors there would be thousands, and the garbage collector took as long as all else."""
    ids = [market.words.ids["Conversation"][0]] * 50
    operation = both.operation(both.guard(), MANY, {"ids": ids, "bad": "nonsense"})
    assert isinstance(operation, Operation)
    context = await both.context(market.people.ann, both.meters)
    answered = await answer_by(None, both.plans.schema, context, operation)
    await context.release()
    assert [origin_of(error).__class__ for error in answered.errors] == [InvalidCursor] * 100
    assert sum(map(frames_of, answered.errors)) == 0


def frames_of(error: BaseException | None) -> int:
    """How many frames an error holds, with those that led to it."""
    if error is None:
        return 0
    own = sum(1 for _ in traceback.walk_tb(error.__traceback__))
    return own + frames_of(error.__cause__ or error.__context__) + frames_of(getattr(error, "original_error", None))
