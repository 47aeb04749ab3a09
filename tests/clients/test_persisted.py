"""Apollo's and urql's own automatic persisted queries: hashes go over the wire, and a server may forget them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import OpenApp
from tests.clients.log import say, settles_on, whole_log
from tests.legs import Home
from tests.metrics.scraping import Scrape, read
from tests.served import Served, serve

pytestmark = [pytest.mark.clients, pytest.mark.parametrize("recipe", ["apollo-persisted", "urql-persisted"])]
TOKEN = "who reads the numbers"


@pytest.fixture
async def served(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server whose numbers can be read."""
    async with serve(sqlite_home, PALAVER_METRICS_TOKEN=TOKEN) as server:
        yield server


async def numbers(served: Served, http: httpx.AsyncClient) -> Scrape:
    """What the server has counted since it was started."""
    response = await http.get(f"{served.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return read(response.text)


def named(found: Scrape, outcome: str) -> float:
    """How often an outcome was."""
    return found.of("palaver_documents_named_total", outcome=outcome)


async def test_a_thread_goes_by_hashes_over_a_server_that_forgets_them(
    recipe: str, open_app: OpenApp, served: Served, http: httpx.AsyncClient, bob: Person, thread: str
) -> None:
    said = await say(bob, thread, 7)
    app = await open_app(recipe)
    assert [message["body"] for message in await app.do("open", thread)] == said[-5:]
    await app.do("follow")
    assert await app.do("older") is True
    said += await say(bob, thread, 1, "heard")
    await settles_on(app, said)
    before = await numbers(served, http)
    assert named(before, "miss") >= 1, "the client begins with a hash"
    assert named(before, "hit") >= 1, "a page of the same query goes by the hash alone"
    assert named(before, "stored") == len({"the query", "the subscription"})

    await served.kill()
    await served.start()
    said += await say(bob, thread, 2, "after")
    await settles_on(app, said)
    for number in range(3):
        sent = {"conversationId": thread, "body": f"mine {number}", "clientMessageId": f"key-{number}"}
        assert (await app.do("send", sent))["errors"] == []
        said.append(f"mine {number}")
    await settles_on(app, said)
    after = await numbers(served, http)
    assert named(after, "hit") >= 2, "two sends of three go by the hash alone"
    assert named(after, "stored") == len({"the mutation", "the subscription"})
    assert await whole_log(bob, thread) == said
    assert (await app.do("report")) == {"warnings": [], "problems": [], "renewals": 0}


async def test_a_send_that_is_repeated_after_a_restart_is_one_message(
    recipe: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    app = await open_app(recipe)
    sent = {"conversationId": thread, "body": "once", "clientMessageId": "1"}
    first = await app.do("send", sent)
    await served.kill()
    await served.start()
    assert await app.do("send", sent) == first
    assert await acts.bodies(bob, thread) == ["once"]


async def test_a_file_goes_with_a_hash(recipe: str, open_app: OpenApp, thread: str) -> None:
    app = await open_app(recipe)
    for name in ("first.txt", "second.txt"):
        uploaded = await app.do("upload", {"text": "Wheels: 28 inch", "fileName": name, "type": "text/plain"})
        assert uploaded["errors"] == []
        assert uploaded["attachment"]["fileName"] == name


@pytest.mark.parametrize("number", [0, 1], ids=["none", "one at a time"])
async def test_a_server_that_knows_few_hashes_or_none_serves_all_the_same(
    number: int, recipe: str, open_app: OpenApp, sqlite_home: Home, served: Served, bob: Person, thread: str
) -> None:
    await served.kill()
    served.settings["PALAVER_PERSISTED_QUERIES"] = str(number)
    await served.start()
    said = await say(bob, thread, 7)
    app = await open_app(recipe)
    await app.do("open", thread)
    await app.do("follow")
    await app.do("older")
    assert (await app.do("send", {"conversationId": thread, "body": "mine", "clientMessageId": "1"}))["errors"] == []
    said += ["mine", *await say(bob, thread, 1, "heard")]
    await settles_on(app, said)
    assert (await app.do("report")) == {"warnings": [], "problems": [], "renewals": 0}
