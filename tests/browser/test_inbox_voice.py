"""Voice messages, with Chromium's own stand-in for a microphone, which beeps once a second."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, expect

from tests.browser.axe import faults_of
from tests.browser.inbox import Inbox, links_in
from tests.served import Served
from tests.waiting import soon

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("a microphone")]

LET_IT_END = "audio => new Promise(done => { audio.addEventListener('ended', done); audio.loop = false })"
#: More than none; a busy machine may look late.
SECONDS = re.compile("0:(0[1-9]|[1-5][0-9])")


@pytest.fixture
async def buyer_and_seller(listening: Browser, market: Served) -> AsyncIterator[tuple[Inbox, Inbox]]:
    """Both at the sofa; only the buyer may use the microphone."""
    links = links_in(market.output)
    async with AsyncExitStack() as opened:

        async def begin(who: str, *permissions: str) -> Inbox:
            context: BrowserContext = await listening.new_context(locale="en-GB", permissions=[*permissions])
            opened.push_async_callback(context.close)
            inbox = await Inbox.open(context, links[who])
            await inbox.choose("Green sofa")
            await expect(inbox.bodies.last).to_be_visible()
            return inbox

        yield await begin("buyer", "microphone"), await begin("seller")


def voices(inbox: Inbox) -> Locator:
    return inbox.page.get_by_role("log").locator("li[data-seq]").get_by_test_id("voice")


async def speak(inbox: Inbox) -> None:
    """Record for a second."""
    await inbox.page.get_by_role("button", name="Record a voice message").click()
    await expect(inbox.page.get_by_role("timer")).to_have_text(SECONDS)


async def test_what_one_says_the_other_hears(buyer_and_seller: tuple[Inbox, Inbox]) -> None:
    buyer, seller = buyer_and_seller
    await speak(buyer)
    assert await faults_of(buyer.page) == []
    await buyer.page.get_by_role("button", name="Send the voice message").click()
    await expect(buyer.composer).to_be_visible()
    for inbox in buyer_and_seller:
        await expect(voices(inbox)).to_have_count(1)
    await expect(seller.row("Green sofa")).to_contain_text("Voice message")
    await expect(voices(seller)).to_contain_text(SECONDS)
    assert await faults_of(seller.page) == []
    audio = voices(seller).locator("audio")
    # So that it does not end before somebody looks.
    await audio.evaluate("audio => { audio.loop = true }")
    await voices(seller).get_by_role("button", name="Play the voice message").click()
    await expect(voices(seller).get_by_role("button", name="Pause")).to_be_visible()
    await soon(audio.evaluate(LET_IT_END))
    await expect(voices(seller).get_by_role("button", name="Play the voice message")).to_be_visible()
    assert await audio.evaluate("audio => audio.error") is None


async def test_a_recording_that_is_dropped_is_not_sent(buyer_and_seller: tuple[Inbox, Inbox]) -> None:
    buyer, seller = buyer_and_seller
    await speak(buyer)
    await buyer.page.get_by_role("button", name="Drop the recording").click()
    await expect(buyer.composer).to_be_visible()
    await speak(buyer)
    await buyer.page.keyboard.press("Escape")
    await expect(buyer.composer).to_be_visible()
    # Neither is one that one leaves.
    await speak(buyer)
    await buyer.choose("Eli Engel")
    await expect(buyer.page.get_by_role("timer")).to_have_count(0)
    await buyer.choose("Green sofa")
    await buyer.send("Nothing was said.")
    await seller.says("Nothing was said.")
    await expect(voices(seller)).to_have_count(0)


async def test_who_may_not_use_the_microphone_is_told_why(buyer_and_seller: tuple[Inbox, Inbox]) -> None:
    _, seller = buyer_and_seller
    await seller.page.get_by_role("button", name="Record a voice message").click()
    await expect(seller.page.get_by_role("alert")).to_contain_text("The microphone cannot be used")
    await seller.composer.fill("Then in words.")
    await expect(seller.page.get_by_role("button", name="Record a voice message")).to_have_count(0)
    await expect(seller.page.get_by_role("button", name="Send")).to_be_enabled()


async def test_one_voice_at_a_time_from_any_place(buyer_and_seller: tuple[Inbox, Inbox]) -> None:
    buyer, seller = buyer_and_seller
    for count in (1, 2):
        await speak(buyer)
        await buyer.page.get_by_role("button", name="Send the voice message").click()
        await expect(voices(seller)).to_have_count(count)
    first, second = voices(seller).first, voices(seller).last
    for voice in (first, second):
        # So that neither ends by itself before it was looked at.
        await voice.locator("audio").evaluate("audio => { audio.loop = true }")
    await first.get_by_role("button").click()
    await expect(first).to_have_attribute("data-playing", "true")
    await second.get_by_role("button").click()
    await expect(second).to_have_attribute("data-playing", "true")
    await expect(first).not_to_have_attribute("data-playing", "true")
    await second.get_by_role("button").click()
    await second.get_by_role("slider", name="Place in the voice message").fill("0.5")
    await expect(second.locator("audio")).to_have_js_property("currentTime", 0.5)
