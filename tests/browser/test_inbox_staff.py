"""Staff's lists: reports, anybody's conversations, the audit log; who has not the role finds nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from graphql import parse, print_ast, separate_operations
from playwright.async_api import Browser, expect

from core.clock import now_ms
from core.settings import Settings
from core.tokens import sign_development_token
from tests.browser.axe import faults_of
from tests.browser.inbox import DAY, Inbox, import_lines, links_in
from tests.browser.pageless import Meet, message_saying, report, thread_about
from tests.browser.staff import LEG, EnterInbox, conversations_in, look_at
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

PHONE, DESK = (320, 640), (1280, 800)
SOURCE = Path(__file__).parents[2] / "web" / "inbox" / "src"
#: More than a page of the list.
MANY = 75


async def test_a_resolved_report_leaves_the_queue_and_is_in_the_log(enter: EnterInbox, meet: Meet) -> None:
    await report(meet("buyer"), LEG)
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff").click()
    reports = page.get_by_role("list", name="Reports").get_by_role("listitem")
    await expect(reports).to_have_count(1)
    said = ("Message by Bob Baker", "An attempt to cheat", "reported by Ann Archer", LEG, "There is no picture.")
    for words in said:
        await expect(reports).to_contain_text(words)
    note = reports.get_by_role("textbox", name="Note for the audit log")
    await note.fill("The picture is there.")
    await note.press("Enter")
    await expect(page.get_by_text("No open reports")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("No open reports")).to_be_visible()
    await page.get_by_role("link", name="Audit log").press("Enter")
    assert page.url.endswith("/staff/audit")
    entry = page.get_by_role("list", name="Audit log").get_by_role("listitem").filter(has_text="Report resolved")
    await expect(entry).to_contain_text("Ada Moreno")
    await expect(entry).to_contain_text("The picture is there.")


async def test_who_comes_back_to_the_window_sees_new_reports(enter: EnterInbox, meet: Meet) -> None:
    await report(meet("buyer"), LEG)
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff").click()
    reports = page.get_by_role("list", name="Reports").get_by_role("listitem")
    await expect(reports).to_have_count(1)
    note = reports.get_by_role("textbox", name="Note for the audit log")
    await note.fill("Half a sentence")
    await report(meet("buyer"), "You may look at it any evening after six.")
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(reports).to_have_count(2)
    await expect(note.first).to_have_value("Half a sentence")
    await expect(note.first).to_be_focused()


async def test_a_report_leads_to_its_message(enter: EnterInbox, meet: Meet) -> None:
    await report(meet("buyer"), LEG)
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff").click()
    reports = page.get_by_role("list", name="Reports").get_by_role("listitem")
    await reports.get_by_role("link", name="Message by Bob Baker").press("Enter")
    marked = page.get_by_role("log").locator("li[aria-current]")
    await expect(marked).to_contain_text(LEG)
    await expect(marked).to_be_in_viewport()
    address = page.url
    await page.get_by_role("button", name="Back").click()
    await expect(reports).to_have_count(1)
    await page.goto(address)
    await expect(marked).to_contain_text(LEG)


async def test_staff_find_anybodys_conversations(enter: EnterInbox) -> None:
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff").click()
    tabs = page.get_by_role("navigation", name="What staff see")
    await tabs.get_by_role("link", name="Conversations").press("Enter")
    assert page.url.endswith("/staff/conversations")
    rows = conversations_in(page)
    piano = rows.filter(has_text="Upright piano")
    for words in ("Ann Archer", "Dot Draper", "Closed"):
        await expect(piano).to_contain_text(words)
    # The market was put in just now.
    day = datetime.now(UTC) - timedelta(days=12)
    days = f"^({day:%Y-%m-%d}|{day - timedelta(hours=1):%Y-%m-%d})"
    await expect(piano.locator("time")).to_have_attribute("datetime", re.compile(days))
    await expect(rows.filter(has_text="Green sofa")).to_contain_text("Open")
    everything = await rows.count()
    await page.get_by_role("button", name="Closed", exact=True).click()
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="All", exact=True).click()
    await expect(rows).to_have_count(everything)
    field = page.get_by_role("textbox", name="Subject or person")
    await field.fill("gus gr")
    await field.press("Enter")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Small grey car")
    await field.fill("nobody of this name")
    await field.press("Enter")
    await expect(page.get_by_text("No such conversations")).to_be_visible()
    await field.press("Escape")
    await expect(rows).to_have_count(everything)
    kind = page.get_by_role("combobox", name="Kind of subject")
    await kind.fill("ride")
    await kind.press("Enter")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("from the station")
    await rows.get_by_role("link").press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("room for a guitar")
    await page.get_by_role("button", name="Back").click()
    await expect(rows).to_have_count(1)
    await expect(kind).to_have_value("ride")


async def test_a_person_leads_to_all_their_conversations(enter: EnterInbox) -> None:
    page = await look_at(await enter("admin"), "Small grey car")
    await page.get_by_role("link", name="Dot Draper").click()
    rows = conversations_in(page)
    await expect(rows).to_have_count(2)
    for row in await rows.all():
        await expect(row).to_contain_text("Dot Draper")
    await page.reload()
    await expect(rows).to_have_count(2)
    await page.get_by_role("link", name="Everybody").click()
    await expect(rows.filter(has_text="Green sofa")).to_be_visible()


async def test_arrow_keys_go_from_row_to_row(enter: EnterInbox) -> None:
    page = (await enter("admin")).page
    await page.goto(page.url.split("/c/")[0].rstrip("/") + "/staff/conversations")
    links = conversations_in(page).get_by_role("link")
    await links.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(links.nth(1)).to_be_focused()
    await page.keyboard.press("End")
    await expect(links.last).to_be_focused()


def conversations(count: int) -> Iterator[dict[str, object]]:
    """Lines of an import: Ann and Bob talk about so many things, of which the last one is the newest."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}
    owner = {"userExternalId": "bob", "role": "seller"}
    for number in range(1, count + 1):
        thing = {"kind": "listing", "externalId": f"thing-{number}"}
        moment = f"{DAY}T{8 + number // 60:02}:{number % 60:02}:00Z"
        yield {"type": "subject", **thing, "title": f"Thing {number} of many", "owner": owner}
        yield {"type": "conversation", "id": f"c-{number}", "subject": thing, "contacter": "ann", "createdAt": moment}
        said = {"sender": "ann", "body": "Hello!", "createdAt": moment}
        yield {"type": "message", "conversation": f"c-{number}", "id": f"m-{number}", **said}


