"""The inbox in Chromium: signed in by a printed link or as a demo person, and alone with its own server."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from tests import acts
from tests.browser.chromium import Watch
from tests.browser.inbox import Inbox
from tests.browser.pageless import Meet, thread_about
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


async def test_a_printed_link_signs_in_and_leaves_no_token_in_the_address(enter: EnterInbox, market: Served) -> None:
    buyer = await enter("buyer")
    assert buyer.page.url == f"{market.url}/"
    await expect(buyer.page).to_have_title("(4) Ann Archer · Palaver")
    kept = await buyer.page.evaluate("JSON.stringify([localStorage, history.state])")
    assert "eyJ" not in kept
    await buyer.page.reload()
    await expect(buyer.row("Eli Engel")).to_be_visible()


async def test_in_development_one_becomes_somebody_of_the_market(browser: Browser, market: Served) -> None:
    page = await browser.new_page(base_url=market.url)
    await page.goto("/market")
    await page.get_by_role("button", name="Bob Baker seller").click()
    await expect(page.get_by_role("heading", name="The demo market")).to_be_visible()
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_text("Try it as somebody of the demo market")).to_be_visible()
    await page.close()


async def test_in_production_nobody_can_be_somebody_else(browser: Browser, sqlite_home: Home) -> None:
    """Whoever has no token is sent to the application, wherever they come in."""
    async with serve(sqlite_home) as served:
        page = await browser.new_page(base_url=served.url, locale="en-GB")
        for place in ("/", "/market", "/staff/reports"):
            await page.goto(place)
            await expect(page.get_by_role("status")).to_have_text(
                "Open this page from your application: it signs you in."
            )
            await expect(page.get_by_role("button")).to_have_count(0)
            await expect(page.get_by_text("Ann Archer")).to_have_count(0)
        await page.goto(f"/#token={sign('ann', name='Ann Archer')}")
        await expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
        await expect(page.get_by_role("link", name="Inbox")).to_be_visible()
        await expect(page.get_by_role("link", name="Market")).to_have_count(0)
        await page.close()


async def test_the_market_shows_each_thing_and_whose_it_is(enter: EnterInbox) -> None:
    page = (await enter("buyer")).page
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.get_by_role("link", name="Market").click()
    await expect(page.get_by_test_id("drawing").locator("svg")).to_have_count(8)
    await expect(page.get_by_test_id("booking/booking-1")).to_contain_text("Hal Hooper")
    # Also beside what is no longer offered, which says so.
    await expect(page.get_by_test_id("listing/piano-5")).to_contain_text("It is no longer offered.")
    feet = [page.get_by_test_id(f"listing/{one}").get_by_role("button") for one in ("lamp-4", "piano-5", "book-6")]

    async def are_in_one_line() -> bool:
        """Once all of it is there: what is said of one thing makes the whole row higher."""
        boxes = [await foot.bounding_box() for foot in feet]
        return len({box and round(box["y"]) for box in boxes}) == 1

    await until(are_in_one_line)


async def test_the_contact_button_shows_hides_and_explains_itself(enter: EnterInbox) -> None:
    buyer, seller = (await enter("buyer")).page, (await enter("seller")).page
    for page in (buyer, seller):
        await page.get_by_role("link", name="Market").click()
    bicycle, piano = buyer.get_by_test_id("listing/bike-1"), buyer.get_by_test_id("listing/piano-5")
    await expect(bicycle.get_by_role("button", name="Contact about A red bicycle")).to_be_visible()
    await expect(piano.get_by_text("It is no longer offered.")).to_be_visible()
    await expect(piano.get_by_role("button", name=re.compile("Contact"))).to_have_count(0)
    his = seller.get_by_test_id("listing/bike-1")
    await expect(his.get_by_text("This one is yours.")).to_be_visible()
    await expect(his.get_by_role("button", name=re.compile("Contact"))).to_have_count(0)
    # Of a booking of others there is no trace.
    await expect(buyer.get_by_test_id("booking/booking-1")).to_be_visible()
    await expect(seller.get_by_test_id("listing/sofa-2")).to_be_visible()
    await expect(seller.get_by_test_id("booking/booking-1")).to_have_count(0)


async def test_buyer_and_seller_hold_a_conversation(enter: EnterInbox) -> None:
    """From the Contact button to read marks: what each does is on the other's screen."""
    buyer, seller = await enter("buyer"), await enter("seller")
    await expect(seller.page).to_have_title("(1) Bob Baker · Palaver")
    await buyer.page.get_by_role("link", name="Market").click()
    await buyer.page.get_by_role("button", name="Contact about A red bicycle").click()
    await buyer.send("Is it still there?")
    await expect(buyer.page).to_have_url(re.compile("/c/"))

    row = seller.row("Ann Archer").filter(has_text="A red bicycle")
    await expect(row).to_contain_text("Is it still there?")
    await expect(row.get_by_test_id("unread")).to_contain_text("1 unread")
    await expect(seller.page).to_have_title("(2) Bob Baker · Palaver")
    await expect(seller.page.locator("a[data-row]").first).to_contain_text("A red bicycle")
    await buyer.is_marked("Is it still there?", "delivered")

    await row.locator("a[data-row]").click()
    await buyer.is_marked("Is it still there?", "read")
    await expect(row.get_by_test_id("unread")).to_have_count(0)
    await expect(seller.page).to_have_title("(1) Bob Baker · Palaver")

    await seller.composer.press_sequentially("It is")
    await expect(buyer.page.get_by_test_id("typing")).to_have_text("Bob Baker is typing")
    await seller.send("It is. Come on Saturday!")
    await expect(buyer.page.get_by_test_id("typing")).to_have_text("")
    for person in (buyer, seller):
        await person.says("Is it still there?", "It is. Come on Saturday!")
    await seller.is_marked("It is. Come on Saturday!", "read")
    await expect(buyer.page.locator("header", has_text="Bob Baker").get_by_text("online")).to_be_visible()


