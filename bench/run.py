"""Palaver and its peers side by side: the same work in one run. python -m bench.run --rounds 3 --seconds 2.

Every server is compared with Palaver before it is timed. Then they take turns, round by round: one server at a time,
on one core, with the load on another.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

from bench.contenders import ALL, CONTENDERS, Contender, has_node
from bench.machine import machine
from bench.market.rows import Size, make_market
from bench.processes import LOAD_CORE, pin, raise_limit_of_files
from bench.report import report
from bench.rounds import Contest, say
from bench.stage import BenchError, Stage

RESULTS = Path(__file__).parent / "results"


def chosen(only: Sequence[str]) -> list[Contender]:
    """Who takes part. Palaver always does, as what the others are compared with."""
    wanted = [each for each in CONTENDERS if not only or each.name in only or each.name == "palaver"]
    if any(each.database == "postgres" for each in wanted):
        wanted = [each for each in CONTENDERS if each in wanted or each.name == "palaver-postgres"]
    if not has_node():
        left_out = [each.name for each in wanted if each.is_node]
        if left_out:
            say(f"Without Node.js and the packages of bench/peers: {', '.join(left_out)} are left out.")
        wanted = [each for each in wanted if not each.is_node]
    return wanted


async def run(asked: argparse.Namespace) -> dict[str, Any]:
    """Prepare, compare, and measure."""
    contenders = chosen(asked.only)
    works = asked.work or list(ALL)
    market = make_market(Size())
    with tempfile.TemporaryDirectory(prefix="palaver-bench-") as folder:
        stage = Stage(Path(folder), market)
        try:
            await stage.prepare(with_postgres=any(each.database == "postgres" for each in contenders))
            contest = Contest(stage, contenders, works, asked)
            await contest.compare()
            await contest.measure()
        finally:
            stage.close()
    parameters = {name: getattr(asked, name) for name in ("rounds", "seconds", "rate", "followers", "sockets")}
    return {"machine": machine(), "asked": parameters, "rounds": contest.rounds, "failures": contest.failures}


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """What was asked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="Of each work in each round.")
    parser.add_argument("--warm", type=float, default=1.0, help="Seconds before each of them that do not count.")
    parser.add_argument("--only", nargs="+", default=[], choices=[each.name for each in CONTENDERS])
    parser.add_argument("--work", nargs="+", default=[], choices=ALL)
    parser.add_argument("--rate", type=float, default=50, help="S1a: messages a second.")
    parser.add_argument("--followers", type=int, default=500, help="S1b: sockets that follow the conversation.")
    parser.add_argument("--sockets", type=int, default=2000, help="S1c: sockets that wait.")
    return parser.parse_args(words)


def main() -> None:
    """Measure, and keep."""
    asked = arguments(sys.argv[1:])
    raise_limit_of_files()
    pin(LOAD_CORE)
    started = time.monotonic()
    from bench.plot import plot  # noqa: PLC0415 - only `make bench` installs what draws

    try:
        kept = uvloop.run(run(asked))
    except BenchError as error:
        sys.exit(str(error))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    (RESULTS / "bench.md").write_text(report(kept), "utf-8")
    plot(kept, RESULTS / "bench.svg")
    say(f"{time.monotonic() - started:.0f} seconds; load average {os.getloadavg()[0]:.1f}")
    if kept["failures"]:
        sys.exit("Not all of it could be measured.")


if __name__ == "__main__":
    main()
