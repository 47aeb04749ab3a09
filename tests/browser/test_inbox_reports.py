"""A message of somebody else's is reported to staff from its own menu, and nobody else learns of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Locator, expect

from core.clock import now_ms
from core.settings import Settings
from core.tokens import sign_development_token
from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, links_in
from tests.browser.messages import do, open_menu, said
from tests.browser.pageless import REPORT, Meet, message_saying, thread_about
from tests.client import Person
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

SCRATCH = "Then it fits through my door. Is there a scratch anywhere?"
REPORTS = "{ admin { reports(first: 10) { edges { node { reason note messageBody } } } } }"
LEG = "One leg has a small one. I have put a picture of it into the listing."


def dialog_of(inbox: Inbox) -> Locator:
    """Where one reports."""
    return inbox.page.get_by_role("dialog", name="Report this message?")


def done_of(inbox: Inbox) -> Locator:
    """What is said when it was reported."""
    return inbox.page.get_by_role("dialog", name="Reported")


async def report(inbox: Inbox, words: str, why: str, note: str = "") -> None:
    """Report a message, with the pointer."""
    await do(inbox, words, "Report")
    dialog = dialog_of(inbox)
    await dialog.get_by_role("radio", name=why).check()
    await dialog.get_by_role("textbox").fill(note)
    await dialog.get_by_role("button", name="Report").click()


async def queue(enter: EnterInbox) -> Locator:
    """The reports, as staff see them."""
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff", exact=True).click()
    return page.get_by_role("list", name="Reports").get_by_role("listitem")


async def reports_of(staff: Person) -> list[tuple[str, str | None, str]]:
    """The open reports, with nobody's page: why, with which note, of which words."""
    edges = (await staff.ask(REPORTS))["reports"]["edges"]
    return [(node["reason"], node["note"], node["messageBody"]) for node in (edge["node"] for edge in edges)]


