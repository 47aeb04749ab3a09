"""What one does with a message that stands in a thread."""

import re

from playwright.async_api import Locator

from tests.browser.inbox import Inbox


def said(inbox: Inbox, words: str) -> Locator:
    """The row of a message, by its words."""
    body = inbox.page.get_by_test_id("body").filter(has_text=re.compile(f"^{re.escape(words)}$"))
    return inbox.page.get_by_role("log").locator("li", has=body).last


async def open_menu(inbox: Inbox, words: str) -> None:
    """Open a message's own menu."""
    row = said(inbox, words)
    await row.hover()
    await row.get_by_role("button", name="More about this message").click()


async def do(inbox: Inbox, words: str, what: str) -> None:
    """Choose something from a message's own menu."""
    await open_menu(inbox, words)
    await inbox.page.get_by_role("menuitem", name=what, exact=True).click()


async def react(inbox: Inbox, words: str, emoji: str) -> None:
    """Put one of the first emoji to a message."""
    await open_menu(inbox, words)
    await inbox.page.get_by_role("menuitemcheckbox", name=emoji).click()
