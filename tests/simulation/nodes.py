"""A process of the server, with everything of the product in it; it can die between any two steps."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from broadcaster import Broadcast

from chat.palaver import Palaver, assemble, patience_of
from core.clock import CLOCK
from core.hub import Hub
from core.patience import Patience
from core.settings import Settings
from db.epochs import Epoch
from tests.simulation.broker import Broker, End
from tests.simulation.cast import EPOCH
from tests.simulation.database import Disk, SimulatedDatabase
from tests.simulation.fate import Fate
from tests.simulation.history import Noted
from tests.simulation.loop import PLACE

Value = TypeVar("Value")
#: When all runs begin, in seconds since 1970.
BEGINNING = 1_800_000_000


def settings_in(folder: Path, finds: str) -> Settings:
    """The settings of every process, by what finds lost bells."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder}/palaver.db",
        broker_url="memory://" if finds == "memory" else "redis://simulated",
        files_url=f"file://{folder}/files",
        rate_limits="off",
        presence_seconds=600,
        delivered_seconds=3,
        seal_seconds=1,
        edit_seconds=0,
        backstop_seconds=1 if finds == "backstop" else 100_000,
    )


@dataclass(frozen=True, slots=True)
class Build:
    """How each process is made; `plant` may put a bug in, to see it found."""

    settings: Settings
    ring_length: int
    plant: Callable[[Palaver], Palaver]


class Node:
    """One process, alive until it is stopped or dies."""

    def __init__(self, number: int, fate: Fate, disk: Disk, broker: Broker, build: Build) -> None:
        self.number = number
        self.is_dead = False
        self.is_open = False
        self._fate, self._disk, self._broker = fate, disk, broker
        self._context = Context()
        self._context.run(PLACE.set, self)
        self._clock_is_off = fate.chance.uniform(-20, 20)
        self._context.run(CLOCK.set, self._clock)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_death: list[Callable[[], None]] = []
        self._death: asyncio.Future[None] = fate.loop.create_future()
        self.on_death(lambda: self._death.set_result(None))
        self.palaver = self._context.run(self._assemble, build)

    def _clock(self) -> int:
        """Its own idea of the time, some seconds beside that of the others."""
        return int((BEGINNING + self._clock_is_off + self._fate.loop.time()) * 1e9)

    def _assemble(self, build: Build) -> Palaver:
        settings = build.settings
        usual = patience_of(settings)
        patience = Patience(answer=usual.answer, probe=self._fate.weather.probe, jitter=self._fate.chance.random)
        hub = Hub(
            settings.broker_url, EPOCH, patience, None if self._fate.weather.finds == "memory" else self._broadcast
        )
        database = SimulatedDatabase(self._disk, self)
        return build.plant(assemble(settings, database, hub, Epoch(EPOCH, "f" * 64), ring_length=build.ring_length))

    def _broadcast(self, _: str, __: float) -> Broadcast:
        return Broadcast(backend=End(self._broker, self))

    async def start(self) -> None:
        """Begin to serve; it is dead when something stops it from that."""
        self._fate.note(Noted(f"node {self.number} starts"))
        starting = self.run(self.palaver.start())
        try:
            await asyncio.wait([starting, self._death], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.die("it was called off")
            raise
        if self.is_dead or starting.exception() is not None:
            self.die("it could not start")
        else:
            self.is_open = True

    async def death(self) -> None:
        """Wait until it dies."""
        await asyncio.wait([self._death])

    async def stop(self) -> None:
        """End in order: what was asked is finished first."""
        self.is_open = False
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self.run(self.palaver.stop())

    def run(self, work: Coroutine[Any, Any, Value]) -> "asyncio.Task[Value]":
        """Do something in this process."""
        task = self._fate.loop.create_task(work, context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def left(self) -> list[str]:
        """What still goes on in it."""
        return [f"{task.get_name()} {task.get_coro()}" for task in self._fate.loop.tasks_of(self)]

    def on_death(self, act: Callable[[], object]) -> None:
        """Have something done outside when this process dies."""
        self._on_death.append(lambda: self._fate.later(0, act))

    def die(self, why: str) -> None:
        """Nothing of it runs any more, not even what would tidy up; its transactions are undone."""
        if self.is_dead:
            return
        self._fate.note(Noted(f"node {self.number} dies: {why}"))
        self.is_dead, self.is_open = True, False
        self._disk.drop(self)
        self._broker.ends[:] = [end for end in self._broker.ends if not end.is_of(self)]
        for act in self._on_death:
            act()

    async def may_die(self, probability: float, when: str) -> None:
        """Die here with this chance; then nothing after it is ever done. While it starts it has nothing to lose."""
        if self.is_open and self._fate.befalls(probability):
            self.die(when)
            await self._fate.never()
