"""A thread of 5,000 messages opens at the first unread one, scrolls both ways, and keeps few in the document."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests import acts
from tests.browser.inbox import Inbox, import_lines, long_thread
from tests.browser.pageless import thread_about
from tests.client import NO_TLS, sign
from tests.legs import Leg, SqliteLeg, home_in
from tests.served import Served, serve
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("the long thread")]

COUNT, READ = 5000, 2500
#: Rows in the document at most, and elements in all of it.
ROWS, ELEMENTS = 120, 2500

#: The numbers of the messages in the document, and how many elements that has: asked at once, for it is asked often.
SEQS = """() => [
  [...document.querySelectorAll('[data-seq]')].map((row) => Number(row.dataset.seq)),
  document.querySelectorAll('*').length,
]"""
#: The first row in sight, and how far below the box's edge it stands, in pixels.
FIRST = """(box) => {
  const top = box.getBoundingClientRect().top;
  const row = [...box.querySelectorAll('[data-seq]')].find((one) => one.getBoundingClientRect().bottom > top);
  return row ? [Number(row.dataset.seq), Math.round(row.getBoundingClientRect().top - top)] : [0, 0];
}"""
#: The same, and where each row in the document stands.
SEEN = """(box) => {
  const edge = box.getBoundingClientRect().top;
  const rows = [...box.querySelectorAll('[data-seq]')].map((row) => [row, row.getBoundingClientRect()]);
  const places = rows.map(([row, { top }]) => [Number(row.dataset.seq), top - edge]);
  return [places.find((_, at) => rows[at][1].bottom > edge) ?? [0, 0], places];
}"""
LAST = """(box) => {
  const bottom = box.getBoundingClientRect().bottom;
  const rows = [...box.querySelectorAll('[data-seq]')].filter((one) => one.getBoundingClientRect().top < bottom);
  return Number(rows.at(-1)?.dataset.seq ?? 0);
}"""

#: The last row grows, as by a picture, and only then is the page told where it was scrolled to before.
GROW = """(box) => {
  [...box.querySelectorAll('[data-seq]')].at(-1).style.paddingBottom = '300px';
  box.dispatchEvent(new Event('scroll'));
}"""
#: Whether what goes on below is cut off softly.
FADES = "(box) => getComputedStyle(box.parentElement, '::after').backgroundImage.includes('gradient')"
BELOW = "(box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight)"


@pytest.fixture(scope="module")
async def written(tmp_path_factory: pytest.TempPathFactory, legs: dict[str, Leg]) -> Leg:
    """A leg whose databases hold one long thread from the start: to import it takes longer than to read it."""
    with home_in(tmp_path_factory.mktemp("long"), legs["sqlite"]) as home:
        async with serve(home) as served:
            await import_lines(served, long_thread(COUNT, read=READ))
            served.terminate()
            assert await served.status() == 0
        return SqliteLeg(home.folder / "palaver.db")


@pytest.fixture
async def palaver(tmp_path: Path, written: Leg) -> AsyncIterator[Served]:
    """A server with one long thread."""
    with home_in(tmp_path, written) as home:
        async with serve(home) as served:
            yield served


@pytest.fixture
async def reader(browser: Browser, palaver: Served) -> AsyncIterator[Inbox]:
    """Ann, who has read half of it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    token = sign("ann", "buyer", name="Ann Archer")
    inbox = await Inbox.open(context, f"{palaver.url}/#token={token}")
    await inbox.choose("A red bicycle")
    yield inbox
    await context.close()


async def rows_of(page: Page) -> list[int]:
    """The numbers of the messages in the document. They follow each other, and there are not many."""
    seqs: list[int]
    seqs, elements = await page.evaluate(SEQS)
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert len(seqs) <= ROWS
    assert elements < ELEMENTS
    return seqs


async def scroll_until(page: Page, step: int, end: int) -> int:
    """Turn the wheel until that message is in sight; how many turns it took."""
    box = page.get_by_role("log")
    await box.hover()
    turns = 0

    async def is_there() -> bool:
        nonlocal turns
        turns += 1
        await page.mouse.wheel(0, step)
        await rows_of(page)
        seen: int = await box.evaluate(LAST) if step > 0 else (await box.evaluate(FIRST))[0]
        return seen >= end if step > 0 else seen <= end

    await until(is_there)
    return turns


