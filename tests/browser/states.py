"""States of the inbox that one gets into by doing something, each kept as a picture. All begin in Ann's open thread."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import BrowserContext, FilePayload, Route, expect

from tests.browser.bazaar import LATIN, NAME, bazaar
from tests.browser.host import ADD_SCRIPT, PUT_IN
from tests.browser.inbox import Inbox, import_lines, links_in
from tests.browser.late import Late
from tests.browser.messages import do, open_menu, said
from tests.browser.sofa import draw_sofa
from tests.browser.staff import LEG
from tests.served import Served
from tests.waiting import until

Keep = Callable[[str], Awaitable[None]]

LONG_WORD = "https://shop.example/" + "very-long-address-without-a-place-to-break-" * 4
TEXTS = (
    "مرحبا، هل ما زالت متاحة؟ أستطيع أن آتي يوم السبت.",
    LONG_WORD,
    "👍",
    "Line one\n\nLine three, after an empty one.",
)
SCRIPT: FilePayload = {"name": "run.html", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"}
PLAIN: FilePayload = {
    "name": "the measures of the sofa and of the door, with all that there is to say of them.txt",
    "mimeType": "text/plain",
    "buffer": b"160 x 80 x 75 cm\n",
}


async def say(inbox: Inbox, words: str) -> None:
    """Send by the button: on a phone Enter begins another line."""
    await inbox.composer.fill(words)
    await inbox.page.get_by_role("button", name="Send").click()


async def show_messages(inbox: Inbox, keep: Keep) -> None:
    """A message's menu, an answer, an edit, and what is deleted."""
    page = inbox.page
    await say(inbox, "I come with a van.")
    await expect(said(inbox, "I come with a van.")).to_be_visible()
    await open_menu(inbox, "I come with a van.")
    await keep("c-message-menu")
    await page.keyboard.press("Escape")
    await do(inbox, "I come with a van.", "Reply")
    await keep("d-replying")
    await page.keyboard.press("Escape")
    await do(inbox, "I come with a van.", "Edit")
    await keep("e-editing")
    await page.keyboard.press("Escape")
    await do(inbox, "I come with a van.", "Delete")
    await keep("f-deleting")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("This message was deleted.").last).to_be_visible()
    await keep("g-deleted")


async def show_report(inbox: Inbox, keep: Keep) -> None:
    """Telling staff of a message: as it opens, filled in, when it does not arrive, and when it has."""
    page = inbox.page
    await do(inbox, LEG, "Report")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio").first).to_be_focused()
    await keep("z1-report")
    await dialog.get_by_role("radio", name="An attempt to cheat").check()
    await dialog.get_by_role("textbox").fill("There is no such picture, and she asked me to pay before I had seen it.")
    await page.route("**/graphql", lambda route: route.abort())
    await dialog.get_by_role("button", name="Report").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await keep("z2-report-failed")
    await page.unroute_all()
    await dialog.get_by_role("button", name="Report").click()
    await expect(page.get_by_role("dialog", name="Reported")).to_be_visible()
    await keep("z3-reported")
    await page.get_by_role("dialog").get_by_role("button", name="Close").click()


async def show_files(inbox: Inbox, keep: Keep) -> None:
    """Files in the tray, on their way and refused; as a message; a picture looked at large."""
    page = inbox.page
    held: list[Route] = []
    await page.route("**/graphql", lambda route: hold(route, held))
    await page.get_by_test_id("files").set_input_files([draw_sofa("slow.png")])
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await keep("h-tray-progress")
    for route in held:
        await route.continue_()
    await page.unroute_all()
    await page.get_by_test_id("files").set_input_files([PLAIN, SCRIPT])
    await expect(page.get_by_text("not accepted")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_count(0)
    await keep("i-tray-refused")
    await page.get_by_role("button", name="Remove run.html").click()
    await say(inbox, "Both of them.")
    await expect(said(inbox, "Both of them.")).to_be_visible()
    await expect(said(inbox, "Both of them.").locator('[data-mark="sending"]')).to_have_count(0)
    await expect(page.get_by_role("button", name="Show the picture slow.png")).to_be_visible()
    await keep("j-files")
    await page.get_by_role("button", name="Show the picture").last.click()
    await page.get_by_role("dialog").wait_for()
    await keep("k-lightbox")
    await page.keyboard.press("Escape")


async def hold(route: Route, held: list[Route]) -> None:
    """Keep back what carries a file."""
    if "multipart" in (route.request.headers.get("content-type") or ""):
        held.append(route)
    else:
        await route.continue_()


async def show_voice(inbox: Inbox, keep: Keep) -> None:
    """Recording, and a voice message that rests and plays."""
    page = inbox.page
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.get_by_role("timer")).to_contain_text("0:02")
    await keep("l-recording")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log").get_by_test_id("voice").last).to_be_visible()
    await keep("m-voice")
    voice = page.get_by_role("log").locator("li[data-seq]").get_by_test_id("voice").last
    await voice.get_by_role("button", name="Play the voice message").click()
    # So slowly, and over and over, that the picture is of the middle.
    await voice.locator("audio").evaluate("(one) => Object.assign(one, { loop: true, playbackRate: 0.25 })")
    await until(lambda: voice.locator("audio").evaluate("(one) => one.currentTime > 0.6"))
    await keep("t-playing")
    await voice.get_by_role("button", name="Pause").click()


