"""What else graphql-ws must survive, by the recipe that the others stand on."""

import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import OpenApp
from tests.clients.log import hears, say, settles_on
from tests.clients.node import App, run_app
from tests.clients.proxy import network_to
from tests.served import Served
from tests.waiting import until

pytestmark = pytest.mark.clients

INBOX_CURSOR = "{ viewer { inboxCursor } }"


async def test_a_connection_that_died_without_a_word_is_noticed_and_replaced(
    served: Served, ann: Person, bob: Person, thread: str
) -> None:
    async with (
        network_to(served.port) as network,
        run_app(network.url, "plain", ann, "buyer", keep_alive=0.5) as app,
    ):
        await app.do("open", thread)
        await app.do("follow")
        await acts.send(bob, thread, "before")
        await hears(app, "before")
        await network.go_silent()
        said = ["before", *await say(bob, thread, 3)]
        await settles_on(app, said)
        assert (await app.do("report"))["problems"] == []


async def test_an_inbox_goes_on_from_the_fresh_cursor_of_a_reset(
    open_app: OpenApp, served: Served, ann: Person, bob: Person, thread: str
) -> None:
    """The database is restored under it: what is open is fetched again, then the stream tells what comes after.

    The thread was opened while it was empty, and is not followed: only fetching it again can fill it.
    """
    app = await open_app("plain")
    await app.do("open", thread)
    cursor = (await ann.ask(INBOX_CURSOR))["inboxCursor"]
    await app.do("watch", {"stream": "inbox", "conversationId": thread, "after": cursor})
    await acts.send(bob, thread, "before")
    await until(lambda: has_seen(app, "before"))
    await served.kill()
    await served.command("restored")
    await served.start()
    await hears(app, "before")
    await acts.send(bob, thread, "after")
    await until(lambda: has_seen(app, "after"))
    assert (await app.do("report"))["problems"] == []


async def has_seen(app: App, body: str) -> bool:
    """Has the watched stream said it?"""
    return body in await app.do("seen")
