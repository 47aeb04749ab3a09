"""Nobody can make the server forget the documents of others by sending ever new ones."""

import pytest

from core.fair_cache import COMMON_SHARE, FairCache
from core.settings import Settings
from graph.guard import LONGEST_REMEMBERED, REMEMBERED_CHARACTERS, Guard
from graph.roots import schema
from tests.client import People
from tests.conftest import OpenHouse
from tests.documents.asking import answer, by_hash, with_text

ME = "{ viewer { user { name } } }"
OTHER = "{ viewer { user { externalId } } }"


def filled() -> FairCache[str, str]:
    """A cache of ten, with one common thing, and one that Ann alone uses."""
    cache: FairCache[str, str] = FairCache(10, 1000)
    cache.put("common", "of all", 10, "ann")
    assert cache.get("common", "bob") == "of all"
    cache.put("Ann's", "of Ann", 10, "ann")
    return cache


def test_whoever_brings_ever_new_things_pushes_out_their_own() -> None:
    cache = filled()
    forgotten = [key for number in range(50) for key in cache.put(str(number), "x", 10, "cy")]
    assert forgotten == [str(number) for number in range(42)]
    assert len(cache) == 10
    assert (cache.get("common", "ann"), cache.get("Ann's", "ann")) == ("of all", "of Ann")


def test_large_things_push_out_the_own_ones_of_who_brings_them_as_many_do() -> None:
    cache = filled()
    for number in range(50):
        cache.put(str(number), "x", 400, "cy")
    assert (len(cache), cache.size) == (4, 820)
    assert "common" in cache
    assert "Ann's" in cache


def test_asking_twice_for_ones_own_makes_nothing_common() -> None:
    cache = filled()
    for number in range(50):
        cache.put(str(number), "x", 10, "cy")
        assert cache.get(str(number), "cy") == "x"
    assert "common" in cache
    assert "Ann's" in cache


def test_of_ones_own_the_one_that_was_used_last_stays() -> None:
    cache: FairCache[str, str] = FairCache(2, 1000)
    cache.put("first", "x", 1, "ann")
    cache.put("second", "x", 1, "ann")
    assert cache.get("first", "ann") == "x"
    assert cache.put("third", "x", 1, "ann") == ["second"]


def test_common_things_leave_room_for_what_is_new() -> None:
    """After an upgrade of its client everybody asks for other documents, and nobody for the old ones."""
    cache: FairCache[str, str] = FairCache(100, 10_000)
    for number in range(200):
        cache.put(f"old {number}", "x", 1, "ann")
        cache.get(f"old {number}", "bob")
    for number in range(10):
        cache.put(f"new {number}", "x", 1, "ann")
    assert all(cache.get(f"new {number}", "bob") for number in range(10))
    kept = [number for number in range(200) if f"old {number}" in cache]
    assert kept == list(range(110, 200))  # The oldest went first.
    assert len(kept) >= 100 * COMMON_SHARE


def test_a_thing_too_large_for_what_is_left_of_the_room_is_not_kept() -> None:
    cache: FairCache[str, str] = FairCache(10, 100)
    cache.put("common", "x", 70, "ann")
    cache.get("common", "bob")
    assert cache.put("large", "x", 90, "cy") == ["large"]
    assert (len(cache), cache.size, "common" in cache) == (1, 70, True)


def test_the_guard_goes_by_who_asks() -> None:
    guard = Guard(schema._schema, Settings(_env_file=None))
    shared, own = (guard.check(text, "ann") for text in (ME, OTHER))
    assert guard.check(ME, "bob") is shared
    for number in range(2 * REMEMBERED_CHARACTERS // LONGEST_REMEMBERED):
        text = f"{{ viewer {{ id }} }} # {number}".ljust(LONGEST_REMEMBERED)
        guard.check(text, "cy")
    assert guard.check(ME, "bob") is shared
    assert guard.check(OTHER, "ann") is own


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_a_stranger_cannot_push_out_what_others_name(way: str, make_house: OpenHouse) -> None:
    async with make_house(persisted_queries=5) as house, People(house) as people:
        for person, request in ((people.ann, with_text(ME)), (people.bob, by_hash(ME)), (people.ann, with_text(OTHER))):
            assert "data" in await answer(way, person, request)
        for number in range(20):
            assert "data" in await answer(way, people.cy, with_text(f"{{ viewer {{ id }} }} # {number}"))
        for person, text in ((people.ann, ME), (people.bob, ME), (people.ann, OTHER)):
            assert "data" in await answer(way, person, by_hash(text))
