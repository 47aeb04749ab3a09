"""Pictures and files: given by button, drop and paste, shown on their way, sent with words or alone, and seen."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Dialog, Request, Route, expect

from tests.browser.axe import faults_of
from tests.browser.chromium import Watch
from tests.browser.files import Gate, attach, both, is_loaded, last, picture, text, tray
from tests.browser.inbox import Inbox
from tests.served import Served
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

TRANSFER = """(files) => {
    const transfer = new DataTransfer();
    for (const {name, type, bytes} of files) transfer.items.add(new File([new Uint8Array(bytes)], name, {type}));
    return transfer;
}"""


async def test_pictures_and_a_file_go_with_words_and_the_other_sees_and_saves_them(
    enter: EnterInbox, watches: list[Watch]
) -> None:
    buyer, seller = await both(enter)
    await buyer.page.get_by_role("button", name="Attach pictures or files").wait_for()
    await attach(buyer, picture(), picture("leg.png", "peru", (300, 500)), text())
    await expect(tray(buyer)).to_have_count(3)
    await expect(tray(buyer).filter(has_text="measures.txt")).to_contain_text("17 byte")
    await is_loaded(tray(buyer).get_by_role("img", name="sofa.png"))
    await buyer.send("Like this one?")
    await expect(tray(buyer)).to_have_count(0)
    for inbox in (buyer, seller):
        row = last(inbox)
        await expect(row.get_by_test_id("body")).to_have_text("Like this one?")
        pictures = row.get_by_role("button", name="Show the picture")
        await expect(pictures).to_have_count(2)
        await is_loaded(pictures.first.locator("img"))
        await expect(row.get_by_role("link", name="Download measures.txt")).to_contain_text("17 byte")
    async with seller.page.expect_download() as download:
        await last(seller).get_by_role("link", name="Download measures.txt").click()
    saved = await (await download.value).path()
    assert Path(saved).read_text("utf-8") == "160 x 80 x 75 cm\n"  # noqa: ASYNC240 - a small file of one's own
    assert (await download.value).suggested_filename == "measures.txt"
    assert [complaint for watch in watches for complaint in watch.complaints] == []


async def test_a_picture_is_looked_at_large_with_the_keyboard_too(enter: EnterInbox) -> None:
    buyer, seller = await both(enter)
    await attach(buyer, picture("one.png"), picture("two.png", "peru"))
    await buyer.page.get_by_role("button", name="Send").click()
    await last(seller).get_by_role("button", name="Show the picture one.png").focus()
    await seller.page.keyboard.press("Enter")
    dialog = seller.page.get_by_role("dialog", name="Pictures")
    await is_loaded(dialog.get_by_role("img", name="one.png"))
    assert await dialog.get_by_role("img", name="one.png").evaluate("image => image.naturalWidth") == 640
    await expect(dialog).to_contain_text("1 of 2")
    await seller.page.keyboard.press("ArrowRight")
    await is_loaded(dialog.get_by_role("img", name="two.png"))
    await seller.page.keyboard.press("ArrowRight")
    await expect(dialog).to_contain_text("2 of 2")
    assert await faults_of(seller.page) == []
    await seller.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(last(seller).get_by_role("button", name="Show the picture one.png")).to_be_focused()


async def test_files_are_dropped_on_the_conversation_and_pasted_into_it(enter: EnterInbox) -> None:
    buyer, seller = await both(enter)
    page = buyer.page
    given = [{"name": "dropped.txt", "type": "text/plain", "bytes": list(b"dropped")}]
    transfer = await page.evaluate_handle(TRANSFER, given)
    log = page.get_by_role("log")
    await log.dispatch_event("dragenter", {"dataTransfer": transfer})
    await expect(page.get_by_text("Drop them here")).to_be_visible()
    await log.dispatch_event("drop", {"dataTransfer": transfer})
    await expect(page.get_by_text("Drop them here")).to_be_hidden()
    await expect(tray(buyer)).to_have_text(["dropped.txt7 bytes"])
    pasted = picture("image.png")
    transfer = await page.evaluate_handle(
        TRANSFER, [{"name": "image.png", "type": "image/png", "bytes": list(pasted["buffer"])}]
    )
    await buyer.composer.evaluate(
        "(field, transfer) => field.dispatchEvent("
        "new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true}))",
        transfer,
    )
    await expect(tray(buyer)).to_have_count(2)
    # Words that are dragged or pasted are words.
    await expect(buyer.composer).to_have_value("")
    await page.get_by_role("button", name="Send").click()
    await is_loaded(last(seller).get_by_role("button", name="Show the picture image.png").locator("img"))
    await expect(last(seller).get_by_role("link", name="Download dropped.txt")).to_be_visible()
    await expect(last(seller).get_by_test_id("body")).to_have_count(0)


async def test_a_file_can_be_removed_while_it_is_on_its_way_and_what_is_sent_waits_for_the_rest(
    enter: EnterInbox,
) -> None:
    buyer, seller = await both(enter)
    gate = Gate()
    await gate.watch(buyer.page)
    await attach(buyer, picture("keep.png"), text("drop.txt"))
    await expect(buyer.page.get_by_role("progressbar", name="keep.png")).to_be_visible()
    await buyer.page.get_by_role("button", name="Remove drop.txt").click()
    await expect(tray(buyer)).to_have_count(1)
    await buyer.composer.fill("Only one of them.")
    await buyer.composer.press("Enter")
    await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
    await expect(tray(buyer)).to_have_count(1)
    # What is on its way stays there while one looks at another conversation.
    await buyer.choose("Eli Engel")
    await expect(tray(buyer)).to_have_count(0)
    await buyer.choose("Green sofa")
    await expect(tray(buyer)).to_have_count(1)
    await expect(buyer.composer).to_have_value("Only one of them.")
    gate.is_open.set()
    await expect(buyer.page.get_by_role("progressbar")).to_have_count(0)
    await buyer.composer.press("Enter")
    for inbox in (buyer, seller):
        await expect(last(inbox).get_by_test_id("body")).to_have_text("Only one of them.")
        await expect(last(inbox).get_by_role("button", name="Show the picture")).to_have_count(1)
        await expect(last(inbox).get_by_role("link")).to_have_count(0)


async def test_what_was_sent_before_its_files_were_there_goes_when_they_are(enter: EnterInbox) -> None:
    buyer, seller = await both(enter)
    gate = Gate()
    await gate.watch(buyer.page)
    await attach(buyer, picture())
    await buyer.send("With a picture.")
    await expect(buyer.page.get_by_role("progressbar")).to_be_visible()
    gate.is_open.set()
    await expect(last(seller).get_by_test_id("body")).to_have_text("With a picture.")
    await is_loaded(last(seller).get_by_role("button", name="Show the picture").locator("img"))


async def test_what_was_sent_before_its_files_were_there_goes_though_one_has_gone_elsewhere(enter: EnterInbox) -> None:
    """To another conversation, and back while it is still on its way; and once more, to stay there. It goes once."""
    buyer, seller = await both(enter)
    gate = Gate()
    await gate.watch(buyer.page)
    await attach(buyer, picture())
    await buyer.send("With a picture.")
    await expect(buyer.page.get_by_role("progressbar")).to_be_visible()
    await buyer.choose("Eli Engel")
    await expect(tray(buyer)).to_have_count(0)
    await buyer.choose("Green sofa")
    await expect(buyer.composer).to_have_value("With a picture.")
    await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
    await buyer.choose("Eli Engel")
    gate.is_open.set()
    await expect(last(seller).get_by_test_id("body")).to_have_text("With a picture.")
    await is_loaded(last(seller).get_by_role("button", name="Show the picture").locator("img"))
    await expect(buyer.composer).to_have_value("")
    await buyer.choose("Green sofa")
    await expect(buyer.composer).to_have_value("")
    await expect(tray(buyer)).to_have_count(0)
    await expect(buyer.bodies.filter(has_text="With a picture.")).to_have_count(1)


async def test_what_fails_while_one_is_elsewhere_waits_there(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    gate = Gate()
    await gate.watch(buyer.page)
    await attach(buyer, picture(), text("page.html", "<p>No</p>"))
    await buyer.send("Two files.")
    answered: list[Request] = []

    def note(request: Request) -> None:
        answered.append(request)

    buyer.page.on("requestfinished", note)
    await buyer.choose("Eli Engel")
    gate.is_open.set()
    await until(lambda: sum("multipart/form-data" in one.headers.get("content-type", "") for one in answered) == 2)
    # By the time that another message is answered, both files are known to the page.
    await buyer.send("And elsewhere")
    await buyer.is_marked("And elsewhere", "sent")
    await buyer.choose("Green sofa")
    await expect(buyer.page.get_by_text("Files of this kind are not accepted.")).to_be_visible()
    await expect(buyer.composer).to_have_value("Two files.")
    await buyer.page.get_by_role("button", name="Remove page.html").click()
    await buyer.composer.press("Enter")
    await buyer.says("Two files.")
    await expect(last(buyer).get_by_role("button", name="Show the picture")).to_have_count(1)


async def test_one_is_asked_before_files_are_lost_with_the_page(enter: EnterInbox) -> None:
    """And not when there are none."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    buyer.page.on("dialog", answer)
    await buyer.composer.fill("A draft is kept.")
    await buyer.page.reload()
    await expect(buyer.composer).to_have_value("A draft is kept.")
    assert asked == []
    await attach(buyer, picture())
    await expect(tray(buyer)).to_have_count(1)
    await buyer.page.reload()
    await expect(buyer.composer).to_have_value("A draft is kept.")
    assert asked == ["beforeunload"]


