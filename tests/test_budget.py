"""What one person may spend: a bucket that fills evenly, this process's own or one of all processes."""

import asyncio
from collections.abc import Iterator

import pytest

from core.budget import FEW, OwnBudget
from core.shared_budget import PAUSE, SharedBudget
from tests.parts.programs import redis_program
from tests.parts.redis import Redis


class Hands:
    """A clock whose hands are moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    """A clock."""
    return Hands()


async def test_a_bucket_is_full_at_first_and_fills_evenly(hands: Hands) -> None:
    budget = OwnBudget(600, hands)
    assert await budget.take("ann", 400) == 0
    assert await budget.take("ann", 200) == 0
    assert await budget.take("ann", 10) == 1000
    hands.seconds += 0.5
    assert await budget.take("ann", 10) == 500
    hands.seconds += 0.5
    assert await budget.take("ann", 10) == 0
    assert await budget.take("ann", 1) == 100


async def test_who_is_refused_has_spent_nothing(hands: Hands) -> None:
    budget = OwnBudget(600, hands)
    await budget.take("ann", 500)
    for _ in range(50):
        assert await budget.take("ann", 200) == 10_000
    assert await budget.take("ann", 100) == 0


async def test_a_bucket_never_holds_more_than_a_minute_brings(hands: Hands) -> None:
    budget = OwnBudget(600, hands)
    await budget.take("ann", 600)
    hands.seconds += 100_000
    assert await budget.take("ann", 600) == 0
    assert await budget.take("ann", 1) == 100


async def test_everybody_has_a_bucket_of_their_own(hands: Hands) -> None:
    budget = OwnBudget(600, hands)
    await budget.take("ann", 600)
    assert await budget.take("cy", 600) == 0


async def test_full_buckets_are_forgotten_and_others_are_not(hands: Hands) -> None:
    budget = OwnBudget(600, hands)
    for number in range(FEW):
        await budget.take(f"person {number}", 10)
    hands.seconds += 0.5
    await budget.take("ann", 600)
    assert len(budget) == FEW + 1
    hands.seconds += 1
    for number in range(FEW):
        await budget.take(f"another {number}", 10)
    assert len(budget) <= 2 * (FEW + 1)
    for number in range(FEW):
        hands.seconds += 0.001
        await budget.take(f"a third {number}", 10)
    assert len(budget) <= 2 * (FEW + 1)
    assert await budget.take("ann", 600) > 0


needs_redis = pytest.mark.parametrize("program", [redis_program()] if redis_program() else [])


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of a test's own."""
    server = Redis.create()
    yield server
    server.remove()


def shared(redis: Redis, hands: Hands, most: int, name: str = "here") -> SharedBudget:
    """The budget as another process has it."""
    return SharedBudget(redis.url, name, most, seconds=1, now=hands)


async def spend(budget: SharedBudget, who: str, amount: int) -> int:
    """Take it, and let Redis hear of it."""
    wait = await budget.take(who, amount)
    await budget.settle()
    return wait


@needs_redis
async def test_processes_spend_from_one_bucket(redis: Redis, hands: Hands, program: str) -> None:
    one, other, elsewhere = shared(redis, hands, 1000), shared(redis, hands, 1000), shared(redis, hands, 1000, "there")
    try:
        assert await spend(one, "ann", 990) == 0
        assert await spend(other, "ann", 500) == 0, "it has not heard yet"
        assert 29_000 < await other.take("ann", 1) < 31_000, "and waits for what was too much"
        assert await spend(one, "ann", 1000) > 0
        assert await spend(other, "cy", 1000) == 0
        assert await spend(elsewhere, "ann", 1000) == 0
    finally:
        for budget in (one, other, elsewhere):
            await budget.close()


@needs_redis
async def test_redis_is_told_once_of_many_operations(redis: Redis, hands: Hands, program: str) -> None:
    budget = shared(redis, hands, 50_000)
    try:
        assert [await spend(budget, "ann", 10) for _ in range(99)] == [0] * 99
        assert budget.told == 0
        assert [await spend(budget, "ann", 10) for _ in range(2)] == [0] * 2
        assert budget.told == 1
    finally:
        await budget.close()


@needs_redis
async def test_who_has_nothing_does_not_make_redis_be_told(redis: Redis, hands: Hands, program: str) -> None:
    budget = shared(redis, hands, 1000)
    try:
        assert await spend(budget, "ann", 1000) == 0
        assert all([await spend(budget, "ann", 20) > 1000 for _ in range(50)])
        assert budget.told == 1
        hands.seconds += 1.3
        assert await spend(budget, "ann", 20) == 0
        assert budget.told == 2
    finally:
        await budget.close()


@needs_redis
async def test_all_that_is_there_can_be_spent_and_hardly_more(redis: Redis, hands: Hands, program: str) -> None:
    """By two processes that take turns: each may spend a part, and an operation, before it hears of the other."""
    one, other = shared(redis, hands, 600_000), shared(redis, hands, 600_000)
    try:
        spent = 0
        for _ in range(400):
            for budget in (one, other):
                spent += 5000 if await spend(budget, "ann", 5000) == 0 else 0
        # While it is spent some flows in: 10,000 in each second.
        assert 600_000 - 5000 <= spent <= 600_000 + 2 * (12_000 + 5000) + 100_000
        assert await one.take("ann", 600_000) > 0
        assert await other.take("ann", 600_000) > 0
    finally:
        await one.close()
        await other.close()


@needs_redis
async def test_without_redis_each_process_counts_by_itself_until_it_is_back(
    redis: Redis, hands: Hands, program: str
) -> None:
    budget = shared(redis, hands, 1000)
    try:
        redis.kill()
        assert await spend(budget, "ann", 900) == 0
        told = budget.told
        assert await spend(budget, "ann", 900) > 0
        assert await spend(budget, "bob", 900) == 0
        assert budget.told == told
        redis.start()
        hands.seconds += PAUSE
        assert await spend(budget, "cy", 1000) == 0
        assert budget.told == told + 1
        assert await spend(budget, "cy", 1000) > 0
    finally:
        await budget.close()


@needs_redis
async def test_many_who_spend_at_once_are_all_counted(redis: Redis, hands: Hands, program: str) -> None:
    budget, other = shared(redis, hands, 60_000), shared(redis, hands, 60_000)
    try:
        waits = await asyncio.gather(*(budget.take("ann", 30_000) for _ in range(200)))
        assert sum(wait == 0 for wait in waits) == 2
        assert await asyncio.gather(*(budget.take(f"person {n}", 60_000) for n in range(300))) == [0] * 300
        await budget.settle()
        assert await asyncio.gather(*(other.take(f"person {n}", 1200) for n in range(300))) == [0] * 300
        await other.settle()
        assert all(await asyncio.gather(*(other.take(f"person {n}", 1200) for n in range(300))))
    finally:
        await budget.close()
        await other.close()


@needs_redis
async def test_nobody_waits_for_a_redis_that_hangs(redis: Redis, hands: Hands, program: str) -> None:
    """No operation does, and it is told once: what is spent meanwhile is counted here."""
    budget = shared(redis, hands, 60_000)
    try:
        await spend(budget, "bob", 60_000)
        redis.hold()
        assert [await budget.take(f"person {n}", 60_000) for n in range(50)] == [0] * 50
        assert await budget.take("person 1", 60_000) > 0
        await budget.settle()
        assert budget.told == 2
    finally:
        redis.go_on()
        await budget.close()
