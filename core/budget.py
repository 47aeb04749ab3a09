"""What each person may spend in a minute: a bucket of tokens that fills evenly. `limits` has none.

A bucket is kept as the moment at which it will be full, so that one number says it all and a full bucket needs none.
"""

import time
from collections.abc import Callable
from typing import Protocol

from core.settings import Settings

MINUTE = 60.0
#: Buckets kept before the full ones among them are looked for and forgotten.
FEW = 10_000


class Budget(Protocol):
    """Spends what people have."""

    async def take(self, who: str, amount: int) -> int:
        """Spend it: 0 when there was enough, else the milliseconds until there is, and nothing is spent."""

    async def close(self) -> None:
        """It is not needed any more."""


class Boundless:
    """Everybody may spend whatever they like."""

    async def take(self, who: str, amount: int) -> int:
        """There is enough."""
        return 0

    async def close(self) -> None:
        """There is nothing to let go of."""


class OwnBudget:
    """Buckets of this process."""

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic) -> None:
        """`most` is what a bucket holds, and what flows into it in a minute."""
        self._seconds_each = MINUTE / most
        self._now = now
        self._full_at: dict[str, float] = {}
        self._many = FEW

    def __len__(self) -> int:
        return len(self._full_at)

    async def take(self, who: str, amount: int) -> int:
        """Spend it, or say how many milliseconds to wait."""
        now = self._now()
        full_at = max(self._full_at.get(who, 0.0), now) + amount * self._seconds_each
        lacking = full_at - now - MINUTE
        if lacking > 1e-9:
            return max(1, round(lacking * 1000))
        self._full_at[who] = full_at
        if len(self._full_at) > self._many:
            self._forget_full(now)
        return 0

    def set(self, who: str, full_in: float, *, more: int) -> None:
        """Let a bucket be full in so many seconds, and some more spent."""
        self._full_at[who] = self._now() + full_in + more * self._seconds_each

    def _forget_full(self, now: float) -> None:
        self._full_at = {who: full_at for who, full_at in self._full_at.items() if full_at > now}
        # So that looking is rare however many are busy.
        self._many = max(FEW, 2 * len(self._full_at))

    async def close(self) -> None:
        """There is nothing to let go of."""


def budget_of(settings: Settings, name: str) -> Budget:
    """The budget that the settings make: shared where the broker is a Redis, by all who use the same `name` there."""
    if settings.rate_limits == "off" or not settings.cost_budget:
        return Boundless()
    if not settings.broker_url.startswith(("redis:", "rediss:")):
        return OwnBudget(settings.cost_budget)
    from core.shared_budget import SharedBudget  # noqa: PLC0415 - Redis is an extra

    return SharedBudget(settings.broker_url, name, settings.cost_budget, seconds=settings.broker_seconds)
