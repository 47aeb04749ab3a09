"""The plan's answer is graphql-core's, for generated operations of everybody: data and errors."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from graph.roots import schema
from tests.client import Person
from tests.plan.both import Both
from tests.plan.market import Market
from tests.plan.operations import Generator, Operation

#: Operations of a run, and of a long one, each asked by four people.
MANY = 150
VERY_MANY = 2000


def is_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal answers; but where several errors make one object null, an answer need tell only one of them."""
    if one == other:
        return True
    return one["data"] == other["data"] and _torn(one) == _torn(other) != set()


def _torn(answer: dict[str, Any]) -> set[str]:
    """The places of an answer that errors made null."""
    places = set()
    for error in answer.get("errors", ()):
        path, value, depth = error["path"], answer["data"], 0
        while value is not None and depth < len(path):
            value, depth = value[path[depth]], depth + 1
        places.add(str(path[:depth]))
    return places


def anything(market: Market, seed: int) -> Operation:
    """A query of any root fields."""
    return Generator(schema._schema, market.words, Random(seed)).operation()


def of_staff(market: Market, seed: int) -> Operation:
    """A query of what staff see."""
    return Generator(schema._schema, market.words, Random(seed)).about("query", "admin", {})


async def compare(
    market: Market,
    both: Both,
    seeds: range,
    make: Callable[[Market, int], Operation] = anything,
    askers: dict[str, Person] | None = None,
) -> tuple[int, int]:
    """Compare the answers to the operations of seeds; how many were valid, and how many cases that made."""
    guard, valid, cases = both.guard(), 0, 0
    for seed in seeds:
        made = make(market, seed)
        if guard.check(made.query).errors:
            continue
        valid += 1
        for name, person in (askers or market.askers).items():
            answers = await both.answers(guard, person, made.query, made.variables)
            assert answers is not None
            planned, resolved = answers
            assert is_alike(planned, resolved), f"seed {seed}, {name}: {made.query} {made.variables}"
            cases += 1
    return valid, cases


async def test_generated_operations_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """And nine of ten are planned; no plan fails where the resolvers do not."""
    valid, cases = await compare(market, both, range(MANY))
    answered = both.meters.answered
    share = (cases - answered["unplanned"]) / cases
    print(f"{valid} of {MANY} operations were valid, {cases} cases: {dict(answered)}; planned: {share:.1%}")
    assert valid >= 0.8 * MANY
    assert answered["failed"] == 0
    assert answered["planned"] >= 0.5 * cases
    assert share >= 0.9


async def test_generated_queries_of_staff_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """Nine of ten are planned here too; and who is no staff is refused both ways."""
    valid, cases = await compare(market, both, range(MANY), of_staff, market.watchers)
    answered = both.meters.answered
    share = (cases - answered["unplanned"]) / cases
    print(f"{valid} of {MANY} operations were valid, {cases} cases: {dict(answered)}; planned: {share:.1%}")
    assert valid >= 0.8 * MANY
    assert answered["failed"] == 0
    assert share >= 0.9


async def test_staff_ask_for_anything_and_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """What they are otherwise stays what others see."""
    await compare(market, both, range(MANY, MANY + MANY // 2), anything, market.watchers)
    assert both.meters.answered["failed"] == 0


@pytest.mark.long
async def test_staff_ask_for_a_thousand_things_and_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """The same for more of them."""
    await compare(market, both, range(MANY, MANY + VERY_MANY // 2), anything, market.watchers)
    assert both.meters.answered["failed"] == 0


@pytest.mark.long
async def test_thousands_of_queries_of_staff_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """The same for more of them."""
    await compare(market, both, range(MANY, MANY + VERY_MANY), of_staff, market.watchers)
    assert both.meters.answered["failed"] == 0


@pytest.mark.long
async def test_thousands_of_operations_have_the_same_answer_both_ways(market: Market, both: Both) -> None:
    """The same for more of them."""
    await compare(market, both, range(MANY, MANY + VERY_MANY))
    assert both.meters.answered["failed"] == 0
