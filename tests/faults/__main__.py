"""Runs the fault suite, and prints and keeps its figures: python -m tests.faults."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.checker import summary
from tests.faults.endurance import Endurance
from tests.faults.figures import Figures, figures_of, table, write_results
from tests.faults.fleet import ROOT
from tests.faults.ground import GROUNDS, ground_of
from tests.faults.planting import MUTANTS, play_mutant
from tests.faults.play import Outcome, play
from tests.faults.scenarios import SCENARIOS

RESULTS = ROOT / "bench" / "results"


def read_words(words: Sequence[str]) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--on", nargs="+", choices=GROUNDS, default=["sqlite", "postgres"], help="what to stand on")
    parser.add_argument("--only", nargs="+", choices=[each.name for each in SCENARIOS], help="only these scenarios")
    parser.add_argument("--times", type=int, help="how often each fault happens")
    parser.add_argument("--messages", type=int, help="one long run instead, with so many messages at least")
    parser.add_argument("--kills", type=int, default=200, help="deaths of the long run")
    parser.add_argument("--mutants", nargs="*", metavar="MUTANT", help="play planted faults instead: these, or all")
    parser.add_argument("--clean", action="store_true", help="play the mutants' plays without their faults")
    parser.add_argument("--results", help="the name of the files in bench/results")
    asked = parser.parse_args(words)
    asked.results = asked.results or ("faults" if asked.messages is None else "faults-long")
    return asked


async def run(asked: argparse.Namespace) -> list[Figures]:
    """Play what is asked for; each play is told as it ends."""
    rows: list[Figures] = []
    for name in asked.on:
        with ground_of(name) as ground:
            if asked.messages is not None:
                long = Endurance(asked.messages, asked.kills, say).scenario
                rows.append(tell(await play(ground, long, patience=60.0)))
                continue
            wanted = [each for each in SCENARIOS if asked.only is None or each.name in asked.only]
            rows += [tell(await play(ground, each, times=asked.times)) for each in wanted if name in each.grounds]
    return rows


async def run_mutants(names: Sequence[str], *, is_planted: bool) -> int:
    """Play mutants; how many went as they must not: a fault that nobody noticed, or a complaint of what is clean."""
    wrong = 0
    wanted = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    for name in GROUNDS:
        if any(mutant.ground == name for mutant in wanted):
            with ground_of(name) as ground:
                for mutant in (each for each in wanted if each.ground == name):
                    outcome = await play_mutant(ground, mutant, is_planted=is_planted)
                    wrong += bool(outcome.violations) != is_planted
                    say(f"{name:9} {mutant.name:28} {outcome.seconds:5.1f} s  {caught_by(outcome)}")
    return wrong


def caught_by(outcome: Outcome) -> str:
    """The checks that complained, with the number of their complaints."""
    counts = Counter(violation.check for violation in outcome.violations)
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "nothing was noticed"


def tell(outcome: Outcome) -> Figures:
    """Say what a play came to, and keep the history of one that went wrong."""
    row = figures_of(outcome)
    say(
        f"{row.ground:9} {row.scenario:20} {row.acknowledged:6} acknowledged {row.heard:7} heard {row.kills:3} kills "
        f"{row.seconds:6} s  {row.violations} violations"
    )
    if outcome.violations:
        folder = Path(tempfile.mkdtemp(prefix="palaver-history-"))
        outcome.history.write(folder / "history.jsonl")
        outcome.log.write(folder / "log.jsonl")
        say(f"{summary(outcome.violations)}\n    all of it: {folder}")
    return row


def say(words: str) -> None:
    """Print at once."""
    print(words, flush=True)


def main() -> int:
    """The status: 0 when every promise was kept."""
    asked = read_words(sys.argv[1:])
    if asked.mutants is not None:
        return asyncio.run(run_mutants(asked.mutants, is_planted=not asked.clean))
    begun = time.monotonic()
    rows = asyncio.run(run(asked))
    say(f"\n{table(rows)}\n\n{time.monotonic() - begun:.0f} s")
    write_results(rows, RESULTS, asked.results)
    return 1 if any(row.violations for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
