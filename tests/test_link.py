"""The hub's link to the broker: believed while its probes come back, thrown away when they do not."""

import asyncio

import orjson
import pytest
from broadcaster import Broadcast, BroadcastBackend, Event

from core.bells import Bell, frames_of, read_bell
from core.hub import Hub
from core.link import LARGEST_FRAME, Link, LinkBrokenError
from core.patience import Patience
from tests.waiting import soon, until

QUICK = Patience(answer=0.2, probe=0.02, retry=0.01, longest_retry=0.02)


async def test_a_probe_comes_back_through_every_channel() -> None:
    heard: list[str] = []
    link = Link("memory://", "test", heard.append, seconds=5)
    await link.open()
    await link.check()
    await link.publish(2, "a frame")
    await until(lambda: heard == ["a frame"])
    await link.close()


async def test_a_link_whose_listener_died_is_found_out() -> None:
    """broadcaster tells nobody that its listener ended: only the probe that stays out does."""
    link = Link("memory://", "test", lambda _: None, seconds=0.2)
    await link.open()
    link._broadcast._listener_task.cancel()
    with pytest.raises(LinkBrokenError):
        await link.check()
    await link.close()


async def test_a_hub_builds_a_new_link_and_makes_everybody_look() -> None:
    """Bells may have been lost with the old one."""
    hub = Hub("memory://", patience=QUICK)
    await hub.start()
    link = hub._link
    assert link is not None
    with hub.attach("a", "b") as listener:
        link._broadcast._listener_task.cancel()
        await until(lambda: hub.builds == 2)
        rang, _ = await listener.wait()
        assert rang == {"a", "b"}
        hub.ring([Bell("a")])
        rang, _ = await listener.wait()
        assert rang == {"a"}
    await hub.stop()


async def test_a_broker_that_comes_after_the_start_makes_everybody_look() -> None:
    """Whoever began to listen without it has missed what other processes rang."""
    broker = Hanging("connect")
    hub = at(broker, 1)
    await hub.start()
    assert not hub.is_connected
    with hub.attach("a") as listener:
        broker.hangs.clear()
        rang, _ = await soon(listener.wait())
        assert rang == {"a"}
    await hub.stop()


async def test_without_a_broker_bells_ring_in_this_process() -> None:
    """Nobody waits for the broker: neither the start, nor who rings, nor who listens here."""
    hub = Hub("redis://127.0.0.1:1", patience=QUICK)
    await hub.start()
    assert not hub.is_connected
    with hub.attach("a") as listener:
        hub.ring([Bell("a", None, 7)])
        rang, _ = await listener.wait()
        assert rang == {"a"}
    assert hub.failed_publishes >= 1
    await hub.stop()


@pytest.mark.parametrize("url", ["kafka://somewhere", "redis-stream://127.0.0.1", "nonsense"])
async def test_a_broker_that_is_not_known_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="broker"):
        await Hub(url).start()


def test_frames_are_small_enough_for_every_broker() -> None:
    bells = [Bell(f"c:{number:032x}", "x" * 300 if number % 7 == 0 else None, number) for number in range(500)]
    frames = list(frames_of([bells], LARGEST_FRAME))
    assert all(len(frame.encode()) <= LARGEST_FRAME for frame in frames)
    assert len(frames) < 20


@pytest.mark.parametrize("bell", [Bell("a"), Bell("a", "hint"), Bell("a", None, 5)])
def test_a_bell_is_read_as_it_was_written(bell: Bell) -> None:
    import json

    (frame,) = frames_of([[bell]], LARGEST_FRAME)
    assert [read_bell(words) for words in json.loads(frame)] == [bell]


class Hanging(BroadcastBackend):
    """A broker that cannot be reached, or never answers, when it is asked for certain things."""

    def __init__(self, *hangs: str) -> None:
        self.hangs = set(hangs)
        self.given_up = 0
        self.is_connected = False
        self.published: asyncio.Queue[Event] = asyncio.Queue()

    async def _answer(self, what: str) -> None:
        if what in self.hangs:
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up += 1

    async def connect(self) -> None:
        if "connect" in self.hangs:
            raise ConnectionError
        self.is_connected = True

    async def disconnect(self) -> None:
        self.is_connected = False

    async def subscribe(self, group: str) -> None:
        await self._answer("subscribe")

    async def unsubscribe(self, group: str) -> None:
        await self._answer("unsubscribe")

    async def publish(self, channel: str, message: str) -> None:
        self.published.put_nowait(Event(channel, message))

    async def next_published(self) -> Event:
        return await self.published.get()


