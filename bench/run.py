"""Palaver and its peers side by side: the same work in one run. python -m bench.run --rounds 5 --seconds 2.

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
from typing import Any, TypeAlias

import uvloop

from bench.answers import Answers, compare, take_answers
from bench.contenders import ALL, CONTENDERS, Contender, has_node
from bench.figures import shown
from bench.machine import machine
from bench.market.rows import Size, make_market
from bench.processes import LOAD_CORE, pin, raise_limit_of_files
from bench.report import report
from bench.stage import BenchError, Served, Stage
from bench.works.requests import measure_requests
from bench.works.sockets import measure_fan_out, measure_latency, measure_memory

RESULTS = Path(__file__).parent / "results"
#: S1a: conversations that are followed, each by one socket.
FOLLOWED = 50
#: Memory hardly differs from round to round, and many sockets take a while to open.
MEMORY_ROUNDS = 2
#: Contender, work, and what each round gave.
Rounds: TypeAlias = dict[str, dict[str, list[dict[str, float]]]]


def say(words: str) -> None:
    """Tell whoever waits."""
    print(words, flush=True)


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


async def compare_all(stage: Stage, contenders: Sequence[Contender]) -> None:
    """Compare everybody's answers with Palaver's, which the bare servers then repeat. DifferentAnswer refuses."""
    expected: Answers | None = None
    for contender in contenders:
        if contender.kept_in == "nothing":
            continue
        async with stage.serve(contender) as served:
            answers = await take_answers(served)
        if expected is None:
            expected = answers
            for name, body in answers.bodies.items():
                (stage.bodies / f"{name}.json").write_bytes(body)
        compare(contender.name, answers, expected)
        say(f"{contender.name} answers as Palaver does")


async def measure(served: Served, work: str, asked: argparse.Namespace) -> dict[str, float]:
    """One work at one server."""
    if work == "S1a":
        return await measure_latency(served, asked.seconds * 2, asked.rate, FOLLOWED)
    if work == "S1b":
        return await measure_fan_out(served, asked.seconds, asked.warm, asked.followers)
    if work == "S1c":
        return await measure_memory(served, asked.sockets)
    return await measure_requests(served, work, asked.seconds, asked.warm)


async def measure_all(
    stage: Stage, contenders: Sequence[Contender], works: Sequence[str], asked: argparse.Namespace
) -> Rounds:
    """Round by round, everybody in turn. Memory is measured in fresh processes, and in few rounds."""
    rounds: Rounds = {contender.name: {} for contender in contenders}
    for number in range(1, asked.rounds + 1):
        for contender in contenders:
            busy = [work for work in works if work in contender.works and work != "S1c"]
            idle = ["S1c"] if "S1c" in works and "S1c" in contender.works and number <= MEMORY_ROUNDS else []
            for group in filter(None, (busy, idle)):
                async with stage.serve(contender) as served:
                    for work in group:
                        figures = await measure(served, work, asked)
                        rounds[contender.name].setdefault(work, []).append(figures)
                        say(f"[{number}/{asked.rounds}] {contender.name:18} {work:4} {told(figures)}")
    return rounds


def told(figures: dict[str, float]) -> str:
    """Figures on one line."""
    return "  ".join(f"{name} {shown(figure)}" for name, figure in figures.items())


async def run(asked: argparse.Namespace) -> dict[str, Any]:
    """Prepare, compare, and measure."""
    contenders = chosen(asked.only)
    works = asked.work or list(ALL)
    market = make_market(Size())
    with tempfile.TemporaryDirectory(prefix="palaver-bench-") as folder:
        stage = Stage(Path(folder), market)
        try:
            await stage.prepare(with_postgres=any(each.database == "postgres" for each in contenders))
            await compare_all(stage, contenders)
            rounds = await measure_all(stage, contenders, works, asked)
        finally:
            stage.close()
    return {"machine": machine(), "rounds": rounds}


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """What was asked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
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
    try:
        kept = uvloop.run(run(asked))
    except BenchError as error:
        sys.exit(str(error))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    (RESULTS / "bench.md").write_text(report(kept), "utf-8")
    say(f"{time.monotonic() - started:.0f} seconds; load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
