"""The broker of a run: it loses, doubles, delays, mixes up and garbles what it carries, goes deaf, and goes away."""

import asyncio
from typing import Any

from broadcaster import BroadcastBackend, Event

from tests.simulation.database import Process
from tests.simulation.fate import Fate
from tests.simulation.history import Noted

GARBAGE = ("", "{", "null", "[5]", '[["c:', '[["a", 5]]', "[[]]", "\ud800", "[" * 2000)


class Broker:
    """One for all processes."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.is_away = False
        self.hangs_until = 0.0
        self.ends: list[End] = []

    def go_away(self, seconds: float) -> None:
        """Be away for a while: every connection breaks, and what was under way is lost."""
        self.fate.note(Noted(f"the broker is away for {seconds:.3f}"))
        self.is_away = True
        for end in self.ends:
            end.break_down()
        self.fate.later(seconds, self._come_back)

    def _come_back(self) -> None:
        self.fate.note(Noted("the broker is back"))
        self.is_away = False

    def hang(self, seconds: float) -> None:
        """Answer nothing for a while, as one that is stopped does."""
        self.fate.note(Noted(f"the broker hangs for {seconds:.3f}"))
        self.hangs_until = self.fate.loop.time() + seconds

    def deafen(self) -> None:
        """One connection gets nothing any more, and nobody is told."""
        hearing = [end for end in self.ends if not end.is_deaf]
        if hearing:
            self.fate.note(Noted("a connection is deaf"))
            self.fate.chance.choice(hearing).is_deaf = True

    def carry(self, channel: str, message: str) -> None:
        """Take a message to everybody who listens to its channel, each at a time of its own."""
        for end in self.ends:
            if channel in end.channels and not self.fate.happens(self.fate.weather.lost):
                self._send(end, channel, message)
                if self.fate.happens(self.fate.weather.doubled):
                    self._send(end, channel, message)

    def _send(self, end: "End", channel: str, message: str) -> None:
        fate = self.fate
        seconds = fate.seconds(fate.weather.travel)
        if fate.happens(fate.weather.late):
            seconds += fate.seconds(0.5)
        due = fate.loop.time() + seconds
        if fate.weather.in_order:
            due = end.last_due = max(due, end.last_due)
        if fate.happens(fate.weather.garbled):
            message = fate.chance.choice(GARBAGE)
        fate.later(due - fate.loop.time(), end.take, Event(channel, message))


class End(BroadcastBackend):
    """A process's connection to the broker."""

    def __init__(self, broker: Broker, process: Process) -> None:
        self._broker, self._process, self._fate = broker, process, broker.fate
        self._arrived: asyncio.Queue[Event | None] = asyncio.Queue()
        self.channels: set[str] = set()
        self.last_due = 0.0
        self.is_deaf = False
        self._is_broken = False

    async def connect(self) -> None:
        """ConnectionError when there is nobody."""
        await self._cross()
        self._broker.ends.append(self)

    async def disconnect(self) -> None:
        """Leave."""
        if self in self._broker.ends:
            self._broker.ends.remove(self)

    async def subscribe(self, group: str) -> None:
        """Listen to a channel too."""
        await self._cross()
        self.channels.add(group)

    async def unsubscribe(self, group: str) -> None:
        """Listen to it no more."""
        await self._cross()
        self.channels.discard(group)

    async def publish(self, channel: str, message: Any) -> None:
        """Tell the broker; it may fail before or after the broker has it."""
        await self._cross()
        await self._process.may_die(self._fate.weather.crash_at_publish, "at a publish")
        fails = self._fate.befalls(self._fate.weather.unsent)
        if not fails or self._fate.happens(0.5):
            self._broker.carry(channel, message)
        if fails:
            raise ConnectionError

    async def next_published(self) -> Event:
        """What comes next. ConnectionError when the connection breaks."""
        event = await self._arrived.get()
        if event is None:
            raise ConnectionError
        return event

    def is_of(self, process: Process) -> bool:
        """Is it this process's?"""
        return self._process is process

    def take(self, event: Event) -> None:
        """Something arrives."""
        if not self.is_deaf and not self._is_broken:
            self._arrived.put_nowait(event)

    def break_down(self) -> None:
        """The connection breaks: both its sides fail from now on."""
        self._is_broken = True
        self._arrived.put_nowait(None)

    async def _cross(self) -> None:
        await self._fate.pause(self._fate.weather.travel)
        if self._broker.hangs_until > self._fate.loop.time():
            await asyncio.sleep(self._broker.hangs_until - self._fate.loop.time())
        if self._is_broken or self._broker.is_away or self._process.is_dead:
            raise ConnectionError
