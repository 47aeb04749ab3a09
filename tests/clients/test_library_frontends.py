"""What Apollo, urql and Relay must survive over @palaver/client, beyond what every recipe must."""

import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import OVER_THE_LIBRARY, OpenApp
from tests.clients.following import no_problems
from tests.clients.log import say, settles_on
from tests.clients.node import run_app
from tests.clients.proxy import network_to
from tests.served import Served
from tests.waiting import until

pytestmark = pytest.mark.clients

FOLLOW = """
subscription Badge($conversationId: ID!, $after: String) {
  messageAdded(conversationId: $conversationId, after: $after) {
    messageEdge { cursor node { id seq body createdAt sender { id name } attachments { id fileName url } } }
  }
}
"""


@pytest.mark.parametrize("recipe", OVER_THE_LIBRARY)
async def test_a_laptop_that_slept_finds_its_connection_dead_and_makes_another(
    recipe: str, served: Served, ann: Person, bob: Person, thread: str, library: None, artifacts: None
) -> None:
    """The socket is half open: nobody says that it is gone, and only a ping that is not answered tells."""
    async with network_to(served.port) as network, run_app(network.url, recipe, ann, "buyer", keep_alive=0.5) as app:
        await app.do("open", thread)
        await app.do("follow")
        said = await say(bob, thread, 1, "before")
        await settles_on(app, said)
        for sleep in range(2):
            await network.go_silent()
            said += await say(bob, thread, 2, f"sleep {sleep}, word")
            await settles_on(app, said)
        await no_problems(app)


@pytest.mark.parametrize("recipe", ["urql", "palaver-urql"])
async def test_a_part_that_shows_no_thread_follows_one(
    recipe: str, open_app: OpenApp, ann: Person, bob: Person, thread: str
) -> None:
    app = await open_app(recipe)
    cursor = (await ann.ask(acts.MESSAGES, id=thread))["cursor"]
    await app.do("elsewhere", [FOLLOW, {"conversationId": thread, "after": cursor}])
    said = await say(bob, thread, 2)

    async def has_heard() -> bool:
        return bool(await app.do("seen") == said)

    await until(has_heard)
    await no_problems(app)


@pytest.mark.parametrize("recipe", OVER_THE_LIBRARY)
async def test_a_server_that_is_rolled_is_nothing_one_sees(
    recipe: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    app = await open_app(recipe)
    await app.do("open", thread)
    await app.do("follow")
    said = []
    for life in range(2):
        said += await say(bob, thread, 2, f"life {life}, word")
        await settles_on(app, said)
        served.terminate()
        await served.status()
        await served.start()
    said += await say(bob, thread, 1, "after")
    await settles_on(app, said)
    await no_problems(app)
