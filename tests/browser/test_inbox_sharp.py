"""Pictures in a thread are as sharp as the screen, and have their place before they are there."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, Route, expect

from tests.browser.files import attach, both, is_loaded, last, picture, tray
from tests.browser.inbox import Inbox, links_in
from tests.browser.pageless import Meet, send_files, thread_about
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

#: The width of the file that is shown, and that of the picture on the screen, both in the screen's own pixels.
WIDTHS = """async (image) => {
  const file = await createImageBitmap(await (await fetch(image.currentSrc)).blob());
  const { width, height } = image.getBoundingClientRect();
  return [file.width, Math.max(width, height * file.width / file.height) * devicePixelRatio];
}"""
SIZE = (1600, 1200)
#: Where a message is and how large, in pixels.
PLACE = "(row) => { const { width, height } = row.getBoundingClientRect(); return [width, height]; }"


async def send(inbox: Inbox, *names: str, size: tuple[int, int] = SIZE) -> None:
    """A message with pictures and nothing else."""
    await attach(inbox, *(picture(name, size=size) for name in names))
    await expect(tray(inbox)).to_have_count(len(names))
    await expect(inbox.page.get_by_role("progressbar")).to_have_count(0)
    await inbox.composer.press("Enter")
    await is_loaded(last(inbox).get_by_role("button", name=names[-1]).locator("img"))


async def is_sharp(image: Locator) -> bool:
    """No pixel of the file is shown as more than one."""
    await is_loaded(image)
    file, shown = await image.evaluate(WIDTHS)
    return bool(file >= shown)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
async def test_a_dense_screen_gets_pictures_that_are_sharp(
    browser: Browser, market: Served, meet: Meet, count: int
) -> None:
    """On a wide window and a narrow one; one picture and several; those without a larger file stay as they are."""
    buyer = meet("buyer")
    pictures = (picture(f"front-{number}.png", size=SIZE) for number in range(count))
    await send_files(buyer, await thread_about(buyer, "Green sofa"), *pictures)
    for width, density in ((1280, 1), (1280, 2), (390, 3)):
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, device_scale_factor=density, locale="en-GB"
        )
        seller = await Inbox.open(context, links_in(market.output)["seller"])
        await seller.choose("Green sofa")
        images = last(seller).locator("img")
        await expect(images).to_have_count(count)
        assert [await is_sharp(image) for image in await images.all()] == [True] * count
        await context.close()


async def test_small_screens_are_not_sent_more_than_they_show(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await send(buyer, *(f"front-{number}.png" for number in range(5)))
    assert "/thumbnail/" in str(await last(buyer).locator("img").last.evaluate("(image) => image.currentSrc"))
    await send(buyer, "small.png", size=(200, 150))
    assert await last(buyer).locator("img").get_attribute("srcset") is None


@pytest.mark.parametrize("count", [1, 2])
async def test_a_message_is_as_large_before_its_pictures_are_there(enter: EnterInbox, count: int) -> None:
    buyer, seller = await both(enter)
    may_pass = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_pass.wait()
        await route.continue_()

    await seller.page.route("**/files/**", hold)
    await send(buyer, *(f"front-{number}.png" for number in range(count)))
    image = last(seller).locator("img").first
    await expect(last(seller).get_by_role("button", name="Show the picture")).to_have_count(count)
    before = await last(seller).evaluate(PLACE), await last(seller).locator("article").evaluate(PLACE)
    may_pass.set()
    await is_loaded(image)
    assert (await last(seller).evaluate(PLACE), await last(seller).locator("article").evaluate(PLACE)) == before
    assert before[1][1] > 200
