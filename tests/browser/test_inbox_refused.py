"""What is done with a conversation or a person and cannot be done: one is told, and it does not look done."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.blocking import block
from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, import_lines, links_in
from tests.client import People, sign
from tests.legs import Home
from tests.served import Served, serve

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

UNREACHABLE = "The server cannot be reached. Try again later."
#: More than two pages of blockedUsers, whose pages have 100 at most.
MANY = 205
#: What the list offers, what the row says when it is done, and the mutation.
ARRANGEMENTS = [("Pin", "pinned"), ("Mute for a day", "muted")]


@dataclass(slots=True)
class Fate:
    """What becomes of the mutations of a page: they are lost, or answered with a refusal, until there is peace."""

    refusal: str | None = None
    is_at_peace: bool = False

    async def watch(self, page: Page) -> None:
        """Stand between the page and the server."""

        async def decide(route: Route) -> None:
            query = str((json.loads(route.request.post_data or "{}")).get("query", ""))
            if self.is_at_peace or not query.startswith("mutation"):
                await route.continue_()
            elif self.refusal is None:
                await route.abort()
            else:
                await route.fulfill(json={"data": self._payload(query)})

        await page.route("**/graphql", decide)

    def _payload(self, query: str) -> dict[str, object]:
        field = query.partition("{")[2].partition("(")[0].strip()
        name = "user" if field == "blockUser" else "conversation"
        error = {"__typename": "InputError", "code": self.refusal, "reason": "It is gone."}
        kind = f"{field[0].upper()}{field[1:]}Payload"
        return {field: {"__typename": kind, name: None, "errors": [error]}}


async def choose(inbox: Inbox, words: str) -> None:
    """Choose from the menu of the row about the sofa."""
    row = inbox.row("Green sofa")
    await row.hover()
    await row.get_by_role("button", name="What to do with the conversation").click()
    await inbox.page.get_by_role("menuitem", name=words, exact=True).click()


async def choose_above(page: Page, words: str) -> None:
    """Choose from the menu above the open thread."""
    await page.get_by_role("button", name="What to do with this conversation").click()
    await page.get_by_role("menuitem", name=words, exact=True).click()


@pytest.mark.parametrize(
    ("refusal", "told"), [(None, UNREACHABLE), ("NOT_FOUND", "The conversation is no longer there.")]
)
async def test_what_cannot_be_arranged_is_told_and_does_not_look_done(
    enter: EnterInbox, refusal: str | None, told: str
) -> None:
    buyer = await enter("buyer")
    page, row, fate = buyer.page, buyer.row("Green sofa"), Fate(refusal)
    alert = page.get_by_role("alert")
    await expect(row).to_be_visible()
    await fate.watch(page)
    for words, mark in ARRANGEMENTS:
        await choose(buyer, words)
        await expect(alert).to_have_text(told)
        await expect(row.get_by_text(mark)).to_have_count(0)
        assert await faults_of(page) == []
        await alert.get_by_role("button", name="Close").click()
        await expect(alert).to_have_count(0)
    await choose(buyer, "Archive")
    await expect(alert).to_have_text(told)
    await expect(row).to_be_visible()
    # What is done after all is not spoken of any more.
    fate.is_at_peace = True
    await choose(buyer, "Pin")
    await expect(row.get_by_text("pinned")).to_be_attached()
    await expect(alert).to_have_count(0)


async def test_above_a_thread_it_is_told_in_the_thread(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await Fate().watch(buyer.page)
    await choose_above(buyer.page, "Pin")
    await expect(buyer.page.get_by_role("main").get_by_role("alert")).to_have_text(UNREACHABLE)
    await expect(buyer.row("Green sofa").get_by_text("pinned")).to_have_count(0)


@pytest.mark.parametrize(
    ("refusal", "told"), [(None, UNREACHABLE), ("NOT_FOUND", "You cannot do this with this person any more.")]
)
async def test_nobody_seems_blocked_or_let_off_who_is_not(enter: EnterInbox, refusal: str | None, told: str) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    page, fate = buyer.page, Fate(refusal)
    alert, note = page.get_by_role("main").get_by_role("alert"), page.get_by_role("note")
    await expect(buyer.composer).to_be_visible()
    await fate.watch(page)
    await choose_above(page, "Block Bob Baker")
    await expect(alert).to_have_text(told)
    await expect(buyer.composer).to_be_visible()
    await expect(note).to_have_count(0)
    fate.is_at_peace = True
    await choose_above(page, "Block Bob Baker")
    await expect(note).to_contain_text("You have blocked Bob Baker.")
    await expect(alert).to_have_count(0)
    fate.is_at_peace = False
    await note.get_by_role("button", name="Unblock Bob Baker").click()
    await expect(alert).to_have_text(told)
    await expect(note).to_contain_text("You have blocked Bob Baker.")


async def test_it_is_told_in_german_too(browser: Browser, market: Served) -> None:
    context = await browser.new_context(locale="de-DE")
    page = await context.new_page()
    await page.goto(links_in(market.output)["buyer"])
    await Inbox(page).choose("Green sofa")
    await Fate().watch(page)
    alert = page.get_by_role("alert")
    await page.get_by_role("button", name="Was mit diesem Gespräch geschehen soll").click()
    await page.get_by_role("menuitem", name="Bob Baker blockieren").click()
    await expect(alert).to_have_text("Der Server ist nicht erreichbar. Versuchen Sie es später noch einmal.")
    await context.close()


def crowd() -> Iterator[dict[str, object]]:
    """Many sellers, of whom Bob is the last by name, and Ann's conversation with him."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "bob", "name": "Zed Baker", "roles": ["seller"]}
    for number in range(MANY):
        yield {"type": "user", "externalId": f"abe-{number}", "name": f"Abe {number}", "roles": ["seller"]}
    about, owner = {"kind": "listing", "externalId": "bike-1"}, {"userExternalId": "bob", "role": "seller"}
    yield {"type": "subject", **about, "title": "A red bicycle", "owner": owner}
    yield {
        "type": "conversation",
        "id": "c-1",
        "subject": about,
        "contacter": "ann",
        "createdAt": "2026-03-02T08:00:00Z",
    }
    said = {"conversation": "c-1", "id": "m-1", "sender": "bob", "body": "It is still there."}
    yield {"type": "message", **said, "createdAt": "2026-03-02T08:00:00Z"}


