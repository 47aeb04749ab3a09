"""Search in the page: from a word to the message that holds it, in its place."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.inbox import Inbox, import_lines, long_thread
from tests.client import NO_TLS, sign
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

pytestmark = pytest.mark.browser

Enter = Callable[[str, str], Awaitable[Inbox]]


FIND = "query($words: String!) { searchMessages(query: $words, first: 100) { edges { node { body } } } }"


async def is_indexed(served: Served) -> None:
    """Wait until what was imported is found."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        ann = served.person(http, "ann", name="Ann Archer")

        async def finds(query: str, count: int) -> bool:
            return len((await ann.ask(FIND, words=query))["edges"]) >= count

        for query, count in (("number", 100), ('"number 17"', 1), ('"number 400"', 1)):
            await until(partial(finds, query, count), pause=0.1)


@pytest.fixture
async def enter(browser: Browser, sqlite_home: Home) -> AsyncIterator[Enter]:
    """Opens the inbox of a server on which Ann and Bob have said much: `await enter("ann", "Ann Archer")`."""
    async with AsyncExitStack() as opened:
        served = await opened.enter_async_context(serve(sqlite_home))
        await import_lines(served, long_thread(400, read=400))
        await is_indexed(served)

        async def begin(sub: str, name: str) -> Inbox:
            context = await browser.new_context(locale="en-GB")
            opened.push_async_callback(context.close)
            return await Inbox.open(context, f"{served.url}/#token={sign(sub, name=name)}")

        yield begin


def hits(inbox: Inbox) -> Locator:
    return inbox.page.get_by_role("list", name="Found messages").get_by_role("link")


def named(inbox: Inbox) -> Locator:
    return inbox.page.get_by_role("list", name="Found conversations").get_by_role("link")


async def seek(inbox: Inbox, words: str) -> None:
    await inbox.page.get_by_role("textbox", name="Search messages").fill(words)


async def test_a_found_message_is_shown_in_its_place(enter: Enter) -> None:
    ann = await enter("ann", "Ann Archer")
    await seek(ann, "number 17")
    await expect(hits(ann).first.locator("mark")).to_have_text(["Number", "17"])
    rows = ann.page.locator("a[data-row]")
    assert await rows.count() == await hits(ann).count(), "the list of conversations makes room"
    await hits(ann).first.click()
    found = ann.page.get_by_role("log").locator("li", has_text="Number 17.")
    await expect(found).to_be_in_viewport()
    assert len(urlsplit(ann.page.url).path.split("/")) == 4

    # Somewhere else in the thread, the same message is found once more.
    await ann.page.get_by_role("button", name="To the newest message").click()
    await expect(ann.bodies.filter(has_text="Number 400.")).to_be_in_viewport()
    await hits(ann).first.click()
    await expect(found).to_be_in_viewport()

    # So it is when the browser goes back to its address, wherever one was in between.
    await ann.page.get_by_role("button", name="To the newest message").click()
    await expect(ann.bodies.filter(has_text="Number 400.")).to_be_in_viewport()
    await ann.page.get_by_role("link", name="Inbox", exact=True).click()
    await expect(ann.page.get_by_role("log")).to_have_count(0)
    await ann.page.go_back()
    await expect(found).to_be_in_viewport()

    await ann.page.get_by_role("textbox", name="Search messages").press("Escape")
    await expect(hits(ann)).to_have_count(0)
    await expect(ann.row("Bob Baker")).to_be_visible()


async def test_marks_stand_where_they_belong_whatever_comes_before(enter: Enter) -> None:
    """Characters outside of the basic plane are one code point, and two units of JavaScript's."""
    ann = await enter("ann", "Ann Archer")
    await ann.choose("Bob Baker")
    body = "🚲🚲🚲 ein schöner Café-Besuch 🎉 " + "und so weiter " * 30 + "bis zum Leuchtturm 🗼"
    await ann.send(body)
    await expect(ann.bodies.last).to_have_text(body)
    # It is shown before it is there to be found.
    await ann.is_marked(body, "sent")
    await seek(ann, "cafe")
    await expect(hits(ann).locator("mark")).to_have_text(["Café"])
    await seek(ann, "leuchtt")
    await expect(hits(ann).locator("mark")).to_have_text(["Leuchtturm"])
    excerpt = hits(ann).get_by_test_id("excerpt")
    await expect(excerpt).to_have_text("… und so weiter und so weiter bis zum Leuchtturm 🗼")


async def test_the_keyboard_goes_from_the_words_to_what_was_found(enter: Enter) -> None:
    ann = await enter("ann", "Ann Archer")
    await seek(ann, "number")
    await expect(hits(ann)).to_have_count(20)
    await hits(ann).last.scroll_into_view_if_needed()
    await expect(hits(ann)).to_have_count(40)
    await ann.page.get_by_role("textbox", name="Search messages").press("ArrowDown")
    await expect(hits(ann).first).to_be_focused()
    await ann.page.keyboard.press("ArrowDown")
    await expect(hits(ann).nth(1)).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await ann.page.get_by_role("log").wait_for()


async def test_a_conversation_is_found_by_whom_it_is_with_and_what_it_is_about(enter: Enter) -> None:
    ann = await enter("ann", "Ann Archer")
    for words in ("bob bak", "red bicycle"):
        await seek(ann, words)
        await expect(named(ann)).to_have_count(1)
        await expect(named(ann)).to_contain_text("Bob Baker")
        await expect(named(ann)).to_contain_text("A red bicycle")
        await expect(ann.page.get_by_role("status").filter(has_text="1 conversation found")).to_be_visible()
    await ann.page.get_by_role("textbox", name="Search messages").press("ArrowDown")
    await expect(named(ann)).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await expect(ann.bodies.filter(has_text="Number 400.")).to_be_in_viewport()
    await ann.send("What of the bicycle, Bob Baker?")
    await ann.is_marked("What of the bicycle, Bob Baker?", "sent")

    async def finds_both() -> bool:
        await seek(ann, "bob")
        await expect(named(ann)).to_have_count(1)
        await seek(ann, "bob baker")
        await expect(ann.page.get_by_role("status").filter(has_text="1 conversation found")).to_be_visible()
        return await hits(ann).count() == 1

    await until(finds_both)
    headings = ann.page.get_by_role("region", name="Conversations").get_by_role("heading", level=2)
    await expect(headings).to_have_text(["Conversations", "Messages"])


async def test_a_stranger_finds_nothing(enter: Enter) -> None:
    cy = await enter("cy", "Cy Cole")
    for words in ("number", "bob baker", "red bicycle"):
        await seek(cy, words)
        await expect(cy.page.get_by_text("Searching")).to_have_count(0)
        await expect(cy.page.get_by_text("Nothing found")).to_be_visible()
        await expect(hits(cy)).to_have_count(0)
        await expect(named(cy)).to_have_count(0)
