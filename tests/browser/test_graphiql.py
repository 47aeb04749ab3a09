"""GraphiQL in Chromium, by the printed links: signed in, documented, live, and alone with its own server."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests import acts
from tests.browser.chromium import Watch
from tests.browser.graphiql import GraphiQL
from tests.served import Served
from tests.waiting import until

OpenPage = Callable[[str], Awaitable[GraphiQL]]

pytestmark = pytest.mark.browser


async def test_a_printed_link_signs_in_and_leaves_no_token_in_the_address(visit: OpenPage, market: Served) -> None:
    buyer = await visit("buyer")
    assert buyer.page.url == f"{market.url}/graphiql/"
    await expect(buyer.page.get_by_test_id("who")).to_contain_text("Ann Archer · ann · buyer · expires")
    assert (await buyer.ask("Inbox"))["viewer"]["user"]["name"] == "Ann Archer"
    await buyer.page.reload()
    await expect(buyer.page.get_by_test_id("who")).to_contain_text("Ann Archer")


FIRST_STEPS = [
    "ContactButton", "Open", "Inbox", "Thread", "LiveMessages", "Send", "MarkRead", "React", "LiveInbox",
]  # fmt: skip


async def test_the_tabs_are_the_first_steps_in_the_order_of_the_tour(visit: OpenPage) -> None:
    """And what is for the host's server or for staff is neither a tab nor in the menu of anybody else."""
    buyer = await visit("buyer")
    assert await buyer.tabs() == FIRST_STEPS
    offered = await buyer.offered()
    assert {*FIRST_STEPS, "Search", "LiveTyping", "ReportOne"} <= set(offered)
    assert [name for name in offered if name.startswith(("Host", "Staff"))] == []


@pytest.mark.parametrize(("who", "word", "other"), [("host's server", "Host", "Staff"), ("admin", "Staff", "Host")])
async def test_the_host_and_staff_begin_with_what_is_theirs(visit: OpenPage, who: str, word: str, other: str) -> None:
    page = await visit(who)
    tabs = await page.tabs()
    assert len(tabs) >= 4
    assert [tab for tab in tabs if not tab.startswith(word)] == []
    offered = await page.offered()
    assert {*tabs, *FIRST_STEPS} <= set(offered)
    assert [name for name in offered if name.startswith(other)] == []


async def test_an_example_of_the_menu_gets_a_tab_of_its_own(visit: OpenPage) -> None:
    """What was written in the tab before stays there, and a subscription does not write into the new one."""
    buyer = await visit("buyer")
    await buyer.choose("LiveInbox")
    await buyer.run()
    await buyer.is_live()
    await buyer.open_example("People")
    assert await buyer.tabs() == [*FIRST_STEPS, "People"]
    people = (await buyer.ask("People"))["users"]["edges"]
    assert "Bob Baker" in [edge["node"]["name"] for edge in people]
    await buyer.choose("LiveInbox")
    await buyer.choose("People")


async def test_nothing_is_cut_off_at_the_side(visit: OpenPage) -> None:
    """Half of a window of 1,280 points is less than the first line of many an operation."""
    page = await visit("buyer")
    for tab in await page.tabs():
        await page.choose(tab)
        await until(page.fits)


async def test_the_schema_explorer_shows_what_can_be_asked(visit: OpenPage) -> None:
    page = (await visit("seller")).page
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    explorer = page.locator(".graphiql-doc-explorer")
    await explorer.get_by_role("link", name="Subscription", exact=True).click()
    await expect(explorer).to_contain_text("messageAdded")
    await expect(explorer).to_contain_text("Every message after the cursor, in order, once each")


async def test_a_message_sent_in_one_tab_arrives_in_the_other(visit: OpenPage) -> None:
    """The buyer opens the conversation about the bicycle, the seller follows it, the buyer sends."""
    buyer, seller = await visit("buyer"), await visit("seller")
    conversation_id = (await buyer.ask("Open"))["openConversation"]["conversation"]["id"]
    inbox = (await seller.ask("Inbox"))["conversations"]["edges"]
    assert inbox[0]["node"]["id"] == conversation_id
    await seller.choose("LiveMessages", conversationId=conversation_id, after=None)
    quiet = await seller.footers_place()
    await seller.run()
    await seller.counts(0)
    assert await seller.footers_place() == quiet  # It says more, and takes no more room.
    message = {"conversationId": conversation_id, "body": "Would Friday suit you?", "clientMessageId": acts.key()}
    sent = (await buyer.ask("Send", input=message))["sendMessage"]
    assert sent["errors"] == []
    await seller.counts(1)
    heard = (await until(seller.answer))["data"]["messageAdded"]
    assert heard["message"]["id"] == sent["messageEdge"]["node"]["id"]
    assert heard["message"]["body"] == "Would Friday suit you?"
    assert heard["isReplay"] is False


async def test_the_live_inbox_hears_of_a_conversation_that_is_opened_meanwhile(visit: OpenPage) -> None:
    buyer, seller = await visit("buyer"), await visit("seller")
    cursor = (await seller.ask("Inbox"))["viewer"]["inboxCursor"]
    await seller.choose("LiveInbox", after=cursor)
    await seller.run()
    await seller.is_live()
    opened = (await buyer.ask("Open"))["openConversation"]["conversation"]

    async def hears_of_it() -> bool:
        """The page shows the newest event: the first message, or that it was delivered."""
        event = ((await seller.answer()) or {}).get("data", {}).get("inbox", {})
        about = event.get("message", event).get("conversation", {})
        return bool((about.get("id"), about.get("unreadCount")) == (opened["id"], 1))

    await until(hears_of_it)


async def test_no_page_asks_another_host_or_complains(visit: OpenPage, market: Served, watches: list[Watch]) -> None:
    """Every tab is opened, every example of the menu and the documentation too, and a subscription runs."""
    seller = await visit("seller")
    for name in await seller.offered():
        if name not in FIRST_STEPS:
            await seller.open_example(name)
    tabs = await seller.tabs()
    assert set(tabs) == set(await seller.offered())
    assert len(tabs) >= 25
    for tab in tabs:
        await seller.choose(tab)
    await seller.ask("Inbox")
    await seller.choose("LiveInbox")
    await seller.run()
    await seller.is_live()
    await seller.page.get_by_role("button", name="Show Documentation Explorer").click()
    await seller.page.locator(".graphiql-doc-explorer").wait_for()
    (watch,) = watches
    assert watch.hosts == {urlsplit(market.url).netloc}
    assert watch.complaints == []
