"""Logs that grow, for tests of what reads them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a log."""

    position: int


@dataclass(slots=True)
class Logs:
    """Logs that grow, and can be read as a database is: slowly, and sometimes not at all."""

    lengths: dict[str, int] = field(default_factory=dict)
    reads: list[tuple[str, int]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    is_broken: bool = False

    def __post_init__(self) -> None:
        self.open.set()

    def grow(self, log: str, by: int = 1) -> None:
        """Append entries."""
        self.lengths[log] = self.lengths.get(log, 0) + by

    async def load(self, log: str, position: int, limit: int) -> Sequence[Line]:
        """Read entries, of the moment when the reading begins."""
        self.reads.append((log, position))
        length = self.lengths.get(log, 0)
        if self.is_broken:
            raise ConnectionError
        await self.open.wait()
        return [Line(number) for number in range(position + 1, min(length, position + limit) + 1)]
