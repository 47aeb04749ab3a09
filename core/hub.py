"""The doorbell: tells whoever waits, in this process and in others, that there is something new to read.

The database is the truth. A bell that is lost, doubled, late or out of order changes when somebody looks, never what
they see. Everything crosses a small fixed set of broadcaster channels, subscribed one after another at the start,
because broadcaster loses subscribers that come at the same time.
"""

import asyncio
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import orjson
import structlog

from core.bells import Bell, Listener, frames_of, read_bell
from core.clock import now_ms
from core.link import CHANNELS, LARGEST_FRAME, Link, LinkBrokenError, NewBroadcast
from core.patience import Patience
from core.tasks import end
from core.watchers import Watchers, anything

MOST_WAITING = 10_000
#: Addresses of a broker that reaches one process only.
ALONE = "memory://"

log = structlog.get_logger()


class Hub:
    """Rings bells and hears them. One for each process; start it before anybody attaches.

    While the broker is away, bells ring in this process only; whoever listens is made to look again when it is back.
    """

    def __init__(
        self,
        url: str,
        name: str = "palaver",
        patience: Patience | None = None,
        new_broadcast: NewBroadcast | None = None,
    ) -> None:
        self._url = url
        self._name = name
        self._new_broadcast = new_broadcast
        #: Is there nobody to hear a bell but who listens here?
        self._is_alone = url.startswith(ALONE) and new_broadcast is None
        self._patience = patience or Patience()
        self._listeners: dict[str, dict[Listener, None]] = defaultdict(dict)  # told in the order in which they came
        self._watchers = Watchers()
        self._on_lost: list[Callable[[], None]] = []
        self._waiting: dict[tuple[Bell, ...], None] = {}
        self._waiting_bells = 0
        self._work = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._link: Link | None = None
        self._tried = asyncio.Event()
        self._broken = asyncio.Event()
        self._has_lost = False
        self._sound_at = now_ms()
        self.builds = 0
        self.readied = 0
        self.failed_publishes = 0
        self.refused_frames = 0
        self.dropped_bells = 0
        self.probe_seconds = 0.0

    @property
    def listener_count(self) -> int:
        """How many listeners are attached, but for those that listen for others."""
        return sum(not listener.is_deputy for listener in self._all_listeners())

    def _all_listeners(self) -> dict[Listener, None]:
        return dict.fromkeys(listener for listeners in self._listeners.values() for listener in listeners)

    @property
    def is_connected(self) -> bool:
        """Did the last probe come back?"""
        return self._link is not None

    async def start(self) -> None:
        """Begin, and wait for the first try to reach the broker. ValueError for a broker of an unknown kind."""
        link = self._new_link()
        self._tasks = [
            asyncio.create_task(self._supervise(link), name="hub-supervise"),
            asyncio.create_task(self._publish(), name="hub-publish"),
        ]
        await self._tried.wait()

    async def stop(self) -> None:
        """Let go of the broker. Listeners are the caller's to end first."""
        await end(self._tasks)
        self._tasks.clear()

    def _new_link(self) -> Link:
        return Link(self._url, self._name, self._hear, seconds=self._patience.answer, new_broadcast=self._new_broadcast)

    async def _supervise(self, link: Link) -> None:
        """Keep a link to the broker: probe it, and build another when it does not give the probe back."""
        retry = self._patience.retry
        while True:
            try:
                await link.open()
                await link.check()
                self._link = link
                self.builds += 1
                if self._tried.is_set():  # Also when it is the first that succeeds: somebody may have listened before.
                    log.info("hub.connected_again", builds=self.builds)
                    self.look_again(self._sound_at)
                self._tried.set()
                retry = self._patience.retry
                await self._watch_over(link)
            except LinkBrokenError as error:
                log.warning("hub.broker_away", error=str(error))
            finally:
                self._link = None
                self._tried.set()
                await link.close()
            await asyncio.sleep(retry * (1 + self._patience.jitter()))
            retry = min(2 * retry, self._patience.longest_retry)
            link = self._new_link()

    async def _watch_over(self, link: Link) -> None:
        """Probe until a probe stays out, or a publish failed."""
        while True:
            self._broken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.probe):
                    await self._broken.wait()
            started, at = time.perf_counter(), now_ms()
            await link.check()
            self.probe_seconds = time.perf_counter() - started
            self._sound_at = at

    def watch(self, beginning: str, watcher: Callable[[Bell], None], wants: Callable[[Bell], bool] = anything) -> None:
        """Call `watcher` with the bells that it wants of topics that begin so: for what a process keeps of all."""
        self._watchers.add(beginning, watcher, wants)

    def on_lost_bells(self, callback: Callable[[], None]) -> None:
        """Call `callback` when bells were lost, before everybody is made to look again."""
        self._on_lost.append(callback)

    def look_again(self, since: int) -> None:
        """Bells may have been lost since a time (milliseconds): everybody here looks at everything that they follow."""
        for callback in self._on_lost:
            callback()
        for listener in self._all_listeners():
            listener.look_again(since)

    def ring(self, bells: Iterable[Bell]) -> None:
        """Ring the bells of one act, soon and without waiting; an act that still waits is rung once.

        They travel together, so that another process hears all of them or none: who looks for lost bells has to know
        one of them only.
        """
        act = tuple(dict.fromkeys(filter(self._has_to_travel, bells) if self._is_alone else bells))
        if not act:
            return
        if act not in self._waiting:
            if self._waiting_bells + len(act) > MOST_WAITING:
                self.dropped_bells += len(act)
                self._has_lost = True
            else:
                self._waiting[act] = None
                self._waiting_bells += len(act)
        self._work.set()

    def _has_to_travel(self, bell: Bell) -> bool:
        """Does anybody look when it rings in this process, the only one? Who comes later reads first.

        Watchers need not wait for a bell that nobody else hears, unless it has a hint: hints keep their order.
        """
        if bell.topic in self._listeners:
            return True
        if bell.hint is not None:
            return self._watchers.want(bell)
        self._watchers.tell(bell)
        return False

    @contextmanager
    def attach(self, *topics: str) -> Iterator[Listener]:
        """Listen to topics until the block ends."""
        listener = self.enter(*topics)
        try:
            yield listener
        finally:
            self.leave(listener)

    def enter(self, *topics: str, is_deputy: bool = False) -> Listener:
        """Listen to topics, until `leave`. Enter first, then read: what comes between is heard.

        A deputy listens for others, who listen themselves.
        """
        listener = Listener(topics, None if is_deputy else self._note_ready, is_deputy)
        for topic in topics:
            self._listeners[topic][listener] = None
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no longer."""
        for topic in dict.fromkeys(listener.topics):
            self._listeners[topic].pop(listener, None)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def _note_ready(self) -> None:
        self.readied += 1

    async def _publish(self) -> None:
        """The one publisher: takes all that waits, in frames for each channel. A broker's failure is nobody's error."""
        while True:
            await self._work.wait()
            self._work.clear()
            waiting, self._waiting, self._waiting_bells = self._waiting, {}, 0
            has_lost, self._has_lost = self._has_lost, False
            channels: dict[int, list[tuple[Bell, ...]]] = defaultdict(list)
            for act in waiting:
                channels[zlib.crc32(act[0].topic.encode()) % CHANNELS].append(act)
            for number, acts in channels.items():
                for frame in frames_of(acts, LARGEST_FRAME):
                    await self._send(number, frame)
            if has_lost:
                self.look_again(self._sound_at)

    async def _send(self, number: int, frame: str) -> None:
        """Publish a frame; without a broker, ring its bells in this process at least."""
        link = self._link
        try:
            if link is None:
                raise LinkBrokenError("there is no broker")
            await link.publish(number, frame)
        except LinkBrokenError:
            self.failed_publishes += 1
            self._broken.set()
            self._hear(frame)

    def _hear(self, frame: str) -> None:
        """Deliver the bells of a frame. Somebody else's message on our channel harms nobody."""
        try:
            bells = [read_bell(words) for words in orjson.loads(frame)]
        except (ValueError, TypeError):
            self.refused_frames += 1
            return
        for bell in bells:
            try:
                self.deliver(bell)
            except Exception:  # One bad bell must not make everybody deaf.
                log.exception("hub.deliver_failed")

    def deliver(self, bell: Bell) -> None:
        """Tell everybody in this process who listens to the bell's topic."""
        self._watchers.tell(bell)
        for listener in tuple(self._listeners.get(bell.topic, ())):
            listener.hear(bell)
