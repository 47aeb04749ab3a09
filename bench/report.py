"""Writes what was measured as a page of tables."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from bench.contenders import CONTENDERS, Contender
from bench.figures import Spread, ratio, shown

Figures: TypeAlias = Mapping[str, float]
Rounds: TypeAlias = Mapping[str, Mapping[str, Sequence[Figures]]]
#: For each work: what it is, the figure that counts, its unit, and others that are shown beside it.
WORKS: Mapping[str, tuple[str, str, str, Sequence[str]]] = {
    "Q1": ("a conversation's last 50 messages, with senders and files", "per_second", "pages/s", ("p50_ms", "p99_ms")),
    "Q2": ("the inbox of 20 conversations", "per_second", "inboxes/s", ("p50_ms", "p99_ms")),
    "M1": ("a message sent, acknowledged after its commit", "per_second", "sends/s", ("p50_ms", "p99_ms")),
    "S1a": ("from send to receipt, at a fixed rate", "p99_ms", "ms (p99)", ("p50_ms", "sent_per_second")),
    "S1b": ("one conversation told to all who follow it", "per_second", "deliveries/s", ("sent_per_second",)),
    "S1c": (
        "memory of a socket that waits",
        "pss_kb",
        "kB (PSS)",
        ("rss_kb", "told_pss_kb", "sockets"),
    ),
}
NAMES = {
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "cpu_us": "CPU µs each",
    "load_cpu_us": "the load's",
    "rss_kb": "kB (RSS)",
    "told_pss_kb": "kB (PSS) once told",
    "sockets": "sockets",
    "sent_per_second": "sends/s",
}
NOTES = """
## How to read it

- Medians over the rounds, with the least and the most. "x" is how many times Palaver's figure of the same run it is.
- CPU is the system's account of the server's process, with PostgreSQL's where it has a part. A server whose CPU time
  is well above the load's is what was measured, and not the load.
- Each server runs alone, as one process on one core; the load runs on another. PostgreSQL shares the servers' core.
- The same market for all: 200 people, 200 conversations, 2,990 messages. Reads are of one hot page and one inbox, sends
  go to 50 conversations in turn, all over 16 connections.
- S1a: 50 conversations, each followed by one socket, told of in turn; what is late because the server is slow counts
  as late. S1b: one conversation followed by many sockets, four messages under way. S1c: in a fresh process.
- Every server was compared before it was timed: the same content for the same questions, the same refusals to a
  stranger and to a bad token. Tokens (HS256) are checked on every request and every socket, membership on every read.
- All store durably: SQLite in WAL with synchronous=FULL, PostgreSQL with fsync. A send checks its key, takes the next
  seq, stores the message, moves the conversation and the sender's mark, in one transaction.
- Palaver runs as `palaver serve`, which writes no access log; the peers write none either. Its limits are lifted by
  settings: no rate limits, and as many sockets of one person as wanted. It does more than the peers: it stores each
  event in its log, checks access again for each event, and notes what was delivered.
- The bare servers answer Palaver's own bytes and check nothing: no server in Python on the same parts can be faster.
"""


def report(kept: Mapping[str, Any]) -> str:
    """The page, in Markdown."""
    rounds: Rounds = kept["rounds"]
    parts = ["# Palaver and its peers", "", *_machine(kept["machine"], rounds), ""]
    for database, title in (("sqlite", "On SQLite"), ("postgres", "On PostgreSQL")):
        mine = [each for each in CONTENDERS if each.database == database and rounds.get(each.name)]
        works = [work for work in WORKS if any(rounds[each.name].get(work) for each in mine)]
        if works:
            parts += [f"## {title}", "", *_summary(mine, works, rounds), ""]
            for work in works:
                parts += [*_details(work, [each for each in mine if rounds[each.name].get(work)], rounds), ""]
    parts += _failures(kept.get("failures", {}))
    return "\n".join([*parts, NOTES.strip(), ""])


def _failures(failures: Mapping[str, Mapping[str, str]]) -> list[str]:
    if not failures:
        return []
    lines = [f"- {name}, {what}: {why}" for name, reasons in failures.items() for what, why in reasons.items()]
    return ["## No result", "", *lines, ""]


def medians(rounds: Rounds, name: str, work: str) -> Spread | None:
    """The figure that counts in a work, over the rounds; None when it was not measured."""
    figures = rounds.get(name, {}).get(work)
    return Spread.of([each[WORKS[work][1]] for each in figures]) if figures else None


def base_of(contender: Contender) -> str:
    """Palaver on the same database."""
    return "palaver" if contender.database == "sqlite" else f"palaver-{contender.database}"


def _machine(machine: Mapping[str, Any], rounds: Rounds) -> list[str]:
    count = max((len(figures) for works in rounds.values() for figures in works.values()), default=0)
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    load = ", ".join(map(str, machine["load_average"]))
    return [
        f"{machine['date']}; {machine['cores']} cores of {machine['processor']}; {machine['system']}; {count} rounds; "
        f"load average at the end {load}.",
        "",
        f"{versions}.",
    ]


def _summary(contenders: Sequence[Contender], works: Sequence[str], rounds: Rounds) -> list[str]:
    head = ["| | " + " | ".join(f"{work} {WORKS[work][2]}" for work in works) + " |", "|---" * (len(works) + 1) + "|"]
    rows = []
    for contender in contenders:
        cells = []
        for work in works:
            spread = medians(rounds, contender.name, work)
            cells.append("" if spread is None else shown(spread.median) + _times(spread, contender, work, rounds))
        rows.append(f"| {contender.title} | " + " | ".join(cells) + " |")
    return head + rows


def _times(spread: Spread, contender: Contender, work: str, rounds: Rounds) -> str:
    base = medians(rounds, base_of(contender), work)
    times = None if base is None or contender.is_palaver else ratio(spread.median, base.median)
    return "" if times is None else f" ({times:.2f}x)"


def _details(work: str, contenders: Sequence[Contender], rounds: Rounds) -> list[str]:
    title, _, unit, beside = WORKS[work]
    names = [name for name in (*beside, "cpu_us", "load_cpu_us") if name in rounds[contenders[0].name][work][0]]
    lines = [
        f"### {work}: {title}",
        "",
        f"| | {unit} | least to most | x | " + " | ".join(NAMES[n] for n in names) + " |",
    ]
    lines.append("|---" * (4 + len(names)) + "|")
    for contender in contenders:
        spread = medians(rounds, contender.name, work)
        if spread is None:
            continue
        times = _times(spread, contender, work, rounds).strip(" ()")
        found = rounds[contender.name][work]
        others = [shown(Spread.of([each[name] for each in found]).median) if name in found[0] else "" for name in names]
        reach = f"{shown(spread.least)} to {shown(spread.most)}"
        lines.append(f"| {contender.title} | {shown(spread.median)} | {reach} | {times} | {' | '.join(others)} |")
    return lines
