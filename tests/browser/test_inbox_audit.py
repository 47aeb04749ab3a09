"""Staff's audit log is for people: words for what was done, by whom, and the way to what it was done to."""

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.axe import faults_of
from tests.browser.inbox import links_in
from tests.browser.staff import EnterInbox, id_in, look_at
from tests.served import Served

pytestmark = pytest.mark.browser


def entries_of(page: Page, said: str) -> Locator:
    """The entries of one action, by its words."""
    log = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    return log.filter(has=page.get_by_text(said, exact=True))


async def read_the_log(page: Page) -> None:
    """Go to it within the page."""
    await page.get_by_role("link", name="Staff", exact=True).click()
    await page.get_by_role("link", name="Audit log").click()


async def test_an_entry_says_who_did_what_and_leads_to_it(enter: EnterInbox) -> None:
    page = await look_at(await enter("admin"), "Small grey car")
    thread = id_in(page)
    await read_the_log(page)
    await expect(entries_of(page, "Reports listed").first).to_contain_text("Ada Moreno")
    log = page.get_by_role("list", name="Audit log")
    await expect(log).not_to_contain_text(thread)
    await expect(log).not_to_contain_text("conversation.read")
    # All four messages of the thread are one entry for who reads the log.
    read = entries_of(page, "Message read").first
    await expect(read).to_contain_text("4 times")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await read.get_by_role("button", name="Copy the ids").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert len(set(copied.split("\n"))) == 4
    entry = log.get_by_role("link", name="Conversation read").first
    await entry.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Saturday at noon")
    assert id_in(page) == thread
    await page.get_by_role("button", name="Back").click()
    await entries_of(page, "Conversation read").first.get_by_role("link", name="Ada Moreno").click()
    await expect(page.get_by_text("No such conversations")).to_be_visible()


async def test_an_action_without_words_is_shown_as_it_is(enter: EnterInbox) -> None:
    async def rename(route: Route) -> None:
        answer = await route.fetch()
        told = (await answer.text()).replace('"reports.listed"', '"listing.promoted"')
        await route.fulfill(response=answer, body=told)

    page = (await enter("admin")).page
    await page.route("**/graphql", rename)
    await read_the_log(page)
    await expect(entries_of(page, "listing.promoted").first).to_contain_text("Ada Moreno")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_on_a_phone_it_is_a_list_in_german_too(browser: Browser, market: Served, theme: str) -> None:
    context = await browser.new_context(
        viewport={"width": 320, "height": 640},
        locale="de-DE",
        reduced_motion="reduce",
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    await page.goto(links_in(market.output)["admin"])
    await page.get_by_role("link", name="Betreuung").click()
    await page.get_by_role("link", name="Gespräche").click()
    await expect(page.get_by_role("list", name="Gespräche").get_by_role("listitem").first).to_be_visible()
    await page.get_by_role("link", name="Protokoll").click()
    rows = page.get_by_role("list", name="Protokoll").get_by_role("listitem")
    await expect(rows.filter(has_text="Gespräche aufgelistet").first).to_be_visible()
    # Two lines each, unless there is a reason.
    tallest = await rows.evaluate_all("(all) => Math.max(...all.slice(0, 5).map((one) => one.offsetHeight))")
    assert tallest < 100
    assert await faults_of(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()
