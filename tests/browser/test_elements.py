"""`<palaver-thread>` and `<palaver-inbox>` in a page of another origin, whose policy allows nothing but Palaver."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Route, expect

from tests.browser.axe import faults_of
from tests.browser.host import Visit, open_host
from tests.browser.inbox import Inbox
from tests.client import sign
from tests.legs import Home
from tests.waiting import soon, until

pytestmark = pytest.mark.browser

COLOURS = """(element) => {
  const frame = getComputedStyle(element.shadowRoot.querySelector('.frame'));
  return [frame.backgroundColor, frame.color, frame.fontFamily, frame.fontSize];
}"""


@pytest.fixture
async def visit(browser: Browser, sqlite_home: Home) -> AsyncIterator[Visit]:
    """Opens the host's page as somebody: `await visit("ann", "Ann Archer")`."""
    async with open_host(browser, sqlite_home) as (_, begin):
        yield begin


async def test_two_people_talk_in_pages_of_another_origin(visit: Visit) -> None:
    """From the first message of one to the answer of the other, with what the host is told meanwhile."""
    ann, bob = await visit("ann", "Ann Archer"), await visit("bob", "Bob Baker")
    await ann.show_listing()
    inbox = await bob.put_in("palaver-inbox", {"width": "900px"})
    await bob.sees("No conversations yet")
    await bob.hears_unread(0)

    await ann.sees("Your first message opens a conversation with Bob Baker.")
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    await until(lambda: ann.told("palaver-sent"))
    (sent,) = await ann.told("palaver-sent")
    assert set(sent) == {"conversationId", "messageId"}
    await bob.hears_unread(1)

    await inbox.locator("a[data-row]").filter(has_text="Ann Archer").click()
    await bob.says("Is it still there?")
    await bob.hears_unread(0)
    await bob.send("It is.")
    await ann.says("Is it still there?", "It is.")
    assert [one["conversationId"] for one in await bob.told("palaver-sent")] == [sent["conversationId"]]

    for guest in (ann, bob):
        assert guest.watch.hosts == {urlsplit(guest.palaver).netloc, urlsplit(guest.page.url).netloc}
        assert guest.watch.complaints == []
        assert guest.page.url.endswith("/")
        assert guest.reasons == ["start"]
        assert await faults_of(guest.page) == []


async def test_what_is_half_written_goes_along_when_the_conversation_opens(visit: Visit) -> None:
    """Words, files and the caret: the field of the first message makes way for that of the thread."""
    ann = await visit("ann", "Ann Archer")
    is_due, may_go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if "openConversation(" in (route.request.post_data or ""):
            is_due.set()
            await may_go.wait()
        await route.continue_()

    await ann.page.route("**/graphql", hold)
    await ann.show_listing()
    await ann.send("Is it still there?")
    await soon(is_due.wait())
    composer = Inbox(ann.page).composer
    await composer.type("And if it is, ")
    note: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"When I could come"}
    await ann.page.locator("input[type=file]").set_input_files([note])
    may_go.set()
    await expect(ann.page.get_by_role("log")).to_contain_text("Is it still there?")
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value("And if it is, ")
    await expect(ann.page.get_by_text("note.txt")).to_be_visible()
    await ann.page.keyboard.type("may I see it?")
    await ann.page.keyboard.press("Enter")
    await ann.says("Is it still there?", "And if it is, may I see it?")
    await expect(ann.page.get_by_role("log").get_by_text("note.txt")).to_be_visible()


async def test_nothing_can_be_written_before_it_is_known_where_it_would_go(visit: Visit) -> None:
    """The thing is asked for first: there may be a conversation about it already, or one may not write."""
    ann = await visit("ann", "Ann Archer")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    is_due, may_go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if "query Listing(" in (route.request.post_data or ""):
            is_due.set()
            await may_go.wait()
        await route.continue_()

    await ann.page.route("**/graphql", hold)
    await ann.page.reload()
    await ann.show_listing()
    await soon(is_due.wait())
    await expect(Inbox(ann.page).composer).to_have_count(0)
    may_go.set()
    await ann.says("Is it still there?")
    await ann.send("Hello?")
    await ann.says("Is it still there?", "Hello?")


async def test_a_thread_is_shown_by_its_conversation_and_to_nobody_else(visit: Visit) -> None:
    ann, cy = await visit("ann", "Ann Archer"), await visit("cy", "Cy Cole")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await until(lambda: ann.told("palaver-sent"))
    (sent,) = await ann.told("palaver-sent")
    await cy.put_in("palaver-thread", conversation=sent["conversationId"])
    await cy.sees("There is no such conversation")
    await ann.page.reload()
    await ann.put_in("palaver-thread", conversation=sent["conversationId"], lang="de")
    await ann.says("Is it still there?")
    await expect(ann.page.get_by_placeholder("Nachricht schreiben")).to_be_visible()


