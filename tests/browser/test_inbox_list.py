"""The list of conversations beyond its first page: each filter has its own places, and counts follow messages."""

import re
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.inbox import Inbox, import_lines
from tests.browser.messages import do
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

#: More than a page, which is 30.
COUNT = 50
DAY = 86_400
NEWEST = "query { conversations(first: 1) { edges { node { id } } } }"
ARCHIVE = (
    "mutation Archive($input: ArchiveConversationInput!) { archiveConversation(input: $input) { errors { code } } }"
)


def many_threads() -> Iterator[dict[str, object]]:
    """Lines of an import: Bob has written to Ann about so many things, of which she has not read the first."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}
    owner = {"userExternalId": "bob", "role": "seller"}
    for number in range(1, COUNT + 1):
        about, moment = {"kind": "listing", "externalId": f"thing-{number}"}, f"2026-03-02T08:{number:02}:00Z"
        yield {"type": "subject", **about, "title": f"Thing {number}", "owner": owner}
        read = {"readUpTo": {"ann": None}} if number == 1 else {}
        opened = {"subject": about, "contacter": "ann", "createdAt": moment}
        yield {"type": "conversation", "id": f"c-{number}", **opened, **read}
        said = {"conversation": f"c-{number}", "id": f"m-{number}", "sender": "bob", "body": f"About {number}."}
        yield {"type": "message", **said, "createdAt": moment}


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with many conversations of two people."""
    async with serve(sqlite_home) as served:
        await import_lines(served, many_threads())
        yield served


async def enter(browser: Browser, palaver: Served, sub: str, role: str, name: str, *, seconds: float = 3600) -> Inbox:
    """Somebody's inbox."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    return await Inbox.open(context, f"{palaver.url}/#token={sign(sub, role, name=name, seconds=seconds)}")


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


async def test_what_is_read_stays_among_the_unread_while_one_looks_at_it(browser: Browser, palaver: Served) -> None:
    ann, bob = (
        await enter(browser, palaver, "ann", "buyer", "Ann Archer"),
        await enter(browser, palaver, "bob", "seller", "Bob Baker"),
    )
    rows = [ann.row(f"Thing {number}") for number in (COUNT, COUNT - 1, COUNT - 2)]
    await ann.page.get_by_role("button", name="Unread", exact=True).click()
    # However far down it is among all: nobody has to scroll to it.
    await expect(ann.page.locator("a[data-row]")).to_have_count(1)
    await expect(ann.page.locator("a[data-row]")).to_contain_text("About 1.")
    for number in (COUNT, COUNT - 1):
        await bob.choose(f"Thing {number}")
        await bob.send("Are you still there?")
    for number, row in ((COUNT, rows[0]), (COUNT - 1, rows[1])):
        await expect(row.get_by_test_id("unread")).to_contain_text("1 unread")
        await ann.choose(f"Thing {number}")
        await expect(row.get_by_test_id("unread")).to_have_count(0)
        await expect(row).to_be_visible()
    await expect(rows[0]).to_have_count(0)
    await expect(rows[2]).to_have_count(0)
    await ann.page.get_by_role("button", name="All", exact=True).click()
    for row in rows:
        await expect(row).to_be_visible()


async def choose_in(inbox: Inbox, row: Locator, words: str) -> None:
    """Choose from the menu of a row."""
    await row.hover()
    await row.get_by_role("button", name="What to do with the conversation").click()
    await inbox.page.get_by_role("menuitem", name=words, exact=True).click()


async def test_what_is_pinned_and_muted_can_be_let_go_on_every_device_of_ones_own(
    browser: Browser, palaver: Served
) -> None:
    """Bob, with whom it is, and Cy, with whom it is not, see none of it."""
    here, there = [await enter(browser, palaver, "ann", "buyer", "Ann Archer") for _ in range(2)]
    bob, cy = (
        await enter(browser, palaver, "bob", "seller", "Bob Baker"),
        await enter(browser, palaver, "cy", "buyer", "Cy"),
    )
    about = f"Thing {COUNT - 2}"
    for pin, mute, is_so in (("Pin", "Mute for a day", True), ("Unpin", "Unmute", False)):
        await choose_in(here, here.row(about), pin)
        await choose_in(here, here.row(about), mute)
        for inbox in (here, there):
            for mark in ("muted", "pinned"):
                await expect(inbox.row(about).get_by_text(mark)).to_have_count(int(is_so))
            await expect(inbox.page.locator("a[data-row]").first).to_contain_text(about if is_so else f"Thing {COUNT}")
        await expect(bob.page.locator("a[data-row]").first).to_contain_text(f"Thing {COUNT}")
        await expect(bob.row(about).get_by_text(re.compile("muted|pinned"))).to_have_count(0)
        await expect(cy.page.locator("a[data-row]")).to_have_count(0)


async def test_what_is_muted_for_a_day_is_not_muted_on_the_day_after_the_next(
    browser: Browser, palaver: Served
) -> None:
    ann = await enter(browser, palaver, "ann", "buyer", "Ann Archer", seconds=7 * DAY)
    row = ann.row(f"Thing {COUNT}")
    await choose_in(ann, row, "Mute for a day")
    await expect(row.get_by_text("muted")).to_be_attached()
    await ann.page.clock.set_fixed_time(time.time() * 1000 + 2 * DAY * 1000)
    await ann.page.reload()
    await expect(row).to_be_visible()
    await expect(row.get_by_text("muted")).to_have_count(0)
    await row.hover()
    await row.get_by_role("button", name="What to do with the conversation").click()
    await expect(ann.page.get_by_role("menuitem", name="Mute for a day", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "place", "one", "two"),
    [
        ("en-GB", "Inbox", "1 conversation with something new", "2 conversations with something new"),
        ("de-DE", "Postfach", "1 Gespräch mit Neuem", "2 Gespräche mit Neuem"),
    ],
)
async def test_the_link_to_the_inbox_says_that_it_counts_conversations(
    browser: Browser, palaver: Served, locale: str, place: str, one: str, two: str
) -> None:
    """Its rows and the page's title count messages, and so do not come to the same number."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale=locale)
    ann = await context.new_page()
    await ann.goto(f"{palaver.url}/#token={sign('ann', 'buyer', name='Ann Archer')}")
    link = ann.get_by_role("navigation").get_by_role("link", name=place)
    await expect(link).to_contain_text(one)
    bob = await enter(browser, palaver, "bob", "seller", "Bob Baker")
    await bob.choose(f"Thing {COUNT}")
    for words in ("Are you still there?", "It is cheaper now."):
        await bob.send(words)
    await expect(link).to_contain_text(two)
    await expect(link.get_by_title(two)).to_be_visible()
    await expect(ann).to_have_title(re.compile(r"^\(3\) "))
