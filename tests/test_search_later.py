"""Words are saved after a message was acknowledged; whoever searches finds it all the same."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chat import indexer, rush
from chat.indexer import Indexer
from graph.plan.plans import Plans
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House, open_house
from tests.legs import Home
from tests.plan.both import NoPlans
from tests.searching import bodies
from tests.storage import run_sql

PENDING = "select message_id from message_words where words is null"
#: The search stands last, in a fragment, after what reads the database.
BESIDE = """
query Beside($text: String!, $thread: ID!) {
  viewer { unreadMessageCount }
  node(id: $thread) { id }
  ...Found
}
fragment Found on Query { found: searchMessages(query: $text) { edges { node { body } } } }
"""


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server that saves no words before it is told to, or somebody searches."""
    async with make_house(search_seconds=600) as running:
        yield running


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """People write much, always."""
    monkeypatch.setattr(rush, "RUSH", -1)


async def test_a_send_saves_no_words_and_a_search_of_its_conversation_does(
    house: House, people: People, thread: str
) -> None:
    """A stranger's search leaves what she may not find as it is, and so does a search by who is out of it."""
    await acts.send(people.ann, thread, "A secret bicycle")
    for text in ("secret", "?!"):
        assert await bodies(people.cy, text) == []
        assert len(await run_sql(house, PENDING)) == 1
    assert await bodies(people.bob, "secret") == ["A secret bicycle"]
    assert await run_sql(house, PENDING) == []


@pytest.mark.parametrize("plans", [Plans, NoPlans])
async def test_what_was_acknowledged_is_found_whatever_else_is_asked(home: Home, plans: type[Plans]) -> None:
    """Its words are saved before anything is read, so that one snapshot holds them; by plans and by resolvers."""
    async with open_house(home.settings(search_seconds=600), plans) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "A secret bicycle")
        answer = await people.bob.ask(BESIDE, text="secret", thread=thread)
        assert [edge["node"]["body"] for edge in answer["found"]["edges"]] == ["A secret bicycle"]


async def test_many_messages_are_found_at_once_and_the_rest_later(
    house: House, ann: Person, thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one search waits for is bounded."""
    monkeypatch.setattr(indexer, "MOST", 3)
    monkeypatch.setattr(indexer, "QUIET_BATCH", 2)
    for number in range(6):
        await acts.send(ann, thread, f"Words {number}")
    assert len(await bodies(ann, "words")) == 4
    assert len(await bodies(ann, "words")) == 6


async def test_words_wait_while_people_write_much_but_not_for_ever(
    house: House, ann: Person, thread: str, seldom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await acts.send(ann, thread, "A secret bicycle")
    own = Indexer(house.palaver.database, house.palaver.work, 600)
    own.start()
    try:
        await own.look()
        assert len(await run_sql(house, PENDING)) == 1
        monkeypatch.setattr(rush, "LONGEST", 0)
        await own.look()
    finally:
        await own.stop()
    assert await run_sql(house, PENDING) == []
    assert await bodies(ann, "secret") == ["A secret bicycle"]