async def test_whoever_may_not_write_reads_why(visit: Visit) -> None:
    bob = await visit("bob", "Bob Baker")
    thread = await bob.show_listing()
    await bob.sees("This one is yours.")
    await expect(thread.get_by_text("Your first message")).to_have_count(0)
    await expect(thread.get_by_role("textbox")).to_have_count(0)
    await bob.put_in("palaver-thread")
    await bob.sees("The element needs the attribute conversation")


async def test_a_token_that_was_there_before_the_script_is_taken_over(visit: Visit) -> None:
    """Until the script has come, the property is the element's own and hides that of the class."""
    ann = await visit("ann", "Ann Archer")
    thread = await ann.show_listing(script=False)
    is_own = "(one) => Object.hasOwn(one, 'token')"
    assert await thread.evaluate(is_own) is True
    assert ann.reasons == []
    await ann.add_script()
    await ann.sees("Your first message opens a conversation with Bob Baker.")
    assert await thread.evaluate(is_own) is False
    assert ann.reasons == ["start"]
    # It is the class's property now: another token is another connection.
    await thread.evaluate("(one) => { one.token = (reason) => globalThis.giveToken(`again: ${reason}`); }")
    await until(lambda: ann.has_asked("again: start"))
    await ann.sees("Your first message opens a conversation with Bob Baker.")


async def test_a_token_that_ends_is_followed_by_another(visit: Visit) -> None:
    ann, bob = await visit("ann", "Ann Archer", seconds=3), await visit("bob", "Bob Baker")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    # The server ends the socket with the token, whoever asks before that renews it sooner.
    await until(lambda: len(ann.reasons) > 2)
    assert ann.reasons[0] == "start"
    assert set(ann.reasons[1:]) <= {"expiring", "refused"}
    inbox = await bob.put_in("palaver-inbox")
    await inbox.locator("a[data-row]").click()
    await bob.send("It is.")
    await ann.says("Is it still there?", "It is.")


async def test_when_somebody_else_signs_in_nothing_of_the_one_before_stays(visit: Visit) -> None:
    ann = await visit("ann", "Ann Archer", seconds=3)
    await ann.show_listing()
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    ann.token = lambda _: sign("cy", name="Cy Cole")
    await ann.sees("Your first message opens a conversation with Bob Baker.")
    await expect(ann.page.get_by_text("Is it still there?")).to_have_count(0)


async def test_without_a_good_token_the_element_says_so_and_can_try_again(visit: Visit) -> None:
    ann = await visit("ann", "Ann Archer")
    ann.token = lambda _: sign("ann", secret="another secret that is as long as it has to be")
    await ann.show_listing()
    await ann.sees("The server does not take the token that the page has given.")
    ann.token = lambda _: "no token at all"
    await ann.page.get_by_role("button", name="Try again").click()
    await ann.sees("The page has given no token for your messages.")
    ann.token = lambda _: sign("ann", name="Ann Archer")
    await ann.page.get_by_role("button", name="Try again").click()
    await ann.sees("Your first message opens a conversation with Bob Baker.")


async def test_a_page_that_is_not_allowed_is_told_what_to_set(visit: Visit) -> None:
    """The same page under another name is another origin."""
    ann = await visit("ann", "Ann Archer", page_url="http://localhost:{port}")
    await ann.show_listing()
    await ann.sees("Messages cannot be shown on this page.")
    await ann.sees(f"takes no requests from pages of {ann.page.url.rstrip('/')}")
    await ann.sees("PALAVER_ALLOWED_ORIGINS")
    assert any("PALAVER_ALLOWED_ORIGINS" in complaint for complaint in ann.watch.complaints)


