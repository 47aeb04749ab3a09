"""What chance decides in a run, all of it from the seed, and where what happened is written down."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from itertools import count
from random import Random
from typing import NoReturn

from tests.simulation.history import Fact, History
from tests.simulation.loop import VirtualLoop
from tests.simulation.weather import Weather


class Mishap(Exception):
    """Something failed that may fail: the database, the broker, the way to a process."""


class Fate:
    """The run's dice, clock and diary."""

    def __init__(self, seed: int, loop: VirtualLoop, history: History) -> None:
        self.chance = Random(seed)
        self.weather = Weather.of(self.chance)
        self.loop = loop
        self.history = history
        #: While it is calm nothing dies and nothing fails; bells are lost as before.
        self.is_calm = False
        self._outside = Context()
        self._numbers = count(1)

    def happens(self, probability: float) -> bool:
        """Does what has this chance happen now? No dice are thrown for what never happens."""
        return probability > 0 and self.chance.random() < probability

    def befalls(self, probability: float) -> bool:
        """The same, for what does not happen while it is calm."""
        return not self.is_calm and self.happens(probability)

    def seconds(self, mean: float) -> float:
        """A time of this mean: often short, seldom long."""
        return self.chance.expovariate(1 / mean) if mean > 0 else 0.0

    def next_number(self) -> int:
        """1, 2, 3 ..."""
        return next(self._numbers)

    async def pause(self, mean: float) -> None:
        """Let others go first, for a while or for a turn."""
        await asyncio.sleep(self.seconds(mean))

    async def dawdle(self, mean: float) -> None:
        """Take one's time, but not when it is calm."""
        await self.until(self.loop.time() + self.seconds(mean), lambda: self.is_calm)

    async def until(self, time: float, condition: Callable[[], bool]) -> bool:
        """Wait for a condition, at most until a time, and tell whether it is so."""
        while True:
            if condition():
                return True
            left = time - self.loop.time()
            if left <= 0:
                return False
            await asyncio.sleep(min(0.05, left))

    def note(self, fact: Fact) -> None:
        """Write down what happened now."""
        self.history.note(self.loop.time(), fact)

    def later(self, seconds: float, act: Callable[..., object], *arguments: object) -> None:
        """Do something in the world outside, whoever has died by then."""
        self.loop.call_later(seconds, act, *arguments, context=self._outside)

    async def never(self) -> NoReturn:
        """Where somebody stands who died."""
        await self.loop.create_future()
        raise Mishap
