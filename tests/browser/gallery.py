"""Pictures of the inbox in each of its states, on a phone and on a desk, light and dark: to look at after a change.

.venv/bin/python -m tests.browser.gallery /tmp/gallery [phone|desk]
.venv/bin/python -m tests.browser.gallery --readme docs/images/inbox.png
"""

import asyncio
import re
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.chromium import LISTENING, open_chromium
from tests.browser.inbox import Inbox, links_in
from tests.browser.messages import do, react, said
from tests.browser.sofa import draw_sofa
from tests.browser.staff_states import show_staff
from tests.browser.states import (
    show_catching_up,
    show_directions,
    show_elements,
    show_files,
    show_messages,
    show_nothing,
    show_report,
    show_searches,
    show_texts,
    show_voice,
)
from tests.served import Served, serve_as_developer

SIZES = {"phone": (390, 844), "desk": (1280, 800)}
#: Who says what. A picture goes with the first, which the second answers.
TALK = (
    ("seller", "I took one more picture of it today."),
    ("buyer", "It is even nicer than in the listing. Could I come on Saturday, say at ten?"),
    ("seller", "Ten is fine. The house is the one with the blue door, second floor: https://map.example/blue-door"),
    ("buyer", "Perfect, see you then!"),
)
PICTURE, ANSWER = TALK[0][1], TALK[1][1]


async def begin(browser: Browser, size: str, theme: str) -> BrowserContext:
    """A window of a size, in a theme, in which nothing moves."""
    width, height = SIZES[size]
    return await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
        has_touch=size == "phone",
        permissions=["microphone"],
        device_scale_factor=2 if size == "phone" else 1,
    )


async def talk(browser: Browser, market: Served) -> None:
    """Ann and Bob talk about the sofa, and Ann has opened a conversation about the bicycle."""
    links = links_in(market.output)
    people = {who: await Inbox.open(await browser.new_context(), links[who]) for who in ("buyer", "seller")}
    for inbox in people.values():
        await inbox.choose("Green sofa")
    for who, words in TALK:
        writer = people[who]
        if words == PICTURE:
            await writer.page.get_by_test_id("files").set_input_files([draw_sofa()])
            await expect(writer.page.get_by_role("progressbar")).to_have_count(0)
        if words == ANSWER:
            await do(writer, PICTURE, "Reply")
        await writer.send(words)
        for inbox in people.values():
            await expect(inbox.bodies.last).to_have_text(words)
    await react(people["buyer"], PICTURE, "❤️")
    await react(people["buyer"], TALK[2][1], "👍")
    await react(people["seller"], ANSWER, "👍")
    for inbox in people.values():
        await expect(said(inbox, ANSWER).get_by_role("button", name="👍")).to_be_visible()
    for inbox in people.values():
        await inbox.page.context.close()


async def photograph(browser: Browser, market: Served, folder: Path, size: str, theme: str) -> None:
    """All places in one size and theme."""
    links = links_in(market.output)
    context = await begin(browser, size, theme)
    page = await context.new_page()

    async def keep(name: str) -> None:
        await page.wait_for_load_state("networkidle")
        await page.screenshot(path=folder / f"{size}-{theme}-{name}.png")

    await page.goto(market.url)
    await page.get_by_role("button", name="Ann Archer").wait_for()
    await keep("1-sign-in")
    await page.close()
    inbox = await Inbox.open(context, links["buyer"])
    page = inbox.page
    await inbox.row("Green sofa").wait_for()
    await keep("2-list")
    await inbox.choose("Green sofa")
    await expect(inbox.bodies.last).to_have_text(TALK[-1][1])
    await keep("3-thread")
    await page.get_by_role("button", name="What to do with this conversation").click()
    await keep("4-menu")
    await page.keyboard.press("Escape")
    await inbox.composer.fill("مرحبا، هل ما زالت متاحة؟")
    await keep("5-writing")
    await inbox.composer.fill("")
    for name, words in (("6-unread", "Eli Engel"), ("7-closed", "Upright piano")):
        await page.goto(market.url)
        await inbox.choose(words)
        await expect(inbox.page.get_by_role("log").locator("li").first).to_be_visible()
        await keep(name)
    for name, path in (("8-market", "/market"), ("9-new", "/new/listing/bike-1"), ("a-missing", "/c/nothing")):
        await page.goto(f"{market.url}{path}")
        await expect(page.get_by_text(re.compile("bicycle|no such"))).not_to_have_count(0)
        await keep(name)
    await page.goto(market.url)
    await inbox.choose("Green sofa")
    await expect(inbox.composer).to_be_visible()
    for show in (show_messages, show_report, show_files, show_voice, show_texts, show_searches):
        await show(inbox, keep)
    stem = folder / f"{size}-{theme}"
    await show_nothing(context, inbox, market, keep, stem)
    await show_directions(inbox, market, keep)
    await page.goto(market.url)
    await inbox.choose("Green sofa")
    await expect(inbox.composer).to_be_visible()
    await show_elements(context, market, stem)
    await show_catching_up(context, market, stem)
    await show_staff(await begin(browser, size, theme), market, stem)
    await market.kill()
    await inbox.composer.fill("And thank you for keeping it!")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_text("No connection").wait_for()
    await page.screenshot(path=folder / f"{size}-{theme}-b-offline.png")
    await context.close()
    await market.start()


async def make_gallery(folder: Path, sizes: list[str]) -> None:
    """Every state and theme, in these sizes."""
    for size in sizes or SIZES:
        for theme in ("light", "dark"):
            with TemporaryDirectory() as place:
                async with serve_as_developer(Path(place)) as market, open_chromium(LISTENING[0]) as browser:
                    await talk(browser, market)
                    await photograph(browser, market, folder, size, theme)


async def make_picture() -> bytes:
    """The README's: the seller's and the buyer's conversation on a desk."""
    with TemporaryDirectory() as place:
        async with serve_as_developer(Path(place)) as market, open_chromium(LISTENING[0]) as browser:
            await talk(browser, market)
            inbox = await Inbox.open(await begin(browser, "desk", "light"), links_in(market.output)["buyer"])
            seller = await Inbox.open(await browser.new_context(), links_in(market.output)["seller"])
            await inbox.choose("Green sofa")
            await expect(inbox.bodies.last).to_have_text(TALK[-1][1])
            await seller.choose("Green sofa")
            await seller.composer.press_sequentially("See")
            await expect(inbox.page.get_by_test_id("typing")).to_contain_text("typing")
            await inbox.page.mouse.move(640, 790)
            return await inbox.page.screenshot()


def main(words: list[str]) -> None:
    """Write the pictures."""
    if words[0] != "--readme":
        folder = Path(words[0])
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(make_gallery(folder, words[1:]))
        return
    Image.open(BytesIO(asyncio.run(make_picture()))).convert("RGB").save(words[1], optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
