"""Pictures and files: given by button, drop and paste, shown on their way, sent with words or alone, and seen."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, Route, expect

from tests.browser.axe import faults_of
from tests.browser.chromium import Watch
from tests.browser.inbox import Inbox, links_in
from tests.served import Served, serve_as_developer
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

TRANSFER = """(files) => {
    const transfer = new DataTransfer();
    for (const {name, type, bytes} of files) transfer.items.add(new File([new Uint8Array(bytes)], name, {type}));
    return transfer;
}"""


def picture(name: str = "sofa.png", colour: str = "seagreen", size: tuple[int, int] = (640, 480)) -> FilePayload:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


def text(name: str = "measures.txt", words: str = "160 x 80 x 75 cm\n") -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": words.encode()}


def tray(inbox: Inbox) -> Locator:
    """The files that will go with the next message."""
    return inbox.page.get_by_role("list", name="Files to send").get_by_role("listitem")


async def attach(inbox: Inbox, *files: FilePayload) -> None:
    await inbox.page.get_by_test_id("files").set_input_files(list(files))


async def is_loaded(image: Locator) -> None:
    """Wait until a picture is really there, by another address if need be."""
    await expect(image).to_be_visible()
    await until(partial(image.evaluate, "image => image.complete && image.naturalWidth > 0"), pause=0.05)


async def both(enter: EnterInbox) -> tuple[Inbox, Inbox]:
    buyer, seller = await enter("buyer"), await enter("seller")
    for inbox in (buyer, seller):
        await inbox.choose("Green sofa")
        await expect(inbox.bodies.last).to_be_visible()
    return buyer, seller


def last(inbox: Inbox) -> Locator:
    """The newest row of the thread."""
    return inbox.page.get_by_role("log").locator("li[data-seq]").last


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
        assert await pictures.first.locator("img").evaluate("image => image.naturalWidth") == 320
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


class Gate:
    """Holds uploads back, or breaks them, until it is opened."""

    def __init__(self) -> None:
        self.is_open = asyncio.Event()
        self.is_broken = False

    async def watch(self, page: Page) -> None:
        await page.route("**/graphql", self._pass)

    async def _pass(self, route: Route) -> None:
        if "multipart/form-data" not in route.request.headers.get("content-type", ""):
            await route.continue_()
        elif self.is_broken:
            await route.abort()
        else:
            await self.is_open.wait()
            await route.continue_()


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


async def test_a_file_that_did_not_arrive_is_tried_again(enter: EnterInbox) -> None:
    buyer, seller = await both(enter)
    gate = Gate()
    gate.is_broken = True
    await gate.watch(buyer.page)
    await attach(buyer, text())
    await expect(buyer.page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    await buyer.composer.fill("Here they are.")
    await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
    gate.is_broken = False
    gate.is_open.set()
    await buyer.page.get_by_role("button", name="Try again: measures.txt").click()
    await expect(buyer.page.get_by_role("alert")).to_have_count(0)
    await buyer.composer.press("Enter")
    await expect(last(seller).get_by_role("link", name="Download measures.txt")).to_be_visible()


async def test_what_the_server_refuses_is_told_in_words(browser: Browser, tmp_path: Path) -> None:
    async with serve_as_developer(tmp_path, PALAVER_MAX_FILE="5000") as market:
        context = await browser.new_context(locale="en-GB")
        buyer = await Inbox.open(context, links_in(market.output)["buyer"])
        await buyer.choose("Green sofa")
        script: FilePayload = {"name": "run.html", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"}
        empty: FilePayload = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
        await attach(buyer, script, text("long.txt", "long " * 2000), empty, text("good.txt"))
        for name, why in (
            ("run.html", "Files of this kind are not accepted."),
            ("long.txt", "It is too large"),
            ("empty.txt", "The file is empty."),
        ):
            await expect(tray(buyer).filter(has_text=name)).to_contain_text(why)
        await expect(tray(buyer).filter(has_text="good.txt")).to_have_attribute("data-state", "ready")
        assert await faults_of(buyer.page) == []
        # What will not be taken another time either is not tried again.
        again = buyer.page.get_by_role("button", name="Try again")
        await expect(again).to_have_count(1)
        await expect(again).to_have_accessible_name("Try again: long.txt")
        await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
        for name in ("run.html", "long.txt", "empty.txt"):
            await buyer.page.get_by_role("button", name=f"Remove {name}").click()
        await buyer.page.get_by_role("button", name="Send").click()
        await expect(last(buyer).get_by_role("link", name="Download good.txt")).to_be_visible()
        await context.close()


async def test_more_files_than_a_message_has_are_left_out_and_one_is_told(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await attach(buyer, *(text(f"{number}.txt") for number in range(12)))
    await expect(tray(buyer)).to_have_count(10)
    await expect(buyer.page.get_by_role("alert")).to_contain_text("at most 10 files")


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


async def test_what_is_refused_before_it_is_read_is_not_said_to_have_met_no_server(enter: EnterInbox) -> None:
    """Too many on their way: it waits, and goes by itself. Too large for a proxy in front: it is told."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    refusal = {"errors": [{"message": "Many", "extensions": {"code": "RATE_LIMITED", "retryAfterMs": 1000}}]}
    answers = [{"status": 429, "json": refusal}, {"status": 413, "body": "<h1>Too large</h1>"}]

    async def refuse(route: Route) -> None:
        if answers and "multipart/form-data" in route.request.headers.get("content-type", ""):
            await route.fulfill(**answers.pop(0))  # type: ignore[arg-type]
        else:
            await route.continue_()

    await buyer.page.route("**/graphql", refuse)
    await attach(buyer, text())
    await expect(tray(buyer)).to_contain_text("It is too large")
    assert answers == []
    await buyer.page.get_by_role("button", name="Try again: measures.txt").click()
    await expect(tray(buyer)).to_have_attribute("data-state", "ready")
