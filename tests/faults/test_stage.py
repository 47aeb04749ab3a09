"""Whoever leaves a stage leaves nobody on it, and a trap that nobody walks into is not overlooked."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.company import Cast
from tests.faults.ground import Ground, ground_of
from tests.faults.play import play
from tests.faults.scenarios import Scenario
from tests.faults.stage import Stage

FEW = Cast(writers=2, listings=1, slow=False, restless=False, booking=False, pairs=0)


@pytest.fixture
def ground() -> Iterator[Ground]:
    """A ground to stand on; what is tested is the suite's own."""
    with ground_of("sqlite") as given:
        yield given


async def leave_at_once(stage: Stage, times: int) -> None:
    """The play breaks off while everybody talks."""
    await stage.said(times)
    raise LookupError("the first error")


async def set_a_trap_nowhere(stage: Stage, times: int) -> None:
    """A server is to die where no act comes by."""
    await stage.said(times)
    (server,) = stage.fleet.servers
    await server.order("die nowhere 1")
    await stage.died(server)
    await server.start()
    await stage.said(times)
    await stage.connected()


async def stand_still(stage: Stage, times: int) -> None:
    """A server answers nobody any more."""
    await stage.said(times)
    stage.fleet.servers[0].hold()


async def test_who_leaves_by_an_error_leaves_nobody_behind(ground: Ground) -> None:
    before, errors = asyncio.all_tasks(), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    with pytest.raises(LookupError, match="the first error"):
        await play(ground, Scenario("left", leave_at_once, 1, cast=FEW))
    assert asyncio.all_tasks() == before
    assert not errors


async def test_a_trap_that_nobody_walks_into_is_an_error(ground: Ground) -> None:
    with pytest.raises(TimeoutError, match="trap"):
        await play(ground, Scenario("nowhere", set_a_trap_nowhere, 1, cast=FEW), patience=1.0)


async def test_a_planted_fault_that_leads_around_a_trap_is_played_to_its_check(ground: Ground) -> None:
    outcome = await play(ground, Scenario("nowhere", set_a_trap_nowhere, 1, cast=FEW), patience=3.0, is_planted=True)
    assert outcome.kills == 1
    assert not outcome.violations


async def test_a_server_that_answers_nobody_is_what_a_check_tells_and_no_play_without_end(ground: Ground) -> None:
    outcome = await play(ground, Scenario("still", stand_still, 1, cast=FEW), patience=1.0, is_planted=True)
    assert {"a last word", "showing what there is"} <= {refused.what for refused in outcome.history.refused}
    assert "everything_answered" in {violation.check for violation in outcome.violations}
