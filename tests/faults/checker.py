"""The checker: what a history and the final log say against each other. Pure functions; no clock, no server."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults import checks_of_acts, checks_of_audit, checks_of_changes, checks_of_counts, checks_of_streams
from tests.faults.history import History
from tests.faults.log import Log

Check = Callable[[History, Log], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    checks_of_acts.nothing_lost,
    checks_of_acts.one_message_per_key,
    checks_of_acts.one_id_per_seq,
    checks_of_acts.log_without_holes,
    checks_of_acts.nothing_unsent,
    checks_of_acts.everything_answered,
    checks_of_acts.senders_order,
    checks_of_streams.heard_is_stored,
    checks_of_streams.nothing_doubled,
    checks_of_streams.next_by_next,
    checks_of_streams.everything_heard,
    checks_of_streams.nothing_after_leaving,
    checks_of_streams.cursors_are_positions,
    checks_of_counts.read_your_writes,
    checks_of_counts.snapshots_agree,
    checks_of_counts.marks_equal_acts,
    checks_of_counts.unread_equals_log,
    checks_of_counts.last_message_equals_log,
    checks_of_audit.sends_are_noted,
    checks_of_audit.chain_is_whole,
    *checks_of_changes.CHECKS,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken, and how one sees it."""

    check: str
    detail: str

    def __str__(self) -> str:
        return f"{self.check}: {self.detail}"


def check(history: History, log: Log, checks: Sequence[Check] = CHECKS) -> list[Violation]:
    """Everything that is wrong; empty when all promises were kept."""
    return [Violation(check.__name__, detail) for check in checks for detail in check(history, log)]


def summary(violations: Sequence[Violation], most: int = 5) -> str:
    """How many of each kind, and the first few of each."""
    lines = []
    for name, count in Counter(violation.check for violation in violations).items():
        lines.append(f"{count} x {name}")
        lines += [f"    {each.detail}" for each in violations if each.check == name][:most]
    return "\n".join(lines)
