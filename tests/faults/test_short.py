"""The short form of the fault suite: servers die a few times under people who talk, and every promise is kept."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.acts import kill, kill_redis, shake, terminate_backends
from tests.faults.checker import summary
from tests.faults.company import Cast
from tests.faults.ground import Ground, ground_of
from tests.faults.play import play
from tests.faults.points import AFTER_COMMIT
from tests.faults.scenarios import Scenario
from tests.faults.stage import Stage
from tests.legs import Leg


@pytest.fixture
def ground(leg: Leg) -> Iterator[Ground]:
    """A ground of this test's own, for it kills what others would stand on."""
    with ground_of(leg.name) as given:
        yield given


async def a_little_of_everything(stage: Stage, times: int) -> None:
    """Whatever can be done to a ground, in a quarter of a minute."""
    await kill(stage, times)
    server = random.choice(stage.fleet.servers)
    await stage.fleet.ready()
    await server.order(f"die {AFTER_COMMIT} 2")
    await stage.died(server)
    await server.start()
    if stage.ground.redis is not None:
        await kill_redis(stage, times)
    if stage.ground.postgres is not None:
        await terminate_backends(stage, times)
    await shake(stage, times)


async def test_nothing_is_lost_doubled_or_out_of_order(ground: Ground) -> None:
    scenario = Scenario("short", a_little_of_everything, times=1, cast=Cast(listings=1, rest=0.05), servers=2)
    outcome = await play(ground, scenario)
    assert not outcome.violations, summary(outcome.violations)
    assert len(outcome.history.acknowledged) > 20
    assert any(connected.connection > 1 for connected in outcome.history.connected)