async def test_it_is_done_by_keyboard_and_staff_see_it(enter: EnterInbox) -> None:
    buyer, seller = await enter("buyer"), await enter("seller")
    for inbox in (buyer, seller):
        await inbox.choose("Green sofa")
    page = seller.page
    await open_menu(buyer, SCRATCH)
    await expect(buyer.page.get_by_role("menuitem", name="Delete")).to_be_visible()
    await expect(buyer.page.get_by_role("menuitem", name="Report")).to_have_count(0)
    opener = said(seller, SCRATCH).get_by_role("button", name="More about this message")
    await opener.press("Enter")
    await page.get_by_role("menuitem", name="Report").press("Enter")
    await expect(dialog_of(seller)).to_contain_text(SCRATCH)
    await expect(dialog_of(seller).get_by_role("radio").first).to_be_focused()
    # Without a reason nothing is sent.
    await dialog_of(seller).get_by_role("button", name="Report").press("Enter")
    await expect(dialog_of(seller)).to_be_visible()
    await expect(dialog_of(seller).get_by_role("radio").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(dialog_of(seller).get_by_role("radio", name="An attempt to cheat")).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.type("She asks for my account.")
    await dialog_of(seller).get_by_role("button", name="Report").press("Enter")
    await expect(done_of(seller)).to_contain_text("Staff will look at it.")
    close = done_of(seller).get_by_role("button", name="Close")
    await expect(close).to_be_focused()
    await close.press("Enter")
    await expect(opener).to_be_focused()
    reports = await queue(enter)
    await expect(reports).to_have_count(1)
    told = (
        "Message by Ann Archer",
        "An attempt to cheat",
        "reported by Bob Baker",
        SCRATCH,
        "She asks for my account.",
    )
    for words in told:
        await expect(reports).to_contain_text(words)
    await expect(said(buyer, SCRATCH)).to_be_visible()


async def test_a_repeat_is_said_to_be_one_and_changes_nothing(enter: EnterInbox, meet: Meet) -> None:
    seller = await enter("seller")
    await seller.choose("Green sofa")
    await report(seller, SCRATCH, "Unwanted advertising", "First")
    await done_of(seller).get_by_role("button", name="Close").click()
    await report(seller, SCRATCH, "Something else", "Second")
    await expect(done_of(seller)).to_contain_text("You had reported this message before.")
    assert await reports_of(meet("admin")) == [("SPAM", "First", SCRATCH)]


async def test_who_has_reported_somebody_can_block_them_at_once(enter: EnterInbox) -> None:
    seller = await enter("seller")
    await seller.choose("Green sofa")
    await report(seller, SCRATCH, "An insult")
    await done_of(seller).get_by_role("button", name="Block Ann Archer").press("Enter")
    await expect(done_of(seller)).to_have_count(0)
    await expect(seller.page.get_by_role("note")).to_contain_text("You have blocked Ann Archer.")
    # Once is enough.
    await report(seller, SCRATCH, "An insult")
    await expect(done_of(seller).get_by_role("button", name="Close")).to_be_focused()
    await expect(done_of(seller).get_by_role("button", name="Block")).to_have_count(0)


async def test_what_does_not_arrive_is_told_and_can_be_sent_again(enter: EnterInbox, meet: Meet) -> None:
    seller = await enter("seller")
    await seller.choose("Green sofa")
    await said(seller, SCRATCH).wait_for()
    await seller.page.route("**/graphql", lambda route: route.abort())
    await report(seller, SCRATCH, "Something else", "All of my words")
    await expect(dialog_of(seller).get_by_role("alert")).to_have_text("The server cannot be reached. Try again later.")
    await expect(dialog_of(seller).get_by_role("textbox")).to_have_value("All of my words")
    await seller.page.unroute_all()
    await dialog_of(seller).get_by_role("button", name="Report").click()
    await expect(done_of(seller)).to_be_visible()
    assert await reports_of(meet("admin")) == [("OTHER", "All of my words", SCRATCH)]


async def test_what_is_answered_or_reported_goes_when_its_author_deletes_it(enter: EnterInbox) -> None:
    buyer, seller = await enter("buyer"), await enter("seller")
    for inbox in (buyer, seller):
        await inbox.choose("Green sofa")
    await do(buyer, LEG, "Reply")
    bar = buyer.page.get_by_test_id("intent")
    await expect(bar).to_contain_text(LEG)
    await do(seller, LEG, "Delete")
    await seller.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(bar).to_contain_text("This message was deleted.")
    await expect(bar).not_to_contain_text(LEG)
    await buyer.send("Where has it gone?")
    for inbox in (buyer, seller):
        await expect(said(inbox, "Where has it gone?").get_by_test_id("quote")).to_contain_text("deleted")
    await do(seller, "Where has it gone?", "Report")
    await do(buyer, "Where has it gone?", "Delete")
    await buyer.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(dialog_of(seller)).to_contain_text("This message was deleted.")
    await expect(dialog_of(seller)).not_to_contain_text("Where has it gone?")


async def test_cy_can_report_nothing_that_others_say(browser: Browser, market: Served, meet: Meet) -> None:
    seller = meet("seller")
    thread = await thread_about(seller, "Green sofa")
    message_id = await message_saying(seller, thread, SCRATCH)
    cy = sign_development_token(Settings(), "cy", now=now_ms(), seconds=600, name="Cy Cole", roles=("buyer",))
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{market.url}/c/{thread}#token={cy}")
    await expect(page.get_by_text("There is no such conversation")).to_be_visible()
    await expect(page.get_by_role("button", name="More about this message")).to_have_count(0)
    stranger = replace(seller, sub="cy", token=cy)
    assert await stranger.code(REPORT, input={"messageId": message_id, "reason": "SPAM"}) == "NOT_FOUND"
    assert await reports_of(meet("admin")) == []
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_it_fits_a_phone_in_german_and_axe_has_nothing_to_say(
    browser: Browser, market: Served, theme: str
) -> None:
    context = await browser.new_context(
        viewport={"width": 320, "height": 640},
        has_touch=True,
        is_mobile=True,
        locale="de-DE",
        reduced_motion="reduce",
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    await page.goto(links_in(market.output)["seller"])
    seller = Inbox(page)
    await seller.choose("Green sofa")
    await said(seller, SCRATCH).get_by_role("button", name="Mehr zu dieser Nachricht").tap()
    await page.get_by_role("menuitem", name="Melden").tap()
    dialog = page.get_by_role("dialog", name="Diese Nachricht melden?")
    await expect(dialog).to_be_in_viewport(ratio=1)
    assert await dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert await faults_of(page) == []
    await dialog.get_by_role("radio", name="Ein Betrugsversuch").tap()
    await dialog.get_by_role("button", name="Melden").tap()
    await expect(page.get_by_role("dialog", name="Gemeldet")).to_contain_text("Die Betreuung sieht sie sich an.")
    assert await faults_of(page) == []
    await context.close()
