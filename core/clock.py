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
    try:
        minute, rest = divmod(ms, 60_000)
        return f"{_minute_of(minute)}{_SECONDS[rest // 1000]}{_REST[rest % 1000]}"
    except (ValueError, OverflowError, OSError):
        return EARLIEST if ms < 0 else LATEST
    except TypeError:  # No number at all, which SQLite would keep as it is.
        return EARLIEST


_SECONDS = tuple(f"{second:02d}." for second in range(60))
_REST = tuple(f"{rest:03d}Z" for rest in range(1000))


@lru_cache(maxsize=4096)  # Answers hold many moments of few minutes.
def _minute_of(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * 60, UTC):%Y-%m-%dT%H:%M:}"


def ms_of(text: str) -> int:
    """A moment written in ISO 8601 with an offset or Z. ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A time needs an offset from UTC, such as Z.")
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return round(seconds * 1000)