async def test_a_server_that_is_none_is_named_and_nothing_is_thrown(visit: Visit) -> None:
    """Neither when the element is put in, nor when its attribute is changed; with a good one it goes on."""
    ann = await visit("ann", "Ann Archer")
    ann.token = lambda _: sign("ann", name="Ann Archer")
    thread = await ann.put_in("palaver-thread", server="https://", subject_kind="listing", subject_id="bike-1")
    await ann.sees("The attribute server is no address of a Palaver")
    await expect(ann.page.get_by_role("button", name="Try again")).to_have_count(0)
    assert ann.reasons == []
    set_server = "(one, server) => one.setAttribute('server', server)"
    await thread.evaluate(set_server, ann.palaver)
    await ann.sees("Your first message opens a conversation with Bob Baker.")
    # An address, and yet no origin.
    await thread.evaluate(set_server, "mailto:ann@example.org")
    await ann.sees("The attribute server is no address of a Palaver")
    await expect(ann.page.get_by_text("Your first message")).to_have_count(0)
    assert [text.partition("The attribute")[0] for text in ann.watch.complaints] == [
        "error: Palaver: Messages cannot be shown on this page. "
    ] * 2
    await ann.put_in("palaver-inbox", script=False, server="http://[", lang="de")
    await ann.sees("Das Attribut server ist keine Adresse eines Palaver")
    assert ann.watch.hosts == {urlsplit(ann.palaver).netloc, urlsplit(ann.page.url).netloc}


async def test_the_host_has_its_colours_and_its_style_stays_outside(visit: Visit) -> None:
    ann = await visit("ann", "Ann Archer")
    style = {
        "--palaver-background": "rgb(1, 2, 3)",
        "--palaver-text": "rgb(250, 251, 252)",
        "--palaver-font": "serif",
        "color": "red",
        "font-size": "40px",
        "text-transform": "uppercase",
    }
    await ann.page.evaluate("document.documentElement.style.fontSize = '62.5%'")
    thread = await ann.put_in("palaver-thread", style, subject_kind="listing", subject_id="bike-1", theme="dark")
    await ann.sees("Your first message opens")
    assert (await thread.evaluate(COLOURS)) == ["rgb(1, 2, 3)", "rgb(250, 251, 252)", "serif", "16px"]
    text = thread.get_by_placeholder("Write a message")
    assert await text.evaluate("(one) => getComputedStyle(one).textTransform") == "none"
    title = thread.get_by_role("heading", name="Bob Baker")
    assert await title.evaluate("(one) => getComputedStyle(one).fontSize") == "16.5008px"
    scheme = "(one) => getComputedStyle(one.shadowRoot.querySelector('.frame')).colorScheme"
    assert await thread.evaluate(scheme) == "dark"
    await thread.evaluate("(one) => one.setAttribute('theme', 'light')")
    assert await thread.evaluate(scheme) == "light"


async def test_each_property_that_a_host_may_set_is_seen(visit: Visit) -> None:
    """As docs/elements.md lists them, set on something around the element."""
    ann = await visit("ann", "Ann Archer")
    named = ("accent", "background", "surface", "text", "muted")
    colours = {name: f"rgb({number}, 10, 20)" for number, name in enumerate(named, 101)}
    rest = {"font": "monospace", "radius": "3px"}
    for name, value in (colours | rest).items():
        put = "([name, value]) => document.body.style.setProperty(name, value)"
        await ann.page.evaluate(put, [f"--palaver-{name}", value])
    thread = await ann.show_listing()
    await ann.sees("Your first message opens")
    await Inbox(ann.page).composer.fill("Is it still there?")

    async def style(part: Locator, name: str) -> str:
        found: str = await part.evaluate("(one, name) => getComputedStyle(one)[name]", name)
        return found

    # The button changes its colour by and by.
    await expect(thread.get_by_role("button", name="Send")).to_have_css("background-color", colours["accent"])
    header, frame = thread.locator("header"), thread.locator(".frame")
    assert {
        "accent": await style(thread.get_by_role("button", name="Send"), "backgroundColor"),
        "background": await style(frame, "backgroundColor"),
        "surface": await style(header, "backgroundColor"),
        "text": await style(frame, "color"),
        "muted": await style(header.get_by_text("A red bicycle"), "color"),
        "font": await style(frame, "fontFamily"),
        "radius": await style(thread, "borderTopLeftRadius"),
    } == colours | rest
    listed = (Path(__file__).parents[2] / "docs" / "elements.md").read_text("utf-8")
    assert set(re.findall(r"`--palaver-(\w+)`", listed)) == set(colours | rest)


async def test_what_nobody_can_see_is_not_read(visit: Visit) -> None:
    """A thread below what the window shows, until somebody scrolls there."""
    ann, bob = await visit("ann", "Ann Archer"), await visit("bob", "Bob Baker")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await until(lambda: ann.told("palaver-sent"))
    (sent,) = await ann.told("palaver-sent")
    thread = await bob.put_in("palaver-thread", {"margin-top": "3000px"}, conversation=sent["conversationId"])
    await bob.says("Is it still there?")
    await bob.hears_unread(1)
    await ann.send("Hello?")
    await bob.says("Is it still there?", "Hello?")
    await bob.hears_unread(2)
    await thread.scroll_into_view_if_needed()
    await bob.hears_unread(0)
