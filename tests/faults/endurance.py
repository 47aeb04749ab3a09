"""The long run: tens of thousands of messages and hundreds of deaths, on one database."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.acts import (
    Act,
    blink_redis,
    die_at_points,
    hold_redis,
    kill,
    restart_postgres,
    roll,
    shake,
    terminate_backends,
)
from tests.faults.company import Cast
from tests.faults.scenarios import Scenario
from tests.faults.stage import Stage

CAST = Cast(writers=6, listings=2, rest=0.0, slow=False, doorman_rests=1.0)
#: Told so often, in deaths.
PROGRESS = 10


@dataclass(frozen=True, slots=True)
class Endurance:
    """So many messages and so many deaths at least; every now and then something else happens as well."""

    messages: int
    kills: int
    say: Callable[[str], None]

    @property
    def scenario(self) -> Scenario:
        """The play."""
        return Scenario("long", self._act, times=self.kills, cast=CAST)

    async def _act(self, stage: Stage, kills: int) -> None:
        begun = time.monotonic()
        between = self.messages // max(kills, 1)
        others = others_on(stage)
        while stage.kills < kills or stage.stored < self.messages:
            before = stage.acknowledged
            if stage.kills < kills:
                await random.choice((kill, die_at_points))(stage, 1)
            if random.random() < 0.1:
                await random.choice(others)(stage, 1)
            await stage.fleet.ready()
            while stage.acknowledged < before + between:
                await stage.said(min(200, between))
                await stage.breathe()
            if stage.kills % PROGRESS == 0 or stage.kills >= kills:
                self.say(
                    f"    {stage.stored} acknowledged, {stage.kills} kills, {len(stage.history.heard)} heard, "
                    f"{len(stage.history.stuck)} stuck, {time.monotonic() - begun:.0f} s"
                )
            await asyncio.sleep(0)


def others_on(stage: Stage) -> list[Act]:
    """What else may happen on a stage's ground."""
    others: list[Act] = [shake, roll]
    if stage.ground.redis is not None:
        others += [blink_redis, hold_redis]
    if stage.ground.postgres is not None:
        others += [restart_postgres, terminate_backends]
    return others
