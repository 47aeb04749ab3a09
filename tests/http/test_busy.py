"""When others have the database for longer than may be waited: a typed answer, and nothing done."""

from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from graph.plan.plans import Plans
from tests import acts
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import open_house
from tests.http.wire import code_of, post_query
from tests.legs import Home
from tests.plan.both import NoPlans
from tests.storage import locked

#: Seconds: what is waited for in vain, and long enough for a busy machine to do what nothing hinders.
WAIT, LONG = 0.5, 2.0
ME = "{ viewer { user { name } unreadMessageCount } }"
BUSY = "The database is busy. Try again."
WAYS = pytest.mark.parametrize("way", [Plans, NoPlans], ids=["by plans", "by resolvers"])


@WAYS
async def test_a_query_that_finds_no_connection_says_so(home: Home, way: type[Plans]) -> None:
    async with open_house(home.settings(database_pool=1, database_wait=WAIT), way) as house, People(house) as people:
        assert await people.ann.ask(ME)
        async with AsyncExitStack() as stack:
            database = house.palaver.database
            for reading in (database.reading(), database.shelf.reading() if database.shelf else None):
                if reading is not None:
                    await (await stack.enter_async_context(reading)).value(text("SELECT 1"))
            response = await post_query(people.ann, ME)
        assert (response.status_code, code_of(response)) == (200, "TIMEOUT")
        assert response.json()["errors"][0]["message"] == BUSY
        assert await people.ann.ask(ME)


@WAYS
async def test_an_act_that_does_not_get_its_turn_says_so_and_is_not_done(home: Home, way: type[Plans]) -> None:
    async with open_house(home.settings(database_wait=WAIT), way) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        wish = {"conversationId": thread, "body": "Hello", "clientMessageId": "one"}
        async with locked(house):
            response = await post_query(people.ann, acts.SEND, input=wish)
            assert (response.status_code, code_of(response)) == (200, "TIMEOUT")
            assert response.json()["errors"][0]["message"] == BUSY
        assert await acts.bodies(people.ann, thread) == []
        await people.ann.ask(acts.SEND, input=wish)
        assert await acts.bodies(people.ann, thread) == ["Hello"]


@pytest.mark.parametrize(
    "limits", [{"database_wait": WAIT}, {"operation_seconds": LONG, "database_wait": 60}], ids=["lock", "operation"]
)
async def test_who_is_new_is_asked_to_come_again(make_house: OpenHouse, limits: dict[str, float]) -> None:
    """Somebody's first token is stored before anything is asked."""
    async with make_house(**limits) as house, People(house) as people:
        await acts.list_thing(people.host)
        async with locked(house):
            response = await post_query(people.cy, ME)
            assert (response.status_code, code_of(response)) == (503, "TIMEOUT")
            assert response.headers["retry-after"] == "1"
        assert (await people.cy.ask(ME))["user"]["name"]