async def test_a_conversation_is_pinned_muted_and_put_away(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    page, sofa = buyer.page, buyer.row("Green sofa")

    async def do(words: str) -> None:
        await sofa.hover()
        await sofa.get_by_role("button", name="What to do with the conversation").click()
        await page.get_by_role("menuitem", name=words).click()

    await do("Pin")
    await expect(page.locator("a[data-row]").first).to_contain_text("Green sofa")
    await do("Mute for a day")
    await expect(sofa.get_by_text("muted")).to_be_attached()
    await do("Archive")
    await expect(sofa).to_have_count(0)
    await page.get_by_role("button", name="Archived").click()
    await expect(sofa).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Archived").click()
    await do("Take back")
    await expect(sofa).to_have_count(0)
    await page.get_by_role("button", name="Unread", exact=True).click()
    await expect(sofa).to_be_visible()
    await expect(buyer.row("Dot Draper")).to_have_count(0)


async def test_what_was_put_away_comes_back_with_a_message(enter: EnterInbox, meet: Meet) -> None:
    buyer, seller = await enter("buyer"), meet("seller")
    row = buyer.row("Green sofa")
    await row.hover()
    await row.get_by_role("button", name="What to do with the conversation").click()
    # It is shown at once, and a message that the server takes in before that is no reason to bring it back.
    async with buyer.page.expect_response(lambda answer: "mutation Archive" in (answer.request.post_data or "")):
        await buyer.page.get_by_role("menuitem", name="Archive").click()
    await expect(row).to_have_count(0)
    await acts.send(seller, await thread_about(seller, "Green sofa"), "It is still here.")
    await expect(row).to_contain_text("It is still here.")


async def test_a_closed_conversation_says_why_nothing_can_be_sent(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Upright piano")
    await expect(buyer.page.get_by_role("note")).to_contain_text("This is over, so the conversation is closed.")
    await expect(buyer.composer).to_have_count(0)


async def test_who_is_blocked_is_told_and_what_they_write_is_refused_with_the_reason(enter: EnterInbox) -> None:
    buyer, seller = await enter("buyer"), await enter("seller")
    await buyer.choose("Green sofa")
    await seller.choose("Green sofa")
    await buyer.page.get_by_role("button", name="What to do with this conversation").click()
    await buyer.page.get_by_role("menuitem", name="Block Bob Baker").click()
    await expect(buyer.page.get_by_role("note")).to_contain_text("You have blocked Bob Baker.")
    await seller.send("Hello?")
    await expect(seller.page.get_by_role("alert")).to_contain_text("Not sent. One of you has blocked the other.")
    await buyer.page.get_by_role("button", name="Unblock Bob Baker").click()
    await expect(buyer.composer).to_be_visible()
    await seller.page.get_by_role("button", name="Try again").click()
    await expect(seller.page.get_by_role("alert")).to_have_count(0)
    await buyer.says("You may look at it any evening after six.", "Hello?")


async def test_a_strangers_address_shows_nothing(enter: EnterInbox, market: Served) -> None:
    """Fay has no part in what Ann and Bob say; the conversation's address tells nothing that any other would not."""
    buyer, stranger = await enter("buyer"), await enter("admin")
    await buyer.choose("Green sofa")
    await expect(buyer.bodies.first).to_be_visible()
    address = buyer.page.url
    for place in (address, f"{market.url}/c/nonsense", f"{address}/x"):
        await stranger.page.goto(place)
        await expect(stranger.page.get_by_text("There is no such conversation")).to_be_visible()
        text = await stranger.page.locator("body").inner_text()
        assert "sofa" not in text
        assert "Bob" not in text


async def test_the_page_speaks_two_languages_and_keeps_to_the_theme(enter: EnterInbox) -> None:
    page = (await enter("buyer")).page
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("menuitemradio", name="Deutsch").click()
    await page.get_by_role("menuitemradio", name="Dunkel").click()
    await page.reload()
    await expect(page.get_by_role("heading", name="Gespräche")).to_be_visible()
    html = page.locator("html")
    await expect(html).to_have_attribute("lang", "de")
    await expect(html).to_have_css("color-scheme", "dark")


async def test_everything_can_be_done_with_the_keyboard(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    page = buyer.page
    await buyer.row("Eli Engel").wait_for()
    await page.locator("a[data-row]").first.focus()
    for _ in range(3):
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Bob Baker")).to_be_visible()
    await expect(buyer.bodies.first).to_be_visible()
    await page.get_by_role("button", name="What to do with this conversation").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Pin")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Mute")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="What to do with this conversation")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("log")).to_be_focused()
    # The newest message's menu, from which arrow keys go to the others, and the button for files.
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(buyer.composer).to_be_focused()
    await page.keyboard.type("By keyboard")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("alone")
    await page.keyboard.press("Enter")
    await expect(buyer.bodies.last).to_have_text("By keyboard\nalone")


async def test_no_place_asks_another_host_or_complains(enter: EnterInbox, market: Served, watches: list[Watch]) -> None:
    buyer = await enter("buyer")
    for row in ("Eli Engel", "Green sofa", "Upright piano"):
        await buyer.choose(row)
        await expect(buyer.bodies.first).to_be_visible()
    await buyer.page.get_by_role("link", name="Market").click()
    await expect(buyer.page.get_by_test_id("listing/bike-1").get_by_role("button")).to_be_visible()
    (watch,) = watches
    assert watch.hosts == {urlsplit(market.url).netloc}
    assert watch.complaints == []
