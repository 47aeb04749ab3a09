"""A run: everybody acts while everything fails, then it is calm, and then nobody may have missed anything."""

import asyncio
from random import Random

from tests.simulation.cast import CONVERSATIONS, IDS
from tests.simulation.changers import Changer
from tests.simulation.fate import Fate
from tests.simulation.fleet import Fleet
from tests.simulation.history import Noted, Wrong
from tests.simulation.loop import StuckError
from tests.simulation.people import Host, Reader, Writer
from tests.simulation.streams import Subscription
from tests.simulation.truth import Truth

#: How long acts may take while everything fails, and readers to have everything once it is calm; virtual seconds.
LONGEST = 300.0
SOON = 5.0
SOON_BY_PROBES = 15.0
FIRST, SECOND = CONVERSATIONS
CROWD = (
    Subscription("ann", FIRST, only_messages=True),
    Subscription("bob", FIRST, only_messages=True),
    Subscription("bob", FIRST),
    Subscription("dan", FIRST, only_messages=True),
    Subscription("dan", FIRST),
    Subscription("eve", FIRST),
)
INBOXES = tuple(Subscription(name, None) for name in ("ann", "bob", "cy", "dan", "eve"))
STAFF = (Subscription("sue", FIRST), Subscription("sue", FIRST, only_messages=True), Subscription("sue", None))
SUBSCRIPTIONS = (
    *CROWD,
    *INBOXES,
    Subscription("bob", SECOND, only_messages=True),
    Subscription("eve", SECOND),
    Subscription("cy", FIRST),
    *STAFF,
)


class World:
    """One run."""

    def __init__(self, fate: Fate, fleet: Fleet) -> None:
        self._fate, self._loop = fate, fate.loop
        self._loop.set_exception_handler(lambda _, context: self._wrong(f"nobody handled {context}"))
        self._fleet = fleet
        chance, weather = fate.chance, fate.weather
        # Some runs are all about one conversation, where readers share a ring, or about inboxes.
        choice = chance.choice((CROWD, INBOXES, SUBSCRIPTIONS, (*STAFF, *INBOXES)))
        self._readers = [Reader(self._fleet, one) for one in chance.sample(choice, chance.randint(2, 4))]
        self._writers = [Writer(self._fleet, *one) for one in _desks(chance)]
        self._host = Host(self._fleet)
        self._changers = [Changer(self._fleet, name) for name in _busy(chance)]
        self._lasting: list[asyncio.Task[None]] = []
        fate.note(Noted(f"{weather}"))

    def _wrong(self, what: str) -> None:
        self._fate.note(Wrong(what))

    def run(self) -> None:
        """Play it, and then end everything, also what the dead left behind."""
        try:
            self._loop.run_until_complete(self._play())
        except StuckError as error:
            self._wrong(str(error))
        self._fleet.disk.close()
        self._fate.history.is_over = True
        self._loop.let_the_dead_run()
        self._loop.run_until_complete(_end_everything())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())

    async def _play(self) -> None:
        weather = self._fate.weather
        self._lasting = [
            *(asyncio.create_task(self._fleet.keep_one()) for _ in range(weather.nodes)),
            *(asyncio.create_task(reader.live()) for reader in self._readers),
        ]
        for _ in range(weather.bursts):
            self._fate.is_calm = False
            self._fate.note(Noted("a storm begins"))
            await self._storm()
            self._fate.is_calm = True
            self._fate.note(Noted("it is calm"))
            await self._calm()
        await self._stop()

    async def _storm(self) -> None:
        """Everybody acts, and whatever the weather brings happens meanwhile."""
        chance, weather = self._fate.chance, self._fate.weather
        acts = [writer.write(chance.randint(0, 2)) for writer in self._writers]
        acts.append(self._host.act(chance.choice((0, 0, 1, 2))))
        acts += [changer.act(chance.randint(0, 3)) for changer in self._changers]
        accidents = asyncio.create_task(self._accidents())
        try:
            async with asyncio.timeout(LONGEST):
                await asyncio.gather(*acts)
        except TimeoutError:
            self._wrong("somebody never got an answer")
        accidents.cancel()
        await asyncio.gather(accidents, return_exceptions=True)
        await self._fate.pause(weather.think)

    async def _accidents(self) -> None:
        weather, fate = self._fate.weather, self._fate
        span = 4 * weather.think + 20 * weather.pause + 10 * weather.travel
        for _ in range(2):
            await fate.pause(span / 2)
            if fate.happens(weather.crashes) and (node := self._fleet.pick()) is not None:
                node.die("by accident")
            if fate.happens(weather.deaf):
                self._fleet.broker.deafen()
            if fate.happens(weather.broker_away) and not self._fleet.broker.is_away:
                self._fleet.broker.go_away(fate.seconds(2.0))
            if fate.happens(weather.broker_hangs):
                self._fleet.broker.hang(fate.seconds(1.0))

    async def _calm(self) -> None:
        """Everybody has everything soon, although bells are still lost and the broker may be away."""
        truth, now = Truth(self._fate.history), self._loop.time
        if not await self._fate.until(now() + LONGEST, self._fleet.is_whole):
            self._wrong("a process could not start")
        soon = SOON
        if self._fate.weather.finds == "probes":
            await self._fate.until(now() + LONGEST, lambda: not self._fleet.broker.is_away)
            soon = SOON_BY_PROBES
        if not await self._fate.until(
            now() + soon, lambda: not any(_behind(reader, truth) for reader in self._readers)
        ):
            for reader in self._readers:
                if words := _behind(reader, truth):
                    self._wrong(words)
        for changer in self._changers:
            await changer.look_for()
        await self._fate.pause(0.2)

    async def _stop(self) -> None:
        """Readers leave, processes end in order, and nothing of them is left."""
        for task in self._lasting:
            task.cancel()
        await asyncio.gather(*self._lasting, return_exceptions=True)
        try:
            async with asyncio.timeout(LONGEST):
                await self._fleet.stop()
        except TimeoutError:
            self._wrong("a process did not end")
        for node in self._fleet.nodes:
            for words in () if node.is_dead else node.left():
                self._wrong(f"{words} was left behind")


def _desks(chance: Random) -> list[tuple[str, str]]:
    """Who writes where."""
    desks = [("ann", FIRST), ("bob", FIRST), ("dan", FIRST), ("ann", SECOND), ("eve", FIRST)]
    return chance.sample(desks, chance.randint(1, 3))


def _busy(chance: Random) -> list[str]:
    """Who changes what was said; in some runs nobody does."""
    return chance.sample(("ann", "bob", "dan", "sue"), chance.choice((0, 1, 2, 4)))


def _behind(reader: Reader, truth: Truth) -> str:
    """What a reader misses; empty when they have everything."""
    asked = reader.subscription
    owed = truth.owed(IDS[asked.name], asked.conversation, only_messages=asked.only_messages)
    if owed is None:
        return f"{asked.reader} still follows, and is out" if reader.is_following else ""
    if reader.reached is None or reader.reached < owed:
        return f"{asked.reader} is at {reader.reached} and should be at {owed}"
    return ""


async def _end_everything() -> None:
    """What the dead were doing is called off; their database and broker refuse them by now."""
    while tasks := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=10)
