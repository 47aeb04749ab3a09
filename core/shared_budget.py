"""The buckets of all processes together, in Redis. A process takes some tokens ahead, so that it seldom has to ask."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.budget import MINUTE, OwnBudget

log = structlog.get_logger()

#: A process takes this part of a bucket at a time; what several of them hold is what nobody else can spend.
PARTS = 50
#: People for whom a process holds tokens.
MOST = 20_000
#: How long a process counts by itself before it asks again a Redis that failed.
PAUSE = 5.0
#: Grants as much as there is, up to what is wished; less than what is needed is nothing, and a wait below zero.
#: By Redis's own clock, which all processes share.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local most, needed, wished = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local each = 60000 / most
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local room = most - (full_at - now) / each
if room + 0.001 < needed then
  return -math.max(1, math.ceil((needed - room) * each))
end
local granted = math.max(needed, math.min(wished, math.floor(room)))
full_at = full_at + granted * each
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now) + 1)
return granted
"""


class SharedBudget:
    """Buckets that all processes take from. While Redis is away each counts by itself."""

    def __init__(
        self,
        url: str,
        name: str,
        most: int,
        alone: OwnBudget,
        *,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=seconds, socket_timeout=seconds, retry=None)
        self._script = self._redis.register_script(SCRIPT)
        self._key = f"palaver-{name}-budget-"
        self._most = most
        self._part = max(1, most // PARTS)
        self._alone = alone
        self._now = now
        self._retry_at = 0.0
        #: Tokens taken ahead, and until when they are good: long before that they would have come back by themselves.
        self._held: OrderedDict[str, tuple[int, float]] = OrderedDict()
        #: One asks at a time, on one connection: many at once are refused by its pool, and wait together when it hangs.
        self._turn = asyncio.Lock()
        self.asked = 0

    async def take(self, who: str, amount: int) -> int:
        """Spend it, or say how many milliseconds to wait."""
        if self._spend(who, amount):
            return 0
        async with self._turn:
            if self._spend(who, amount):  # Somebody has brought more meanwhile.
                return 0
            if self._now() < self._retry_at:
                return await self._alone.take(who, amount)
            return await self._take(who, amount)

    def _spend(self, who: str, amount: int) -> bool:
        """Spend it of what is held, if that is enough."""
        held, until = self._held.get(who, (0, 0.0))
        if amount > held or until <= self._now():
            return False
        self._held[who] = (held - amount, until)
        return True

    async def _take(self, who: str, amount: int) -> int:
        held, until = self._held.pop(who, (0, 0.0))
        if until <= self._now():
            held = 0
        needed = amount - held
        try:
            granted = await self._ask(who, needed)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("budget.alone", error=type(error).__name__)
            self._retry_at = self._now() + PAUSE
            return await self._alone.take(who, amount)
        self._held[who] = (held if granted < 0 else granted - needed, self._now() + MINUTE)
        while len(self._held) > MOST:
            self._held.popitem(last=False)
        return max(0, -granted)

    async def _ask(self, who: str, needed: int) -> int:
        self.asked += 1
        keys, arguments = [self._key + who], [self._most, needed, needed + self._part]
        granted: int = await self._script(keys=keys, args=arguments)
        return granted

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
