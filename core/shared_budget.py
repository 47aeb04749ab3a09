"""The buckets of all processes together, in Redis. Nobody waits for it: what is spent is told to it afterwards.

Each process has a copy of the buckets of those who ask it, and spends from that. When somebody has spent a part of
theirs it tells Redis, which answers with how full the bucket really is. So with several processes somebody can spend
such a part at each before the others know, and pays for it by waiting longer.
"""

import asyncio
import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.budget import OwnBudget

log = structlog.get_logger()

#: What is told at a time: this part of a bucket. Whoever spends less in a minute is never told of.
PARTS = 50
#: People of whom a process knows what was not told yet.
MOST = 20_000
#: How long a process counts by itself before it tells a Redis that failed.
PAUSE = 5.0
#: Takes what was spent, though it was not there; the answer is in how many milliseconds the bucket is full. By Redis's
#: own clock, which all processes share.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local spent = tonumber(ARGV[1]) * 60000 / tonumber(ARGV[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + spent
full_at = math.min(full_at, now + 120000)
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now) + 1)
return math.ceil(full_at - now)
"""


class SharedBudget:
    """Buckets that all processes take from. While Redis is away each counts by itself."""

    def __init__(
        self,
        url: str,
        name: str,
        most: int,
        *,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=seconds, socket_timeout=seconds, retry=None)
        self._script = self._redis.register_script(SCRIPT)
        self._key = f"palaver-{name}-budget-"
        self._most = most
        self._part = max(1, most // PARTS)
        self._copy = OwnBudget(most, now)
        self._now = now
        self._retry_at = 0.0
        #: What people have spent here and Redis does not know.
        self._spent: dict[str, int] = {}
        self._due: dict[str, None] = {}
        #: Tells of one person after another, on one connection: many at once are refused by its pool.
        self._telling: asyncio.Task[None] | None = None
        self.told = 0

    async def take(self, who: str, amount: int) -> int:
        """Spend it, or say how many milliseconds to wait."""
        wait = await self._copy.take(who, amount)
        if wait or self._now() < self._retry_at:
            return wait
        spent = self._spent[who] = self._spent.get(who, 0) + amount
        if spent >= self._part:
            self._due[who] = None
            if self._telling is None:
                self._telling = asyncio.create_task(self._tell_all())
        elif len(self._spent) > MOST:
            del self._spent[next(iter(self._spent))]
        return 0

    async def _tell_all(self) -> None:
        try:
            while self._due:
                who = next(iter(self._due))
                del self._due[who]
                await self._tell(who, self._spent.pop(who, 0))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("budget.alone", error=type(error).__name__)
            self._retry_at = self._now() + PAUSE
            self._due.clear()
        finally:
            self._telling = None

    async def _tell(self, who: str, spent: int) -> None:
        self.told += 1
        full_in = await self._script(keys=[self._key + who], args=[spent, self._most])
        self._copy.set(who, full_in / 1000, more=self._spent.get(who, 0))

    async def settle(self) -> None:
        """Wait until Redis knows all that it is to be told."""
        if self._telling is not None:
            await self._telling

    async def close(self) -> None:
        """Let go of the connections."""
        await self.settle()
        await self._redis.aclose()