async def test_the_first_message_to_somebody_may_be_a_picture(enter: EnterInbox, market: Served) -> None:
    buyer, seller = await enter("buyer"), await enter("seller")
    await buyer.page.goto(f"{market.url}/new/listing/bike-1")
    await attach(buyer, picture("bicycle.png"))
    await buyer.page.get_by_role("button", name="Send").click()
    row = seller.row("A red bicycle").filter(has_text="Ann Archer")
    await expect(row).to_contain_text("Picture")
    await row.locator("a[data-row]").click()
    await is_loaded(last(seller).get_by_role("button", name="Show the picture bicycle.png").locator("img"))


async def test_an_address_that_has_ended_is_renewed(enter: EnterInbox) -> None:
    """As in a page that was open for an hour: the addresses that it knows lead nowhere, and it asks for new ones."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await attach(buyer, picture("late.png"), text("late.txt"))
    await buyer.page.get_by_role("button", name="Send").click()
    await expect(last(buyer).get_by_role("link", name="Download late.txt")).to_be_visible()

    async def grow_old(route: Route) -> None:
        if "query MessagePage" not in (route.request.post_data or ""):
            await route.continue_()
            return
        answer = await route.fetch()
        body = re.sub(r"(/files/[^/]+/[^/]+/)[0-9]+/", r"\g<1>1/", await answer.text())
        await route.fulfill(
            response=answer, body=re.sub(r'("urlExpiresAt":")[^"]+', r"\g<1>2026-01-01T00:00:00.000Z", body)
        )

    await buyer.page.route("**/graphql", grow_old)
    await buyer.page.reload()
    row = last(buyer)
    await is_loaded(row.get_by_role("button", name="Show the picture late.png").locator("img"))
    link = row.get_by_role("link", name="Download late.txt")
    assert "/1/" in (await link.get_attribute("href") or "")
    async with buyer.page.expect_download() as download:
        await link.click()
    assert Path(await (await download.value).path()).read_bytes() == text()["buffer"]  # noqa: ASYNC240
    await row.get_by_role("button", name="Show the picture late.png").click()
    await is_loaded(buyer.page.get_by_role("dialog").get_by_role("img", name="late.png"))
