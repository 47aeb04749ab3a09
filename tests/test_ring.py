"""The shared memory of logs alone: what a reader gets is decided by its position, whatever bells do."""

import asyncio
from collections.abc import Sequence

import pytest

from core.ring import LENGTH, Rings
from tests.growing import Line, Logs
from tests.waiting import soon


def positions(entries: Sequence[Line]) -> list[int]:
    """Where entries stand."""
    return [entry.position for entry in entries]


async def test_a_log_is_read_in_order_to_its_end() -> None:
    logs = Logs({"a": 3})
    rings = Rings(logs.load)
    with rings.follow("a"):
        assert positions(await rings.after("a", 0)) == [1, 2, 3]
        assert positions(await rings.after("a", 2)) == [3]
        assert positions(await rings.after("a", 3)) == []


async def test_readers_at_the_same_time_cost_one_read_for_each_bell() -> None:
    logs = Logs({"a": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        many = await asyncio.gather(*(rings.after("a", 1) for _ in range(100)))
        assert many == [[]] * 100
        first = len(logs.reads)
        assert first == 1
        for number in range(2, 12):
            logs.grow("a")
            rings.mark_stale("a")
            many = await asyncio.gather(*(rings.after("a", number - 1) for _ in range(100)))
            assert [positions(entries) for entries in many] == [[number]] * 100
        # One for what is new, one to see that there is no more.
        assert len(logs.reads) - first <= 20
        assert rings.reads == len(logs.reads)


async def test_without_a_bell_nothing_is_read() -> None:
    logs = Logs({"a": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        await rings.after("a", 0)
        before = len(logs.reads)
        for _ in range(10):
            assert await rings.after("a", 1) == []
        assert len(logs.reads) == before


async def test_a_bell_that_rings_during_a_read_is_not_forgotten() -> None:
    logs = Logs({"a": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        logs.open.clear()
        reading = asyncio.create_task(rings.after("a", 0))
        await asyncio.sleep(0)
        assert logs.reads
        logs.grow("a")
        rings.mark_stale("a")
        logs.open.set()
        got = positions(await soon(reading))
        assert got + positions(await rings.after("a", got[-1])) == [1, 2]


async def test_who_fell_behind_the_memory_reads_the_log() -> None:
    logs = Logs({"a": LENGTH})
    rings = Rings(logs.load)
    with rings.follow("a"):
        await rings.after("a", 0)
        logs.grow("a", LENGTH)
        rings.mark_stale("a")
        await rings.after("a", LENGTH)
        place, seen = 3, []
        while entries := await rings.after("a", place):
            seen += positions(entries)
            place = seen[-1]
        assert seen == list(range(4, 2 * LENGTH + 1))
        assert ("a", 3) in logs.reads


async def test_a_log_longer_than_the_memory_comes_in_parts() -> None:
    logs = Logs({"a": 5 * LENGTH + 7})
    rings = Rings(logs.load)
    with rings.follow("a"):
        seen: list[int] = []
        while entries := await rings.after("a", len(seen)):
            assert len(entries) <= LENGTH
            seen += positions(entries)
        assert seen == list(range(1, 5 * LENGTH + 8))


async def test_who_is_ahead_of_the_memory_moves_it() -> None:
    """Somebody who read the head of the log after the last bell was heard."""
    logs = Logs({"a": 2})
    rings = Rings(logs.load)
    with rings.follow("a"):
        assert positions(await rings.after("a", 0)) == [1, 2]
        logs.grow("a", 3)
        assert positions(await rings.after("a", 4)) == [5]
        # And who was behind goes on from where they were.
        assert positions(await rings.after("a", 2)) == [3, 4, 5]
        assert positions(await rings.after("a", 0)) == [1, 2, 3, 4, 5]


async def test_a_reading_that_failed_is_tried_again_by_the_next() -> None:
    logs = Logs({"a": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        logs.is_broken = True
        with pytest.raises(ConnectionError):
            await rings.after("a", 0)
        logs.is_broken = False
        assert positions(await rings.after("a", 0)) == [1]


async def test_a_reader_that_gives_up_holds_nobody_up() -> None:
    logs = Logs({"a": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        logs.open.clear()
        gives_up = asyncio.create_task(rings.after("a", 0))
        patient = asyncio.create_task(rings.after("a", 0))
        await asyncio.sleep(0)
        gives_up.cancel()
        logs.open.set()
        assert positions(await soon(patient)) == [1]


async def test_the_memory_goes_with_the_last_follower() -> None:
    logs = Logs({"a": 1, "b": 1})
    rings = Rings(logs.load)
    with rings.follow("a"):
        with rings.follow("a"), rings.follow("b"):
            assert len(rings) == 2
        assert len(rings) == 1
    assert len(rings) == 0
    rings.mark_stale("a")
    assert positions(await rings.after("a", 0)) == [1]
    assert len(rings) == 0


async def test_logs_do_not_mix() -> None:
    logs = Logs({"a": 2, "b": 3})
    rings = Rings(logs.load)
    with rings.follow("a"), rings.follow("b"):
        assert positions(await rings.after("a", 1)) == [2]
        assert positions(await rings.after("b", 1)) == [2, 3]
        logs.grow("b")
        rings.mark_stale("a")
        assert await rings.after("b", 3) == []
        rings.mark_all_stale()
        assert positions(await rings.after("b", 3)) == [4]
