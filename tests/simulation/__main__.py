"""Runs seeds one after another: `python -m tests.simulation --seeds 1000`, or `--seed 123` to see one run."""

import argparse
import secrets
import sys
import time

from tests.simulation.stage import Stage


def main() -> int:
    """Run what the arguments say; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many seeds")
    parser.add_argument("--first", type=int, default=None, help="the first of them; at random unless told")
    parser.add_argument("--seed", type=int, default=None, help="run this one, and print all that happened")
    parser.add_argument("--go-on", action="store_true", help="go on when something was found")
    options = parser.parse_args()
    if options.seed is not None:
        return show(options.seed)
    first = secrets.randbelow(10**9) if options.first is None else options.first
    return run(range(first, first + options.seeds), go_on=options.go_on)


def show(seed: int) -> int:
    """One run, line by line."""
    with Stage.opened() as stage:
        outcome = stage.play(seed)
    print(*outcome.history.lines(), *outcome.faults, sep="\n")
    return 1 if outcome.faults else 0


def run(seeds: range, *, go_on: bool) -> int:
    """Many runs, with how far they are."""
    started, found = time.monotonic(), 0
    with Stage.opened() as stage:
        for number, seed in enumerate(seeds, 1):
            outcome = stage.play(seed)
            if outcome.faults:
                found += 1
                print(f"\nseed {seed}, the {number}th: {outcome.faults[0]}", flush=True)
                if not go_on:
                    break
            if number % 50 == 0 or number == len(seeds):
                print(f"\r{number} seeds, {found} bad, {time.monotonic() - started:.0f} s", end="", flush=True)
    print(f"\nseeds {seeds.start} to {seeds.stop - 1}: {found} bad. One again: python -m tests.simulation --seed SEED")
    return 1 if found else 0


sys.exit(main())
