"""Whatever fails in whatever order, nobody misses anything: the log and its bells under many seeds.

When a seed finds something, it is printed. One again, with everything that happened in it:
`SEED=123 .venv/bin/python -m pytest tests/simulation -k one_seed`, or `python -m tests.simulation --seed 123`.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.stage import Stage

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Where runs take place."""
    with Stage.opened() as opened:
        yield opened


def play(stage: Stage, seeds: range) -> None:
    """Run seeds until one finds something."""
    for seed in seeds:
        faults = stage.play(seed).faults
        assert not faults, f"seed {seed} found {faults}; again: python -m tests.simulation --seed {seed}"


def test_nobody_misses_anything(stage: Stage) -> None:
    """A few seeds that are always the same, and a few that nobody has tried yet."""
    play(stage, range(20))
    first = secrets.randbelow(10**9)
    play(stage, range(first, first + 20))


@pytest.mark.parametrize("seed", [111562924, 417166963])
def test_what_a_seed_once_found_is_mended(stage: Stage, seed: int) -> None:
    """Two who left one after the other: the second was told twice that the conversation is gone."""
    play(stage, range(seed, seed + 1))


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(10))
def test_nobody_misses_anything_in_a_thousand_seeds(stage: Stage, hundred: int) -> None:
    first = secrets.randbelow(10**9) + hundred
    play(stage, range(first, first + 100))


def test_one_seed(stage: Stage) -> None:
    """The one that SEED names; what happened is printed when it finds something."""
    outcome = stage.play(int(os.environ.get("SEED", "1")))
    if outcome.faults:
        print(*outcome.history.lines(), sep="\n")
    assert outcome.faults == []


@pytest.mark.parametrize("seed", [3, 96])
def test_the_same_seed_is_the_same_run(stage: Stage, seed: int) -> None:
    """In another process too, where texts have other hashes and objects other addresses."""
    stage.play(seed + 1)
    mine = stage.play(seed).history.lines()
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed)]
    theirs = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"}, check=True
    )
    assert theirs.stdout.splitlines() == mine
    assert len(mine) > 20
