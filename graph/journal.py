"""One line of the log for each operation: what it was called, how long it took, what it cost, and what came of it.

It is written past structlog, which takes several times as long. Nothing that a client wrote is in it but the name of an
operation, which GraphQL makes of letters, digits and underscores.
"""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from core.settings import Settings
from graph.context import Context
from graph.declarations import Outcome
from graph.execution import Operation

#: Characters of a name; it may have as many as a document.
LONGEST_NAME = 100


@dataclass(slots=True)
class Entry:
    """An operation of somebody's, from when it was asked for. `codes` are those of its errors, wherever they stand."""

    journal: "Journal"
    via: str
    user: str
    started: float = field(default_factory=time.perf_counter)
    operation: Operation | None = None
    codes: frozenset[str] = frozenset()
    _is_over: bool = False

    def see(self, answer: Mapping[str, Any], context: Context | None = None) -> None:
        """Note the codes of what is told, and of what was refused in payloads."""
        for error in answer.get("errors", ()):
            self.note(error["extensions"]["code"])
        for done in context.acts.values() if context else ():
            if isinstance(done, Outcome) and done.refusal is not None:
                self.note(done.refusal.code.value)

    def note(self, code: str) -> None:
        """Note the code of an error."""
        self.codes |= {code}

    def end(self) -> None:
        """The operation is over. To say so again does nothing."""
        if not self._is_over:
            self._is_over = True
            self.journal.write(self)


class Journal:
    """Writes the lines, in the format of the log; `tell` gets each with its line feed."""

    def __init__(self, settings: Settings, tell: Callable[[str], Any] | None = None) -> None:
        self._is_kept = settings.log_operations == "on" and settings.log_level in ("debug", "info")
        self._in_format = _in_json if settings.writes_json else _in_words
        self._tell = tell

    def begin(self, via: str, user: str) -> Entry:
        """Somebody asks for an operation over http or a socket."""
        return Entry(self, via, user)

    def write(self, entry: Entry) -> None:
        """Write the line of an operation that is over."""
        if not self._is_kept:
            return
        chosen = entry.operation.chosen if entry.operation else None
        line = self._in_format(
            {
                "event": "operation",
                "level": "info",
                "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "via": entry.via,
                "kind": chosen.operation.value if chosen else None,
                "name": chosen.name.value[:LONGEST_NAME] if chosen and chosen.name else None,
                "ms": round((time.perf_counter() - entry.started) * 1000, 2),
                "cost": entry.operation.cost if entry.operation else None,
                "user": entry.user,
                "codes": sorted(entry.codes),
            }
        )
        # Who reads the log may be gone, or its disk full: operations go on.
        with suppress(OSError, ValueError):
            (self._tell or sys.stderr.write)(line)


def _in_json(line: dict[str, Any]) -> str:
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).decode()


def _in_words(line: dict[str, Any]) -> str:
    """For people in development."""
    what = " ".join(str(word) for word in (line["kind"] or "refused", line["name"]) if word)
    codes = "".join(f" {code}" for code in line["codes"])
    head = f"{line['timestamp']} [info     ] operation"
    return f"{head} {line['via']} {what}, {line['ms']} ms, cost {line['cost']}{codes}\n"
