"""Whatever people do in whatever order, on however many devices: what they see is what the model says.

A failing run is printed move by move, with the blob that plays it again. To have it made shorter first, which takes
minutes: `SHRINK=1 pytest -o faulthandler_timeout=0 tests/model`.
"""

import asyncio
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.client import People
from tests.house import open_house, settings_for
from tests.model.machine import Machine

PHASES = [phase for phase in Phase if phase is not Phase.shrink or os.environ.get("SHRINK")]


def play(folder: Path, template: Path, *, runs: int, moves: int) -> None:
    """Play so many runs against one server; each has people and subjects of its own."""
    numbers = itertools.count(1)
    with asyncio.Runner() as runner:
        opening = open_house(settings_for(folder, delivered_seconds=0.01), template)
        house = runner.run(opening.__aenter__())
        people = People(house)

        class Run(Machine):
            def __init__(self) -> None:
                super().__init__(runner, people, next(numbers))

        try:
            run_state_machine_as_test(
                Run,
                settings=settings(
                    max_examples=runs,
                    stateful_step_count=moves,
                    deadline=None,
                    print_blob=True,
                    phases=PHASES,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(people.http.aclose())
            runner.run(opening.__aexit__(None, None, None))


def test_everybody_always_sees_what_the_model_says(tmp_path: Path, template: Path) -> None:
    play(tmp_path, template, runs=6, moves=45)


@pytest.mark.long
def test_everybody_always_sees_what_the_model_says_in_long_runs(tmp_path: Path, template: Path) -> None:
    play(tmp_path, template, runs=20, moves=60)