async def show_texts(inbox: Inbox, keep: Keep) -> None:
    """Right-to-left words, words that do not break, one emoji, lines."""
    for text in TEXTS:
        await say(inbox, text)
    await expect(inbox.bodies.last).to_contain_text("Line three")
    await keep("n-texts")


async def show_searches(inbox: Inbox, keep: Keep) -> None:
    """With results and without; in German; a conversation that is blocked."""
    page = inbox.page
    await page.goto(page.url.split("/c/")[0])
    field = page.get_by_role("textbox", name="Search messages")
    await field.fill("scratch")
    await expect(page.get_by_role("list", name="Found messages").get_by_role("link").first).to_be_visible()
    await keep("o-search")
    await field.fill("zebra")
    await expect(page.get_by_role("list", name="Found messages").get_by_role("link")).to_have_count(0)
    await keep("p-search-empty")
    await field.fill("")
    await inbox.choose("Eli Engel")
    await page.get_by_role("button", name="What to do with this conversation").click()
    await page.get_by_role("menuitem", name="Block").click()
    await expect(page.get_by_role("note")).to_be_visible()
    await keep("q-blocked")
    await page.get_by_role("button", name="Unblock").first.click()


async def show_elements(context: BrowserContext, market: Served, stem: Path) -> None:
    """Both elements in one page, in German; of whoever may not write about the thing, too."""
    for name, who in (("r-elements", "buyer"), ("s-elements-owner", "seller")):
        token = links_in(market.output)[who].split("#token=")[1]
        page = await context.new_page()
        await page.goto(f"{market.url}/healthz")
        await page.evaluate("document.head.innerHTML = '<meta name=viewport content=\"width=device-width\">'")
        await page.evaluate("document.body.innerHTML = ''; document.body.style.colorScheme = 'light dark'")
        await page.expose_function("giveToken", lambda _, token=token: token)
        style = {"margin": "8px", "height": "360px"}
        listing = {"subject-kind": "listing", "subject-id": "bike-1", "lang": "de"}
        await page.evaluate(PUT_IN, ["palaver-inbox", {"lang": "de"}, style])
        await page.evaluate(PUT_IN, ["palaver-thread", listing, style])
        await page.evaluate(ADD_SCRIPT, market.url)
        await page.get_by_text("Gespräche").first.wait_for()
        await page.wait_for_load_state("networkidle")
        await page.screenshot(path=f"{stem}-{name}.png")
        await page.close()


async def show_directions(inbox: Inbox, market: Served, keep: Keep) -> None:
    """A conversation in Arabic, Hebrew and English; then the whole page from right to left."""
    page = inbox.page
    await import_lines(market, bazaar())
    await page.goto(market.url)
    await inbox.choose(NAME)
    await do(inbox, LATIN, "Reply")
    await inbox.composer.fill("نعم، Saturday at 10:30")
    await keep("u-directions")
    await page.evaluate("document.documentElement.dir = 'rtl'")
    await keep("v-mirrored")
    await inbox.composer.fill("")
    await page.goto(market.url)


async def show_nothing(context: BrowserContext, inbox: Inbox, market: Served, keep: Keep, stem: Path) -> None:
    """A filter that fits nothing, and somebody to whom nobody has written yet."""
    page = inbox.page
    await page.goto(market.url)
    await page.get_by_role("button", name="Archived").click()
    await expect(page.get_by_text("Nothing archived")).to_be_visible()
    await keep("w-nothing-archived")
    await market.command("token", "uma", "--name", "Uma Unger", "--role", "buyer")
    token = market.output.strip().splitlines()[-1]
    new = await context.new_page()
    await new.goto(f"{market.url}/#token={token}")
    await expect(new.get_by_text("No conversations yet")).to_be_visible()
    await new.wait_for_load_state("networkidle")
    await new.screenshot(path=f"{stem}-x-empty.png")
    await new.close()


async def show_catching_up(context: BrowserContext, market: Served, stem: Path) -> None:
    """Back after a time without a connection, while what was missed has not come."""
    links = links_in(market.output)
    page = await context.new_page()
    late = await Late.over(page)
    await page.goto(links["buyer"])
    buyer = Inbox(page)
    await buyer.choose("Green sofa")
    await expect(buyer.bodies.last).to_be_in_viewport()
    assert context.browser is not None
    seller = await Inbox.open(await context.browser.new_context(), links["seller"])
    await seller.choose("Green sofa")
    await late.break_off()
    await expect(page.get_by_text("No connection")).to_be_visible()
    await seller.send("Shall I keep the cushion for you too?")
    late.hold()
    late.let_in()
    await expect(page.get_by_text("Catching up")).to_be_visible()
    await page.screenshot(path=f"{stem}-y-catching-up.png")
    late.release()
    await expect(page.get_by_text("Catching up")).to_have_count(0)
    await seller.page.context.close()
    await page.close()