@pytest.fixture
async def busy(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with more conversations than a page has."""
    async with serve(sqlite_home) as served:
        await import_lines(served, conversations(MANY))
        yield served


async def test_more_conversations_come_on_scrolling(browser: Browser, busy: Served) -> None:
    page = await browser.new_page(locale="en-GB")
    ada = sign("ada", "admin", name="Ada Moreno")
    await page.goto(f"{busy.url}/staff/conversations#token={ada}")
    rows = conversations_in(page)
    await expect(rows.first).to_contain_text(f"Thing {MANY} of many")
    assert await rows.count() < MANY
    await rows.first.hover()
    last = rows.filter(has_text="Thing 1 of many")
    while not await last.count():
        before = await rows.count()
        await page.mouse.wheel(0, 20_000)
        await expect(rows.nth(before)).to_be_attached()
    await expect(rows).to_have_count(MANY)


async def test_a_list_that_failed_is_tried_again(enter: EnterInbox) -> None:
    page = (await enter("admin")).page
    await page.get_by_role("link", name="Staff").click()
    await expect(page.get_by_text("No open reports")).to_be_visible()
    failure = '{"errors": [{"message": "no", "extensions": {"code": "TIMEOUT"}}], "data": {"admin": null}}'
    await page.route("**/graphql", lambda route: route.fulfill(body=failure, content_type="application/json"))
    await page.get_by_role("link", name="Conversations", exact=True).click()
    await expect(page.get_by_text("This could not be loaded")).to_be_visible()
    await page.unroute_all()
    await page.get_by_role("button", name="Try again").click()
    await expect(conversations_in(page).first).to_be_visible()


def variables_for(conversation_id: str, message_id: str) -> dict[str, dict[str, object]]:
    """What Cy would say in each of staff's operations, about what is there."""
    page: dict[str, object] = {"first": 5, "id": conversation_id}
    return {
        "StaffReports": page,
        "StaffAudit": {"last": 5},
        "StaffConversations": page,
        "StaffConversation": page,
        "StaffMessages": page,
        "JoinConversation": {"conversationId": conversation_id},
        "LeaveConversation": {"conversationId": conversation_id},
        "SetConversationState": {"conversationId": conversation_id, "state": "CLOSED", "reason": "No."},
        "RemoveMessage": {"messageId": message_id, "reason": "No."},
        "ResolveReport": {"reportId": message_id},
    }


async def test_a_stranger_finds_nothing(browser: Browser, market: Served, meet: Meet) -> None:
    thread = await thread_about(meet("seller"), "Green sofa")
    message = await message_saying(meet("seller"), thread, LEG)
    context = await browser.new_context(locale="en-GB")
    cy = sign_development_token(Settings(), "cy", now=now_ms(), seconds=600, name="Cy Cole", roles=("buyer",))
    page = await context.new_page()
    for tab in ("", "/reports", "/conversations", "/audit", f"/c/{thread}", f"/c/{thread}/{message}", "/people/x"):
        await page.goto(f"{market.url}/staff{tab}#token={cy}")
        await expect(page.get_by_text("There is no such conversation")).to_be_visible()
        await expect(page.get_by_role("link", name="Staff")).to_have_count(0)
        await page.goto("about:blank")
    # A page that hides is not enough: whatever staff's pages ask is refused to her.
    texts = [SOURCE / "api" / "fragments.graphql", SOURCE / "staff" / "staff.graphql"]
    asks = separate_operations(parse("".join(path.read_text("utf-8") for path in texts)))
    variables = variables_for(thread, message)
    assert set(asks) == set(variables)
    for name, document in asks.items():
        ask = {"query": print_ast(document), "variables": variables[name]}
        answer = await context.request.post(
            f"{market.url}/graphql", data=ask, headers={"authorization": f"Bearer {cy}"}
        )
        told = await answer.json()
        assert [error["extensions"]["code"] for error in told["errors"]] == ["FORBIDDEN"], (name, told)
        assert not any((told["data"] or {}).values()), (name, told)
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing(
    meet: Meet, browser: Browser, market: Served, theme: str, size: tuple[int, int]
) -> None:
    await report(meet("buyer"), LEG)
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = (await Inbox.open(context, links_in(market.output)["admin"])).page
    for tab, name in (("reports", "Reports"), ("conversations", "Conversations"), ("audit", "Audit log")):
        await page.goto(f"{market.url}/staff/{tab}")
        await expect(page.get_by_role("list", name=name).get_by_role("listitem").first).to_be_visible()
        assert await faults_of(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
    await context.close()
