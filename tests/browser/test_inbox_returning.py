"""Whoever comes back to a thread is where they left it, or where something is new; no late answer moves them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests import acts
from tests.browser.inbox import DAY, Inbox, import_lines, long_thread
from tests.browser.late import LateAnswers
from tests.browser.pageless import thread_about
from tests.browser.test_inbox_long import FIRST, rows_of, scroll_until
from tests.client import NO_TLS, Person, sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

Enter = Callable[[str, str], Awaitable[Inbox]]

COUNT = 600
BICYCLE, CHAIR = "A red bicycle", "A blue chair"
#: As a link does it.
GO = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"


def two_threads() -> Iterator[dict[str, object]]:
    """A long one about a bicycle, all of it read, and a short one about a chair."""
    yield from long_thread(COUNT, read=COUNT)
    owner = {"userExternalId": "bob", "role": "seller"}
    yield {"type": "subject", "kind": "listing", "externalId": "chair-2", "title": CHAIR, "owner": owner}
    about = {"subject": {"kind": "listing", "externalId": "chair-2"}, "contacter": "ann"}
    yield {"type": "conversation", "id": "short", **about, "createdAt": f"{DAY}T07:00:00Z", "readUpTo": {"ann": "c-1"}}
    line = {
        "conversation": "short",
        "id": "c-1",
        "sender": "bob",
        "body": "It is oak.",
        "createdAt": f"{DAY}T07:00:00Z",
    }
    yield {"type": "message", **line}


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with both threads."""
    async with serve(sqlite_home) as served:
        await import_lines(served, two_threads())
        yield served


