"""The doorbell: tells whoever waits, in this process and in others, that there is something new to read.

The database is the truth. A bell that is lost, doubled, late or out of order changes when somebody looks, never what
they see. Everything crosses a small fixed set of broadcaster channels, subscribed one after another at the start,
because broadcaster loses subscribers that come at the same time.
"""

import asyncio
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import structlog
from broadcaster import Broadcast

CHANNELS = 4
MOST_WAITING = 10_000
MOST_PER_FRAME = 100
HINTS_PER_LISTENER = 256

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bell:
    """Something may be new about a topic. `hint` is a small thing that is not stored, such as who is typing."""

    topic: str
    hint: str | None = None


@dataclass(slots=True, eq=False)
class Listener:
    """One subscriber's place at the hub: which of its topics rang, and the hints that came with the bells.

    `on_ready` is called when it first waits: it has read what was there before, and hears everything from then on.
    Memory is bounded whatever comes: topics are a set, and of the hints the newest few are kept.
    """

    topics: tuple[str, ...]
    on_ready: Callable[[], None] | None = None
    _rang: set[str] = field(default_factory=set)
    _hints: dict[str, str] = field(default_factory=dict)
    _something: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, bell: Bell) -> None:
        """A bell rang for one of the topics."""
        if bell.hint is None:
            self._rang.add(bell.topic)
        else:
            self._hints.pop(bell.hint, None)
            self._hints[bell.hint] = bell.topic
            while len(self._hints) > HINTS_PER_LISTENER:
                self._hints.pop(next(iter(self._hints)))
        self._something.set()

    def look_again(self) -> None:
        """Bells may have been lost: behave as if all topics had rung."""
        self._rang.update(self.topics)
        self._something.set()

    async def wait(self, seconds: float | None = None) -> tuple[set[str], list[Bell]]:
        """The topics that rang and the hints that came since the last call; empty after `seconds` without any."""
        if self.on_ready is not None:
            self.on_ready()
            self.on_ready = None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()
        self._something.clear()
        rang, self._rang = self._rang, set()
        hints, self._hints = self._hints, {}
        return rang, [Bell(topic, hint) for hint, topic in hints.items()]


class Hub:
    """Rings bells and hears them. One for each process; start it before anybody attaches."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._watchers: list[Callable[[Bell], None]] = []
        self._on_lost: list[Callable[[], None]] = []
        self._waiting: dict[Bell, None] = {}
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._exits = AsyncExitStack()
        self._broadcast: Broadcast | None = None
        self._has_lost = False
        self.readied = 0
        self.failed_publishes = 0
        self.refused_frames = 0
        self.dropped_bells = 0

    @property
    def listener_count(self) -> int:
        """How many listeners are attached."""
        return len(self._all_listeners())

    def _all_listeners(self) -> set[Listener]:
        return {listener for listeners in self._listeners.values() for listener in listeners}

    @property
    def is_connected(self) -> bool:
        """Are the tasks that carry bells alive?"""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def start(self) -> None:
        """Connect, and subscribe to each channel in turn."""
        broadcast = Broadcast(self._url)
        await self._exits.enter_async_context(broadcast)
        for number in range(CHANNELS):
            subscriber = await self._exits.enter_async_context(broadcast.subscribe(f"palaver-{number}"))
            self._tasks.append(asyncio.create_task(self._hear(subscriber), name=f"hub-hear-{number}"))
        self._broadcast = broadcast
        self._tasks.append(asyncio.create_task(self._publish(), name="hub-publish"))

    async def stop(self) -> None:
        """Let go of the broker. Listeners are the caller's to end first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self._exits.aclose()

    def watch(self, watcher: Callable[[Bell], None]) -> None:
        """Call `watcher` with every bell of every topic: for what a process keeps of everybody, such as who types."""
        self._watchers.append(watcher)

    def on_lost_bells(self, callback: Callable[[], None]) -> None:
        """Call `callback` when bells were lost, before everybody is made to look again."""
        self._on_lost.append(callback)

    def look_again(self) -> None:
        """Bells may have been lost: everybody in this process looks at everything that they follow."""
        for callback in self._on_lost:
            callback()
        for listener in self._all_listeners():
            listener.look_again()

    def ring(self, bells: Iterable[Bell]) -> None:
        """Ring bells, soon and without waiting; equal ones that still wait are rung once."""
        for bell in bells:
            if len(self._waiting) >= MOST_WAITING and bell not in self._waiting:
                self.dropped_bells += 1
                self._has_lost = True
                continue
            self._waiting[bell] = None
        self._work.set()

    @contextmanager
    def attach(self, *topics: str) -> Iterator[Listener]:
        """Listen to topics until the block ends. Attach first, then read: what comes between is heard."""
        listener = Listener(topics, self._note_ready)
        for topic in topics:
            self._listeners[topic].add(listener)
        try:
            yield listener
        finally:
            for topic in topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def _note_ready(self) -> None:
        self.readied += 1

    async def _publish(self) -> None:
        """The one publisher: takes all that waits, a frame for each channel. A broker's failure is nobody's error."""
        while True:
            await self._work.wait()
            self._work.clear()
            waiting, self._waiting = self._waiting, {}
            has_lost, self._has_lost = self._has_lost, False
            frames: dict[int, list[list[str]]] = defaultdict(list)
            for bell in waiting:
                words = [bell.topic] if bell.hint is None else [bell.topic, bell.hint]
                frames[zlib.crc32(bell.topic.encode()) % CHANNELS].append(words)
            for number, bells in frames.items():
                for start in range(0, len(bells), MOST_PER_FRAME):
                    await self._send(f"palaver-{number}", json.dumps(bells[start : start + MOST_PER_FRAME]))
            if has_lost:
                self.look_again()

    async def _send(self, channel: str, frame: str) -> None:
        if self._broadcast is None:
            return
        try:
            await self._broadcast.publish(channel, frame)
        except Exception as error:  # noqa: BLE001 - whatever a broker throws, bells are only hints
            self.failed_publishes += 1
            log.warning("hub.publish_failed", error=type(error).__name__)

    async def _hear(self, subscriber: object) -> None:
        async for event in subscriber:  # type: ignore[attr-defined]
            try:
                bells = [_read_bell(words) for words in json.loads(event.message)]
            except (ValueError, TypeError, RecursionError):
                self.refused_frames += 1  # Somebody else's message on our channel harms nobody.
                continue
            for bell in bells:
                try:
                    self.deliver(bell)
                except Exception:  # One bad bell must not make everybody deaf.
                    log.exception("hub.deliver_failed")

    def deliver(self, bell: Bell) -> None:
        """Tell everybody in this process who listens to the bell's topic."""
        for watcher in self._watchers:
            watcher(bell)
        for listener in tuple(self._listeners.get(bell.topic, ())):
            listener.hear(bell)


def _read_bell(words: object) -> Bell:
    if not isinstance(words, list) or not 1 <= len(words) <= 2 or not all(isinstance(word, str) for word in words):
        raise TypeError("This is no bell.")
    return Bell(*words)


def encode_hint(hint: Mapping[str, str | int | bool]) -> str:
    """Write a hint."""
    return json.dumps(hint, separators=(",", ":"), sort_keys=True)


def decode_hint(text: str) -> dict[str, str | int | bool]:
    """Read a hint; empty for anything that `encode_hint` did not write."""
    try:
        hint = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return hint if isinstance(hint, dict) else {}
