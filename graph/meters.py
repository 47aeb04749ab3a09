"""What must be counted when it happens: deliveries, refusals, operations, ends of sockets; for each application apart.

Labels are words of ours, never of a client's: root fields of the schema, codes of ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge

from chat import refusals
from core.clock import now_ms
from graph import errors, frames
from graph.histograms import Histogram

#: Upper bounds, in seconds. An answer or a delivery takes milliseconds; what takes seconds has waited for something.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Where a refusal was told, and the codes that it can have there.
TOLD = {"payload": tuple(refusals.Code), "http": errors.CODES, "socket": errors.CODES}
OTHER = "other"


@dataclass(slots=True)
class Following:
    """One running subscription."""

    _running: Gauge
    _deliveries: Counter
    _seconds: Histogram

    def count_delivery(self, live_since: int | None, sockets: int = 1) -> None:
        """An event was written to its sockets; it happened at `live_since`, in milliseconds, unless it is a replay."""
        self._deliveries.inc(sockets)
        if live_since is not None:
            # The moment may be of another machine's clock.
            seconds = max(0, now_ms() - live_since) / 1000
            self._seconds.observe_times(seconds, sockets)

    def end(self) -> None:
        """It runs no longer."""
        self._running.dec()


class Meters:
    """The counters of one application."""

    def __init__(self, registry: CollectorRegistry, fields: Iterable[str]) -> None:
        """`fields` are the root fields of subscriptions; every series is there from the start, at zero."""
        self._running = Gauge(
            "palaver_subscriptions", "Running subscriptions, by root field.", ["field"], registry=registry
        )
        self._begun = Counter(
            "palaver_subscriptions_begun",
            "Subscriptions asked for, refused ones included, by root field.",
            ["field"],
            registry=registry,
        )
        self._deliveries = Counter(
            "palaver_deliveries",
            "Events written to sockets, replayed ones included, by root field.",
            ["field"],
            registry=registry,
        )
        self._delivery_seconds = Histogram(
            "palaver_delivery_seconds",
            "From the moment of an act, as the database has it, to its event being written to a socket. Live events of "
            "a conversation's log only: no replay, no receipts, no hints.",
            ["field"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._operation_seconds = Histogram(
            "palaver_operation_seconds",
            "Executing queries and mutations, by outcome: ok, errors (any top-level error), timeout.",
            ["kind", "outcome"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "palaver_answers",
            "Answers to queries and mutations, and of subscriptions to events, by how they were made: planned; by the "
            "resolvers, as unplanned, because of errors in the answer, or because the plan failed, which is a fault.",
            ["kind", "made"],
            registry=registry,
        )
        self._refusals = Counter(
            "palaver_refusals",
            "Errors told to clients by code: in a mutation's payload, or as a top-level error over http or a socket.",
            ["told", "code"],
            registry=registry,
        )
        self._closes = Counter(
            "palaver_sockets_closed",
            "Sockets that ended, by the code that ended them; 1008 also those turned away for their origin.",
            ["code"],
            registry=registry,
        )
        self._started: dict[tuple[Any, ...], Any] = {}
        self._start(fields)

    def _start(self, fields: Iterable[str]) -> None:
        for field in fields:
            for meter in (self._running, self._begun, self._deliveries, self._delivery_seconds):
                meter.labels(field)
        for kind in ("query", "mutation"):
            for outcome in ("ok", "errors", "timeout"):
                self._operation_seconds.labels(kind, outcome)
        for kind, made in product(("query", "mutation", "subscription"), ("planned", "unplanned", "errors", "failed")):
            self._answers.labels(kind, made)
        for told, codes in TOLD.items():
            for code in (*codes, OTHER):
                self._refusals.labels(told, code)
        for number in (*frames.CODES, OTHER):
            self._closes.labels(number)

    def _of(self, meter: Any, *labels: str) -> Any:
        """The series of labels: finding it takes a lock and some time."""
        key = (meter, *labels)
        series = self._started.get(key)
        if series is None:
            series = self._started[key] = meter.labels(*labels)
        return series

    def begin_following(self, field: str) -> Following:
        """Count a subscription as running, until its end."""
        self._begun.labels(field).inc()
        running: Gauge = self._of(self._running, field)
        running.inc()
        return Following(running, self._of(self._deliveries, field), self._of(self._delivery_seconds, field))

    def count_operation(self, kind: str, answer: Mapping[str, Any], seconds: float) -> None:
        """A query or mutation was executed."""
        codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
        outcome = "timeout" if errors.TIMEOUT in codes else "errors" if codes else "ok"
        self._of(self._operation_seconds, kind, outcome).observe(seconds)

    def count_answer(self, kind: str, made: str) -> None:
        """A query was answered, or an event put into words: planned, unplanned, errors or failed."""
        self._of(self._answers, kind, made).inc()

    def count_errors(self, told: str, answer: Mapping[str, Any]) -> None:
        """An answer is told; most have no errors."""
        for error in answer.get("errors", ()):
            self.count_refusal(told, error["extensions"]["code"])

    def count_refusal(self, told: str, code: str) -> None:
        """Something was refused with a code."""
        self._refusals.labels(told, code if code in TOLD[told] else OTHER).inc()

    def count_close(self, code: int) -> None:
        """A socket ended; clients may close with any number."""
        self._closes.labels(code if code in frames.CODES else OTHER).inc()
