"""Words from right to left: each paragraph goes its own way, and in a document that does the whole page is mirrored."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, FilePayload, Locator, expect

from tests.browser.bazaar import ADDRESS, LATIN, LINKED, LONG, MIXED, NAME, SAID, TITLE, TWO, bazaar
from tests.browser.inbox import Inbox, import_lines
from tests.browser.messages import do, open_menu, said
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

pytestmark = pytest.mark.browser

Enter = Callable[..., Awaitable[Inbox]]
Place = tuple[str, float, float, float, float]

FILE: FilePayload = {"name": "words.txt", "mimeType": "text/plain", "buffer": b"A page of words"}

#: At which edge of what can be seen of an element its words begin, or those from the `start`th character on.
BEGINS = """(element, start) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && start >= node.data.length) { start -= node.data.length; node = walker.nextNode(); }
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, start + 1);
  const letter = range.getBoundingClientRect();
  let [from, to] = [-Infinity, Infinity];
  for (let one = element; one.matches('#page *'); one = one.parentElement) {
    if (one !== element && getComputedStyle(one).overflowX === 'visible') continue;
    const { left, right } = one.getBoundingClientRect();
    [from, to] = [Math.max(from, left), Math.min(to, right)];
  }
  const [left, right] = [letter.left - from, to - letter.right];
  if (left < -1 || right < -1) return 'cut off';
  return left < 3 && right > 3 ? 'left' : right < 3 && left > 3 ? 'right' : `neither: ${left} ${right}`;
}"""

#: How far an element's words are from the left of what it stands in.
INDENT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().left - element.parentElement.getBoundingClientRect().left;
}"""
#: The bar of a quote and the room beside it, in pixels.
NEAR = 20

#: All that is seen, by where it stands: `[what, left, right, top, height]`, as from the right in a mirrored document.
#: Without what is said, which goes its own way within what is compared.
PLACES = """(root) => {
  const isMirrored = document.documentElement.dir === 'rtl';
  const width = document.documentElement.clientWidth;
  const all = [...root.querySelectorAll('*:not([data-testid=body], [data-testid=body] *, svg *, mark)')];
  return all.filter((one) => one.checkVisibility()).map((one) => {
    const { left, right, top, height } = one.getBoundingClientRect();
    const name = `${one.tagName} ${one.getAttribute('class') ?? ''}`;
    return [name, ...(isMirrored ? [width - right, width - left] : [left, right]), top, height];
  });
}"""


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with the conversation."""
    async with serve(sqlite_home) as served:
        await import_lines(served, bazaar())
        yield served


@pytest.fixture
async def enter(browser: Browser, palaver: Served) -> AsyncIterator[Enter]:
    """Opens Ann's inbox: `await enter()`, `await enter(width=390)`."""
    async with AsyncExitStack() as opened:

        async def begin(width: int = 1280) -> Inbox:
            context = await browser.new_context(
                locale="en-GB", reduced_motion="reduce", viewport={"width": width, "height": 900}
            )
            opened.push_async_callback(context.close)
            return await Inbox.open(context, f"{palaver.url}/#token={sign('ann', 'buyer', name='Ann Archer')}")

        yield begin


async def begins(locator: Locator, start: int = 0) -> str:
    """At which edge its words begin, or those from a certain character on."""
    found: str = await locator.evaluate(BEGINS, start)
    return found


async def choose(inbox: Inbox) -> None:
    """Open the conversation."""
    await inbox.choose(NAME)
    await expect(inbox.bodies).to_have_count(len(SAID))


async def test_each_paragraph_of_a_message_goes_its_own_way(enter: Enter) -> None:
    """And on which side it stands says who wrote it, whatever was written."""
    inbox = await enter()
    await choose(inbox)
    bodies = inbox.bodies
    assert await begins(bodies.nth(0)) == "right"
    assert await begins(bodies.nth(1)) == "left"
    assert await begins(bodies.nth(2)) == "left"
    assert await begins(bodies.nth(2), TWO.index("\n") + 1) == "right"
    # An address is isolated: its words go on from it towards the left, and it is itself not turned.
    link = bodies.nth(3).get_by_role("link")
    assert await link.inner_text() == ADDRESS
    assert await begins(link) == "left"
    assert await begins(bodies.nth(3), len(LINKED) - 1) == "left"
    log = inbox.page.get_by_role("log")
    middle = await log.evaluate("(one) => { const b = one.getBoundingClientRect(); return (b.left + b.right) / 2; }")
    for number, (sender, _) in enumerate(SAID):
        box = await log.locator("article").nth(number).bounding_box()
        assert box is not None
        is_mine = box["x"] + box["width"] / 2 > middle
        assert is_mine is (sender == "ann"), SAID[number]


