"""The broker is a doorbell: when it dies, stands still or talks nonsense, what is said arrives all the same."""

from collections.abc import Iterator

import pytest

from tests import acts
from tests.client import People
from tests.fleet.conftest import Fleet
from tests.house import open_house
from tests.live.asks import CONVERSATION_EVENTS, INBOX, bodies_of, marks_of, say, skim, without_receipts
from tests.parts.redis import Redis
from tests.waiting import until


@pytest.fixture
def broker() -> Iterator[Redis]:
    """Only one that can be taken away without the database."""
    redis = Redis.create()
    yield redis
    redis.remove()


@pytest.mark.parametrize("how", ["killed", "held"])
async def test_without_the_broker_what_is_said_arrives_and_with_it_again(
    fleet: Fleet, broker: Redis, thread: str, how: str
) -> None:
    """Found by the look behind the bells; a send neither fails nor waits. Held, a broker takes all and is mute."""
    async with (
        fleet.there.bob.follow(acts.MESSAGE_ADDED, id=thread) as messages,
        fleet.there.bob.follow(INBOX) as inbox,
    ):
        broker.kill() if how == "killed" else broker.hold()
        await say(fleet.here.ann, thread, "ab")
        await until(lambda: not any(house.palaver.hub.is_connected for house in fleet.houses))
        await say(fleet.here.ann, thread, "cd")
        assert bodies_of(await messages.take(4)) == ["a", "b", "c", "d"]
        assert bodies_of(await without_receipts(inbox, 4)) == ["a", "b", "c", "d"]
        assert fleet.there.house.palaver.backstop.found > 0
        broker.start() if how == "killed" else broker.go_on()
        await until(lambda: all(house.palaver.hub.is_connected for house in fleet.houses))
        backstop = fleet.there.house.palaver.backstop
        for _ in range(5):
            found = backstop.by_poll
            await say(fleet.here.ann, thread, "ef")
            assert bodies_of(await messages.take(2)) == ["e", "f"]
            assert bodies_of(await without_receipts(inbox, 2)) == ["e", "f"]
            if backstop.by_poll == found:  # A look may fall between a commit and its bell, but not every time.
                return
        pytest.fail("The bells do not come.")


async def test_marks_that_moved_without_the_broker_are_told_when_it_is_back(
    fleet: Fleet, broker: Redis, thread: str
) -> None:
    await say(fleet.here.ann, thread, "a")
    async with (
        fleet.there.ann.follow(CONVERSATION_EVENTS, id=thread) as events,
        fleet.there.ann.follow(INBOX) as inbox,
    ):
        await skim(events, "ReceiptEvent", 2)
        broker.kill()
        await until(lambda: not any(house.palaver.hub.is_connected for house in fleet.houses))
        await acts.read(fleet.here.bob, thread)
        broker.start()
        for stream in (events, inbox):
            receipts = await skim(stream, "ReceiptEvent")
            while marks_of(receipts[-1]) != ("bob", 1, 1):
                receipts += await skim(stream, "ReceiptEvent")


async def test_a_server_starts_without_its_broker_and_finds_it_later(fleet: Fleet, broker: Redis, thread: str) -> None:
    """Whoever came meanwhile hears what is said then, by bell."""
    broker.kill()
    settings = fleet.home.settings(broker_url=broker.url, broker_seconds=0.3, probe_seconds=0.1)
    async with open_house(settings) as house, People(house) as third:
        assert not house.palaver.hub.is_connected
        async with third.bob.follow(acts.MESSAGE_ADDED, id=thread) as stream:
            broker.start()
            houses = (*fleet.houses, house)
            await until(lambda: all(each.palaver.hub.is_connected for each in houses))
            found = house.palaver.backstop.by_poll
            await say(fleet.here.ann, thread, "a")
            assert bodies_of(await stream.take(1)) == ["a"]
            assert house.palaver.backstop.by_poll == found
