"""Whatever somebody else says on our channels, nobody becomes deaf."""

import asyncpg
from redis.asyncio import Redis as Client

from core.link import CHANNELS, LARGEST_FRAME
from db import epochs
from tests import acts
from tests.fleet.conftest import Fleet
from tests.live.asks import bodies_of, say
from tests.storage import address_of
from tests.waiting import until

POISON = ["{", "null", "[[1]]", '[["a","b","c"]]', "[" * 5000, '[["c:1",null,"x"]]', "\N{BICYCLE}", '{"probe": 1}']


async def publish(fleet: Fleet, channel: str) -> None:
    """Texts that are no bells, and on Redis bytes that are no text."""
    if fleet.redis is not None:
        async with Client.from_url(fleet.redis.url) as client:
            texts = ("", *POISON, "x" * 1_000_000)
            for poison in (b"\xff\xfe\x00", *(text.encode() for text in texts)):
                await client.publish(channel, poison)
        return
    connection = await asyncpg.connect(address_of(fleet.here.house.settings.broker_url))
    for text in ("", *POISON, "x" * LARGEST_FRAME):
        await connection.execute("select pg_notify($1, $2)", channel, text)
    await connection.close()


async def test_a_poisoned_wake_up_harms_nothing(fleet: Fleet, thread: str) -> None:
    """On every channel; the link is not even built anew."""
    hub = fleet.there.house.palaver.hub
    epoch = (await fleet.there.house.palaver.database.read(epochs.get)).epoch
    async with fleet.there.bob.follow(acts.MESSAGE_ADDED, id=thread) as stream:
        for number in range(CHANNELS):
            await publish(fleet, f"palaver-{epoch}-{number}")
        await until(lambda: hub.refused_frames >= 7 * CHANNELS)
        builds, found = hub.builds, fleet.there.house.palaver.backstop.by_poll
        await say(fleet.here.ann, thread, "ab")
        assert bodies_of(await stream.take(2)) == ["a", "b"]
        assert (hub.builds, fleet.there.house.palaver.backstop.by_poll) == (builds, found)
