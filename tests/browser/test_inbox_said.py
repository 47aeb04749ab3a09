"""What the inbox says of things it does not show: files of the last message, who was there, a listing that is not."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.files import picture, text
from tests.browser.inbox import Inbox, links_in
from tests.browser.pageless import Meet, send_files, thread_about
from tests.media import mp3
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


def sound(name: str) -> FilePayload:
    """Something to hear."""
    return {"name": name, "mimeType": "audio/mpeg", "buffer": mp3()}


async def test_a_row_counts_the_files_of_the_last_message(
    enter: EnterInbox, meet: Meet, browser: Browser, market: Served
) -> None:
    """One alone is called by what it is. In both languages."""
    buyer, seller = meet("buyer"), await enter("seller")
    thread = await thread_about(buyer, "Green sofa")
    german = await (await browser.new_context(locale="de-DE")).new_page()
    await german.goto(links_in(market.output)["seller"])
    for files, english, other in (
        ([picture("a.png")], "Picture", "Bild"),
        ([text("a.txt")], "File: a.txt", "Datei: a.txt"),
        ([picture("a.png"), text("a.txt")], "1 picture, 1 file", "1 Bild, 1 Datei"),
        (
            [picture("a.png"), picture("b.png"), picture("c.png"), text("a.txt")],
            "3 pictures, 1 file",
            "3 Bilder, 1 Datei",
        ),
        ([text("a.txt"), text("b.txt")], "2 files", "2 Dateien"),
        ([sound("a.mp3")], "Voice message", "Sprachnachricht"),
        ([sound("a.mp3"), sound("b.mp3")], "2 voice messages", "2 Sprachnachrichten"),
        ([sound("a.mp3"), picture("a.png")], "1 picture, 1 voice message", "1 Bild, 1 Sprachnachricht"),
    ):
        await send_files(buyer, thread, *files)
        for page, words in ((seller.page, english), (german, other)):
            await expect(Inbox(page).row("Green sofa").get_by_text(words, exact=True)).to_be_visible()


async def test_nothing_is_said_of_who_is_there_without_a_connection(
    enter: EnterInbox, meet: Meet, market: Served
) -> None:
    """It is we who are gone, and nobody knows of them."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    header = buyer.page.locator("header", has=buyer.page.get_by_role("heading", name="Bob Baker"))
    async with meet("seller").connect():
        await expect(header.get_by_text("online")).to_be_visible()
    await expect(header.get_by_text("last seen")).to_be_visible()
    await market.kill()
    await expect(buyer.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    await expect(header.get_by_text("last seen")).to_have_count(0)
    await expect(header.get_by_text("online")).to_have_count(0)


async def test_a_listing_that_is_not_there_is_called_one(enter: EnterInbox, browser: Browser, market: Served) -> None:
    cy = await enter("admin")
    await cy.page.goto(f"{market.url}/new/listing/nope")
    await expect(cy.page.get_by_text("There is no such listing")).to_be_visible()
    await expect(cy.page.get_by_text("no such conversation")).to_have_count(0)
    await cy.page.goto(f"{market.url}/new/ride/nope")
    await expect(cy.page.get_by_text("It is not there")).to_be_visible()
    german = await (await browser.new_context(locale="de-DE")).new_page()
    await german.goto(links_in(market.output)["buyer"])
    await Inbox(german).row("Green sofa").first.wait_for()
    await german.goto(f"{market.url}/new/listing/nope")
    await expect(german.get_by_text("Diese Anzeige gibt es nicht")).to_be_visible()


async def test_an_empty_inbox_leads_to_the_market(enter: EnterInbox) -> None:
    """Where there is one; the other lists say why they are empty, and nothing is to be done about it."""
    ada = await enter("admin")
    await expect(ada.page.get_by_text("No conversations yet")).to_be_visible()
    lead = ada.page.get_by_role("button", name="To the market")
    await ada.page.get_by_role("button", name="Archived").click()
    await expect(ada.page.get_by_text("Nothing archived")).to_be_visible()
    await expect(lead).to_have_count(0)
    await ada.page.get_by_role("button", name="All").click()
    await lead.click()
    await expect(ada.page.get_by_role("heading", name="The demo market")).to_be_visible()


async def test_beside_a_long_title_the_name_is_whole(browser: Browser, market: Served) -> None:
    """Where there is little room, it is taken from the thing; that it is closed is seen all the same."""
    context = await browser.new_context(viewport={"width": 768, "height": 800}, locale="en-GB")
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    await buyer.choose("Upright piano")
    head = buyer.page.get_by_role("region", name="Messages").locator("header")
    name = head.get_by_role("heading", name="Dot Draper")
    await expect(name).to_be_visible()
    assert await name.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    lock = await head.locator("[title='Upright piano, needs tuning'] > svg").bounding_box()
    assert lock is not None
    assert lock["width"] == 15
    await context.close()
