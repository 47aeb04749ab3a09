"""Time as whole milliseconds since 1970, UTC, and how it is written."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache

#: Gives nanoseconds since 1970; a simulation has a clock of its own for each of its processes.
CLOCK: ContextVar[Callable[[], int]] = ContextVar("clock", default=time.time_ns)


EARLIEST, LATEST = "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"


def now_ms() -> int:
    """This moment."""
    return CLOCK.get()() // 1_000_000


def iso_of(ms: int) -> str:
    """A moment in ISO 8601, UTC, with milliseconds and Z: 2026-11-21T09:30:00.000Z.

    One that no calendar has, which nobody should have stored, is shown as the first or the last that there is.
    """
    day, rest = divmod(ms, 86_400_000)
    minute, rest = divmod(rest, 60_000)
    try:
        date = _date_of(day)
    except (ValueError, OverflowError, OSError):
        return EARLIEST if ms < 0 else LATEST
    return f"{date}T{minute // 60:02d}:{minute % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}Z"


@lru_cache(maxsize=4096)  # An answer holds many moments of few days.
def _date_of(day: int) -> str:
    return f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"


def ms_of(text: str) -> int:
    """A moment written in ISO 8601 with an offset or Z. ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A time needs an offset from UTC, such as Z.")
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return round(seconds * 1000)
