"""After a time without a connection the page says that it catches up, for as long as that is so and no longer."""

import json
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.inbox import Inbox
from tests.browser.late import Late, LateAnswers
from tests.served import Served
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


async def test_it_catches_up_until_what_was_missed_is_there(enter: EnterInbox, market: Served) -> None:
    """Bob writes while Ann is away, and what she has missed is slow to come, or is not told by any stream."""
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

    # What was missed is told by no stream any more: all that is shown is read again, and the streams go on from there.
    await late.break_off()
    await expect(buyer.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    await seller.send("Four")
    await seller.is_marked("Four", "sent")
    await market.kill()
    await market.command("restored")
    await market.start()
    late.let_in()
    await buyer.says("Two", "Three", "Four")
    await expect(buyer.row("Green sofa")).to_contain_text("Four")
    await seller.send("Five")
    for person in (buyer, seller):
        await person.says("Three", "Four", "Five")
        await expect(person.row("Green sofa")).to_contain_text("Five")
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


async def test_the_answer_to_an_act_that_an_event_has_overtaken_takes_nothing_back(enter: EnterInbox) -> None:
    """Ann takes her reaction back, then Bob takes back his; what Ann is answered comes last, and still has Bob's."""
    buyer, seller = await enter("buyer"), await enter("seller")
    answers = await LateAnswers.over(buyer.page)
    for person in (buyer, seller):
        await person.choose("Green sofa")
    leg = re.compile("^One leg has a small one")
    chips = []
    for person in (buyer, seller):
        said = person.page.get_by_test_id("body").filter(has_text=leg)
        message = person.page.get_by_role("log").locator("li", has=said)
        chips.append(message.get_by_role("button", name="👍"))
    row = buyer.page.get_by_role("log").locator("li", has=buyer.page.get_by_test_id("body").filter(has_text=leg))
    await row.hover()
    await row.get_by_role("button", name="More about this message").click()
    await buyer.page.get_by_role("menuitemcheckbox", name="👍").click()
    await chips[1].click()
    for chip in chips:
        await expect(chip).to_contain_text("2")
    answers.hold("mutation React")
    await chips[0].click()
    await answers.has_held()
    await expect(chips[1]).to_contain_text("1")
    await chips[1].click()
    for chip in chips:
        await expect(chip).to_have_count(0)
    await answers.release()
    await buyer.page.get_by_role("textbox", name="Search messages").fill("nothing of the kind")
    await expect(buyer.page.get_by_text("Nothing found")).to_be_visible()
    await expect(chips[0]).to_have_count(0)


async def test_a_stream_that_was_ended_begins_anew_and_what_was_said_between_is_read(enter: EnterInbox) -> None:
    """It ends after it has told something, and begins only when something was said of which it never tells."""
    buyer, seller = await enter("buyer"), await enter("seller")
    page, streams = buyer.page, list[tuple[WebSocketRoute, str]]()

    async def connect(ours: WebSocketRoute) -> None:
        theirs = ours.connect_to_server()

        def send(frame: str | bytes) -> None:
            asked = json.loads(frame)
            if asked["type"] == "subscribe" and asked["payload"]["operationName"] == "Live":
                streams.append((ours, asked["id"]))
            theirs.send(frame)

        ours.on_message(send)

    await page.route_web_socket("**/graphql", connect)
    await page.reload()
    for person in (buyer, seller):
        await person.choose("Green sofa")
    await seller.send("One")
    await buyer.says("One")

    refused = 0

    async def refuse(route: Route) -> None:
        nonlocal refused
        if "query Start" in (route.request.post_data or ""):
            refused += 1
            await route.abort()
        else:
            await route.fallback()

    await page.route("**/graphql", refuse)
    (socket, stream), *others = streams
    assert others == []
    problem = {"message": "Not now", "extensions": {"code": "UNAUTHENTICATED"}}
    socket.send(json.dumps({"id": stream, "type": "error", "payload": [problem]}))
    # So often that the page has given up, and tries once more.
    await until(lambda: refused > 3)
    await seller.send("Two")
    await seller.is_marked("Two", "sent")
    await page.unroute("**/graphql", refuse)
    await buyer.says("One", "Two")
    await expect(buyer.row("Green sofa")).to_contain_text("Two")
    assert len(streams) == 2
    await seller.send("Three")
    await buyer.says("One", "Two", "Three")


async def test_what_an_event_has_told_of_a_conversation_outlasts_the_older_answer_to_an_act(enter: EnterInbox) -> None:
    """Ann puts it away, and a message brings it back; what Ann is answered comes last, and still has it away."""
    buyer, seller = await enter("buyer"), await enter("seller")
    answers = await LateAnswers.over(buyer.page)
    row = buyer.row("Green sofa")
    await row.hover()
    await row.get_by_role("button", name="What to do with the conversation").click()
    answers.hold("mutation Archive")
    await buyer.page.get_by_role("menuitem", name="Archive").click()
    await answers.has_held()
    await expect(row).to_have_count(0)
    await seller.choose("Green sofa")
    await seller.send("It is still here.")
    # Told to the page before the mark was made.
    await seller.is_marked("It is still here.", "delivered")
    await answers.release()
    await expect(row).to_contain_text("It is still here.")


async def test_counts_that_an_event_has_told_outlast_the_older_answer_to_reading(enter: EnterInbox) -> None:
    """Bob writes while Ann waits for the answer that she has read what Eli wrote, which does not count his message."""
    buyer, seller = await enter("buyer"), await enter("seller")
    await expect(buyer.page).to_have_title("(4) Ann Archer · Palaver")
    answers = await LateAnswers.over(buyer.page)
    answers.hold("mutation MarkRead")
    await buyer.choose("Eli Engel")
    await answers.has_held()
    await expect(buyer.row("Eli Engel").get_by_test_id("unread")).to_have_count(0)
    await seller.choose("Green sofa")
    await seller.send("It is still here.")
    # The last that is told of it.
    await seller.is_marked("It is still here.", "delivered")
    await expect(buyer.page).to_have_title("(3) Ann Archer · Palaver")
    await answers.release()
    await buyer.page.get_by_role("textbox", name="Search messages").fill("nothing of the kind")
    await expect(buyer.page.get_by_text("Nothing found")).to_be_visible()
    await expect(buyer.page).to_have_title("(3) Ann Archer · Palaver")


async def test_events_are_newer_than_answers_that_came_before_them_whatever_is_still_asked(enter: EnterInbox) -> None:
    """While a question waits for its answer others are answered, and events come between them and afterwards."""
    buyer, seller = await enter("buyer"), await enter("seller")
    answers = await LateAnswers.over(buyer.page)
    answers.hold("query Search")
    await buyer.page.get_by_role("textbox", name="Search messages").fill("leg")
    await answers.has_held()
    await buyer.page.get_by_role("textbox", name="Search messages").fill("")
    await buyer.choose("Green sofa")
    await buyer.send("Is it still there?")
    await buyer.is_marked("Is it still there?", "delivered")
    await buyer.page.get_by_role("link", name="Market").click()
    async with buyer.page.expect_response(lambda answer: "query Thread(" in (answer.request.post_data or "")):
        await buyer.page.go_back()
    await buyer.is_marked("Is it still there?", "delivered")
    await seller.choose("Green sofa")
    await buyer.is_marked("Is it still there?", "read")
