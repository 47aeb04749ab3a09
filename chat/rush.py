"""How busy a process is, for what can wait until people write less."""

import asyncio
from typing import NamedTuple

from chat.work import Work

#: With more acts a second than these, what can wait does; but no longer than so many seconds.
RUSH, LONGEST = 200, 30.0


class Moment(NamedTuple):
    """How many acts a second there were, and whether what can wait should."""

    rate: float
    may_wait: bool


class Rush:
    """Looked at once in a while by one who has something to do that can wait."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._acts = 0
        self._looked_at = self._done_at = 0.0

    def begin(self) -> None:
        """From now on."""
        self._acts = self._work.acts
        self._looked_at = self._done_at = _now()

    def look(self) -> Moment:
        """How it has been since the last look."""
        now, acts = _now(), self._work.acts
        rate = (acts - self._acts) / max(now - self._looked_at, 0.001)
        self._looked_at, self._acts = now, acts
        return Moment(rate, rate > RUSH and now - self._done_at < LONGEST)

    def done(self) -> None:
        """What could wait is done."""
        self._done_at = _now()


def _now() -> float:
    """Seconds by the loop's clock."""
    return asyncio.get_running_loop().time()
