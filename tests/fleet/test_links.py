"""A link to each kind of broker between machines: what it carries, and that it is found out when it carries nothing."""

import asyncio

import pytest

from core.hub import Hub
from core.link import CHANNELS, LARGEST_FRAME, Link, LinkBrokenError
from tests.parts.redis import Redis
from tests.waiting import soon, until


@pytest.fixture
def url(broker: Redis | str) -> str:
    """The broker's address."""
    return broker.url if isinstance(broker, Redis) else broker


async def test_the_first_who_listens_hears(url: str) -> None:
    """As the first of its process, and on every channel: the probes say so."""
    heard: list[str] = []
    link = Link(url, "first", heard.append, seconds=10)
    await link.open()
    await link.check()
    for number in range(CHANNELS):
        await link.publish(number, f"frame {number}")
    await until(lambda: sorted(heard) == [f"frame {number}" for number in range(CHANNELS)])
    await link.close()


async def test_many_publishes_at_once_all_arrive_at_everybody(url: str) -> None:
    """More than a driver's pool has connections, while probes go to and fro."""
    heard: tuple[list[str], list[str]] = ([], [])
    links = [Link(url, "many", frames.append, seconds=10) for frames in heard]
    for link in links:
        await link.open()
    frames = [f"[{number}]" for number in range(300)]
    publishing = [links[number % 2].publish(number % CHANNELS, frame) for number, frame in enumerate(frames)]
    await asyncio.gather(*publishing, *(link.check() for link in links))
    await until(lambda: all(sorted(each) == sorted(frames) for each in heard))
    for link in links:
        await link.close()


async def test_the_largest_frame_passes(url: str) -> None:
    heard: list[str] = []
    link = Link(url, "large", heard.append, seconds=10)
    await link.open()
    await link.publish(0, "x" * LARGEST_FRAME)
    await until(lambda: heard == ["x" * LARGEST_FRAME])
    await link.close()


async def test_installations_that_share_a_broker_do_not_hear_each_other(url: str) -> None:
    heard: list[str] = []
    link, other = Link(url, "one", heard.append, seconds=10), Link(url, "other", lambda _: None, seconds=10)
    for each in (link, other):
        await each.open()
    await other.publish(0, "not for you")
    await link.publish(0, "for you")
    await until(lambda: "for you" in heard)
    assert heard == ["for you"]
    for each in (link, other):
        await each.close()


async def test_a_broker_that_is_gone_is_found_out_and_lets_go(broker: Redis | str, url: str) -> None:
    """Whoever publishes and whoever probes is told; closing waits for nobody."""
    if not isinstance(broker, Redis):
        url = url.replace("127.0.0.1:", "127.0.0.1:1")  # A port that nobody has.
        with pytest.raises(LinkBrokenError):
            await Link(url, "gone", lambda _: None, seconds=0.5).open()
        return
    link = Link(url, "gone", lambda _: None, seconds=0.5)
    await link.open()
    broker.kill()
    with pytest.raises(LinkBrokenError):
        await link.check()
    await soon(link.close())


async def test_a_hub_stops_while_its_broker_is_mute(broker: Redis | str, url: str) -> None:
    """A held Redis takes everything and answers nothing; an operator's restart waits for nobody."""
    hub = Hub(url)
    await hub.start()
    if isinstance(broker, Redis):
        broker.hold()
    await soon(hub.stop())
    if isinstance(broker, Redis):
        broker.go_on()
