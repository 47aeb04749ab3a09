"""The pages of the examples in Chromium: two people sign in at the host and talk by the elements in its pages."""

import re
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import faults_of
from tests.browser.chromium import Watch
from tests.browser.inbox import Inbox
from tests.hosts.acts import QUESTION, may_contact, offer
from tests.hosts.running import Host
from tests.hosts.visitors import Visitor
from tests.waiting import until

pytestmark = pytest.mark.hosts


async def sign_in(
    opened: AsyncExitStack, browser: Browser, host: Host, visitor: Visitor, *, is_dark: bool = False
) -> tuple[Page, Watch]:
    """A browser of their own, in a system that is dark or not, in which they have signed in by the host's form."""
    context = await browser.new_context(locale="en-GB", color_scheme="dark" if is_dark else "light")
    opened.push_async_callback(context.close)
    watch = Watch.over(context)
    page = await context.new_page()
    await page.goto(host.url)
    form = page.locator('form[action="/sign-in"]')
    await form.locator("[name=name]").fill(visitor.name)
    await form.locator("[name=password]").fill(visitor.password)
    await form.get_by_role("button").click()
    await page.get_by_role("button", name="Sign out").wait_for()
    return page, watch


async def write_first(inbox: Inbox, place: str, *, by_element: bool) -> None:
    """Ask about a thing on its page: in the element that is there already, or by a form that leads to the element."""
    if by_element:
        await inbox.send(QUESTION)
        return
    form = inbox.page.locator(f'form[action="{place}/contact"]')
    await form.locator("[name=body]").fill(QUESTION)
    await form.get_by_role("button").click()
    await expect(inbox.page.locator("palaver-thread")).to_be_visible()


async def test_two_people_talk_in_the_pages_of_a_host(browser: Browser, host: Host, ann: Visitor, bob: Visitor) -> None:
    """From the host's own forms to the answer, which the other sees while the page is open."""
    place = await offer(host, ann, bob)
    await until(lambda: may_contact(ann, place), pause=0.05)
    async with AsyncExitStack() as opened:
        anns, seen_by_ann = await sign_in(opened, browser, host, ann)
        bobs, seen_by_bob = await sign_in(opened, browser, host, bob)
        await anns.goto(f"{host.url}{place}")
        buyer, seller = Inbox(anns), Inbox(bobs)
        await write_first(buyer, place, by_element=host.kind.is_private)
        await buyer.says(QUESTION)

        await bobs.get_by_role("link", name="Messages").click()
        await bobs.locator("palaver-inbox a[data-row]").filter(has_text="Ann").click()
        await seller.says(QUESTION)
        await buyer.send("At ten?")
        await seller.says(QUESTION, "At ten?")
        await seller.send("At eleven.")
        await buyer.says(QUESTION, "At ten?", "At eleven.")
        await buyer.is_marked("At ten?", "read")

        # Where the thing itself is shown, the seller finds the same conversation; the page's title counts what is new.
        await bobs.goto(f"{host.url}{place}")
        await buyer.send("Eleven it is.")
        await bobs.get_by_role("link", name="Conversation with Ann").click()
        await seller.says("At eleven.", "Eleven it is.")
        await expect(bobs).not_to_have_title(re.compile(r"^\("))

        for watch in (seen_by_ann, seen_by_bob):
            assert watch.hosts == {urlsplit(host.url).netloc, urlsplit(host.served.url).netloc}
            assert watch.complaints == []


async def test_fields_have_names_and_elements_are_as_light_as_the_pages(
    browser: Browser, host: Host, ann: Visitor
) -> None:
    async with AsyncExitStack() as opened:
        page, _ = await sign_in(opened, browser, host, ann, is_dark=True)
        assert await faults_of(page) == []
        await expect(page.get_by_role("textbox", name="What ")).to_be_visible()
        await page.get_by_role("link", name="Messages").click()
        await expect(page.get_by_text("No conversations yet")).to_be_visible()
        element, header = page.locator("palaver-inbox"), page.locator("header").first
        schemes = "(one) => [one, document.body].map((seen) => getComputedStyle(seen).colorScheme)"
        assert await element.evaluate(schemes) == ["light", "light"]
        above, below = await header.bounding_box(), await element.bounding_box()
        assert above is not None
        assert below is not None
        assert below["y"] >= above["y"] + above["height"] + 8
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("textbox", name="Password")).to_have_count(2)
        assert await faults_of(page) == []


async def test_who_has_signed_out_has_no_messages(browser: Browser, host: Host, ann: Visitor) -> None:
    """A page that stayed open asks for another token in vain, and one opened now is not shown."""
    async with AsyncExitStack() as opened:
        page, _ = await sign_in(opened, browser, host, ann)
        await page.get_by_role("link", name="Messages").click()
        await expect(page.get_by_text("No conversations yet")).to_be_visible()
        other = await page.context.new_page()
        await other.goto(host.url)
        await other.get_by_role("button", name="Sign out").click()
        await other.locator('form[action="/sign-in"]').wait_for()
        gives = "fetch('/palaver/token', { method: 'POST' }).then(({ ok }) => ok)"
        assert await page.evaluate(gives) is False
        await page.goto(f"{host.url}/messages")
        await expect(page.locator("palaver-inbox")).to_have_count(0)
