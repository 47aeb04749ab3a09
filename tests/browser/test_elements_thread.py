"""A thread in a host's page: files and voice, reported, blocked, closed, and through a reload and the server's end."""

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, FilePayload, Locator, expect

from tests import acts
from tests.browser.axe import faults_of
from tests.browser.files import is_loaded
from tests.browser.host import Guest, Visit, open_host
from tests.browser.inbox import Inbox
from tests.browser.messages import do, said
from tests.browser.sofa import draw_sofa
from tests.browser.test_inbox_voice import SECONDS
from tests.client import NO_TLS
from tests.legs import Home
from tests.served import Served

pytestmark = pytest.mark.browser

MEASURES: FilePayload = {"name": "measures.txt", "mimeType": "text/plain", "buffer": b"160 x 80 x 75 cm\n"}


@pytest.fixture
async def market(browser: Browser, sqlite_home: Home) -> AsyncIterator[tuple[Served, Visit]]:
    """Palaver, and what opens the host's page as somebody."""
    async with open_host(browser, sqlite_home) as opened:
        yield opened


@pytest.fixture
async def audible(listening: Browser, sqlite_home: Home) -> AsyncIterator[tuple[Served, Visit]]:
    """The same in a browser with a microphone."""
    async with open_host(listening, sqlite_home) as opened:
        yield opened


REPORTS = "{ admin { reports(first: 9) { edges { node { reason note messageBody reporter { externalId } } } } } }"


async def meet(visit: Visit) -> tuple[Guest, Guest, str]:
    """Ann has asked about the bicycle, and Bob looks at what she wrote in his inbox; the conversation's id."""
    ann, bob = await visit("ann", "Ann Archer"), await visit("bob", "Bob Baker")
    await ann.show_listing()
    await ann.send("Is it still there?")
    await ann.says("Is it still there?")
    inbox = await bob.put_in("palaver-inbox", {"width": "900px"})
    await inbox.locator("a[data-row]").click()
    await bob.says("Is it still there?")
    await Inbox(ann.page).is_marked("Is it still there?", "read")
    (sent,) = await ann.told("palaver-sent")
    return ann, bob, sent["conversationId"]


def last(guest: Guest) -> Locator:
    """The newest message that has arrived."""
    return guest.page.get_by_role("log").locator("li[data-seq]").last


async def is_without_fault(*guests: Guest) -> None:
    """Nobody's page complains, and axe does not either."""
    for guest in guests:
        assert guest.watch.complaints == []
        assert await faults_of(guest.page) == []


