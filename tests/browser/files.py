"""Files as a person gives them to the inbox, and a gate that holds them back on their way."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO

from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, Route, expect

from tests.browser.inbox import Inbox
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]


def picture(name: str = "sofa.png", colour: str = "seagreen", size: tuple[int, int] = (640, 480)) -> FilePayload:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}


def text(name: str = "measures.txt", words: str = "160 x 80 x 75 cm\n") -> FilePayload:
    """A file that is no picture."""
    return {"name": name, "mimeType": "text/plain", "buffer": words.encode()}


def tray(inbox: Inbox) -> Locator:
    """The files that will go with the next message."""
    return inbox.page.get_by_role("list", name="Files to send").get_by_role("listitem")


async def attach(inbox: Inbox, *files: FilePayload) -> None:
    """Choose files, as with the button."""
    await inbox.page.get_by_test_id("files").set_input_files(list(files))


async def is_loaded(image: Locator) -> None:
    """Wait until a picture is really there, by another address if need be."""
    await expect(image).to_be_visible()
    await until(partial(image.evaluate, "image => image.complete && image.naturalWidth > 0"), pause=0.05)


def last(inbox: Inbox) -> Locator:
    """The newest row of the thread."""
    return inbox.page.get_by_role("log").locator("li[data-seq]").last


async def both(enter: EnterInbox) -> tuple[Inbox, Inbox]:
    """Buyer and seller look at the same thread."""
    buyer, seller = await enter("buyer"), await enter("seller")
    for inbox in (buyer, seller):
        await inbox.choose("Green sofa")
        await expect(inbox.bodies.last).to_be_visible()
    return buyer, seller


class Gate:
    """Holds uploads back, or breaks them, until it is opened."""

    def __init__(self) -> None:
        self.is_open = asyncio.Event()
        self.is_broken = False

    async def watch(self, page: Page) -> None:
        await page.route("**/graphql", self._pass)

    async def _pass(self, route: Route) -> None:
        if "multipart/form-data" not in route.request.headers.get("content-type", ""):
            await route.continue_()
        elif self.is_broken:
            await route.abort()
        else:
            await self.is_open.wait()
            await route.continue_()
