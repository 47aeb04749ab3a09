"""How often somebody may do something: sliding windows, counted in this process."""

import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


@dataclass(frozen=True, slots=True)
class Rate:
    """A named allowance, such as "20 per second", in the notation of the `limits` library."""

    name: str
    allowance: str


class Limits:
    """Counts what people do against their allowances; with `enabled` False everything is allowed."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._parsed: dict[str, RateLimitItem] = {}

    async def take(self, rate: Rate, who: str) -> int:
        """Use one of the allowance: 0 when there was one, else the milliseconds to wait."""
        if not self._enabled:
            return 0
        item = self._parsed.setdefault(rate.allowance, parse(rate.allowance))
        if await self._windows.hit(item, rate.name, who):
            return 0
        window = await self._windows.get_window_stats(item, rate.name, who)
        return max(1, round((window.reset_time - time.time()) * 1000))


class Burst:
    """A cheap limit of one sequence of events, such as a socket's frames: at most so many in any window of time."""

    def __init__(self, allowance: str) -> None:
        item = parse(allowance)
        self._seconds = item.get_expiry()
        self._most = item.amount
        self._times: list[float] = []

    def take(self) -> bool:
        """One more happens now; False when that is too many."""
        now = time.monotonic()
        if len(self._times) == self._most:
            if now - self._times[0] < self._seconds:
                return False
            del self._times[0]
        self._times.append(now)
        return True
