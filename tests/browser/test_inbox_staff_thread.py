"""What staff see of a conversation that is not theirs, and what they do there."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests import acts
from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, import_lines, links_in, long_thread
from tests.browser.pageless import Meet
from tests.browser.staff import LEG, EnterInbox, id_in, look_at
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

pytestmark = pytest.mark.browser

PHONE, DESK = (320, 640), (1280, 800)
COUNT, MOST = 400, 120


async def give_reason(page: Page, name: str, verb: str, reason: str) -> None:
    """In the dialog of an act."""
    dialog = page.get_by_role("dialog", name=name)
    await dialog.get_by_role("textbox", name="Reason").fill(reason)
    await dialog.get_by_role("button", name=verb).click()
    await expect(dialog).to_have_count(0)


async def log_has(page: Page, action: str, words: str) -> None:
    """The newest entry of this action is Ada's, and has these words."""
    await page.goto(re.sub(r"/staff/.*", "/staff/audit", page.url))
    entries = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    entry = entries.filter(has_text=action).first
    await expect(entry).to_contain_text("Ada Moreno")
    await expect(entry).to_contain_text(words)


async def test_staff_read_what_two_people_say_and_nobody_is_told(enter: EnterInbox) -> None:
    seller = await enter("seller")
    await seller.choose("Green sofa")
    await seller.send("Are you still coming?")
    await seller.is_marked("Are you still coming?", "sent")
    page = await look_at(await enter("admin"), "Green sofa")
    assert id_in(page) == id_in(seller.page)
    for words in ("Green sofa for two", "Ann Archer", "buyer", "Bob Baker", "seller", "Open"):
        await expect(page.locator("header")).to_contain_text(words)
    said = page.get_by_role("log").get_by_test_id("body")
    await expect(said.last).to_have_text("Are you still coming?")
    await expect(page.get_by_role("textbox")).to_have_count(0)
    # Reading leaves no mark, and no participant.
    await seller.page.reload()
    await expect(seller.bodies.last).to_have_text("Are you still coming?")
    await seller.is_marked("Are you still coming?", "sent")
    await expect(seller.page.get_by_text("Ada Moreno")).to_have_count(0)


async def test_staff_join_for_all_to_see_and_then_write(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    ada = await enter("admin")
    page = await look_at(ada, "Green sofa")
    await page.get_by_role("button", name="Join the conversation").press("Enter")
    dialog = page.get_by_role("dialog", name="Join this conversation?")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_role("button", name="Join")).to_be_focused()
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Join").click()
    joined = "Ada Moreno (staff) has joined the conversation."
    await expect(page.get_by_role("log")).to_contain_text(joined)
    await expect(buyer.page.get_by_role("log")).to_contain_text(joined)
    await page.get_by_role("link", name="Write in it").click()
    assert page.url.endswith(f"/c/{id_in(page)}")
    assert "/staff/" not in page.url
    await ada.send("Please settle this in a friendly way.")
    await expect(buyer.bodies.last).to_have_text("Please settle this in a friendly way.")


