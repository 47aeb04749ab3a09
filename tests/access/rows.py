"""One row of the matrix: an operation, what a member finds by it, and what a stranger gets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.access.things import Things
from tests.access.world import World
from tests.client import Person, StreamEnded

Expected = Callable[[Things], "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody got, in short: a code, or the value of the root field."""

    code: str | None
    value: Any = None


def refused(code: str) -> Expected:
    """The stranger is refused."""
    return lambda _: Outcome(code)


def finds(value: Any) -> Expected:
    """The stranger gets this, which is nothing of Ann's and Bob's."""
    return lambda things: Outcome(None, value(things) if callable(value) else value)


@dataclass(frozen=True, slots=True)
class Row:
    """`names` are those of tests/access/walk.py that the operation is about; `meanwhile` is what makes a stream speak,
    and gives the code by which that is refused.

    `is_found` says whether an answer holds the real thing; `case` tells rows of one name apart. `closed` is the code by
    which a member is refused when the conversation is closed; None when that makes no difference. `blocked` is the same
    for a pair of whom one has blocked the other, where it is not BLOCKED for what cannot be done in a closed one.
    """

    names: tuple[str, ...]
    operation: str
    variables: Callable[[Things], dict[str, Any]]
    is_found: Callable[[Things, Any], bool]
    stranger: Expected
    member: str = "ann"
    meanwhile: Callable[[World], Awaitable[str | None]] | None = None
    case: str = ""
    closed: str | None = None
    blocked: str | None = None

    @property
    def code_when_blocked(self) -> str | None:
        """As `closed`, when the two have blocked each other: what is closed for both is so for them."""
        return self.blocked or ("BLOCKED" if self.closed else None)

    @property
    def is_stream(self) -> bool:
        """Does it go over a socket?"""
        return self.operation.lstrip().startswith("subscription")

    @property
    def is_of_a_role(self) -> bool:
        """Is it for the service role, or for staff, only?"""
        return self.member in ("host", "sam")

    def __str__(self) -> str:
        return " ".join((*self.names, self.case)).strip()


async def raw_answer(person: Person, row: Row, things: Things) -> Any:
    """All that a person is told: the whole answer, or the first event or the errors of a stream."""
    variables = row.variables(things)
    if not row.is_stream:
        return await person.answer(row.operation, **variables)
    async with person.follow(row.operation, **variables) as stream:
        try:
            return {"data": {"event": await stream.next()}}
        except StreamEnded as end:
            return {"errors": end.errors}


def outcome_of(answer: Any) -> Outcome:
    """The short of an answer: the code of its only error, top-level or in the payload; else the root field's value."""
    errors = answer.get("errors")
    if errors:
        assert len(errors) == 1, errors
        return Outcome(errors[0]["extensions"]["code"])
    (value,) = answer["data"].values()
    if isinstance(value, dict) and value.get("errors"):
        assert len(value["errors"]) == 1, value
        assert all(not rest for name, rest in value.items() if name != "errors"), value
        return Outcome(value["errors"][0]["code"])
    return Outcome(None, value)


async def find_as_member(world: World, row: Row) -> None:
    """The member finds the real thing, at once or, in a stream, among what comes. A failure when they do not."""
    person, things = world.cast[row.member], world.things(row.member)
    if row.meanwhile is not None:
        assert await row.meanwhile(world) is None
    if not row.is_stream:
        outcome = outcome_of(await raw_answer(person, row, things))
        assert outcome.code is None, outcome
        assert row.is_found(things, outcome.value), outcome
        return
    async with person.follow(row.operation, **row.variables(things)) as stream:
        while not row.is_found(things, await stream.next()):
            pass