async def test_in_the_list_names_titles_and_words_begin_where_they_can_be_seen(enter: Enter) -> None:
    """Each is on the list's own side, and what there is no room for is cut off at its end."""
    inbox = await enter()
    row = inbox.row(NAME)
    name, title, last = (row.get_by_text(text).last for text in (NAME, TITLE, "אפשר לבוא"))
    for part in (name, title, last):
        assert await begins(part) == "right"
    assert await name.evaluate(INDENT) < 1
    await choose(inbox)
    await inbox.send("You and שלום")
    own = row.get_by_text("You and")
    await expect(own).to_be_visible()
    assert await begins(own) == "left"
    await inbox.send(f"{LONG}!")
    own = row.get_by_text("אפשר לבוא").last
    await expect(own).to_contain_text("!")
    assert await begins(own) == "right"


async def test_above_the_messages_the_name_and_the_title_go_their_way_too(enter: Enter) -> None:
    inbox = await enter()
    await choose(inbox)
    header = inbox.page.get_by_role("region", name="Messages").locator("header")
    name = header.get_by_role("heading", name=NAME)
    title = header.get_by_text(TITLE)
    assert (await begins(name), await begins(title)) == ("right", "right")
    # The name stands beside the picture, however much room there is behind it.
    assert await name.evaluate(INDENT) < 1


async def test_a_quote_and_what_is_about_to_be_answered_go_their_way(enter: Enter) -> None:
    inbox = await enter()
    await choose(inbox)
    for words, edge in ((MIXED, "right"), (LATIN, "left")):
        await do(inbox, words, "Reply")
        intent = inbox.page.get_by_test_id("intent")
        assert await begins(intent.get_by_text(words)) == edge
        # Short words stand beside the bar, not at the other end of the room that there is.
        assert await intent.get_by_text(words).evaluate(INDENT) < NEAR
        await inbox.send(f"About {edge}")
        quote = said(inbox, f"About {edge}").get_by_test_id("quote")
        await expect(said(inbox, f"About {edge}").locator("[data-mark]")).not_to_have_attribute("data-mark", "sending")
        assert await begins(quote.get_by_text(words)) == edge
        assert await quote.get_by_text(words).evaluate(INDENT) < NEAR


async def test_a_name_in_a_sentence_does_not_turn_the_sentence(enter: Enter, palaver: Served) -> None:
    """The sentence is the page's: who types stands first in it, at the left, with the verb behind it."""
    inbox = await enter()
    await choose(inbox)
    context = await inbox.page.context.browser.new_context(locale="en-GB")  # type: ignore[union-attr]
    other = await Inbox.open(context, f"{palaver.url}/#token={sign('said', 'seller', name=NAME)}")
    await other.choose("Ann Archer")
    await other.composer.press_sequentially("ש")
    sentence = inbox.page.get_by_test_id("typing").get_by_text("is typing")
    await expect(sentence).to_be_visible()
    words = await sentence.inner_text()
    assert await begins(sentence, words.rindex("g")) == "right"
    await context.close()


async def test_what_was_found_is_marked_in_words_that_go_their_way(enter: Enter) -> None:
    inbox = await enter()
    search = inbox.page.get_by_role("textbox", name="Search messages")
    direction = "(one) => getComputedStyle(one).direction"
    for words, edge, way in (("السعر", "right", "rtl"), ("fine", "left", "ltr")):
        await search.fill(words)
        assert await search.evaluate(direction) == way
        excerpt = inbox.page.get_by_test_id("excerpt").first
        await expect(excerpt.locator("mark")).to_have_text(words)
        assert await begins(excerpt) == edge
        # A mark takes no room of its own, which would tear letters apart that belong together.
        room = "(one) => { const s = getComputedStyle(one); return [s.paddingLeft, s.paddingRight, s.marginLeft]; }"
        assert await excerpt.locator("mark").evaluate(room) == ["0px", "0px", "0px"]


