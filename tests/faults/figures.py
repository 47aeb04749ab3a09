"""What the plays measured: deliveries, the first send after a fault, memory; as a table and as JSON."""

import json
import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.history import Fault, History
from tests.faults.play import Outcome
from tests.legs import versions


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one play. Delays are milliseconds from the acknowledgement to hearing, for followers who are neither slow nor
    away; `first_send` and `all_send` are seconds from a fault until somebody's, everybody's next message was taken."""

    ground: str
    scenario: str
    acknowledged: int
    heard: int
    kills: int
    faults: int
    delay_p50: float | None
    delay_p99: float | None
    delay_max: float | None
    first_send: float | None
    all_send: float | None
    memory_mb: float
    memory_kb_per_s: float | None
    seconds: float
    violations: int


def figures_of(outcome: Outcome) -> Figures:
    """What one play came to, in numbers."""
    history = outcome.history
    delays = sorted(delays_of(history))
    firsts, alls = waits_of(history)
    slope = outcome.memory.slope()
    return Figures(
        ground=outcome.ground,
        scenario=outcome.scenario,
        acknowledged=len({done.key for done in history.acknowledged}),
        heard=len(history.heard),
        kills=outcome.kills,
        faults=len(history.faults),
        delay_p50=percentile(delays, 0.5),
        delay_p99=percentile(delays, 0.99),
        delay_max=percentile(delays, 1.0),
        first_send=max(firsts, default=None),
        all_send=max(alls, default=None),
        memory_mb=round(outcome.memory.largest() / 2**20, 1),
        memory_kb_per_s=None if slope is None else round(slope / 1024, 1),
        seconds=round(outcome.seconds, 1),
        violations=len(outcome.violations),
    )


def delays_of(history: History) -> list[float]:
    """Milliseconds between an acknowledgement and the hearing; an event may well be faster than its acknowledgement."""
    measured = {follower.number for follower in history.followers if follower.is_measured}
    at: dict[str, float] = {}
    for done in history.acknowledged:
        at.setdefault(done.id, done.at)
    return [1000 * (heard.at - at[heard.id]) for heard in history.heard if heard.reader in measured and heard.id in at]


def percentile(numbers: Sequence[float], share: float) -> float | None:
    """The number below which a share of sorted numbers lies; None of nothing."""
    return round(numbers[min(len(numbers) - 1, int(share * len(numbers)))], 1) if numbers else None


def waits_of(history: History) -> tuple[list[float], list[float]]:
    """For each fault: the seconds until a message sent after it was acknowledged, somebody's and everybody's."""
    firsts, alls = [], []
    for fault in history.faults:
        waits = _waits_after(history, fault)
        if waits:
            firsts.append(round(min(waits), 2))
            alls.append(round(max(waits), 2))
    return firsts, alls


def _waits_after(history: History, fault: Fault) -> list[float]:
    writers = {attempt.key: attempt.writer for attempt in history.attempts}
    tried = {attempt.key for attempt in history.attempts if attempt.at >= fault.at}
    waits: dict[str, float] = {}
    for done in history.acknowledged:
        if done.at > fault.at and done.key in tried:
            waits.setdefault(writers[done.key], done.at - fault.at)
    return list(waits.values())


def machine() -> dict[str, str | int]:
    """What it was measured on."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = Counter(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return {
        "processor": next(iter(names), platform.machine()),
        "cores": os.cpu_count() or 0,
        "system": platform.system(),
        "python": platform.python_version(),
        **versions(),
    }


COLUMNS = {
    "ground": "on",
    "scenario": "scenario",
    "acknowledged": "acknowledged",
    "heard": "heard",
    "kills": "kills",
    "delay_p50": "delay p50 ms",
    "delay_p99": "p99 ms",
    "delay_max": "max ms",
    "first_send": "first send s",
    "all_send": "all send s",
    "memory_mb": "memory MB",
    "memory_kb_per_s": "growth kB/s",
    "violations": "violations",
}


def table(rows: Iterable[Figures]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        values = asdict(row)
        lines.append("| " + " | ".join("" if values[name] is None else str(values[name]) for name in COLUMNS) + " |")
    return "\n".join(lines)


def write_results(rows: Sequence[Figures], folder: Path, name: str) -> None:
    """Keep the figures: NAME.json, and NAME.md for people."""
    folder.mkdir(parents=True, exist_ok=True)
    where = machine()
    record = {"machine": where, "plays": [asdict(row) for row in rows]}
    (folder / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    said = "\n".join(f"- {key}: {value}" for key, value in where.items())
    (folder / f"{name}.md").write_text(f"{HEAD}\n{table(rows)}\n\nMeasured on:\n\n{said}\n", "utf-8")


HEAD = """# Faults

Written by `make faults`. A delay is from the sender's acknowledgement to a subscriber's hearing, over all followers who
are neither slow nor away; during a fault it holds their coming back. *First send* is the longest time, over the faults
of a play, until a message was acknowledged that was sent after it; *all send* the same until every writer had one.
*Growth* is the slope of a server's resident memory over its longest life.
"""
