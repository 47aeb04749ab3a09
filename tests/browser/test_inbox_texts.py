"""What people write is text, whatever it is: nothing of it runs, leads astray, or leaves its place."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from chat.texts import NAME
from core.texts import fault_in_text
from tests import acts
from tests.browser.chromium import Watch
from tests.browser.hostile import few, texts
from tests.browser.inbox import Inbox
from tests.client import People, sign
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

pytestmark = pytest.mark.browser

LINKS = "(links) => links.map((link) => [link.protocol, link.username, link.rel, link.textContent, link.href])"

#: Texts whose marks of direction reach beyond the element that holds nothing else, of what is not somebody's message.
LOOSE = r"""() => {
  const turning = /[\u202a-\u202e\u2066-\u2069]/;
  const isApart = (element) => {
    const { display, unicodeBidi } = getComputedStyle(element);
    return display !== 'inline' || unicodeBidi === 'isolate' || unicodeBidi === 'plaintext';
  };
  const loose = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!turning.test(node.data.replace(/\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069/g, ''))) continue;
    if (node.parentElement.closest('[data-testid=body], [data-testid=excerpt]')) continue;
    let element = node.parentElement;
    while (!isApart(element)) element = element.parentElement;
    if (element.textContent !== node.data) loose.push(element.outerHTML);
  }
  return loose;
}"""
PARTS = "(rows) => rows.map((row) => [...row.querySelectorAll('[dir=auto]')].map((one) => one.textContent))"
QUOTES = """(rows) => rows.map((row) => [
  Number(row.dataset.seq), row.querySelector('[data-testid=quote] > :last-child')?.textContent ?? null,
])"""
#: White space to JavaScript, and none to Python.
BOM = "\ufeff"
FILES = ("<img src=x onerror=globalThis.alarm=1>.txt", "\u202etxt.exe.txt", "' onmouseover=globalThis.alarm=1 .txt")


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A running server."""
    async with serve(sqlite_home) as served:
        yield served


async def test_two_hundred_hostile_texts_stay_text(browser: Browser, palaver: Served) -> None:
    """As messages, as what a thing is called, and as somebody's name."""
    hostile = texts()
    assert len(hostile) >= 200
    async with People(palaver) as people:  # type: ignore[arg-type]
        await acts.list_thing(people.host, title="<img src=x onerror=globalThis.alarm=1>\u202e")
        thread = await acts.open_about(people.ann)
        for text in hostile:
            await acts.send(people.ann, thread, text)
    context = await browser.new_context()
    watch = Watch.over(context)
    name = "<script>globalThis.alarm=1</script>"
    reader = await Inbox.open(context, f"{palaver.url}/#token={sign('bob', 'seller', name=name)}")
    page, box = reader.page, reader.page.get_by_role("log")
    await reader.row("Ann").locator("a[data-row]").click()
    seen: dict[int, str] = {}
    await page.get_by_role("button", name="To the newest message").click()
    await expect(box.locator(f"[data-seq='{len(hostile)}']")).to_be_attached()
    while 1 not in seen:
        rows = await box.locator("[data-seq]").evaluate_all(
            "(rows) => rows.map((r) => [Number(r.dataset.seq), r.querySelector('[data-testid=body]').textContent])"
        )
        seen |= dict(rows)
        for link in await box.locator("a").evaluate_all(LINKS):
            assert link[0] in ("http:", "https:"), link
            assert link[1] == "", link
            assert "noopener" in link[2], link
            assert not set(link[3]) & set("\u202e\u202d\u2066\u2067\u2068\u200b<>\"'"), link
        await box.evaluate("(box) => { box.scrollTop = 0; }")
    assert [seen[number] for number in sorted(seen)] == hostile
    assert await page.evaluate("globalThis.alarm") is None
    # None is wider than where it stands.
    assert await box.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    assert watch.complaints == []
    assert len(watch.hosts) == 1
    await context.close()


