"""What is shown to whoever waits, and that nothing of what they do meanwhile is lost or left behind."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, expect

from tests import acts
from tests.browser.inbox import Inbox
from tests.browser.late import LateAnswers
from tests.browser.messages import do
from tests.browser.pageless import Meet, thread_about
from tests.served import Served
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


def editor(inbox: Inbox) -> Locator:
    """Where a message is changed."""
    return inbox.page.get_by_role("textbox", name="New words of the message")


@pytest.mark.parametrize("what", ["query Thread(", "query MessagePage"])
async def test_a_thread_that_is_not_there_yet_does_not_look_empty(enter: EnterInbox, what: str) -> None:
    """Whether its head is there already or not."""
    buyer = await enter("buyer")
    late = await LateAnswers.over(buyer.page)
    late.hold(what)
    await buyer.row("Green sofa").locator("a[data-row]").click()
    await late.has_held()
    shape = buyer.page.get_by_test_id("loading")
    await expect(shape).to_have_css("opacity", "1")
    await late.release()
    await expect(buyer.bodies.last).to_be_visible()
    await expect(shape).to_have_count(0)


async def test_what_is_edited_again_before_it_is_saved_is_saved_too(enter: EnterInbox, meet: Meet) -> None:
    buyer, seller = await enter("buyer"), meet("seller")
    thread = await thread_about(seller, "Green sofa")
    await buyer.choose("Green sofa")
    await buyer.send("First")
    await buyer.is_marked("First", "sent")
    late = await LateAnswers.over(buyer.page)
    late.hold("mutation Edit")
    await do(buyer, "First", "Edit")
    await editor(buyer).fill("Second")
    await editor(buyer).press("Enter")
    await late.has_held()
    await editor(buyer).fill("Third")
    await editor(buyer).press("Enter")
    await late.release()
    await buyer.says("Third")
    await expect(editor(buyer)).to_have_count(0)

    async def is_saved() -> bool:
        return await acts.bodies(seller, thread, last=1) == ["Third"]

    await until(is_saved)


async def test_what_is_written_on_while_it_is_saved_stays(enter: EnterInbox) -> None:
    """In the same message, and in another one that is edited by then."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    for words in ("One", "Two"):
        await buyer.send(words)
        await buyer.is_marked(words, "sent")
    late = await LateAnswers.over(buyer.page)
    late.hold("mutation Edit")
    await do(buyer, "One", "Edit")
    await editor(buyer).fill("One more")
    await editor(buyer).press("Enter")
    await late.has_held()
    await editor(buyer).fill("One more and")
    await late.release()
    save = buyer.page.get_by_role("button", name="Save")
    await expect(save).to_be_enabled()
    await expect(editor(buyer)).to_have_value("One more and")
    late.hold("mutation Edit")
    await save.click()
    await late.has_held()
    await do(buyer, "Two", "Edit")
    await editor(buyer).fill("Two more")
    await late.release()
    await buyer.says("One more and", "Two")
    await expect(editor(buyer)).to_have_value("Two more")
    await editor(buyer).press("Enter")
    await buyer.says("One more and", "Two more")


async def test_whoever_signs_in_next_is_not_led_to_where_the_one_before_was(enter: EnterInbox, market: Served) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await buyer.page.get_by_role("button", name="Settings").click()
    await buyer.page.get_by_role("menuitem", name="Sign out").click()
    await buyer.page.get_by_role("button", name="Dot Draper").click()
    await expect(buyer.row("Gus Grant")).to_be_visible()
    assert buyer.page.url == f"{market.url}/"
