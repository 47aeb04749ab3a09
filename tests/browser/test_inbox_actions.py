"""What one does with a message: react to it, answer it, change it, delete it; the other sees it at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Request, Route, expect

from tests.blocking import block
from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, import_lines, links_in, long_thread
from tests.browser.messages import do, open_menu, react, said
from tests.browser.pageless import Meet, thread_about
from tests.client import Person
from tests.served import Served
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

SCRATCH = "Then it fits through my door. Is there a scratch anywhere?"
LEG = "One leg has a small one. I have put a picture of it into the listing."

SAID = """query($id: ID!) {
  conversation(id: $id) { messages(last: 100) { edges { node { body reactions { emoji } replyTo { body } } } } }
}"""
#: Answers a message that the page has not loaded; what that message says.
ANSWER_THE_THIRD = """async () => {
    const token = sessionStorage.getItem('palaver:inbox:token');
    const headers = {'content-type': 'application/json', authorization: `Bearer ${token}`};
    const ask = async (query, variables) => {
        const answer = await fetch('/graphql', {method: 'POST', body: JSON.stringify({query, variables}), headers});
        return (await answer.json()).data;
    };
    const id = decodeURIComponent(location.pathname.split('/')[2]);
    const third = 'query($id: ID!) {conversation(id: $id) {messages(first: 3) {edges {node {id body}}}}}';
    const message = (await ask(third, {id})).conversation.messages.edges[2].node;
    const send = 'mutation($input: SendMessageInput!) {sendMessage(input: $input) {errors {reason}}}';
    const words = {body: 'About your third.', clientMessageId: 'third'};
    await ask(send, {input: {conversationId: id, replyToId: message.id, ...words}});
    return message.body;
}"""


async def messages_seen_by(person: Person) -> list[dict[str, Any]]:
    """What is said about the sofa, as somebody sees it who has no page."""
    found = await person.ask(SAID, id=await thread_about(person, "Green sofa"))
    return [edge["node"] for edge in found["messages"]["edges"]]


async def has_reactions(person: Person, *emoji: str) -> None:
    """Wait until these stand at the message about the leg, for somebody who has no page."""

    async def has() -> bool:
        (leg,) = (one for one in await messages_seen_by(person) if one["body"] == LEG)
        return [one["emoji"] for one in leg["reactions"]] == list(emoji)

    await until(has)


async def both_at(enter: EnterInbox, row: str) -> tuple[Inbox, Inbox]:
    buyer, seller = await enter("buyer"), await enter("seller")
    for inbox in (buyer, seller):
        await inbox.choose(row)
        await expect(inbox.bodies.last).to_be_visible()
    return buyer, seller


async def test_both_see_who_reacted_and_each_takes_back_what_is_theirs(enter: EnterInbox) -> None:
    buyer, seller = await both_at(enter, "Green sofa")
    await open_menu(buyer, LEG)
    await buyer.page.get_by_role("menuitemcheckbox", name="👍").click()
    chips = [said(inbox, LEG).get_by_role("button", name="👍") for inbox in (buyer, seller)]
    await expect(chips[0]).to_have_attribute("aria-pressed", "true")
    await expect(chips[1]).to_have_attribute("aria-pressed", "false")
    await expect(chips[1]).to_have_attribute("title", "Ann Archer")
    await chips[1].click()
    for chip in chips:
        await expect(chip).to_contain_text("2")
        await expect(chip).to_have_attribute("title", "Ann Archer, Bob Baker")
    await chips[0].click()
    await expect(chips[1]).to_contain_text("1")
    await chips[1].click()
    for chip in chips:
        await expect(chip).to_have_count(0)


async def test_there_are_more_emoji_than_the_first_six(enter: EnterInbox, meet: Meet) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await open_menu(buyer, LEG)
    await buyer.page.get_by_role("menuitem", name="More emoji").click()
    await buyer.page.get_by_role("menuitemcheckbox", name="🛋️").click()
    await expect(said(buyer, LEG).get_by_role("button", name="🛋️")).to_be_visible()
    await has_reactions(meet("seller"), "🛋️")


async def test_a_change_of_mind_is_what_remains_though_requests_overtake_each_other(enter: EnterInbox) -> None:
    """Put and taken back while the first request has not even reached the server: nobody sees it in the end."""
    buyer, seller = await both_at(enter, "Green sofa")
    is_open, answered = asyncio.Event(), 0

    async def hold(route: Route) -> None:
        if "mutation React" in (route.request.post_data or "") and '"reacted":true' in (route.request.post_data or ""):
            await is_open.wait()
        await route.continue_()

    def count(request: Request) -> None:
        nonlocal answered
        answered += "mutation React" in (request.post_data or "")

    await buyer.page.route("**/graphql", hold)
    buyer.page.on("requestfinished", count)
    await react(buyer, LEG, "👍")
    own = said(buyer, LEG).get_by_role("button", name="👍")
    await own.click()
    await expect(own).to_have_count(0)
    is_open.set()
    await until(lambda: answered == 2)
    await buyer.send("And that is that.")
    for inbox in (buyer, seller):
        await inbox.says("And that is that.")
        await expect(said(inbox, LEG).get_by_role("button", name="👍")).to_have_count(0)


async def test_a_refused_reaction_is_taken_back_and_told(enter: EnterInbox, meet: Meet) -> None:
    seller = await enter("seller")
    await seller.choose("Green sofa")
    await open_menu(seller, LEG)
    await block(meet("buyer"), meet("seller"))
    await seller.page.get_by_role("menuitemcheckbox", name="👍").click()
    await expect(seller.page.get_by_role("alert")).to_contain_text("One of you has blocked the other.")
    await expect(said(seller, LEG).get_by_role("button", name="👍")).to_have_count(0)


async def test_an_answer_quotes_what_it_answers(enter: EnterInbox) -> None:
    buyer, seller = await both_at(enter, "Green sofa")
    await do(buyer, LEG, "Reply")
    await expect(buyer.page.get_by_test_id("intent")).to_contain_text("Bob Baker")
    await expect(buyer.composer).to_be_focused()
    await buyer.send("I have seen it.")
    await expect(buyer.page.get_by_test_id("intent")).to_have_count(0)
    for inbox in (buyer, seller):
        await expect(said(inbox, "I have seen it.").get_by_test_id("quote")).to_contain_text(LEG)
    await buyer.send("And this answers nothing.")
    await expect(said(buyer, "And this answers nothing.").get_by_test_id("quote")).to_have_count(0)
    # What is quoted is always as it is now.
    await do(seller, LEG, "Delete")
    await seller.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for inbox in (buyer, seller):
        await expect(said(inbox, "I have seen it.").get_by_test_id("quote")).to_contain_text("deleted")


async def test_an_answer_that_is_given_up_is_none(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await do(buyer, LEG, "Reply")
    await buyer.page.keyboard.press("Escape")
    await expect(buyer.page.get_by_test_id("intent")).to_have_count(0)
    await buyer.send("Good.")
    await expect(said(buyer, "Good.").get_by_test_id("quote")).to_have_count(0)


async def test_one_jumps_to_what_is_quoted_however_far_away(browser: Browser, market: Served) -> None:
    await import_lines(market, long_thread(400, read=400))
    context = await browser.new_context(locale="en-GB")
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    await buyer.choose("A red bicycle")
    found = await buyer.page.evaluate(ANSWER_THE_THIRD)
    await expect(said(buyer, found)).to_have_count(0)
    await said(buyer, "About your third.").get_by_test_id("quote").click()
    await expect(said(buyer, found)).to_be_in_viewport()
    await expect(said(buyer, found)).to_have_attribute("data-target", "true")
    await context.close()


async def test_new_words_are_on_both_screens_and_say_that_they_are(enter: EnterInbox) -> None:
    buyer, seller = await both_at(enter, "Green sofa")
    await buyer.composer.fill("Half written")
    await buyer.composer.fill("")
    await buyer.send("I come on Saturday at tne.")
    await buyer.composer.fill("Half written")
    await do(buyer, "I come on Saturday at tne.", "Edit")
    editor = buyer.page.get_by_role("textbox", name="New words of the message")
    await expect(editor).to_be_focused()
    await expect(editor).to_have_value("I come on Saturday at tne.")
    await editor.fill("I come on Saturday at ten.")
    await editor.press("Enter")
    for inbox in (buyer, seller):
        await expect(said(inbox, "I come on Saturday at ten.")).to_contain_text("edited")
        await expect(said(inbox, "I come on Saturday at tne.")).to_have_count(0)
    # What was half written before is there again.
    await expect(buyer.composer).to_have_value("Half written")
    await said(seller, "I come on Saturday at ten.").hover()
    await open_menu(seller, "I come on Saturday at ten.")
    await expect(seller.page.get_by_role("menuitem", name="Reply")).to_be_visible()
    for name in ("Edit", "Delete"):
        await expect(seller.page.get_by_role("menuitem", name=name)).to_have_count(0)


async def test_what_is_too_old_to_be_edited_stays_and_one_is_told(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await do(buyer, SCRATCH, "Edit")
    editor = buyer.page.get_by_role("textbox", name="New words of the message")
    await editor.fill("Something else")
    await editor.press("Enter")
    await expect(buyer.page.get_by_role("alert")).to_contain_text("too old")
    await expect(editor).to_have_value("Something else")
    await editor.press("Escape")
    await expect(said(buyer, SCRATCH)).to_be_visible()


async def test_a_deleted_message_leaves_its_place_on_both_screens(enter: EnterInbox) -> None:
    buyer, seller = await both_at(enter, "Green sofa")
    await buyer.send("This was not for you.")
    await expect(said(seller, "This was not for you.")).to_be_visible()
    await do(buyer, "This was not for you.", "Delete")
    await buyer.page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    await expect(said(buyer, "This was not for you.")).to_be_visible()
    await do(buyer, "This was not for you.", "Delete")
    await buyer.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for inbox in (buyer, seller):
        await expect(said(inbox, "This was not for you.")).to_have_count(0)
        gone = inbox.page.get_by_role("log").locator("li").last
        await expect(gone).to_contain_text("This message was deleted.")
        await expect(gone.get_by_role("button")).to_have_count(0)


async def test_in_a_closed_conversation_one_can_only_copy_and_delete(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Upright piano")
    row = buyer.page.get_by_role("log").locator("li", has=buyer.page.get_by_test_id("body")).first
    await row.hover()
    await row.get_by_role("button", name="More about this message").click()
    await expect(buyer.page.get_by_role("menuitem", name="Copy")).to_be_visible()
    await expect(buyer.page.get_by_role("menuitem", name="Reply")).to_have_count(0)
    await expect(buyer.page.get_by_role("menuitemcheckbox")).to_have_count(0)


async def test_the_keyboard_reaches_every_message(enter: EnterInbox, meet: Meet) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await expect(buyer.bodies.last).to_be_visible()
    page = buyer.page
    await buyer.composer.focus()
    for _ in range(2):
        await page.keyboard.press("Shift+Tab")
    last = said(buyer, "You may look at it any evening after six.").get_by_role("button")
    await expect(last).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(said(buyer, LEG).get_by_role("button")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitemcheckbox", name="👍")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(said(buyer, LEG).get_by_role("button", name="More about this message")).to_be_focused()
    await has_reactions(meet("seller"), "❤️")
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Reply").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.type("By keyboard alone")
    await page.keyboard.press("Enter")
    await buyer.is_marked("By keyboard alone", "sent")
    await expect(said(buyer, "By keyboard alone").get_by_test_id("quote")).to_contain_text(LEG)
    answer = (await messages_seen_by(meet("seller")))[-1]
    assert (answer["body"], answer["replyTo"]) == ("By keyboard alone", {"body": LEG})


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_finger_opens_the_menu_and_axe_has_nothing_to_say(browser: Browser, market: Served, theme: str) -> None:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
        reduced_motion="reduce",
        color_scheme=theme,  # type: ignore[arg-type]
    )
    buyer = await Inbox.open(context, links_in(market.output)["buyer"])
    await buyer.choose("Green sofa")
    for words in ("You may look at it any evening after six.", "Good morning! How wide is the sofa?"):
        button = said(buyer, words).get_by_role("button", name="More about this message")
        await expect(button).to_have_css("opacity", "0.4")
        await button.tap()
        menu = buyer.page.get_by_role("menu")
        await expect(menu).to_be_in_viewport(ratio=1)
        assert await faults_of(buyer.page) == []
        await buyer.page.keyboard.press("Escape")
    await said(buyer, "You may look at it any evening after six.").get_by_role("button").tap()
    await buyer.page.get_by_role("menuitemcheckbox", name="🙏").tap()
    await do(buyer, "You may look at it any evening after six.", "Reply")
    await expect(buyer.page.get_by_test_id("intent")).to_be_visible()
    assert await faults_of(buyer.page) == []
    await do(buyer, "Good morning! How wide is the sofa?", "Delete")
    await expect(buyer.page.get_by_role("dialog")).to_be_visible()
    assert await faults_of(buyer.page) == []
    await context.close()