async def test_hostile_words_stay_in_their_place_wherever_they_are_shown(browser: Browser, palaver: Served) -> None:
    """As names, titles and last words in the list; quoted, found, and as names of files; above the messages."""
    hostile = [text for text in few() if fault_in_text(text, most=NAME) is None]
    assert len(hostile) >= 50
    turned = hostile.index("\u202eevil.exe\u202c")
    async with People(palaver) as people:  # type: ignore[arg-type]
        for number, text in enumerate(hostile):
            await acts.list_thing(people.host, f"thing-{number}", title=text)
            writer = people.person(f"writer-{number}", "buyer", name=text)
            first = {"body": text, "clientMessageId": acts.key()}
            await acts.open_about(writer, f"thing-{number}", firstMessage=first)
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        answered: dict[str, str] = {}
        for text in hostile:
            fields = {"conversationId": thread, "body": text, "clientMessageId": acts.key(), **answered}
            answered = {"replyToId": (await people.ann.ask(acts.SEND, input=fields))["message"]["id"]}
        await acts.book(people.host, "booking-1", "bob", "ann", f"writer-{turned}")
        await acts.open_about(people.bob, "booking-1", kind="booking")
    context = await browser.new_context(locale="en-GB")
    watch = Watch.over(context)
    bob = await Inbox.open(context, f"{palaver.url}/#token={sign('bob', 'seller', name='Bob')}")
    page, rows = bob.page, bob.page.locator("a[data-row]")

    async def is_harmless() -> None:
        assert await page.evaluate(LOOSE) == []
        assert await page.evaluate("globalThis.alarm") is None

    async def has_all_rows() -> bool:
        await rows.last.scroll_into_view_if_needed()
        return await rows.count() == len(hostile) + 2

    await until(has_all_rows)
    shown = await rows.evaluate_all(PARTS)
    assert [text for text in hostile if [text, text, text.strip().strip(BOM)] not in shown] == []
    await is_harmless()

    # One's name among others; alone; and in a sentence.
    await rows.filter(has_text="A haircut").click()
    await expect(page.locator("header h2")).to_contain_text("\u2068evil.exe\u2069")
    await is_harmless()
    await rows.nth(shown.index([hostile[turned]] * 3)).click()
    await expect(page.locator("header h2")).to_have_text(hostile[turned])
    await page.get_by_role("button", name="What to do with this conversation").click()
    await expect(page.get_by_role("menuitem", name="Block")).to_have_text("Block \u2068evil.exe\u2069")
    await is_harmless()
    await page.keyboard.press("Escape")

    await bob.choose("A red bicycle")
    log, quotes = page.get_by_role("log"), dict[int, str | None]()
    while len(hostile) not in quotes:
        quotes |= dict(await log.locator("[data-seq]").evaluate_all(QUOTES))
        await log.evaluate("(box) => { box.scrollTop = box.scrollHeight; }")
    assert [quotes[seq] for seq in sorted(quotes)] == [None, *hostile[:-1]]
    await is_harmless()

    await put_in_files(page, *FILES)
    await is_harmless()
    await page.get_by_role("button", name="Send").click()
    saved = log.get_by_role("link", name="Download")
    await expect(saved).to_have_count(len(FILES))
    clean = [name.replace("\u202e", "") for name in FILES]
    assert await saved.evaluate_all("(links) => links.map((link) => link.download)") == clean
    # Several are counted in the row of the inbox; one alone is named.
    for count, name in enumerate(FILES[:2], 1):
        await put_in_files(page, name)
        await page.get_by_role("button", name="Send").click()
        await expect(saved).to_have_count(len(FILES) + count)
        await expect(rows.filter(has_text="A red bicycle")).to_contain_text(f"File: {clean[count - 1]}")
        await is_harmless()

    await page.get_by_role("textbox", name="Search messages").fill("globalThis")
    hits = page.get_by_role("list", name="Found messages").get_by_role("link")
    await expect(hits).to_have_count(20)
    await hits.last.scroll_into_view_if_needed()
    await expect(hits).to_have_count(40)
    await expect(hits.locator("mark").first).to_contain_text("globalThis")
    await is_harmless()
    assert watch.complaints == []
    assert len(watch.hosts) == 1
    await context.close()


async def put_in_files(page: Page, *names: str) -> None:
    """Into the tray, which shows their names as they are here."""
    files: list[FilePayload] = [{"name": name, "mimeType": "text/plain", "buffer": b"160 x 80"} for name in names]
    await page.get_by_test_id("files").set_input_files(files)
    tray = page.get_by_role("list", name="Files to send").get_by_role("listitem")
    await expect(tray.locator("[dir=auto]")).to_have_text(list(names))
