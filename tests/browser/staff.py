"""What the tests of staff's pages share: where staff look."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

from tests.browser.inbox import Inbox

EnterInbox = Callable[[str], Awaitable[Inbox]]

LEG = "One leg has a small one. I have put a picture of it into the listing."


def id_in(page: Page) -> str:
    """The conversation in the address of `/c/ID` and `/staff/c/ID`."""
    parts = page.url.removeprefix("http://").split("/")
    return parts[parts.index("c") + 1]


def conversations_in(page: Page) -> Locator:
    """The rows of anybody's conversations."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem")


async def look_at(inbox: Inbox, words: str) -> Page:
    """As staff, open the conversation with these words in its row."""
    page = inbox.page
    await page.get_by_role("link", name="Staff", exact=True).click()
    await page.get_by_role("navigation", name="What staff see").get_by_role("link", name="Conversations").click()
    await conversations_in(page).filter(has_text=words).get_by_role("link").click()
    await expect(page.get_by_role("log").get_by_role("listitem").first).to_be_visible()
    return page