async def test_it_opens_at_the_first_unread_message(reader: Inbox) -> None:
    box = reader.page.get_by_role("log")
    await expect(reader.page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    await expect(box.get_by_text("Number 2501.", exact=False)).to_be_in_viewport()
    await rows_of(reader.page)


async def test_it_scrolls_to_both_ends_with_few_rows(reader: Inbox) -> None:
    page = reader.page
    await expect(page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    # The way is long: there is patience for each part of it, and not for all of it.
    for end in range(2001, 0, -500):
        await scroll_until(page, -6000, end)
    assert (await rows_of(page))[0] == 1
    for end in range(500, COUNT + 1, 500):
        await scroll_until(page, 6000, end)
    assert (await rows_of(page))[-1] == COUNT
    await expect(reader.row("A red bicycle").get_by_test_id("unread")).to_have_count(0)


async def test_what_one_reads_stays_where_it_is_while_rows_come_and_go(reader: Inbox) -> None:
    """Scrolled by small steps, each message moves by the step and no more, whatever is put in above it."""
    page, box = reader.page, reader.page.get_by_role("log")
    await expect(page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    places: dict[int, float] = {}
    jumps = []
    for _ in range(60):
        await box.evaluate("(box) => { box.scrollTop -= 240; }")
        rows: list[tuple[int, float]]
        (seq, top), rows = await box.evaluate(SEEN)
        if seq in places and abs((top - places[seq]) - 240) > 2:
            jumps.append((seq, top - places[seq]))
        places = dict(rows)
        await until(
            lambda: box.evaluate("(box) => box.scrollTop > 600 || box.querySelector('[data-seq=\"1\"]') !== null")
        )
    assert jumps == []


async def test_one_jumps_to_the_newest_and_to_any_message_by_its_address(reader: Inbox, palaver: Served) -> None:
    page, box = reader.page, reader.page.get_by_role("log")
    await page.get_by_role("button", name="To the newest message").click()
    await expect(box.get_by_text("Number 5000.", exact=False)).to_be_in_viewport()
    await expect(page.get_by_role("button", name="To the newest message")).to_have_count(0)
    await scroll_until(page, -6000, 4700)
    early = await page.locator("[data-seq]").first.get_attribute("data-id")
    number = await page.locator("[data-seq]").first.get_attribute("data-seq")
    await page.goto(f"{page.url}/{early}")
    await expect(page.get_by_role("log").get_by_text(f"Number {number}.", exact=False)).to_be_in_viewport()
    assert str(palaver.port) in page.url


async def test_whoever_is_at_the_end_stays_there_while_it_grows(reader: Inbox) -> None:
    """Also when it has grown before the page is told of its own scrolling. Who has scrolled up is left there."""
    page, box = reader.page, reader.page.get_by_role("log")
    newest = page.get_by_role("button", name="To the newest message")
    await newest.click()
    await expect(box.get_by_text(f"Number {COUNT}.", exact=False)).to_be_in_viewport()
    await expect(newest).to_have_count(0)
    await box.evaluate(GROW)

    async def is_at_end() -> bool:
        return bool(await box.evaluate(BELOW) <= 1)

    await until(is_at_end)
    await expect(newest).to_have_count(0)
    assert await box.evaluate(FADES) is False
    await scroll_until(page, -400, COUNT - 10)
    await expect(newest).to_be_visible()
    assert await box.evaluate(FADES) is True
    assert await box.evaluate(BELOW) > 300


async def test_who_reads_old_messages_is_told_of_new_ones_and_not_moved(reader: Inbox, palaver: Served) -> None:
    page, box = reader.page, reader.page.get_by_role("log")
    await scroll_until(page, -3000, 2300)
    place = await box.evaluate(FIRST)
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        bob = palaver.person(http, "bob", "seller", name="Bob Baker")
        await acts.send(bob, await thread_about(bob, "A red bicycle"), "Something new")
    await expect(reader.row("A red bicycle")).to_contain_text("Something new")
    assert await box.evaluate(FIRST) == place
    await reader.send("And an answer")
    await expect(box.get_by_text("And an answer")).to_be_in_viewport()
    await expect(box.get_by_text("Something new")).to_be_in_viewport()
