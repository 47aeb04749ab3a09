"""How much memory the servers have over time, and whether it grows."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.fleet import Server

PAUSE = 0.5
#: A server that has just started still grows into its work: so many seconds of each life do not count.
WARMING_UP = 8.0
#: Fewer samples than this say nothing.
ENOUGH = 16


@dataclass(slots=True)
class Memory:
    """Samples of resident memory, for each life of each server."""

    lives: dict[tuple[int, int], list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))

    async def watch(self, servers: Sequence[Server]) -> None:
        """Look again and again until cancelled."""
        while True:
            for server in servers:
                size = server.resident()
                if size:
                    self.lives[server.port, server.lives].append((time.monotonic(), size))
            await asyncio.sleep(PAUSE)

    def slope(self) -> float | None:
        """Bytes per second over the longest life; None when no life was long enough to tell."""
        longest = max(self.lives.values(), key=len, default=[])
        if not longest:
            return None
        begin = longest[0][0] + WARMING_UP
        counted = [(at, size) for at, size in longest if at >= begin]
        return slope_of(counted) if len(counted) >= ENOUGH else None

    def largest(self) -> int:
        """The most that any server had, in bytes."""
        return max((size for life in self.lives.values() for _, size in life), default=0)


def slope_of(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line that is nearest to points (least squares)."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
