"""What a browser keeps of the inbox: for whom it is, and what happens where nothing may be kept."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from tests.browser.inbox import Inbox, links_in
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

FORBID = """Object.defineProperty(globalThis, '%s', {
  get() { throw new DOMException('Forbidden', 'SecurityError'); },
})"""
FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('Full', 'QuotaExceededError'); }; }"


async def test_a_draft_is_shown_to_nobody_but_its_writer(enter: EnterInbox, market: Served) -> None:
    """Two people, one after the other, in one tab and one conversation."""
    inbox = await enter("buyer")
    await inbox.choose("Green sofa")
    await inbox.composer.fill("Not said yet")
    links = links_in(market.output)
    become = "(link) => { location.hash = new URL(link).hash; }"
    await inbox.page.evaluate(become, links["seller"])
    await expect(inbox.page).to_have_title(re.compile("Bob Baker"))
    await inbox.choose("Green sofa")
    await expect(inbox.composer).to_have_value("")
    await inbox.page.evaluate(become, links["buyer"])
    await expect(inbox.page).to_have_title(re.compile("Ann Archer"))
    await inbox.choose("Green sofa")
    await expect(inbox.composer).to_have_value("Not said yet")


async def test_a_message_is_sent_where_the_browser_has_no_room_for_it(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await buyer.page.evaluate(FULL)
    for word in ("One", "Two"):
        await buyer.send(word)
    await buyer.says("One", "Two")
    await expect(buyer.composer).to_have_value("")
    await buyer.is_marked("Two", "sent")
    await expect(buyer.page.get_by_test_id("body").filter(has_text=re.compile("^Two$"))).to_have_count(1)


async def test_the_page_works_where_nothing_may_be_kept(browser: Browser, market: Served) -> None:
    context = await browser.new_context(locale="en-GB")
    for name in ("localStorage", "sessionStorage"):
        await context.add_init_script(FORBID % name)
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    await buyer.choose("Green sofa")
    await buyer.send("Said all the same")
    await buyer.is_marked("Said all the same", "sent")
