"""After a time without a connection the page says that it catches up, for as long as that is so and no longer."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.inbox import Inbox
from tests.browser.late import Late, LateAnswers
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


async def test_it_catches_up_until_what_was_missed_is_there(enter: EnterInbox, market: Served) -> None:
    """Bob writes while Ann is away, and what she has missed is slow to come."""
    buyer, seller = await enter("buyer"), await enter("seller")
    late = await Late.over(buyer.page)
    await buyer.page.reload()
    for person in (buyer, seller):
        await person.choose("Green sofa")
        await expect(person.composer).to_be_visible()
    catching_up = buyer.page.get_by_role("status").filter(has_text="Catching up")
    await seller.send("Before")
    await buyer.says("Before")
    await expect(catching_up).to_have_count(0)

    await late.break_off()
    await expect(buyer.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    await expect(catching_up).to_have_count(0)
    for words in ("One", "Two"):
        await seller.send(words)
        await seller.is_marked(words, "sent")
    late.hold()
    late.let_in()
    await expect(catching_up).to_be_visible()
    assert "One" not in await buyer.bodies.all_inner_texts()
    # It is the server's silence that ends it, and nobody has heard the server yet.
    await late.has_held("pong")
    await expect(catching_up).to_be_visible()

    late.release()
    await buyer.says("Before", "One", "Two")
    await expect(catching_up).to_have_count(0)
    await seller.send("Three")
    await buyer.says("One", "Two", "Three")
    await expect(buyer.page.get_by_role("status").filter(has_text="Connecting")).to_have_count(0)
    await expect(catching_up).to_have_count(0)


async def test_it_does_not_catch_up_when_a_page_begins(enter: EnterInbox) -> None:
    """What is shown is what is so, once the list is there."""
    buyer = await enter("buyer")
    await buyer.row("Green sofa").wait_for()
    state = buyer.page.locator("[role=status][data-state]")
    await expect(state).to_have_attribute("data-state", "live")
    await expect(state).to_have_text("")


async def test_an_answer_that_an_event_has_overtaken_takes_nothing_back(enter: EnterInbox) -> None:
    """The server had read the marks before they moved, and its answer comes after the event that tells of it."""
    buyer, seller = await enter("buyer"), await enter("seller")
    answers = await LateAnswers.over(buyer.page)
    await buyer.choose("Green sofa")
    await buyer.send("Is it still there?")
    await buyer.is_marked("Is it still there?", "delivered")
    await buyer.page.get_by_role("link", name="Market").click()
    answers.hold("query Thread(")
    await buyer.page.go_back()
    await answers.has_held()
    await seller.choose("Green sofa")
    await buyer.is_marked("Is it still there?", "read")
    await answers.release()
    # Answered after it, and no event that would tell the marks again.
    await buyer.page.get_by_role("textbox", name="Search messages").fill("nothing of the kind")
    await expect(buyer.page.get_by_text("Nothing found")).to_be_visible()
    await buyer.is_marked("Is it still there?", "read")
