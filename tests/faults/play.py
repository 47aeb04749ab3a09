"""Plays a scenario, and has its history checked."""

import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checker import Violation, check
from tests.faults.fleet import ROOT
from tests.faults.ground import Ground
from tests.faults.history import History
from tests.faults.log import Log
from tests.faults.memory import Memory
from tests.faults.scenarios import Scenario
from tests.faults.stage import stage_on


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a play came to."""

    scenario: str
    ground: str
    history: History
    log: Log
    memory: Memory
    kills: int
    seconds: float
    violations: list[Violation]


async def play(
    ground: Ground,
    scenario: Scenario,
    *,
    times: int | None = None,
    code: Path = ROOT,
    is_planted: bool = False,
    patience: float = 20.0,
) -> Outcome:
    """One scenario from its opening to its check. Only the suite's own faults are raised."""
    begun = time.monotonic()
    async with stage_on(
        ground,
        scenario.cast,
        code=code,
        is_planted=is_planted,
        patience=patience,
        servers=scenario.servers,
        **scenario.settings,
    ) as stage:
        await ground.run(*scenario.sql)
        stage.begin()
        await stage.connected()
        await scenario.act(stage, scenario.times if times is None else times)
        await stage.quiet()
        log = await stage.close()
    return Outcome(
        scenario=scenario.name,
        ground=ground.name,
        history=stage.history,
        log=log,
        memory=stage.memory,
        kills=stage.kills,
        seconds=time.monotonic() - begun,
        violations=check(stage.history, log),
    )