@pytest.fixture
async def bob(palaver: Served) -> AsyncIterator[Person]:
    """Who writes to Ann, and has no page."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        yield palaver.person(http, "bob", name="Bob Baker")


@pytest.fixture
async def enter(browser: Browser, palaver: Served) -> AsyncIterator[Enter]:
    """Opens the inbox: `await enter("ann", "Ann Archer")`."""
    async with AsyncExitStack() as opened:

        async def begin(sub: str, name: str) -> Inbox:
            context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
            opened.push_async_callback(context.close)
            return await Inbox.open(context, f"{palaver.url}/#token={sign(sub, name=name)}")

        yield begin


async def place_in(page: Page) -> tuple[int, float]:
    """The first message in sight, and how far below the edge it stands, in pixels and parts of them."""
    seq, top = await page.get_by_role("log").evaluate(FIRST.replace("Math.round", ""))
    return seq, top


async def is_at(page: Page, place: tuple[int, float]) -> bool:
    """Does the same message stand there, to less than a pixel?"""
    seq, top = await place_in(page)
    return seq == place[0] and abs(top - place[1]) < 1


async def leave(inbox: Inbox) -> None:
    """Go to the chair."""
    await inbox.choose(CHAIR)
    await expect(inbox.bodies).to_have_text(["It is oak."])


async def test_whoever_comes_back_finds_their_place(enter: Enter, bob: Person) -> None:
    """In the middle of a long thread, and then at its end while somebody writes."""
    ann, thread = await enter("ann", "Ann Archer"), await thread_about(bob, BICYCLE)
    page, answers = ann.page, await LateAnswers.over(ann.page)
    await ann.choose(BICYCLE)
    await expect(ann.bodies.filter(has_text=f"Number {COUNT}.")).to_be_in_viewport()
    await scroll_until(page, -3000, 400)
    place = await place_in(page)

    # Whatever is asked when one comes back is late.
    await leave(ann)
    await acts.send(bob, thread, "Are you there?")
    await expect(ann.row(BICYCLE).get_by_test_id("unread")).to_contain_text("1 unread")
    answers.hold("query Thread")
    await ann.choose(BICYCLE)
    await expect(ann.bodies.first).to_be_visible()
    assert await is_at(page, place)
    rows = await rows_of(page)
    assert rows == list(range(rows[0], place[0] + 60))
    # As much above it, or all that was there before.
    assert place[0] - 60 <= rows[0] < place[0] - 30
    await answers.release()
    await acts.send(bob, thread, "Hello?")
    await expect(page.get_by_role("button", name="To the newest message, 2 unread")).to_be_visible()
    assert await is_at(page, place)

    # At the end one finds what has come, from the first of it on.
    await page.get_by_role("button", name="To the newest message").click()
    await expect(ann.bodies.filter(has_text="Hello?")).to_be_in_viewport()
    await expect(ann.row(BICYCLE).get_by_test_id("unread")).to_have_count(0)
    await leave(ann)
    for number in range(30):
        await acts.send(bob, thread, f"New {number}")
    await expect(ann.row(BICYCLE).get_by_test_id("unread")).to_contain_text("30 unread")
    await ann.choose(BICYCLE)
    await expect(page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    first = page.get_by_role("log").locator("li", has_text="New messages")
    await expect(first.get_by_test_id("body")).to_have_text("New 0")
    assert (await rows_of(page))[-1] == COUNT + 32


async def test_what_was_asked_before_one_went_elsewhere_replaces_nothing(enter: Enter, bob: Person) -> None:
    """A message whose surroundings come late, when one looks at others long since; and a thread that loads twice."""
    ann, thread = await enter("ann", "Ann Archer"), await thread_about(bob, BICYCLE)
    page, answers = ann.page, await LateAnswers.over(ann.page)
    early = (await bob.ask(acts.MESSAGES, id=thread, first=100))["messages"]["edges"][-1]["node"]
    seq = early["seq"]

    # Gone before it was there, and back while it still loads.
    link = ann.row(BICYCLE).locator("a[data-row]")
    address = str(await link.get_attribute("href"))
    answers.hold(address.removeprefix("/c/"))
    await link.click()
    await answers.has_held()
    await leave(ann)
    await link.click()
    await answers.release()
    await expect(ann.bodies.filter(has_text=f"Number {COUNT}.")).to_be_in_viewport()

    answers.hold(early["id"])
    await page.evaluate(GO, f"{address}/{early['id']}")
    await answers.has_held()
    await page.evaluate(GO, address)
    await page.get_by_role("log").hover()
    await page.mouse.wheel(0, -900)
    await expect(page.get_by_role("button", name="To the newest message")).to_be_visible()
    place = await place_in(page)
    await answers.release()
    await acts.send(bob, thread, "Something new")
    await expect(page.get_by_role("button", name="To the newest message, 1 unread")).to_be_visible()
    assert await is_at(page, place)
    assert seq not in await rows_of(page)

    # Asked for once more it is shown, and what was told meanwhile is not missed.
    answers.hold("query MessagePage")
    await page.evaluate(GO, f"{address}/{early['id']}")
    await answers.has_held()
    await answers.release()
    await expect(page.get_by_role("log").locator(f"[data-seq='{seq}']")).to_be_in_viewport()
    answers.hold("query MessagePage")
    await page.get_by_role("button", name="To the newest message").click()
    await answers.has_held()
    await acts.send(bob, thread, "And another")
    await expect(ann.row(BICYCLE)).to_contain_text("And another")
    await answers.release()
    await ann.says("Something new", "And another")
    await rows_of(page)


async def test_a_stranger_comes_back_to_nothing(enter: Enter) -> None:
    ann, cy = await enter("ann", "Ann Archer"), await enter("cy", "Cy Cole")
    await ann.choose(BICYCLE)
    for path in (ann.page.url, "/", ann.page.url):
        await cy.page.evaluate(GO, path)
    await expect(cy.page.get_by_text("There is no such conversation")).to_be_visible()
    await expect(cy.page.locator("[data-seq]")).to_have_count(0)


async def test_whoever_sends_before_the_thread_is_there_sees_all_of_it(enter: Enter) -> None:
    """The part that was on its way is wanted no more, and the newest one is."""
    ann = await enter("ann", "Ann Archer")
    answers = await LateAnswers.over(ann.page)
    answers.hold("query MessagePage(")
    await ann.row(CHAIR).locator("a[data-row]").click()
    await answers.has_held()
    await ann.send("Of which year?")
    await ann.is_marked("Of which year?", "sent")
    await answers.release()
    await ann.says("It is oak.", "Of which year?")