def at(broker: Hanging, seconds: float) -> Hub:
    """A hub at such a broker, which waits so long for it."""
    patience = Patience(answer=seconds, probe=0.02, retry=0.01)
    return Hub("memory://", patience=patience, new_broadcast=lambda *_: Broadcast(backend=broker))


async def test_a_hub_stops_while_its_link_still_opens() -> None:
    """The subscription that is called off raises a KeyError; the hub ends all the same, and takes the link along."""
    broker = Hanging("subscribe")
    hub = at(broker, 60)
    starting = asyncio.create_task(hub.start())
    await until(lambda: broker.is_connected)
    await soon(hub.stop())
    assert not broker.is_connected
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)


async def test_a_hub_stops_while_its_link_is_closed() -> None:
    """Nothing of the link goes on."""
    before = asyncio.all_tasks()
    broker = Hanging("unsubscribe")
    hub = at(broker, 0.2)
    await hub.start()
    link = hub._link
    assert link is not None
    link._broadcast._listener_task.cancel()
    await until(lambda: not hub.is_connected)
    await soon(hub.stop())
    assert asyncio.all_tasks() == before


async def test_a_link_that_is_called_off_while_it_gives_up_closes_to_the_end() -> None:
    before = asyncio.all_tasks()
    broker = Hanging("unsubscribe")
    link = Link("memory://", "test", lambda _: None, seconds=0.5, new_broadcast=lambda *_: Broadcast(backend=broker))
    await link.open()
    closing = asyncio.create_task(link.close())
    await until(lambda: broker.given_up)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(closing)
    assert not broker.is_connected
    assert asyncio.all_tasks() == before


async def test_a_broker_that_hangs_holds_nobody() -> None:
    broker = Hanging("unsubscribe")
    link = Link("memory://", "test", lambda _: None, seconds=0.05, new_broadcast=lambda *_: Broadcast(backend=broker))
    await link.open()
    await soon(link.close())
    assert not broker.is_connected


def test_the_bells_of_one_act_travel_together() -> None:
    """Whoever hears the last has heard them all; equal bells of several acts are in a frame once."""
    import json

    acts = [[Bell("u:ann"), Bell("u:bob"), Bell(f"c:{number:032x}", None, number)] for number in range(1, 500)]
    heard: list[Bell] = []
    for frame in frames_of(acts, LARGEST_FRAME):
        bells = [read_bell(words) for words in json.loads(frame)]
        assert bells.count(Bell("u:ann")) == bells.count(Bell("u:bob")) == 1
        heard += [bell for bell in bells if bell.position]
        assert len(frame.encode()) <= LARGEST_FRAME
    assert heard == [act[-1] for act in acts]


@pytest.mark.parametrize("is_alone", [True, False])
async def test_a_broker_of_one_process_is_given_no_bell_that_nobody_hears(
    monkeypatch: pytest.MonkeyPatch, *, is_alone: bool
) -> None:
    """Any other is given all: somebody may listen elsewhere."""
    published: list[Bell] = []

    async def publish(_: Link, __: int, frame: str) -> None:
        published.extend(read_bell(words) for words in orjson.loads(frame))

    hub = Hub("memory://") if is_alone else at(Hanging(), 60)
    await soon(hub.start())
    watched: list[Bell] = []
    hub.watch("c:", watched.append, lambda bell: bell.hint != "not this")
    plain, wanted = Bell("c:1", None, 7), Bell("c:1", "this")
    told = [Bell("u:ann"), Bell("u:bob"), plain, wanted, Bell("c:1", "not this")]
    with monkeypatch.context() as patch, hub.attach("u:ann"):
        patch.setattr(Link, "publish", publish)
        hub.ring(told)
        await until(lambda: wanted in published)
    await soon(hub.stop())
    # Who watches all of a kind hears at once what nobody else does; a hint keeps its place among others.
    assert published == ([Bell("u:ann"), wanted] if is_alone else told)
    assert watched == ([plain] if is_alone else [])
