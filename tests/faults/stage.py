"""A run's stage: a fleet, people who write, follow and look, and the moments at which everybody is quiet."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

from tests.faults.company import ANN, BOB, BOOKING, GUS, Cast, Company
from tests.faults.doorman import Doorman
from tests.faults.fleet import ROOT, Server, fleet_on
from tests.faults.ground import Ground
from tests.faults.history import Fault, Refused, Stuck
from tests.faults.kept import heads_of, read_kept
from tests.faults.log import Log, bare_id, read_log
from tests.faults.people import ANSWER
from tests.faults.readers import Habits, Reader

Result = TypeVar("Result")


@dataclass(slots=True)
class Stage(Company):
    """A run that goes on; faults are done to `fleet` and `ground`, and one may be planted in the product's code."""

    is_planted: bool = False
    kills: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """How much was acknowledged so far."""
        return len(self.history.acknowledged)

    @property
    def stored(self) -> int:
        """The same without repeats: how many messages there are that were acknowledged."""
        return len({done.key for done in self.history.acknowledged})

    async def join(
        self, sub: str, stream: str, conversation: str | None = None, habits: Habits | None = None
    ) -> Reader:
        """Somebody comes later, and begins at once with the beginning."""
        reader = await self.seat(sub, stream, conversation, habits or Habits())
        self._tasks.append(asyncio.create_task(reader.follow()))
        return reader

    def begin(self) -> None:
        """Everybody goes about their business."""
        works: list[Awaitable[None]] = [reader.follow() for reader in self.readers]
        works += [writer.write() for writer in self.writers]
        works += [onlooker.look() for onlooker in self.onlookers]
        works += [watcher.follow() for watcher in self.watchers]
        works += [changer.change() for changer in self.changers]
        if self.cast.booking:
            booking = bare_id(self.conversations[-1])
            doorman = Doorman(self.host, BOOKING, (ANN, BOB), GUS, booking, self.history, self.gate)
            doorman.rest = self.cast.doorman_rests
            works.append(doorman.work())
        works.append(self.memory.watch(self.fleet.servers))
        self._tasks = [asyncio.ensure_future(work) for work in works]
        self.gate.let_go()

    async def said(self, count: int) -> None:
        """Wait until so much more was acknowledged; whoever died of a fault of the suite's own is heard of."""
        enough = self.acknowledged + count
        await self.expect(f"{count} messages", lambda: self.acknowledged >= enough)

    async def expect(self, what: str, condition: Callable[[], bool]) -> None:
        """Wait for what must come some time; when it does not, that is part of the history."""
        if not await self.until(condition):
            self.history.refused.append(Refused(what, "STANDSTILL", time.monotonic()))
            self._lose_patience()

    async def _in_time(self, what: str, doing: Awaitable[Result]) -> Result | None:
        """Wait for what somebody goes on asking for until it is answered; None when it is not, which is noted."""
        try:
            async with asyncio.timeout(3 * self.patience):
                return await doing
        except TimeoutError:
            self.history.refused.append(Refused(what, "STANDSTILL", time.monotonic()))
            self._lose_patience()
            return None

    def _lose_patience(self) -> None:
        """Whoever plays a planted fault need not wait long again: it is known already that something is wrong."""
        if self.is_planted:
            self.patience = 1.0

    async def until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait for a condition; False when it did not come in three times the stage's patience."""
        until = time.monotonic() + (3 * self.patience if seconds is None else seconds)
        while not condition():
            for task in self._tasks:
                if task.done():
                    task.result()
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.01)
        return True

    async def died(self, server: Server) -> None:
        """Wait until a server is dead of the trap that it was given. TimeoutError when nobody walks into it.

        A planted fault may lead around the trap: then the server is killed, so that the play comes to its check.
        """
        if not await self.until(lambda: server.pid is None):
            if not self.is_planted:
                raise TimeoutError("Nobody walked into the trap.")
            await server.kill()
        self.kills += 1

    async def connected(self) -> None:
        """Wait until every follower is at a stream, but those who come and go."""
        steady = [
            reader for reader in self.readers if not reader.follower.is_guest and reader.habits.leaves_after is None
        ]
        await self.expect("following", lambda: all(reader.is_connected for reader in steady))

    @asynccontextmanager
    async def fault(self, name: str) -> AsyncIterator[None]:
        """Note what is done, and from when to when."""
        at = time.monotonic()
        try:
            yield
        finally:
            self.history.faults.append(Fault(name, at, time.monotonic()))

    async def quiet(self) -> None:
        """Hold everybody who writes, wait until all have heard what there is, say one more, and wait again.

        The last words ring bells for what was lost before; so it is looked at before them and after.
        """
        self.gate.hold()
        await self.expect("acting", lambda: self.gate.is_idle)
        await self._caught_up(self._steady)
        for conversation in self.conversations:
            await self._in_time("a last word", self.writers[0].say(conversation))
        await self._caught_up(self.readers)
        ends = await heads_of(self.ground.database_url, self.history.changes.places)
        # Who has not heard all of it by then is found by the check.
        await self.until(lambda: all(is_at(watcher, ends) for watcher in self.watchers), self.patience)

    async def breathe(self, *, shaken: bool = False) -> None:
        """Hold everybody for a moment, until all have heard what there is; no last words help.

        `shaken`: all connections break before, and the last words are said while some have come back and some have not.
        """
        if shaken:
            for reader in self.readers:
                reader.drop()
            back = random.randrange(len(self.readers))
            await self.until(lambda: sum(reader.is_connected for reader in self.readers) >= back, 5)
            # Who is connected is not yet at its stream: some look for what they missed while the last word is said.
            await asyncio.sleep(random.uniform(0.0, 1.0))
        self.gate.hold()
        await self.expect("acting", lambda: self.gate.is_idle)
        await self._caught_up(self._steady)
        self.gate.let_go()

    @property
    def _steady(self) -> list[Reader]:
        """All but the guest's inbox, which may owe nothing."""
        return [reader for reader in self.readers if not (reader.follower.is_guest and reader.conversation is None)]

    async def _caught_up(self, readers: Sequence[Reader]) -> None:
        heads: dict[str, int] = {}
        for done in self.history.acknowledged:
            heads[done.conversation] = max(done.seq, heads.get(done.conversation, 0))
        behind = [(reader, place) for reader in readers for place in self._followed_by(reader) if place in heads]
        await self.until(
            lambda: all(reader.heads.get(place, 0) >= heads[place] for reader, place in behind), self.patience
        )
        for reader, place in behind:
            heard = reader.heads.get(place, 0)
            if heard < heads[place]:
                self.history.stuck.append(Stuck(reader.number, place, heard, heads[place], time.monotonic()))
                self._lose_patience()

    def _followed_by(self, reader: Reader) -> list[str]:
        if reader.follower.conversation is not None:
            return [reader.follower.conversation]
        return [bare_id(self.conversations[-1])] if reader.follower.is_guest else [*map(bare_id, self.conversations)]

    async def close(self) -> Log:
        """What is stored in the end, and what everybody is told of it."""
        places = self.history.changes.places
        log = await read_log(self.ground.database_url, places)
        log.kept = await read_kept(self.ground.database_url, places)
        for onlooker in self.onlookers[:: self.cast.onlookers or 1]:
            log.shown += await self._in_time("showing what there is", onlooker.shown()) or []
        for task in self._tasks:
            if task.done():
                task.result()
        return log

    async def empty(self) -> None:
        """Everybody goes, while there are still servers to ask; of what they died nobody else needs to hear."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def is_at(reader: Reader, ends: dict[str, int]) -> bool:
    """Has a reader come to the end of what they follow?"""
    place = reader.follower.conversation or ""
    return reader.heads.get(place, 0) >= ends.get(place, 0)


@asynccontextmanager
async def stage_on(
    ground: Ground,
    cast: Cast,
    *,
    code: Path = ROOT,
    is_planted: bool = False,
    patience: float = 20.0,
    servers: int = 3,
    **settings: str,
) -> AsyncIterator[Stage]:
    """A stage with a fresh database, open; everybody on it, and then its servers, end with the block."""
    folder = await ground.renew()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    async with (
        fleet_on(ground, folder, code, servers=servers, **settings) as fleet,
        httpx.AsyncClient(timeout=ANSWER, limits=limits) as http,
    ):
        stage = Stage(ground, fleet, cast, http, patience, is_planted=is_planted)
        await stage.open()
        try:
            yield stage
        finally:
            await stage.empty()
