"""Who is there, in rows of the list and above a thread: until they leave, and not while a block binds the two."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.host import Visit, open_host
from tests.browser.inbox import Inbox, import_lines
from tests.client import NO_TLS, sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

PEOPLE = {"ann": "Ann Archer", "bob": "Bob Baker", "dan": "Dan Dyer"}


def two_talks() -> Iterator[dict[str, object]]:
    """Lines of an import: Bob and Dan have written to Ann."""
    for sub, name in PEOPLE.items():
        yield {"type": "user", "externalId": sub, "name": name}
    for number, sub in enumerate(("bob", "dan")):
        about, moment = {"kind": "listing", "externalId": f"thing-{sub}"}, f"2026-03-02T08:0{number}:00Z"
        owner = {"userExternalId": sub, "role": "seller"}
        yield {"type": "subject", **about, "title": f"Thing of {sub}", "owner": owner}
        yield {"type": "conversation", "id": sub, "subject": about, "contacter": "ann", "createdAt": moment}
        said = {"conversation": sub, "id": f"m-{sub}", "sender": sub, "body": f"From {sub}.", "createdAt": moment}
        yield {"type": "message", **said}


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with the two conversations."""
    async with serve(sqlite_home) as served:
        await import_lines(served, two_talks())
        yield served


@pytest.fixture
async def visit(browser: Browser, sqlite_home: Home) -> AsyncIterator[Visit]:
    """Opens the page of a host that embeds the elements."""
    async with open_host(browser, sqlite_home) as (_, begin):
        yield begin


async def enter(browser: Browser, palaver: Served, sub: str) -> Inbox:
    """Somebody's inbox."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    return await Inbox.open(context, f"{palaver.url}/#token={sign(sub, name=PEOPLE[sub])}")


@asynccontextmanager
async def is_there(palaver: Served, sub: str) -> AsyncIterator[None]:
    """Somebody is connected, and nothing is looked at on their page."""
    async with httpx.AsyncClient(verify=NO_TLS) as http, palaver.person(http, sub, name=PEOPLE[sub]).connect():
        yield


def online(place: Locator) -> Locator:
    """Where it says that the other is there."""
    return place.get_by_text("online")


async def block(inbox: Inbox, name: str) -> None:
    """Block whom the open thread is with."""
    header = inbox.page.locator("header", has=inbox.page.get_by_role("heading", name=name))
    await header.get_by_role("button", name="What to do with this conversation").click()
    await inbox.page.get_by_role("menuitem", name=f"Block {name}").click()
    await expect(inbox.page.get_by_role("note")).to_contain_text(name)


async def unblock(inbox: Inbox, name: str) -> None:
    """Lift it, below the messages."""
    await inbox.page.get_by_role("note").get_by_role("button", name=f"Unblock {name}").click()


async def test_a_row_says_who_is_online_until_they_leave(browser: Browser, palaver: Served) -> None:
    ann = await enter(browser, palaver, "ann")
    row = ann.row("Thing of bob")
    await expect(row).to_be_visible()
    await expect(online(row)).to_have_count(0)
    async with is_there(palaver, "bob"):
        await expect(online(row)).to_be_attached()
        await expect(online(ann.row("Thing of dan"))).to_have_count(0)
    await expect(online(row)).to_have_count(0)


async def test_a_block_hides_both_from_each_other_until_it_is_lifted(browser: Browser, palaver: Served) -> None:
    """In the rows and above the thread, on the page of the blocked one too, without a reload of either."""
    ann, bob = await enter(browser, palaver, "ann"), await enter(browser, palaver, "bob")
    await ann.choose("Thing of bob")
    await bob.choose("Thing of bob")
    places = [
        place for inbox in (ann, bob) for place in (inbox.row("Thing of bob"), inbox.page.locator("header:has(h2)"))
    ]
    for _ in range(2):
        for place in places:
            await expect(online(place)).to_be_attached()
        await block(ann, "Bob Baker")
        for place in places:
            await expect(place).to_be_visible()
            await expect(online(place)).to_have_count(0)
        await unblock(ann, "Bob Baker")
    for place in places:
        await expect(online(place)).to_be_attached()
    await ann.page.close()
    for place in places[2:]:
        await expect(online(place)).to_have_count(0)


async def test_whoever_is_blocked_hides_nobody_else(browser: Browser, palaver: Served) -> None:
    """A list that is opened anew has somebody in it of whom nothing is told; the others are followed as ever."""
    ann = await enter(browser, palaver, "ann")
    async with is_there(palaver, "bob"):
        await ann.choose("Thing of bob")
        await expect(online(ann.row("Thing of bob"))).to_be_attached()
        await block(ann, "Bob Baker")
        await ann.page.reload()
        await expect(ann.row("Thing of dan")).to_be_visible()
        async with is_there(palaver, "dan"):
            await expect(online(ann.row("Thing of dan"))).to_be_attached()
        await expect(online(ann.row("Thing of dan"))).to_have_count(0)
        await expect(online(ann.row("Thing of bob"))).to_have_count(0)
        await unblock(ann, "Bob Baker")
        await expect(online(ann.row("Thing of bob"))).to_be_attached()
    await expect(online(ann.row("Thing of bob"))).to_have_count(0)


async def test_a_lone_thread_tells_whether_the_other_is_there(visit: Visit) -> None:
    """No list beside it follows anybody. It is told again after a block, to the blocked one too."""
    ann, bob = await visit("ann", "Ann Archer"), await visit("bob", "Bob Baker")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    (sent,) = await ann.told("palaver-sent")
    hers, his = (online(one.page.locator("header:has(h2)")) for one in (ann, bob))
    await expect(hers).to_have_count(0)
    await bob.put_in("palaver-thread", conversation=sent["conversationId"])
    await expect(hers).to_be_visible()
    await expect(his).to_be_visible()
    await block(Inbox(ann.page), "Bob Baker")
    await expect(hers).to_have_count(0)
    await expect(his).to_have_count(0)
    await unblock(Inbox(ann.page), "Bob Baker")
    await expect(hers).to_be_visible()
    await expect(his).to_be_visible()
    await ann.page.close()
    await expect(his).to_have_count(0)
