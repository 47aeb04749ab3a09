"""The recipes for Apollo, urql and Relay, and without any of them: each a whole frontend against a real server."""

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import RECIPES, OpenApp
from tests.clients.log import say, settles_on
from tests.clients.node import HERE

pytestmark = pytest.mark.clients
by_each_recipe = pytest.mark.parametrize("recipe", RECIPES)


def test_relay_compiler_accepts_the_schema_and_the_operations_of_a_thread(artifacts: None) -> None:
    """A query, a refetchable page with @connection, a subscription with @appendEdge, and mutations."""
    operations = {"Query", "OlderQuery", "MessageAddedSubscription", "SendMutation", "UploadMutation"}
    written = (HERE / "recipes" / "relay" / "__generated__").glob("Thread*.graphql.js")
    assert {f"Thread{name}.graphql.js" for name in operations} <= {path.name for path in written}


@by_each_recipe
async def test_a_thread_is_read_backwards_page_by_page(
    recipe: str, open_app: OpenApp, bob: Person, thread: str
) -> None:
    said = await say(bob, thread, 12)
    app = await open_app(recipe)
    assert [message["body"] for message in await app.do("open", thread)] == said[-5:]
    assert await app.do("older") is True
    assert await app.bodies() == said[-10:]
    assert await app.do("older") is True
    assert await app.bodies() == said
    assert await app.do("older") is False
    assert (await app.do("report"))["warnings"] == []


@by_each_recipe
async def test_what_both_say_arrives_once_and_in_order(
    recipe: str, open_app: OpenApp, bob: Person, thread: str
) -> None:
    app = await open_app(recipe)
    assert await app.do("open", thread) == []
    await app.do("follow")
    heard = await say(bob, thread, 3)
    sent = {"conversationId": thread, "body": "my answer", "clientMessageId": "answer-1"}
    first = await app.do("send", sent)
    assert first["errors"] == []
    assert await app.do("send", sent) == first, "a repeated send is one message"
    heard += ["my answer", *await say(bob, thread, 2, "after")]
    await settles_on(app, heard)
    assert await acts.bodies(bob, thread) == heard
    assert await app.do("older") is False
    assert (await app.do("report")) == {"warnings": [], "problems": [], "renewals": 0}


@by_each_recipe
async def test_a_file_is_uploaded_sent_and_read_by_the_other(
    recipe: str, open_app: OpenApp, bob: Person, http: httpx.AsyncClient, thread: str
) -> None:
    app = await open_app(recipe)
    await app.do("open", thread)
    await app.do("follow")
    uploaded = await app.do("upload", {"text": "Wheels: 28 inch", "fileName": "size.txt", "type": "text/plain"})
    assert uploaded["errors"] == []
    attachment = uploaded["attachment"]
    assert (attachment["fileName"], attachment["mimeType"], attachment["byteSize"]) == ("size.txt", "text/plain", 15)
    sent = await app.do(
        "send", {"conversationId": thread, "attachmentIds": [attachment["id"]], "clientMessageId": "with-a-file"}
    )
    assert sent["errors"] == []
    query = "query($id: ID!) { node(id: $id) { ... on Message { attachments { url } } } }"
    (seen,) = (await bob.ask(query, id=sent["message"]["id"]))["attachments"]
    assert (await http.get(seen["url"])).text == "Wheels: 28 inch"
    assert (await app.do("report"))["warnings"] == []
