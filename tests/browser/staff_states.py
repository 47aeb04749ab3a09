"""States of staff's pages, each kept as a picture."""

from pathlib import Path

import httpx
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.inbox import Inbox, links_in
from tests.browser.pageless import person_at, report
from tests.browser.staff import LEG, conversations_in, look_at
from tests.client import NO_TLS
from tests.served import Served
from tests.waiting import until

#: Those in sight; the others are loaded when they come there.
HAS_PICTURES = """[...document.images].every((one) => one.complete || one.getBoundingClientRect().top > innerHeight)"""


async def show_staff(context: BrowserContext, market: Served, stem: Path) -> None:
    """What was reported, anybody's conversations, one of them and what is done there."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        for words in (LEG, "You may look at it any evening after six."):
            await report(person_at(market, http, "buyer"), words)
    ada = await Inbox.open(context, links_in(market.output)["admin"])
    page = ada.page
    log, dialog = page.get_by_role("log"), page.get_by_role("dialog")

    async def keep(name: str, seen: Locator) -> None:
        await expect(seen).to_be_visible()
        await page.wait_for_load_state("networkidle")
        await until(lambda: page.evaluate(HAS_PICTURES))
        await page.screenshot(path=f"{stem}-t-staff-{name}.png")

    await page.goto(f"{market.url}/staff/reports")
    shown = page.get_by_role("link", name="Message by Bob Baker").first
    await keep("1-reports", shown)
    await shown.click()
    await keep("2-reported", log.locator("li[aria-current]"))
    await page.goto(f"{market.url}/staff/conversations")
    await keep("3-conversations", conversations_in(page).first)
    field = page.get_by_role("textbox", name="Subject or person")
    await field.fill("zebra")
    await field.press("Enter")
    await keep("4-none", page.get_by_text("No such conversations"))
    await field.fill("")
    await look_at(ada, "Small grey car")
    await keep("5-thread", log)
    await log.get_by_role("button", name="More about this message").last.press("Enter")
    await page.get_by_role("menuitem", name="Remove").press("Enter")
    await keep("6-remove", dialog)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Join").click()
    await keep("7-join", dialog)
    await dialog.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("link", name="Write in it")).to_be_visible()
    await keep("8-joined", log.get_by_text("has joined"))
    await page.get_by_role("link", name="Dot Draper").click()
    await keep("9-person", conversations_in(page).get_by_role("link").first)
    await look_at(ada, "Upright piano")
    await page.get_by_role("button", name="Reopen").click()
    await dialog.get_by_role("textbox").fill("They ask for it.")
    await dialog.get_by_role("button", name="Reopen").click()
    await keep("a-refused", dialog.get_by_role("alert"))
    await page.keyboard.press("Escape")
    await keep("b-closed", page.get_by_role("button", name="Reopen"))
    await page.goto(f"{market.url}/staff/audit")
    await keep("c-audit", page.get_by_role("list", name="Audit log"))
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("menuitemradio", name="Deutsch").click()
    await page.keyboard.press("Escape")
    await page.goto(f"{market.url}/staff/conversations")
    rows = page.get_by_role("list", name="Gespräche").get_by_role("link")
    await keep("d-german", rows.first)
    await rows.filter(has_text="Upright piano").click()
    await page.get_by_role("button", name="Wieder öffnen").click()
    await keep("e-german-thread", dialog)
    await context.close()
