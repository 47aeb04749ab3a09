"""presence: who is there, beginning with the present state of each person asked for."""

import time
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person, Stream
from tests.conftest import OpenHouse
from tests.house import House
from tests.live.asks import PRESENCE
from tests.storage import run_sql
from tests.waiting import until

PERSON = "query($id: ID!) { user(externalId: $id) { id presence { status lastSeenAt } } }"
HERE, GONE = "ONLINE", "OFFLINE"


async def look(person: Person, at: str) -> dict[str, Any]:
    """How one person sees another."""
    found: dict[str, Any] = await person.ask(PERSON, id=at)
    return found


async def heard(stream: Stream) -> tuple[str, str]:
    """The next change: who, and how they are."""
    event = await stream.next()
    return event["user"]["externalId"], event["presence"]["status"]


async def three_at_a_table(people: People) -> tuple[Person, str, str]:
    """Dan, who is in a booking with Ann and Bob, and the ids of Bob and Dan."""
    await acts.book(people.host, "booking-1", "ann", "bob", "dan")
    await acts.open_about(people.ann, "booking-1", kind="booking")
    dan = people.person("dan")
    return dan, (await look(people.ann, "bob"))["id"], (await look(people.ann, "dan"))["id"]


async def test_it_begins_with_the_present_state(people: People) -> None:
    _, bob_id, dan_id = await three_at_a_table(people)
    async with people.bob.connect():
        await until(lambda: is_here(people.ann, "bob"))
        async with people.ann.follow(PRESENCE, ids=[bob_id, dan_id]) as stream:
            assert [await heard(stream), await heard(stream)] == [("bob", HERE), ("dan", GONE)]


async def is_here(person: Person, at: str) -> bool:
    """Does one person see that another is there?"""
    return bool((await look(person, at))["presence"]["status"] == HERE)


async def test_somebody_comes_and_goes(ann: Person, bob: Person, thread: str) -> None:
    bob_id = (await look(ann, "bob"))["id"]
    async with ann.follow(PRESENCE, ids=[bob_id]) as stream:
        assert (await stream.next())["presence"] == {"status": GONE, "lastSeenAt": None}
        async with bob.connect():
            assert await heard(stream) == ("bob", HERE)
        event = await stream.next()
        assert (event["presence"]["status"], bool(event["presence"]["lastSeenAt"])) == (GONE, True)
        assert (await look(ann, "bob"))["presence"] == event["presence"]


async def test_a_second_tab_changes_nothing(people: People) -> None:
    """Dan's coming, which is told after it, proves that Bob's second tab was not told."""
    dan, bob_id, dan_id = await three_at_a_table(people)
    async with people.ann.follow(PRESENCE, ids=[bob_id, dan_id]) as stream:
        assert [await heard(stream), await heard(stream)] == [("bob", GONE), ("dan", GONE)]
        async with people.bob.connect():
            assert await heard(stream) == ("bob", HERE)
            async with people.bob.connect():
                pass
            await until(lambda: people.house.sockets.count == 2)
            async with dan.connect():
                assert await heard(stream) == ("dan", HERE)
            assert await heard(stream) == ("dan", GONE)
        assert await heard(stream) == ("bob", GONE)


async def test_a_torn_line_is_a_departure(ann: Person, bob: Person, thread: str) -> None:
    bob_id = (await look(ann, "bob"))["id"]
    async with ann.follow(PRESENCE, ids=[bob_id]) as stream:
        assert await heard(stream) == ("bob", GONE)
        async with bob.connect() as line:
            assert await heard(stream) == ("bob", HERE)
            line.socket.transport.abort()
            assert await heard(stream) == ("bob", GONE)


async def test_a_person_is_gone_within_the_lease_of_a_process_that_died(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as cast:
        await acts.list_thing(cast.host)
        await acts.open_about(cast.ann)
        bob_id = (await look(cast.ann, "bob"))["id"]
        async with cast.ann.follow(PRESENCE, ids=[bob_id]) as stream:
            assert await heard(stream) == ("bob", GONE)
            await die_with(house, "bob", time.time())
            assert await heard(stream) == ("bob", HERE)
            assert await heard(stream) == ("bob", GONE)


async def test_a_lease_that_ran_out_counts_for_nothing(ann: Person, thread: str) -> None:
    beat_at = time.time() - 3600
    await die_with(ann.house, "bob", beat_at)
    assert not await is_here(ann, "bob")
    async with ann.follow(PRESENCE, ids=[(await look(ann, "bob"))["id"]]) as stream:
        assert await heard(stream) == ("bob", GONE)


async def test_who_was_with_a_dead_process_was_last_seen_at_its_last_beat(ann: Person, thread: str) -> None:
    beat_at = time.time() - 3600
    await die_with(ann.house, "bob", beat_at)

    async def last_seen() -> str | None:
        seen: str | None = (await look(ann, "bob"))["presence"]["lastSeenAt"]
        return seen

    assert (await until(last_seen) or "")[:19] == time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(beat_at))


async def die_with(house: House, sub: str, beat_at: float) -> None:
    """Leave what a process leaves that was killed while somebody was connected to it."""
    beat_ms = int(beat_at * 1000)
    await run_sql(house, "INSERT INTO presence_processes (id, beat_at) VALUES ('dead', ?)", beat_ms)
    await run_sql(
        house,
        "INSERT INTO presence_leases (process_id, user_id, since) SELECT 'dead', id, ? FROM users"
        " WHERE external_id = ?",
        beat_ms,
        sub,
    )


async def test_a_server_that_stops_takes_its_people_with_it(make_house: OpenHouse) -> None:
    """At once: the lease is not waited for."""
    async with AsyncExitStack() as stack:
        async with make_house(presence_seconds=600) as house, People(house) as cast:
            await acts.list_thing(cast.host)
            await acts.open_about(cast.ann)
            line = await stack.enter_async_context(cast.bob.connect())
            await until(lambda: is_here(cast.ann, "bob"))
        assert await line.closed() == 1012
        async with make_house(presence_seconds=600) as house, People(house) as cast:
            assert not await is_here(cast.ann, "bob")


async def test_a_stranger_does_not_know(ann: Person, bob: Person, cy: Person, thread: str) -> None:
    """Bob is a seller, whom everybody may see; whether he is there is for those he talks with."""
    ann_id = (await look(bob, "ann"))["id"]
    seen = await look(cy, "bob")
    assert seen["presence"] is None
    async with cy.connect() as line:
        for ids in ([seen["id"]], [ann_id]):
            assert await (await line.subscribe(PRESENCE, ids=ids)).ended() == "NOT_FOUND"
    # Together with somebody one may ask about, too.
    async with ann.follow(PRESENCE, ids=[seen["id"], (await look(cy, "cy"))["id"]]) as stream:
        assert await stream.ended() == "NOT_FOUND"


@pytest.mark.parametrize(
    ("ids", "code"), [([], "BAD_USER_INPUT"), (["x"], "NOT_FOUND"), (["x"] * 101, "BAD_USER_INPUT")]
)
async def test_one_to_a_hundred_known_people_are_named(ann: Person, ids: list[str], code: str) -> None:
    async with ann.follow(PRESENCE, ids=ids) as stream:
        assert await stream.ended() == code


async def test_a_person_named_twice_is_told_once(ann: Person, bob: Person, thread: str) -> None:
    bob_id = (await look(ann, "bob"))["id"]
    async with ann.follow(PRESENCE, ids=[bob_id, bob_id]) as stream:
        assert await heard(stream) == ("bob", GONE)
        async with bob.connect():
            assert await heard(stream) == ("bob", HERE)
