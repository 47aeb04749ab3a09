"""The slow look behind the bells: it rings for what no bell told, and only for that."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from chat.backstop import Backstop
from chat.topics import conversation_topic, inbox_topic
from core.bells import Bell
from core.hub import Hub
from core.ids import key_of
from core.tasks import end
from db.engine import AnyRow, AnyStatement, Database, Parameters, Reading
from tests import acts
from tests.client import Person
from tests.house import House
from tests.waiting import soon, until


@pytest.fixture
async def deaf(house: House) -> AsyncIterator[tuple[Hub, Backstop]]:
    """Another process at the same database, which hears none of the server's bells."""
    hub = Hub("memory://")
    await hub.start()
    backstop = Backstop(house.palaver.database, hub, house.palaver.inbox, 0.02)
    await backstop.start()
    yield hub, backstop
    await backstop.stop()
    await hub.stop()


def conversation_key(conversation_id: str) -> str:
    """The database id of a conversation."""
    key = key_of(conversation_id, "Conversation")
    assert key is not None
    return key


async def test_what_no_bell_told_is_found(ann: Person, thread: str, deaf: tuple[Hub, Backstop]) -> None:
    """Whoever follows the conversation looks, and so do the inboxes of its people."""
    hub, backstop = deaf
    topic = conversation_topic(conversation_key(thread))
    members = await ann.ask("query($id: ID!) { conversation(id: $id) { participants { user { id } } } }", id=thread)
    inboxes = {inbox_topic(key_of(one["user"]["id"], "User") or "") for one in members["participants"]}
    with hub.attach(topic, *inboxes) as listener:
        await acts.send(ann, thread, "Can you hear me?")
        rang: set[str] = set()
        while rang < {topic, *inboxes}:
            rang |= (await listener.wait(1))[0]
    assert backstop.found >= 1


async def test_what_a_bell_told_is_not_rung_again(ann: Person, thread: str, deaf: tuple[Hub, Backstop]) -> None:
    """The bell carries how far the log is; a look that finds no more than that rings nothing."""
    hub, backstop = deaf
    await until(lambda: backstop.looks > 1)
    found = backstop.found
    topic = conversation_topic(conversation_key(thread))

    async def ring() -> None:
        """Again and again: a look knows what was heard since the one before it, and a send may take longer."""
        while True:
            hub.deliver(Bell(topic, None, 2000))
            await asyncio.sleep(0.001)

    ringing = asyncio.create_task(ring())
    for _ in range(4):
        await acts.send(ann, thread, "Heard already")
    looks = backstop.looks
    await until(lambda: backstop.looks > looks + 1)
    await end([ringing])
    assert backstop.found == found


async def test_a_look_that_fails_is_followed_by_another(
    house: House, ann: Person, thread: str, deaf: tuple[Hub, Backstop]
) -> None:
    """The database being away for a while costs nothing but the while."""
    _, backstop = deaf
    await house.palaver.database.reader.dispose()
    found = backstop.found
    await acts.send(ann, thread, "Still there?")
    await until(lambda: backstop.found > found)


async def test_a_bell_that_comes_a_little_late_has_told_of_it(house: House, ann: Person, thread: str) -> None:
    """A look right after a commit is before its bell; only what stays without one says that bells do not come."""
    hub = Hub("memory://")
    await hub.start()
    backstop = Backstop(house.palaver.database, hub, house.palaver.inbox, 0.5)
    await backstop.start()
    await acts.send(ann, thread, "Its bell comes late")
    await until(lambda: backstop.found == 1)
    assert (backstop.by_bell, backstop.by_poll) == (0, 0)
    hub.deliver(Bell(conversation_topic(conversation_key(thread)), None, 2))
    hub.deliver(Bell(conversation_topic(conversation_key(thread)), None, 2))
    looks = backstop.looks
    await acts.send(ann, thread, "Its bell comes never")
    await until(lambda: backstop.looks > looks + 1)
    assert (backstop.by_bell, backstop.by_poll, backstop.found) == (1, 1, 2)
    await backstop.stop()
    await hub.stop()


class Faltering(Database):
    """A database that fails as soon as somebody asks for participants, so many times."""

    failures = 1

    def reading(self) -> Reading:
        """A snapshot of it."""
        database = self

        class Falters(Reading):
            async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
                if database.failures and "FROM participants" in str(statement):
                    database.failures -= 1
                    raise RuntimeError("falters")
                return await super().all(statement, parameters)

        return Falters(self.reader.connect, self.wait_seconds)


async def test_what_a_look_found_that_failed_half_way_is_found_by_the_next(
    house: House, ann: Person, thread: str
) -> None:
    """The changes were read, and whom to tell was not: nobody has been told yet."""
    database = Faltering(house.settings.database_url)
    hub = Hub("memory://")
    backstop = Backstop(database, hub, house.palaver.inbox, 0.02)
    await backstop.start()
    topic = conversation_topic(conversation_key(thread))
    with hub.attach(topic) as listener:
        await acts.send(ann, thread, "Once only")
        assert (await soon(listener.wait()))[0] == {topic}
    assert database.failures == 0
    await backstop.stop()
    await database.close()


async def test_who_left_is_told_also_when_a_later_bell_of_the_conversation_came(
    house: House, host: Person, ann: Person
) -> None:
    """That bell rang for those who were in by then, and the one before it was lost."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    members = await ann.ask(
        "query($id: ID!) { conversation(id: $id) { participants { user { id externalId } } } }", id=booking
    )
    (cy_id,) = (one["user"]["id"] for one in members["participants"] if one["user"]["externalId"] == "cy")
    hub = Hub("memory://")
    backstop = Backstop(house.palaver.database, hub, house.palaver.inbox, 1)
    await backstop.start()
    topic = inbox_topic(key_of(cy_id, "User") or "")
    with hub.attach(topic) as listener:
        await acts.book(host, "booking-1", "ann", "bob")
        hub.deliver(Bell(conversation_topic(conversation_key(booking)), None, 1000))
        assert (await soon(listener.wait()))[0] == {topic}
    assert backstop.found == 0
    await backstop.stop()