@pytest.fixture
async def crowded(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with many people, whom Ann has all blocked."""
    async with serve(sqlite_home) as served:
        await import_lines(served, crowd())
        async with People(served) as people:  # type: ignore[arg-type]
            for sub in (*(f"abe-{number}" for number in range(MANY)), "bob"):
                await block(people.ann, people.person(sub, "seller", name="Zed Baker" if sub == "bob" else sub))
        yield served


async def test_who_is_blocked_is_known_however_many_are(browser: Browser, crowded: Served) -> None:
    """And it is hers alone: Cy, who has blocked nobody, is asked to write to the same person."""
    context = await browser.new_context(locale="en-GB")
    ann = await Inbox.open(context, f"{crowded.url}/#token={sign('ann', 'buyer', name='Ann Archer')}")
    await ann.choose("A red bicycle")
    note = ann.page.get_by_role("note")
    await expect(note).to_contain_text("You have blocked Zed Baker.")
    await ann.page.get_by_role("button", name="What to do with this conversation").click()
    await expect(ann.page.get_by_role("menuitem", name="Unblock Zed Baker")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await note.get_by_role("button", name="Unblock Zed Baker").click()
    await expect(ann.composer).to_be_visible()
    stranger = await browser.new_context(locale="en-GB")
    page = await stranger.new_page()
    await page.goto(f"{crowded.url}/new/listing/bike-1#token={sign('cy', 'buyer', name='Cy Cole')}")
    await expect(Inbox(page).composer).to_be_visible()
    await page.goto(ann.page.url)
    await expect(page.get_by_text("There is no such conversation")).to_be_visible()
    for one in (context, stranger):
        await one.close()
