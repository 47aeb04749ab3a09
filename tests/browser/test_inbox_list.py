"""The list of conversations beyond its first page: each filter has its own places, and counts follow messages."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser.inbox import Inbox, import_lines
from tests.browser.messages import do
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

#: More than a page, which is 30.
COUNT = 50
NEWEST = "query { conversations(first: 1) { edges { node { id } } } }"
ARCHIVE = (
    "mutation Archive($input: ArchiveConversationInput!) { archiveConversation(input: $input) { errors { code } } }"
)


def many_threads() -> Iterator[dict[str, object]]:
    """Lines of an import: Bob has written to Ann about so many things."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}
    owner = {"userExternalId": "bob", "role": "seller"}
    for number in range(1, COUNT + 1):
        about, moment = {"kind": "listing", "externalId": f"thing-{number}"}, f"2026-03-02T08:{number:02}:00Z"
        yield {"type": "subject", **about, "title": f"Thing {number}", "owner": owner}
        yield {"type": "conversation", "id": f"c-{number}", "subject": about, "contacter": "ann", "createdAt": moment}
        said = {"conversation": f"c-{number}", "id": f"m-{number}", "sender": "bob", "body": f"About {number}."}
        yield {"type": "message", **said, "createdAt": moment}


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with many conversations of two people."""
    async with serve(sqlite_home) as served:
        await import_lines(served, many_threads())
        yield served


async def enter(browser: Browser, palaver: Served, sub: str, role: str, name: str) -> Inbox:
    """Somebody's inbox."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    return await Inbox.open(context, f"{palaver.url}/#token={sign(sub, role, name=name)}")


async def archive_newest(palaver: Served) -> None:
    """Ann puts away the newest conversation, on another device."""
    async with httpx.AsyncClient(
        headers={"Authorization": f"Bearer {sign('ann', 'buyer', name='Ann Archer')}"}
    ) as http:
        found = await http.post(f"{palaver.url}/graphql", json={"query": NEWEST})
        [edge] = found.json()["data"]["conversations"]["edges"]
        wish = {"input": {"conversationId": edge["node"]["id"], "archived": True}}
        done = await http.post(f"{palaver.url}/graphql", json={"query": ARCHIVE, "variables": wish})
        assert done.json()["data"]["archiveConversation"]["errors"] == []


async def test_another_filter_begins_at_its_beginning(browser: Browser, palaver: Served) -> None:
    """However far the list was scrolled before."""
    await archive_newest(palaver)
    ann = await enter(browser, palaver, "ann", "buyer", "Ann Archer")
    rows = ann.page.locator("a[data-row]")
    await expect(rows.first).to_contain_text(f"Thing {COUNT - 1}")
    while await rows.count() < COUNT - 1:
        await rows.last.scroll_into_view_if_needed()
        await expect(rows.nth(await rows.count() - 1)).to_be_visible()
    await expect(rows.last).to_contain_text("Thing 1")
    await ann.page.get_by_role("button", name="Archived", exact=True).click()
    await expect(rows).to_have_count(1)
    await expect(rows.first).to_contain_text(f"Thing {COUNT}")
    await ann.page.get_by_role("button", name="All", exact=True).click()
    await expect(rows.first).to_contain_text(f"Thing {COUNT - 1}")


async def test_what_is_deleted_is_unread_no_more(browser: Browser, palaver: Served) -> None:
    ann, bob = (
        await enter(browser, palaver, "ann", "buyer", "Ann Archer"),
        await enter(browser, palaver, "bob", "seller", "Bob Baker"),
    )
    row = ann.row(f"Thing {COUNT}")
    await expect(row).to_be_visible()
    await bob.choose(f"Thing {COUNT}")
    await bob.send("Are you still there?")
    await expect(row.get_by_test_id("unread")).to_contain_text("1 unread")
    await bob.send("And this was not for you.")
    await expect(row.get_by_test_id("unread")).to_contain_text("2 unread")
    await do(bob, "And this was not for you.", "Delete")
    await bob.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(row).to_contain_text("Deleted message")
    await expect(row.get_by_test_id("unread")).to_contain_text("1 unread")
