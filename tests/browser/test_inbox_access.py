"""Everybody can use it: axe finds nothing serious in either theme, on a phone and on a desk; words run either way."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, links_in
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1280, 800)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing_serious(browser: Browser, market: Served, theme: str, size: tuple[int, int]) -> None:
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = await context.new_page()
    await page.goto(market.url)
    await page.get_by_role("button", name="Ann Archer").wait_for()
    assert await faults_of(page) == []
    await page.close()
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    page = buyer.page
    await buyer.row("Green sofa").wait_for()
    assert await faults_of(page) == []
    await buyer.choose("Green sofa")
    await expect(buyer.bodies.first).to_be_visible()
    assert await faults_of(page) == []
    await page.get_by_role("button", name="What to do with this conversation").click()
    assert await faults_of(page) == []
    for place in ("/market", "/new/listing/bike-1"):
        await page.goto(f"{market.url}{place}")
        await expect(page.get_by_text("A red bicycle, three gears").first).to_be_visible()
        assert await faults_of(page) == []
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_what_happens_by_and_by(
    browser: Browser, market: Served, theme: str
) -> None:
    """What was found and what was not, a blocked and a closed conversation, no connection; in German; on a phone."""
    context = await browser.new_context(
        viewport={"width": DESK[0], "height": DESK[1]},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    page, faults = buyer.page, dict[str, list[str]]()

    async def look(state: str, *sizes: tuple[int, int]) -> None:
        for width, height in (*sizes, DESK):
            await page.set_viewport_size({"width": width, "height": height})
            faults[f"{state} {width}"] = await faults_of(page)

    field, hits = page.get_by_role("textbox", name="Search messages"), page.get_by_role("list", name="Found messages")
    await field.fill("scratch")
    await expect(hits.get_by_role("link").first).to_be_visible()
    await look("found", PHONE)
    await hits.get_by_role("link").first.click()
    await expect(page.get_by_role("log").locator("[data-target]")).to_be_visible()
    await look("found in its thread", PHONE)
    await field.fill("zebra")
    await expect(page.get_by_text("Nothing found")).to_be_visible()
    await look("nothing found")
    await field.fill("")

    await buyer.choose("Eli Engel")
    await page.get_by_role("button", name="What to do with this conversation").click()
    await page.get_by_role("menuitem", name="Block").click()
    await expect(page.get_by_role("note")).to_contain_text("You have blocked")
    await look("blocked", PHONE)
    await buyer.choose("Upright piano")
    await expect(page.get_by_role("note")).to_contain_text("is closed")
    await look("closed", PHONE)

    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("menuitemradio", name="Deutsch").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Einstellungen").click()
    await expect(page.get_by_role("menuitemradio", name="Deutsch")).to_be_checked()
    await look("settings in German")
    await page.keyboard.press("Escape")
    await buyer.choose("Green sofa")
    await expect(page.get_by_placeholder("Nachricht schreiben")).to_be_visible()
    await look("a thread in German", PHONE)
    await market.kill()
    await expect(page.get_by_role("status").filter(has_text="Keine Verbindung")).to_be_visible()
    await page.get_by_role("textbox", name="Nachricht an").fill("Ich warte.")
    await page.get_by_role("button", name="Senden").click()
    await expect(page.locator("[data-outgoing]")).to_be_visible()
    await look("offline", PHONE)
    assert {state: found for state, found in faults.items() if found} == {}
    await context.close()


async def test_words_run_in_their_own_direction(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await expect(buyer.composer).to_be_visible()
    await buyer.composer.fill("مرحبا، هل ما زالت متاحة؟")
    await expect(buyer.composer).to_have_js_property("dir", "auto")
    await buyer.composer.press("Enter")
    body = buyer.bodies.last
    await expect(body).to_have_text("مرحبا، هل ما زالت متاحة؟")
    await expect(body).to_have_css("direction", "rtl")
    await buyer.send("And in English again.")
    await expect(buyer.bodies.last).to_have_css("direction", "ltr")


async def test_nothing_is_wider_than_a_phone(browser: Browser, market: Served) -> None:
    context = await browser.new_context(viewport={"width": 320, "height": 640}, locale="de-DE", has_touch=True)
    links = links_in(market.output)
    page = await context.new_page()
    for place in ("/", "/market", "/new/listing/car-3"):
        await page.goto(f"{market.url}{place}#{links['buyer'].partition('#')[2]}")
        await page.locator("h1, h2").filter(visible=True).first.wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth <= 320"), place
    await context.close()


async def test_where_nothing_hovers_the_menus_of_messages_are_faint_until_one_is_at_a_message(
    browser: Browser, market: Served
) -> None:
    """A finger on the message, or the keyboard, brings its menu out; no other message's."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="en-GB"
    )
    inbox = await Inbox.open(context, links_in(market.output)["buyer"])
    await inbox.choose("Green sofa")
    openers = inbox.page.get_by_role("log").locator("[data-message-menu] button")
    await expect(openers.first).to_have_css("opacity", "0.4")
    await expect(openers.last).to_have_css("opacity", "0.4")
    await inbox.bodies.last.tap()
    await expect(openers.last).to_have_css("opacity", "1")
    await expect(openers.first).to_have_css("opacity", "0.4")
    await openers.first.focus()
    await expect(openers.first).to_have_css("opacity", "1")
    await context.close()
