"""The doorbell alone: whatever happens to bells, whoever waits is woken, and memory is bounded."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.bells import HINTS_PER_LISTENER, Bell, Listener, decode_hint, encode_hint
from core.hub import MOST_WAITING, Hub
from core.link import CHANNELS
from tests.waiting import soon, until


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """A hub that runs."""
    running = Hub("memory://")
    await running.start()
    yield running
    await running.stop()


async def heard(listener: Listener) -> tuple[set[str], list[Bell]]:
    """What a listener hears next."""
    return await soon(listener.wait())


async def settle(hub: Hub) -> None:
    """Wait until everything that was rung before is heard: the last bell of each channel comes last."""
    topics = [f"settled-{number}" for number in range(16 * CHANNELS)]
    with hub.attach(*topics) as listener:
        for topic in topics:
            hub.ring([Bell(topic)])
        rung: set[str] = set()
        while rung != set(topics):
            rung |= (await heard(listener))[0]


async def test_a_bell_is_heard_by_those_who_listen_to_its_topic(hub: Hub) -> None:
    with hub.attach("a") as one, hub.attach("a", "b") as both, hub.attach("c") as other:
        hub.ring([Bell("a")])
        assert await heard(one) == ({"a"}, [])
        assert await heard(both) == ({"a"}, [])
        hub.ring([Bell("c")])
        assert await heard(other) == ({"c"}, [])


async def test_those_who_come_first_at_once_all_hear(hub: Hub) -> None:
    async def listen() -> set[str]:
        with hub.attach("a") as listener:
            return (await heard(listener))[0]

    listening = [asyncio.create_task(listen()) for _ in range(50)]
    await until(lambda: hub.listener_count == 50)
    hub.ring([Bell("a")])
    assert await asyncio.gather(*listening) == [{"a"}] * 50
    assert hub.listener_count == 0


async def test_a_bell_that_rings_while_one_is_busy_is_heard_later(hub: Hub) -> None:
    with hub.attach("a", "b") as listener:
        hub.ring([Bell("a")])
        await settle(hub)
        hub.ring([Bell("b")])
        await settle(hub)
        assert await heard(listener) == ({"a", "b"}, [])


async def test_bells_doubled_and_out_of_order_wake_once(hub: Hub) -> None:
    with hub.attach("a", "b") as listener:
        for topic in "abbaab":
            hub.deliver(Bell(topic))
        assert await heard(listener) == ({"a", "b"}, [])
        assert await listener.wait(0) == (set(), [])


async def test_equal_bells_that_wait_are_rung_once(hub: Hub) -> None:
    rung: list[Bell] = []
    hub.watch("", rung.append)
    with hub.attach("a"):
        for _ in range(1000):
            hub.ring([Bell("a"), Bell("a", "hint")])
        await settle(hub)
    assert [bell for bell in rung if bell.topic == "a"] == [Bell("a"), Bell("a", "hint")]


async def test_whoever_waits_for_a_time_goes_on_without_a_bell(hub: Hub) -> None:
    with hub.attach("a") as listener:
        assert await listener.wait(0.01) == (set(), [])


async def test_a_hint_comes_with_its_bell_and_wakes_for_nothing_else(hub: Hub) -> None:
    with hub.attach("a") as listener:
        hub.ring([Bell("a", "one"), Bell("a", "two")])
        await settle(hub)
        assert await heard(listener) == (set(), [Bell("a", "one"), Bell("a", "two")])


async def test_a_repeated_hint_is_the_newest(hub: Hub) -> None:
    with hub.attach("a") as listener:
        for hint in ("one", "two", "one"):
            hub.deliver(Bell("a", hint))
        assert await heard(listener) == (set(), [Bell("a", "two"), Bell("a", "one")])


async def test_a_listener_that_never_looks_keeps_the_newest_hints_only(hub: Hub) -> None:
    with hub.attach("a") as listener:
        for number in range(10_000):
            hub.deliver(Bell("a"))
            hub.deliver(Bell("a", str(number)))
        rang, hints = await heard(listener)
        assert rang == {"a"}
        assert [bell.hint for bell in hints] == [str(n) for n in range(10_000 - HINTS_PER_LISTENER, 10_000)]


async def test_who_leaves_is_forgotten(hub: Hub) -> None:
    with hub.attach("a", "a", "b"):
        with hub.attach("a"):
            assert hub.listener_count == 2
        assert hub.listener_count == 1
    assert hub.listener_count == 0
    hub.ring([Bell("a")])
    await settle(hub)


async def test_poisoned_frames_are_counted_and_harm_nobody(hub: Hub) -> None:
    """What somebody else writes to our channels."""
    poison = ["", "{", "5", "null", "[5]", '["a"]', "[[]]", "[[5]]", '[["a", 5]]', '[["a", "b", "c"]]', '{"a": 1}']
    poison += ["[" * 100_000, '[["ok"], ["a", null]]', "\ud800"]
    for number in range(CHANNELS):
        for frame in poison:
            await hub._send(number, frame)
    await settle(hub)
    assert hub.refused_frames == CHANNELS * len(poison)
    assert hub.is_connected


async def test_a_poisoned_hint_is_no_hint() -> None:
    assert decode_hint(encode_hint({"kind": "typing", "until": 5})) == {"kind": "typing", "until": 5}
    for text in ("", "{", "5", "[]", "null", "[" * 100_000, '{"a":' * 100_000, "9" * 5000):
        assert decode_hint(text) == {}


async def test_when_too_many_wait_everybody_looks_again(hub: Hub) -> None:
    """Some bells are dropped; nobody is left waiting because of it."""
    lost: list[str] = []
    hub.on_lost_bells(lambda: lost.append("told first"))
    with hub.attach(*map(str, range(MOST_WAITING))), hub.attach("dropped", "other") as listener:
        hub.ring(Bell(str(number)) for number in range(MOST_WAITING))
        hub.ring([Bell("dropped")])
        assert hub.dropped_bells == 1
        assert await heard(listener) == ({"dropped", "other"}, [])
        assert lost == ["told first"]
        # And then all is as before.
        hub.ring([Bell("dropped")])
        assert await heard(listener) == ({"dropped"}, [])
        assert hub.dropped_bells == 1


async def test_a_bell_that_waits_already_is_not_dropped(hub: Hub) -> None:
    with hub.attach(*map(str, range(MOST_WAITING))):
        for number in range(MOST_WAITING):
            hub.ring([Bell(str(number))])
        hub.ring([Bell("5")])
        assert hub.dropped_bells == 0


async def test_looking_again_is_as_if_every_topic_had_rung(hub: Hub) -> None:
    with hub.attach("a", "b") as one, hub.attach("c") as other:
        hub.look_again(0)
        assert await heard(one) == ({"a", "b"}, [])
        assert await heard(other) == ({"c"}, [])


async def test_many_bells_of_many_topics_all_ring(hub: Hub) -> None:
    """More than fit in a frame, over all channels."""
    topics = [str(number) for number in range(1000)]
    with hub.attach(*topics) as listener:
        for topic in topics:
            hub.ring([Bell(topic)])
        await settle(hub)
        assert (await heard(listener))[0] == set(topics)


async def test_a_stopped_hub_is_not_connected() -> None:
    hub = Hub("memory://")
    seen = [hub.is_connected]
    await hub.start()
    seen.append(hub.is_connected)
    await hub.stop()
    seen.append(hub.is_connected)
    assert seen == [False, True, False]
    # What is rung afterwards is nobody's error.
    hub.ring([Bell("a")])
