"""Who asks too early is told so, and what was asked comes by itself when the server takes it, and not before."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser.inbox import Inbox
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

#: Ten minutes, and how long the page's clock is put on to be well before them, or after.
WAIT_MS = 600_000
EARLIER = "09:00"
LATER = "02:00"
AFTERWARDS = "11:00"


@dataclass(slots=True)
class Crowded:
    """Between a page and its server: questions with these words in them come too early, until there is room."""

    page: Page
    words: str = "query Conversations"
    is_crowded: bool = True
    asked: list[dict[str, object]] = field(default_factory=list)

    @classmethod
    async def over(cls, page: Page, words: str = "query Conversations") -> "Crowded":
        """Stand between, and take the page's clock in hand."""
        crowded = cls(page, words)

        async def answer(route: Route) -> None:
            """Of its own: a method with slots cannot carry what Playwright hangs on it."""
            await crowded._answer(route)

        def note(request: Request) -> None:
            crowded._note(request)

        page.on("request", note)
        await page.route("**/graphql", answer)
        await page.clock.install()
        return crowded

    async def _answer(self, route: Route) -> None:
        if not self.is_crowded or self.words not in (route.request.post_data or ""):
            await route.fallback()
            return
        problem = {"message": "Later.", "extensions": {"code": "RATE_LIMITED", "retryAfterMs": WAIT_MS}}
        await route.fulfill(status=429, headers={"Retry-After": "600"}, json={"errors": [problem]})

    def _note(self, request: Request) -> None:
        body = request.post_data or ""
        if self.words in body:
            self.asked.append(json.loads(body).get("variables", {}))

    async def pass_time(self, how_much: str) -> None:
        """Put the clock on, and wait until whatever the page asks for then is on its way."""
        await self.page.clock.fast_forward(how_much)
        await self.page.evaluate("() => fetch('/healthz').then((answer) => answer.text())")


async def test_the_list_comes_by_itself_when_the_server_takes_the_question(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    crowded = await Crowded.over(buyer.page)
    await buyer.page.reload()
    again = buyer.page.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    asked = len(crowded.asked)
    await crowded.pass_time(EARLIER)
    assert len(crowded.asked) == asked
    await crowded.pass_time(LATER)
    await until(lambda: len(crowded.asked) == asked + 1)

    # Refused once more: that has its own time. When the page has heard of it nothing tells.
    async def is_asked_again() -> bool:
        await crowded.pass_time(AFTERWARDS)
        return len(crowded.asked) > asked + 1

    await until(is_asked_again)
    crowded.is_crowded = False

    async def is_there() -> bool:
        await crowded.pass_time(AFTERWARDS)
        return await buyer.row("Green sofa").is_visible()

    await until(is_there)
    await expect(again).to_have_count(0)
    asked = len(crowded.asked)
    await crowded.pass_time(AFTERWARDS)
    assert len(crowded.asked) == asked


async def test_who_does_not_wait_asks_by_the_button_and_nothing_asks_once_more(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    crowded = await Crowded.over(buyer.page)
    await buyer.page.reload()
    again = buyer.page.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    crowded.is_crowded = False
    await again.click()
    await expect(buyer.row("Green sofa")).to_be_visible()
    asked = len(crowded.asked)
    await crowded.pass_time(AFTERWARDS)
    assert len(crowded.asked) == asked


async def test_what_nobody_looks_at_any_more_is_not_asked_again(enter: EnterInbox) -> None:
    """Another list is shown by then."""
    buyer = await enter("buyer")
    crowded = await Crowded.over(buyer.page)
    await buyer.page.reload()
    await expect(buyer.page.get_by_role("button", name="Try again")).to_be_visible()
    crowded.is_crowded = False
    await buyer.page.get_by_role("button", name="Archived").click()
    await expect(buyer.page.get_by_text("Nothing archived")).to_be_visible()
    asked = len(crowded.asked)
    await crowded.pass_time(AFTERWARDS)
    assert crowded.asked[asked:] == []


async def test_what_is_live_begins_when_the_server_takes_the_question(enter: EnterInbox) -> None:
    """Where the stream begins is asked first, and no sooner again than it is said."""
    buyer, seller = await enter("buyer"), await enter("seller")
    crowded = await Crowded.over(buyer.page, "query Start")
    async with buyer.page.expect_response(lambda answer: answer.status == 429) as refused:
        await buyer.page.reload()
    await (await refused.value).finished()
    await buyer.choose("Green sofa")
    asked = len(crowded.asked)
    await crowded.pass_time(EARLIER)
    assert len(crowded.asked) == asked
    crowded.is_crowded = False

    async def is_asked_again() -> bool:
        await crowded.pass_time(AFTERWARDS)
        return len(crowded.asked) > asked

    await until(is_asked_again)
    await seller.choose("Green sofa")
    await seller.send("It is still here.")
    await buyer.says("It is still here.")