async def test_staff_leave_what_they_joined_and_go_on_reading(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    page = await look_at(await enter("admin"), "Green sofa")
    await expect(page.get_by_role("button", name="Leave")).to_have_count(0)
    await page.get_by_role("button", name="Join").click()
    await page.get_by_role("dialog").get_by_role("button", name="Join").click()
    await page.get_by_role("button", name="Leave").click()
    dialog = page.get_by_role("dialog", name="Leave this conversation?")
    await dialog.get_by_role("button", name="Leave").click()
    left = "Ada Moreno (staff) has left the conversation."
    await expect(page.get_by_role("log")).to_contain_text(left)
    await expect(buyer.page.get_by_role("log")).to_contain_text(left)
    await expect(page.get_by_role("button", name="Join")).to_be_visible()
    await expect(page.get_by_role("link", name="Write in it")).to_have_count(0)


async def test_staff_close_and_reopen_with_a_reason(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    page = await look_at(await enter("admin"), "Green sofa")
    await page.get_by_role("button", name="Close the conversation").click()
    dialog = page.get_by_role("dialog", name="Close this conversation?")
    await dialog.get_by_role("button", name="Close").click()
    # Nothing happens without a reason.
    await expect(dialog.get_by_role("textbox", name="Reason")).to_be_focused()
    await expect(buyer.composer).to_be_visible()
    await give_reason(page, "Close this conversation?", "Close", "They quarrel.")
    await expect(page.locator("header")).to_contain_text("Closed by staff")
    await expect(buyer.page.get_by_text("This conversation is closed.")).to_be_visible()
    await page.get_by_role("button", name="Reopen").click()
    await give_reason(page, "Open this conversation again?", "Reopen", "They have made up.")
    await expect(page.locator("header")).to_contain_text("Open")
    await expect(buyer.composer).to_be_visible()
    await log_has(page, "Conversation closed", "They quarrel.")
    await log_has(page, "Conversation reopened", "They have made up.")


async def test_what_is_closed_with_its_subject_stays_closed(enter: EnterInbox) -> None:
    page = await look_at(await enter("admin"), "Upright piano")
    await expect(page.locator("header")).to_contain_text("Closed with its subject")
    await page.get_by_role("button", name="Reopen").click()
    dialog = page.get_by_role("dialog", name="Open this conversation again?")
    await dialog.get_by_role("textbox", name="Reason").fill("They ask for it.")
    await dialog.get_by_role("button", name="Reopen").click()
    await expect(dialog.get_by_role("alert")).to_have_text(
        "It is closed with its subject: your application opens both."
    )
    await expect(dialog.get_by_role("textbox", name="Reason")).to_have_value("They ask for it.")
    await page.keyboard.press("Escape")
    await expect(page.locator("header")).to_contain_text("Closed with its subject")


async def test_staff_remove_a_message(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    page = await look_at(await enter("admin"), "Green sofa")
    log = page.get_by_role("log")
    # By keyboard: Tab comes to the last message's menu, arrows to those above.
    menus = log.get_by_role("button", name="More about this message")
    await menus.last.focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Remove").press("Enter")
    dialog = page.get_by_role("dialog", name="Remove this message?")
    await expect(dialog).to_contain_text(LEG)
    await expect(dialog).to_contain_text("Bob Baker")
    await give_reason(page, "Remove this message?", "Remove", "It misleads.")
    for one in (log, buyer.page.get_by_role("log")):
        await expect(one.get_by_text("This message was deleted.")).to_be_visible()
        await expect(one.get_by_text(LEG)).to_have_count(0)
    await log_has(page, "Message removed", "It misleads.")


async def test_an_act_that_is_refused_says_why(enter: EnterInbox) -> None:
    page = await look_at(await enter("admin"), "Green sofa")
    refusal = '{"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}], "data": null}'
    await page.route("**/graphql", lambda route: route.fulfill(body=refusal, content_type="application/json"))
    await page.get_by_role("button", name="Join").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Join").click()
    await expect(dialog.get_by_role("alert")).to_have_text("You may not do this any more.")
    await page.unroute_all()
    await dialog.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("link", name="Write in it")).to_be_visible()


async def test_what_was_said_meanwhile_is_there_when_one_comes_back(enter: EnterInbox, meet: Meet) -> None:
    page = await look_at(await enter("admin"), "Green sofa")
    await acts.send(meet("seller"), id_in(page), "Hello again!")
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(page.get_by_role("log").get_by_test_id("body").last).to_have_text("Hello again!")


async def test_there_is_nothing_at_an_address_of_no_conversation(enter: EnterInbox) -> None:
    page = (await enter("admin")).page
    for address in ("nothing", "Q29udmVyc2F0aW9uOjE"):
        await page.goto(re.sub(r"/[^/]*$", f"/staff/c/{address}", page.url.split("/c/")[0].rstrip("/") + "/"))
        await expect(page.get_by_text("There is no such conversation")).to_be_visible()
        await page.goto(page.url.split("/staff/")[0])


@pytest.fixture
async def long(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with one long thread."""
    async with serve(sqlite_home) as served:
        await import_lines(served, long_thread(COUNT, read=COUNT))
        yield served


async def test_a_long_conversation_is_read_page_by_page(browser: Browser, long: Served) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    ada = sign("ada", "admin", name="Ada Moreno")
    inbox = await Inbox.open(context, f"{long.url}/#token={ada}")
    page = await look_at(inbox, "A red bicycle")
    rows = page.get_by_role("log").locator("li")
    await expect(rows.last).to_contain_text(f"Number {COUNT}.")
    await page.get_by_role("log").hover()
    first = page.locator('[data-seq="1"]')

    async def is_at_the_first() -> bool:
        await page.mouse.wheel(0, -4000)
        assert await rows.count() <= MOST
        return await first.count() == 1

    await until(is_at_the_first)
    await expect(first).to_contain_text("Number 1.")
    await page.get_by_role("button", name="To the newest message").click()
    await expect(rows.last).to_contain_text(f"Number {COUNT}.")
    await expect(rows.last).to_be_in_viewport()
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing(browser: Browser, market: Served, theme: str, size: tuple[int, int]) -> None:
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = await look_at(await Inbox.open(context, links_in(market.output)["admin"]), "Green sofa")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert await faults_of(page) == []
    assert await page.evaluate(fits)
    await page.get_by_role("button", name="Close the conversation").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await faults_of(page) == []
    assert await page.evaluate(fits)
    await context.close()