async def test_one_writes_in_the_direction_of_each_paragraph(enter: Enter) -> None:
    """Also while one writes, and while nothing is written the field waits as the page goes."""
    inbox = await enter()
    await choose(inbox)
    style = "(one) => { const s = getComputedStyle(one); return [s.direction, s.unicodeBidi]; }"
    assert (await inbox.composer.evaluate(style))[0] == "ltr"
    await inbox.composer.press_sequentially("ש")
    assert await inbox.composer.evaluate(style) == ["rtl", "plaintext"]
    await inbox.composer.fill("Hello\nשלום")
    assert await inbox.composer.evaluate(style) == ["ltr", "plaintext"]
    await inbox.composer.fill("")
    await inbox.page.evaluate("document.documentElement.dir = 'rtl'")
    assert (await inbox.composer.evaluate(style))[0] == "rtl"
    await inbox.composer.press_sequentially("H")
    assert (await inbox.composer.evaluate(style))[0] == "ltr"


async def places_in(inbox: Inbox, way: str, *, menu: str | None = None) -> list[Place]:
    """Where everything stands in a document of this direction, once nothing moves there; with a message's menu open."""
    await inbox.page.evaluate("(way) => { document.documentElement.dir = way; }", way)
    if menu is not None:
        await open_menu(inbox, menu)
        # Whichever had led there, keys lead on: what has the focus looks the same.
        await inbox.page.mouse.move(1, 1)
        await inbox.page.keyboard.press("Home")
    before: list[Place] = []
    # While it connects for long the page says so, in a line that is not there later.
    connected = inbox.page.locator("[role=status][data-state=live]")

    async def stands_still() -> bool:
        nonlocal before
        if not await connected.count():
            return False
        now: list[Place] = await inbox.page.locator("#page").evaluate(PLACES)
        stands, before = now == before, now
        return stands

    await until(stands_still, pause=0.1)
    if menu is not None:
        await inbox.page.keyboard.press("Escape")
    return before


async def is_mirrored(inbox: Inbox, *, menu: str | None = None) -> bool:
    """Does everything stand from the right as it stands from the left?"""
    here, there = await places_in(inbox, "ltr", menu=menu), await places_in(inbox, "rtl", menu=menu)
    assert [place[0] for place in here] == [place[0] for place in there]
    differ = [
        (one, other)
        for one, other in zip(here, there, strict=True)
        if any(abs(a - b) > 1.5 for a, b in zip(one[1:], other[1:], strict=True))
    ]
    assert not differ, "\n".join(f"{one} {other[1:]}" for one, other in differ[:12])
    return len(here) > 25


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_document_from_right_to_left_is_the_mirror_image(enter: Enter, width: int) -> None:
    """The list; a thread with a file and a quote in it; what one is about to send; a message's menu; what was found."""
    inbox = await enter(width)
    await inbox.row(NAME).wait_for()
    assert await is_mirrored(inbox)
    await choose(inbox)
    await do(inbox, LATIN, "Reply")
    await inbox.page.get_by_test_id("files").set_input_files([FILE])
    await inbox.send("Here")
    await expect(said(inbox, "Here").get_by_role("link")).to_be_visible()
    await expect(said(inbox, "Here").locator("[data-mark]")).not_to_have_attribute("data-mark", "sending")
    await do(inbox, MIXED, "Reply")
    await inbox.page.get_by_test_id("files").set_input_files([FILE])
    await expect(inbox.page.get_by_role("button", name="Remove words.txt")).to_be_visible()
    await expect(inbox.page.get_by_role("progressbar")).to_have_count(0)
    assert await is_mirrored(inbox)
    assert await is_mirrored(inbox, menu=LATIN)
    assert await is_mirrored(inbox, menu=MIXED)
    turned = "(one) => getComputedStyle(one.querySelector('svg')).scale"
    send = inbox.page.get_by_role("button", name="Send")
    assert await send.evaluate(turned) == "-1 1"
    await inbox.page.evaluate("document.documentElement.dir = 'ltr'")
    assert await send.evaluate(turned) == "none"
    if width < 760:
        await inbox.page.get_by_role("button", name="Back").first.click()
    await inbox.page.get_by_role("textbox", name="Search messages").fill("fine")
    await expect(inbox.page.get_by_test_id("excerpt").first).to_be_visible()
    assert await is_mirrored(inbox)