@pytest.mark.xdist_group("a microphone")
async def test_files_and_voice_come_and_go_in_an_element(audible: tuple[Served, Visit]) -> None:
    _, visit = audible
    ann, bob, conversation_id = await meet(visit)
    await ann.page.get_by_test_id("files").set_input_files([draw_sofa(), MEASURES])
    await expect(ann.page.get_by_role("list", name="Files to send").get_by_role("listitem")).to_have_count(2)
    await ann.send("Would it fit beside this?")
    for guest in (ann, bob):
        await expect(last(guest).get_by_test_id("body")).to_have_text("Would it fit beside this?")
        image = last(guest).get_by_role("button", name="Show the picture sofa.png").locator("img")
        await is_loaded(image)
    async with bob.page.expect_download() as download:
        await last(bob).get_by_role("link", name="Download measures.txt").click()
    assert (await download.value).suggested_filename == "measures.txt"
    await last(bob).get_by_role("button", name="Show the picture sofa.png").click()
    await expect(bob.page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    await bob.page.keyboard.press("Escape")
    await expect(bob.page.get_by_role("dialog")).to_have_count(0)

    await ann.page.get_by_role("button", name="Record a voice message").click()
    await expect(ann.page.get_by_role("timer")).to_have_text(SECONDS)
    await ann.page.get_by_role("button", name="Send the voice message").click()
    voice = last(bob).get_by_test_id("voice")
    await expect(voice).to_contain_text(SECONDS)
    await voice.locator("audio").evaluate("(audio) => { audio.loop = true }")
    await voice.get_by_role("button", name="Play the voice message").click()
    await expect(voice).to_have_attribute("data-playing", "true")
    await voice.get_by_role("button", name="Pause").click()
    await expect(voice).not_to_have_attribute("data-playing", "true")
    assert await voice.locator("audio").evaluate("(audio) => audio.error") is None
    await is_without_fault(ann, bob)

    cy = await visit("cy", "Cy Cole")
    await cy.put_in("palaver-thread", conversation=conversation_id)
    await cy.sees("There is no such conversation")
    await expect(cy.page.get_by_role("log")).to_have_count(0)


async def report(guest: Guest, words: str) -> None:
    """Report a message, by keyboard where the focus has to be right within the element."""
    opener = said(Inbox(guest.page), words).get_by_role("button", name="More about this message")
    await do(Inbox(guest.page), words, "Report")
    dialog = guest.page.get_by_role("dialog", name="Report this message?")
    await expect(dialog).to_contain_text(words)
    await expect(dialog.get_by_role("radio").first).to_be_focused()
    await guest.page.keyboard.press("Space")
    await dialog.get_by_role("textbox").fill("There is no bicycle.")
    assert await faults_of(guest.page) == []
    await dialog.get_by_role("button", name="Report").press("Enter")
    done = guest.page.get_by_role("dialog", name="Reported")
    await expect(done.get_by_role("button", name="Close")).to_be_focused()
    await guest.page.keyboard.press("Enter")
    await expect(done).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_blocked_closed_and_reported_an_element_says_so(market: tuple[Served, Visit]) -> None:
    """Staff hear of a message that was reported, and nobody else."""
    served, visit = market
    ann, bob, _ = await meet(visit)
    await report(bob, "Is it still there?")
    menu = bob.page.get_by_role("button", name="What to do with this conversation")
    await menu.click()
    await bob.page.get_by_role("menuitem", name="Block Ann Archer").click()
    note = bob.page.get_by_role("note")
    await expect(note).to_contain_text("You have blocked Ann Archer.")
    await expect(Inbox(bob.page).composer).to_have_count(0)
    await ann.send("Hello?")
    await expect(ann.page.get_by_role("alert")).to_contain_text("Not sent. One of you has blocked the other.")
    assert len(await ann.told("palaver-sent")) == 1
    await is_without_fault(ann, bob)
    await bob.page.get_by_role("button", name="Unblock Ann Archer").click()
    await ann.page.get_by_role("button", name="Try again").click()
    await bob.says("Is it still there?", "Hello?")
    await expect(ann.page.get_by_role("alert")).to_have_count(0)

    async with httpx.AsyncClient(verify=NO_TLS) as http:
        host = served.person(http, "market", "service", name="The market")
        await acts.list_thing(host, state="CLOSED")
        for guest in (ann, bob):
            await expect(guest.page.get_by_role("note")).to_contain_text("so the conversation is closed")
            await expect(Inbox(guest.page).composer).to_have_count(0)
        await is_without_fault(ann, bob)
        await acts.list_thing(host, state="ACTIVE")
        staff = served.person(http, "ada", "admin", name="Ada Moreno")
        [edge] = (await staff.ask(REPORTS))["reports"]["edges"]
        told = {"messageBody": "Is it still there?", "reporter": {"externalId": "bob"}}
        assert edge["node"] == {"reason": "SPAM", "note": "There is no bicycle.", **told}
    await bob.send("Here again.")
    await ann.says("Is it still there?", "Hello?", "Here again.")


async def test_the_server_dies_and_nothing_is_lost_or_doubled_in_an_element(market: tuple[Served, Visit]) -> None:
    """Nor is what is half written, when the element goes, and when the page does."""
    served, visit = market
    ann, bob, conversation_id = await meet(visit)
    await Inbox(ann.page).composer.fill("Half writ")
    await ann.page.locator("palaver-thread").evaluate("(one) => one.remove()")
    await ann.put_in("palaver-thread", script=False, conversation=conversation_id)
    await expect(Inbox(ann.page).composer).to_have_value("Half writ")
    await ann.says("Is it still there?")
    await served.kill()
    for guest in (ann, bob):
        await expect(guest.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    for words in ("One", "Two", "Three"):
        await ann.send(words)
        await Inbox(ann.page).is_marked(words, "sending")
    await bob.send("And one from the other side")
    await Inbox(ann.page).composer.fill("Half written")
    await served.start()
    for words in ("One", "Two", "Three"):
        await Inbox(ann.page).is_marked(words, "read")
    await Inbox(bob.page).is_marked("And one from the other side", "read")
    seen = await Inbox(ann.page).bodies.all_inner_texts()
    assert seen == await Inbox(bob.page).bodies.all_inner_texts()
    assert sorted(seen[1:]) == ["And one from the other side", "One", "Three", "Two"]
    assert [words for words in seen if len(words) < 6] == ["One", "Two", "Three"]
    assert len({one["messageId"] for one in await ann.told("palaver-sent")}) == len(await ann.told("palaver-sent")) == 4

    await ann.page.reload()
    await ann.put_in("palaver-thread", conversation=conversation_id)
    await ann.says(*seen)
    await expect(Inbox(ann.page).composer).to_have_value("Half written")
