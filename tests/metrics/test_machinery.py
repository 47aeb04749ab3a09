"""The broker, the looks behind the bells, and the database, as /metrics tells of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chat.topics import conversation_topic
from core.bells import Bell
from core.hub import MOST_WAITING, Hub
from core.ids import key_of
from tests import acts
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House, open_house
from tests.metrics.scraping import scrape, watch
from tests.storage import lost
from tests.waiting import until

QUICK: dict[str, float] = {"broker_seconds": 0.3, "probe_seconds": 0.02, "backstop_seconds": 0.02}


async def test_a_broker_that_is_there_is_probed(make_house: OpenHouse) -> None:
    async with make_house(**QUICK) as house:
        await until(lambda: house.palaver.hub.probe_seconds > 0)
        found = await scrape(house)
        assert found.of("palaver_broker_connected") == 1
        assert found.of("palaver_broker_builds_total") == 1
        assert found.of("palaver_broker_probe_seconds") > 0


async def test_a_link_that_dies_is_built_again(make_house: OpenHouse) -> None:
    async with make_house(**QUICK) as house:
        counts = await watch(house)
        link = house.palaver.hub._link
        assert link is not None
        link._broadcast._listener_task.cancel()
        await counts.moves("palaver_broker_builds_total", 1)
        assert (await scrape(house)).of("palaver_broker_connected") == 1


async def test_without_a_broker_frames_ring_here_only(house: House) -> None:
    hub = house.palaver.hub
    counts = await watch(house)
    hub._link = None
    with hub.attach("c:a") as listener:
        hub.ring([Bell("c:a")])
        assert await listener.wait() == ({"c:a"}, [])
    await counts.moves("palaver_broker_failed_publishes_total", 1)
    assert (await scrape(house)).of("palaver_broker_connected") == 0


async def test_what_is_not_ours_and_what_is_too_much_is_counted(house: House) -> None:
    hub = house.palaver.hub
    counts = await watch(house)
    assert hub._link is not None
    await hub._link.publish(0, "Good morning!")
    topics = [f"c:{number}" for number in range(MOST_WAITING + 3)]
    with hub.attach(*topics):
        for topic in topics:
            hub.ring([Bell(topic)])
        await counts.moves("palaver_broker_refused_frames_total", 1)
    assert await counts.moved("palaver_dropped_bells_total") == 3


@asynccontextmanager
async def ringing(hub: Hub, conversation_id: str) -> AsyncIterator[None]:
    """The conversation's bell is heard all the time until the block ends, from far ahead in its log."""
    bell = Bell(conversation_topic(key_of(conversation_id, "Conversation") or ""), None, 1_000_000)

    async def ring() -> None:
        while True:
            hub.deliver(bell)
            await asyncio.sleep(0.002)

    task = asyncio.create_task(ring())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def looked(house: House) -> None:
    """Wait until what happened so far was looked at, and whether a bell told of it is settled."""
    looks = house.palaver.backstop.looks
    await until(lambda: house.palaver.backstop.looks > looks + 2)


async def test_the_share_that_only_the_look_found_can_be_told(make_house: OpenHouse) -> None:
    """Another process at the same database, whose bells do not come here."""
    alone = {**QUICK, "broker_url": "memory://"}
    async with make_house(**alone) as house, open_house(house.settings) as other, People(other) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await looked(house)
        counts = await watch(house)
        async with ringing(house.palaver.hub, thread):
            await acts.send(people.ann, thread, "With a bell")
            await counts.moves("palaver_backstop_changes_total", 1, found_by="bell")
            assert await counts.moved("palaver_backstop_changes_total", found_by="poll") == 0
        await looked(house)
        await acts.send(people.ann, thread, "Without one")
        await counts.moves("palaver_backstop_changes_total", 1, found_by="poll")
        assert await counts.moved("palaver_backstop_changes_total") == 2
        assert await counts.moved("palaver_backstop_looks_total") >= 2


async def test_looks_that_fail_are_counted_and_go_on(make_house: OpenHouse) -> None:
    async with make_house(**QUICK) as house:
        counts = await watch(house)
        async with lost(house, "events"):
            await until(lambda: counts.moved("palaver_backstop_failures_total"))
        counts = await watch(house)
        await until(lambda: counts.moved("palaver_backstop_looks_total"))


async def test_connections_of_the_database_are_counted_while_they_are_used(make_house: OpenHouse) -> None:
    """On PostgreSQL who reads and who writes share a pool."""
    # Heartbeats would take a connection in between, and so would looks behind the bells.
    async with make_house(database_pool=3, presence_seconds=600, backstop_seconds=600) as house:
        found = await scrape(house)
        database, counts = house.palaver.database, await watch(house)
        pools = {"reader": (3, 2), "writer": (1, 1)} if database.is_sqlite else {"both": (3, 3)}
        sizes = {pool: found.of("palaver_database_pool_size", pool=pool) for pool in pools}
        assert sizes == {pool: size for pool, (size, _) in pools.items()}
        assert found.of("palaver_database_connections") == 0
        async with database.reader.connect(), database.reader.connect(), database.writing():
            for pool, (_, used) in pools.items():
                assert await counts.moved("palaver_database_connections", pool=pool) == used
        assert await counts.moved("palaver_database_connections") == 0
