"""Who is taken out of a conversation sees nothing of it any more, in the list and in the thread; the others go on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests import acts
from tests.browser.inbox import Inbox
from tests.browser.late import LateAnswers
from tests.client import Person, sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

PEOPLE = {"ann": "Ann Archer", "bob": "Bob Baker", "dee": "Dee Draper", "cy": "Cy Cole"}
ALL = ("ann", "bob", "dee")


@dataclass(frozen=True, slots=True)
class Talk:
    """Three people talk about a booking, of which the host's server says whose it is."""

    palaver: Served
    host: Person
    conversation: str
    ann: Person
    bob: Person

    async def is_of(self, *people: str) -> None:
        """The booking is theirs, and of nobody else."""
        await acts.book(self.host, "booking-1", *people)

    async def enter(self, browser: Browser, sub: str) -> Inbox:
        """Somebody's inbox."""
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        return await Inbox.open(context, f"{self.palaver.url}/#token={sign(sub, name=PEOPLE[sub])}")


@pytest.fixture
async def talk(sqlite_home: Home) -> AsyncIterator[Talk]:
    """A server, and what was said about the booking."""
    async with serve(sqlite_home) as palaver, httpx.AsyncClient(timeout=30) as http:
        host, ann, bob, dee = (
            palaver.person(http, sub, *roles, name=PEOPLE.get(sub, "The salon"))
            for sub, roles in (("salon", ["service"]), ("ann", []), ("bob", []), ("dee", []))
        )
        for person in (bob, dee):
            await person.ask("{ viewer { id } }")
        await acts.book(host, "booking-1", *ALL)
        conversation = await acts.open_about(ann, "booking-1", kind="booking")
        await acts.send(ann, conversation, "Is ten fine?")
        await acts.send(dee, conversation, "It is.")
        yield Talk(palaver, host, conversation, ann, bob)


async def test_whoever_is_taken_out_sees_nothing_of_it_until_they_are_in_it_again(browser: Browser, talk: Talk) -> None:
    """Without a reload. What is said meanwhile is not for them; what they had not read counts no more."""
    dee = await talk.enter(browser, "dee")
    await dee.choose("A haircut")
    await dee.says("Is ten fine?", "It is.")
    await talk.is_of("ann", "bob")
    await expect(dee.page.get_by_text("There is no such conversation")).to_be_visible()
    await expect(dee.row("A haircut")).to_have_count(0)
    await expect(dee.page.get_by_text("Is ten fine?")).to_have_count(0)
    await expect(dee.composer).to_have_count(0)
    await acts.send(talk.ann, talk.conversation, "She need not know.")

    await talk.is_of(*ALL)
    await expect(dee.row("A haircut")).to_be_visible()
    await acts.send(talk.ann, talk.conversation, "Welcome back!")
    await expect(dee.bodies.last).to_have_text("Welcome back!")
    await dee.send("Thank you.")
    await dee.is_marked("Thank you.", "sent")
    assert (await acts.bodies(talk.ann, talk.conversation, last=2)) == ["Welcome back!", "Thank you."]


async def test_whoever_is_taken_out_elsewhere_in_the_inbox_loses_the_row_and_its_count(
    browser: Browser, talk: Talk
) -> None:
    bob = await talk.enter(browser, "bob")
    await expect(bob.row("A haircut").get_by_test_id("unread")).to_contain_text("2 unread")
    await expect(bob.page).to_have_title("(2) Bob Baker · Palaver")
    await talk.is_of("ann", "dee")
    await expect(bob.row("A haircut")).to_have_count(0)
    await expect(bob.page).to_have_title("Bob Baker · Palaver")
    await bob.page.goto(f"{talk.palaver.url}/c/{talk.conversation}")
    await expect(bob.page.get_by_text("There is no such conversation")).to_be_visible()


async def test_the_others_see_who_has_left_and_go_on(browser: Browser, talk: Talk) -> None:
    """The row and the thread are named after those who are there; what was said stays, with its writer's name."""
    ann = await talk.enter(browser, "ann")
    await ann.choose("A haircut")
    heading = ann.page.get_by_role("heading", level=2)
    for place in (heading, ann.row("A haircut")):
        await expect(place).to_contain_text("Dee Draper")
        await expect(place).to_contain_text("Bob Baker")
    await talk.is_of("ann", "bob")
    for place in (heading, ann.row("A haircut")):
        await expect(place).not_to_contain_text("Dee Draper")
        await expect(place).to_contain_text("Bob Baker")
    await ann.says("Is ten fine?", "It is.")
    await ann.send("Then only the two of us.")
    bob = await talk.enter(browser, "bob")
    await bob.choose("A haircut")
    await bob.says("Is ten fine?", "It is.", "Then only the two of us.")


async def test_an_older_list_shows_nothing_of_what_one_was_taken_out_of(browser: Browser, talk: Talk) -> None:
    """The list is asked for because of something new, its answer is on its way, and then one is taken out."""
    dee = await talk.enter(browser, "dee")
    await expect(dee.row("A haircut")).to_be_visible()
    answers = await LateAnswers.over(dee.page)
    answers.hold("query Conversations(")
    await acts.book(talk.host, "booking-2", "ann", "dee", title="A shave")
    await acts.send(talk.ann, await acts.open_about(talk.ann, "booking-2", kind="booking"), "And a shave?")
    await answers.has_held()
    await talk.is_of("ann", "bob")
    await expect(dee.row("A haircut")).to_have_count(0)
    await answers.release()
    await expect(dee.row("A shave")).to_be_visible()
    await expect(dee.row("A haircut")).to_have_count(0)
    await talk.is_of(*ALL)
    await expect(dee.row("A haircut")).to_be_visible()


async def test_whoever_has_left_is_followed_no_more_and_hides_nobody(browser: Browser, talk: Talk) -> None:
    """Of Dee, who is out of it, nothing is told; that Bob is there is."""
    ann, dee = await talk.enter(browser, "ann"), await talk.enter(browser, "dee")
    await talk.is_of("ann", "bob")
    await expect(dee.row("A haircut")).to_have_count(0)
    row = ann.row("A haircut")
    await expect(row).not_to_contain_text("Dee Draper")
    await expect(row.get_by_text("online")).to_have_count(0)
    async with talk.bob.connect():
        await expect(row.get_by_text("online")).to_be_attached()
    await expect(row.get_by_text("online")).to_have_count(0)


async def test_cy_the_stranger_sees_none_of_it_whoever_comes_and_goes(browser: Browser, talk: Talk) -> None:
    cy = await talk.enter(browser, "cy")
    await cy.page.goto(f"{talk.palaver.url}/c/{talk.conversation}")
    missing = cy.page.get_by_text("There is no such conversation")
    await expect(missing).to_be_visible()
    await talk.is_of("ann", "bob")
    ann = await talk.enter(browser, "ann")
    await expect(ann.row("A haircut")).not_to_contain_text("Dee Draper")
    await expect(missing).to_be_visible()
    await expect(cy.row("A haircut")).to_have_count(0)
    await expect(cy.page.get_by_text("It is.")).to_have_count(0)
