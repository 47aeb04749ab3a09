"""Whoever is at the end of a thread is there after whatever comes, and whoever sends always is."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from playwright.async_api import expect

from tests.browser.files import attach, both, is_loaded, last, picture, tray
from tests.browser.inbox import Inbox
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

SENDS = 10
#: How far the thread was from its end when it came to rest: three frames in which nothing was scrolled.
RESTS_BELOW = """(box) => new Promise((tell) => {
  let top = NaN, frames = 0;
  const look = () => {
    frames = box.scrollTop === top ? frames + 1 : 0;
    top = box.scrollTop;
    if (frames < 3) requestAnimationFrame(look);
    else tell(Math.round(box.scrollHeight - top - box.clientHeight));
  };
  look();
})"""


async def is_at_end(inbox: Inbox) -> bool:
    """All that is said is seen."""
    return bool(await inbox.page.get_by_role("log").evaluate(RESTS_BELOW) <= 1)


@pytest.mark.parametrize("width", [390, 1280])
async def test_pictures_that_one_sends_or_gets_at_the_end_are_seen_whole(enter: EnterInbox, width: int) -> None:
    """Also while the box grows because the files left the composer."""
    buyer, seller = await both(enter)
    await buyer.page.set_viewport_size({"width": width, "height": 800})
    misses = []
    for number in range(SENDS):
        names = f"front-{number}.png", f"back-{number}.png"
        await attach(buyer, *(picture(name) for name in names))
        await expect(tray(buyer)).to_have_count(2)
        await expect(buyer.page.get_by_role("progressbar")).to_have_count(0)
        await until(partial(is_at_end, buyer))
        await buyer.composer.press("Enter")
        for inbox in (buyer, seller):
            await is_loaded(last(inbox).get_by_role("button", name=names[1]).locator("img"))
        await expect(last(buyer).locator("[data-mark]")).to_have_attribute("data-mark", "read")
        misses += [(number, who) for who, one in (("sender", buyer), ("other", seller)) if not await is_at_end(one)]
        if misses:
            break
    assert misses == []
    await expect(buyer.page.get_by_role("button", name="To the newest message")).to_have_count(0)
