"""What grows when more is stored, and when more listen: python -m bench.growth --messages 1000 10000 --sockets 10 100.

CPU time is the system's own account of the server (and of PostgreSQL), latency that of one client that waits for each
answer.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import uvloop

from bench.contenders import CONTENDERS, READS, Contender
from bench.figures import Spread, shown
from bench.machine import machine
from bench.market.rows import Size, make_market
from bench.processes import LOAD_CORE, pin, raise_limit_of_files
from bench.rounds import say, told
from bench.run import RESULTS
from bench.stage import BenchError, Stage
from bench.works.requests import measure_requests
from bench.works.sockets import measure_fan_out, measure_memory

MESSAGES = (1_000, 10_000, 100_000, 1_000_000)
SOCKETS = (10, 100, 1_000, 5_000)
#: Fewer sockets weigh less than what a process takes and gives back by itself.
ENOUGH = 100
#: Size, work, and the medians of what the rounds gave.
Table: TypeAlias = dict[int, dict[str, dict[str, float]]]


def palaver_on(database: str) -> Contender:
    """Palaver, which may do every work."""
    return next(replace(each, works=()) for each in CONTENDERS if each.is_palaver and each.database == database)


async def measure_messages(asked: argparse.Namespace) -> Table:
    """Reads and sends with more and more messages stored."""
    contender = palaver_on(asked.database)
    table: Table = {}
    for size in asked.messages:
        with tempfile.TemporaryDirectory(prefix="palaver-growth-") as folder:
            stage = Stage(Path(folder), make_market(Size.of(size)))
            say(f"{size:,} messages are written")
            try:
                await stage.prepare(with_postgres=asked.database == "postgres", with_peers=False)
                async with stage.serve(contender) as served:
                    for work in READS:
                        rounds = [
                            await measure_requests(served, work, asked.seconds, 0.5, connections=1)
                            for _ in range(asked.rounds)
                        ]
                        table.setdefault(size, {})[work] = _medians(rounds)
                        say(f"{size:>9,} messages {work:3} {told(table[size][work])}")
            finally:
                stage.close()
    return table


async def measure_sockets(asked: argparse.Namespace) -> Table:
    """Fan-out and memory with more and more sockets, in fresh processes."""
    contender = palaver_on(asked.database)
    table: Table = {}
    with tempfile.TemporaryDirectory(prefix="palaver-growth-") as folder:
        stage = Stage(Path(folder), make_market(Size()))
        try:
            await stage.prepare(with_postgres=asked.database == "postgres", with_peers=False)
            for count in asked.sockets:
                if count >= ENOUGH:
                    async with stage.serve(contender) as served:
                        table.setdefault(count, {})["S1c"] = await measure_memory(served, count)
                async with stage.serve(contender) as served:
                    telling = await measure_fan_out(served, asked.seconds, 0.5, count)
                table.setdefault(count, {})["S1b"] = telling
                for work, figures in table[count].items():
                    say(f"{count:>9,} sockets  {work} {told(figures)}")
        finally:
            stage.close()
    return table


def _medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: Spread.of([each[name] for each in rounds]).median for name in rounds[0]}


def page(kept: dict[str, Any]) -> str:
    """The tables, in Markdown."""
    about = kept["machine"]
    load = ", ".join(map(str, about["load_average"]))
    lines = [
        f"# What grows, on {'SQLite' if kept['database'] == 'sqlite' else 'PostgreSQL'}",
        "",
        f"{about['date']}; {about['cores']} cores of {about['processor']}; load average at the end {load}.",
        "",
    ]
    if kept["messages"]:
        lines += [
            "One client asks, and waits for each answer. CPU is the server's, and PostgreSQL's where it takes part.",
            "",
        ]
        heads = [f"{work} {what}" for work in READS for what in ("CPU µs", "p50 ms", "p99 ms")]
        lines += ["| messages stored | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
        for size, works in kept["messages"].items():
            cells = [shown(works[work][name]) for work in READS for name in ("cpu_us", "p50_ms", "p99_ms")]
            lines.append(f"| {size:,} | " + " | ".join(cells) + " |")
        lines.append("")
    if kept["sockets"]:
        lines += [
            "| sockets | deliveries/s | CPU µs of each | kB of each that waits | kB once told |",
            "|---|---|---|---|---|",
        ]
        for count, works in kept["sockets"].items():
            telling, idle = works["S1b"], works.get("S1c")
            cells = [shown(telling["per_second"]), shown(telling["cpu_us"])]
            cells += [shown(idle["pss_kb"]), shown(idle["told_pss_kb"])] if idle else ["", ""]
            lines.append(f"| {count:,} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


async def run(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure both."""
    messages = await measure_messages(asked) if asked.messages else {}
    sockets = await measure_sockets(asked) if asked.sockets else {}
    return {"machine": machine(), "database": asked.database, "messages": messages, "sockets": sockets}


def main() -> None:
    """Measure, and keep."""
    parser = argparse.ArgumentParser(prog="make growth", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--messages", type=int, nargs="*", default=MESSAGES, help="None: leave them out.")
    parser.add_argument("--sockets", type=int, nargs="*", default=SOCKETS, help="None: leave them out.")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    from bench.plot import plot_growth  # noqa: PLC0415 - only `make growth` installs what draws

    files = raise_limit_of_files()
    if max(asked.sockets, default=0) > files - 200:
        sys.exit(f"The system allows {files} open files: fewer sockets, or `ulimit -n` higher.")
    pin(LOAD_CORE)
    try:
        kept = uvloop.run(run(asked))
    except BenchError as error:
        sys.exit(str(error))
    name = "growth" if asked.database == "sqlite" else "growth-postgres"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    (RESULTS / f"{name}.md").write_text(page(kept), "utf-8")
    plot_growth(kept, RESULTS / f"{name}.svg")
    say(page(kept))


if __name__ == "__main__":
    main()
