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
