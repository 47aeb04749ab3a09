"""The recipes when something breaks: the token expires, the server dies, the database is restored from a backup."""

import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import RECIPES, OpenApp
from tests.clients.log import grows, hears, say, settles_on, whole_log
from tests.served import Served
from tests.waiting import until

pytestmark = [pytest.mark.clients, pytest.mark.parametrize("recipe", RECIPES)]


async def test_nothing_is_missed_when_tokens_expire(recipe: str, open_app: OpenApp, bob: Person, thread: str) -> None:
    app = await open_app(recipe, seconds=1.5)
    await app.do("open", thread)
    await app.do("follow")
    said: list[str] = []

    async def has_renewed_twice() -> bool:
        said.append(f"word {len(said)}")
        await acts.send(bob, thread, said[-1])
        report = await app.do("report")
        return bool(report["renewals"] >= 2)

    await until(has_renewed_twice, pause=0.05)
    await settles_on(app, said)
    assert (await app.do("report"))["problems"] == []


async def test_nothing_is_lost_when_the_server_is_killed_in_mid_stream(
    recipe: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    app = await open_app(recipe)
    await app.do("open", thread)
    await app.do("follow")
    writing = app.begin("write", {"conversationId": thread, "writers": 2})
    for _ in range(3):
        await grows(app, 10)
        await served.kill()
        await served.start()
    await app.do("stop")
    acknowledged = await writing
    log = await whole_log(bob, thread)
    await settles_on(app, log)
    assert sum(map(len, acknowledged)) == len(log)
    for writer in acknowledged:
        assert [body for body in log if body in set(writer)] == writer
    assert (await app.do("report"))["problems"] == []


async def test_a_restored_database_is_read_again_and_followed_on(
    recipe: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    """The client's cursor is of the old database: it fetches again, and goes on from the fresh one."""
    said = await say(bob, thread, 7, "before")
    app = await open_app(recipe)
    await app.do("open", thread)
    await app.do("older")
    assert await app.bodies() == said
    await app.do("follow")
    said += await say(bob, thread, 1, "heard")
    await settles_on(app, said)
    await served.kill()
    await served.command("restored")
    await served.start()
    missed = await say(bob, thread, 6, "meanwhile")
    await hears(app, missed[-1])
    said += missed + await say(bob, thread, 2, "after")
    await hears(app, "after 2")
    seen = await app.bodies()
    assert seen == said[-len(seen) :], "no hole between what was fetched again and what was there"
    while await app.do("older"):
        pass
    assert await app.bodies() == said
    assert (await app.do("report"))["problems"] == []
