"""A run's stage: a fleet, people who write, follow and look, and the moments at which everybody is quiet."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.acts import OPEN, UPSERT_SUBJECT
from tests.faults.doorman import Doorman, booking_of
from tests.faults.fleet import ROOT, Fleet, fleet_on
from tests.faults.ground import Ground
from tests.faults.history import Fault, Follower, History, Refused, Stuck
from tests.faults.log import Log, bare_id, read_log
from tests.faults.memory import Memory
from tests.faults.onlookers import Onlooker
from tests.faults.people import ANSWER, Person
from tests.faults.readers import Habits, Reader
from tests.faults.writers import Gate, Writer
from tests.live.asks import CURSOR, INBOX_CURSOR

ANN, BOB, GUS = "ann", "bob", "gus"
BOOKING = "haircut"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part. `listings` are conversations of two, beside one booking with a guest who comes and goes."""

    listings: int = 3
    writers: int = 4
    rest: float = 0.15
    length: int = 40
    inboxes: int = 1
    followers: int = 1
    crowd: int = 0
    slow: bool = True
    restless: bool = True
    onlookers: int = 1
    booking: bool = True
    doorman_rests: float = 0.5


@dataclass(slots=True)
class Stage:
    """A run that goes on; faults are done to `fleet` and `ground`."""

    ground: Ground
    fleet: Fleet
    cast: Cast
    http: httpx.AsyncClient
    patience: float
    history: History = field(default_factory=History)
    memory: Memory = field(default_factory=Memory)
    gate: Gate = field(default_factory=Gate)
    host: Person = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    conversations: list[str] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    onlookers: list[Onlooker] = field(default_factory=list)
    kills: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def person(self, sub: str, *roles: str) -> Person:
        """Somebody with a token."""
        return Person(sub, self.fleet.servers, self.http, roles)

    @property
    def acknowledged(self) -> int:
        """How much was acknowledged so far."""
        return len(self.history.acknowledged)

    async def open(self) -> None:
        """The conversations are opened, and everybody takes their place; nobody writes yet."""
        self.host = self.person("market", "service")
        self.people = {sub: self.person(sub) for sub in (ANN, BOB, GUS)}
        for number in range(self.cast.listings):
            await self.host.insist(UPSERT_SUBJECT, input=listing_of(number))
            self.conversations.append(await self._open("listing", f"thing-{number}"))
        if self.cast.booking:
            await self.host.insist(UPSERT_SUBJECT, input=booking_of(BOOKING, (ANN, BOB, GUS)))
            self.conversations.append(await self._open("booking", BOOKING))
        await self._seat_readers()
        for number in range(self.cast.writers):
            person = self.people[(ANN, BOB)[number % 2]]
            writer = Writer(
                f"{person.sub}-{number}", person, self.conversations, self.history, self.gate, self.cast.length
            )
            writer.rest, writer.number = self.cast.rest, number
            self.writers.append(writer)
        self.onlookers = [
            Onlooker(person, self.history, self.gate, marks=person.sub != GUS)
            for person in self.people.values()
            for _ in range(self.cast.onlookers)
        ]

    async def _open(self, kind: str, name: str) -> str:
        payload = await self.people[ANN].insist(OPEN, input={"subject": {"kind": kind, "externalId": name}})
        conversation_id: str = payload["conversation"]["id"]
        return conversation_id

    async def _seat_readers(self) -> None:
        for conversation in self.conversations:
            for _ in range(self.cast.followers):
                await self.seat(BOB, "added", conversation)
                await self.seat(ANN, "events", conversation)
        first, booking = self.conversations[0], self.conversations[-1]
        for _ in range(self.cast.inboxes):
            await self.seat(ANN, "inbox")
            await self.seat(BOB, "inbox")
        if self.cast.booking:
            for stream, place in (("added", booking), ("events", booking), ("inbox", None)):
                await self.seat(GUS, stream, place)
        if self.cast.slow:
            await self.seat(BOB, "events", first, Habits(each=0.004))
            await self.seat(ANN, "inbox", None, Habits(each=0.004))
        if self.cast.restless:
            await self.seat(ANN, "added", first, Habits(leaves_after=0.7))
            await self.seat(BOB, "inbox", None, Habits(leaves_after=1.1))
        for number in range(self.cast.crowd):
            await self.seat(BOB, ("added", "events")[number % 2], self.conversations[number % self.cast.listings])

    async def seat(
        self,
        sub: str,
        stream: str,
        conversation: str | None = None,
        habits: Habits | None = None,
        cursor: str | None = None,
    ) -> Reader:
        """Somebody is to follow a stream from a cursor on; without one, from what there is now."""
        person, is_guest = self.people[sub], sub == GUS
        cursor = cursor or await self._cursor(person, conversation)
        place = None if conversation is None else bare_id(conversation)
        follower = Follower(len(self.readers), sub, stream, place, is_guest, not is_guest and habits is None)
        self.history.followers.append(follower)
        reader = Reader(follower, person, conversation, self.history, cursor, habits or Habits())
        self.readers.append(reader)
        return reader

    async def join(
        self, sub: str, stream: str, conversation: str | None, habits: Habits | None, cursor: str | None
    ) -> Reader:
        """Somebody comes later, and begins at once."""
        reader = await self.seat(sub, stream, conversation, habits, cursor)
        self._tasks.append(asyncio.create_task(reader.follow()))
        return reader

    async def _cursor(self, person: Person, conversation: str | None) -> str:
        if conversation is None:
            inbox: str = (await person.insist(INBOX_CURSOR))["inboxCursor"]
            return inbox
        cursor: str = (await person.insist(CURSOR, id=conversation))["cursor"]
        return cursor

    def begin(self) -> None:
        """Everybody goes about their business."""
        works: list[Awaitable[None]] = [reader.follow() for reader in self.readers]
        works += [writer.write() for writer in self.writers]
        works += [onlooker.look() for onlooker in self.onlookers]
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
            self.patience = min(self.patience, 1.0)

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
            await self.writers[0].say(conversation)
        await self._caught_up(self.readers)

    async def breathe(self, *, shaken: bool = False) -> None:
        """Hold everybody for a moment, until all have heard what there is; no last words help.

        `shaken`: all connections break before, and the last words are said while some have come back and some have not.
        """
        if shaken:
            for reader in self.readers:
                reader.drop()
            back = random.randrange(len(self.readers))
            await self.until(lambda: sum(reader.is_connected for reader in self.readers) >= back, 5)
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
                self.patience = min(self.patience, 1.0)  # It is known already that something is wrong.

    def _followed_by(self, reader: Reader) -> list[str]:
        if reader.follower.conversation is not None:
            return [reader.follower.conversation]
        return [bare_id(self.conversations[-1])] if reader.follower.is_guest else [*map(bare_id, self.conversations)]

    async def close(self) -> Log:
        """Everybody stops; what is stored, and what everybody is told of it."""
        log = await read_log(self.ground.database_url)
        for onlooker in self.onlookers[:: self.cast.onlookers or 1]:
            log.shown += await onlooker.shown()
        for task in self._tasks:
            if task.done():
                task.result()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return log


def listing_of(number: int) -> dict[str, object]:
    """What the host tells of a listing of Bob's."""
    return {
        "kind": "listing",
        "externalId": f"thing-{number}",
        "title": "A thing",
        "owner": {"userExternalId": BOB, "role": "seller"},
    }


@asynccontextmanager
async def stage_on(
    ground: Ground, cast: Cast, *, code: Path = ROOT, patience: float = 20.0, servers: int = 3, **settings: str
) -> AsyncIterator[Stage]:
    """A stage with a fresh database, open; its servers end with the block."""
    folder = await ground.renew()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    async with (
        fleet_on(ground, folder, code, servers=servers, **settings) as fleet,
        httpx.AsyncClient(timeout=ANSWER, limits=limits) as http,
    ):
        stage = Stage(ground, fleet, cast, http, patience)
        await stage.open()
        yield stage
