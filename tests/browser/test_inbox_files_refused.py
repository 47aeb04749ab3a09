"""Files that do not arrive or are refused, by the server or by what stands before it: one is told why."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Response, Route, expect

from tests.browser.axe import faults_of
from tests.browser.files import Gate, attach, both, last, text, tray
from tests.browser.inbox import Inbox, links_in
from tests.served import Served, serve_as_developer
from tests.uploads import BOUNDARY, Part, form_of, operations, places
from tests.waiting import soon

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

#: The largest file, and how many of a person's may be on their way: no more than the page sends at a time.
LIMITS = {"PALAVER_MAX_FILE": "3000000", "PALAVER_MAX_UPLOADS_PER_USER": "2"}


def long(name: str, size: int) -> FilePayload:
    """A text of so many bytes."""
    return text(name, "long " * (size // 5))


@asynccontextmanager
async def arriving(market: Served) -> AsyncIterator[None]:
    """A file of Ann's is on its way from another device, and stays there until the block ends."""
    token = links_in(market.output)["buyer"].partition("#token=")[2]
    form = form_of(operations(), places(), Part("0", b"From another device", "other.txt"))
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nGraphQL-Require-Preflight: 1\r\n"
    length = f"Content-Length: {len(form)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", market.port)
    try:
        head = f"POST /graphql HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\n{kind}{length}"
        writer.write(head.encode())
        # It is told to go on when it has its place, and has not sent a byte of the file.
        assert (await soon(reader.readuntil(b"\r\n\r\n"))).startswith(b"HTTP/1.1 100 ")
        yield
        writer.write(form)
        assert (await soon(reader.read())).startswith(b"HTTP/1.1 200 ")
    finally:
        writer.close()


async def refuse_as_a_proxy(route: Route) -> None:
    """What stands in front of Palaver takes less than it does, and answers as such things do."""
    if "multipart/form-data" in route.request.headers.get("content-type", ""):
        await route.fulfill(status=413, body="<h1>Too large</h1>")
    else:
        await route.fallback()


async def test_a_file_that_did_not_arrive_is_tried_again(enter: EnterInbox) -> None:
    buyer, seller = await both(enter)
    gate = Gate()
    gate.is_broken = True
    await gate.watch(buyer.page)
    await attach(buyer, text())
    await expect(buyer.page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    await buyer.composer.fill("Here they are.")
    await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
    gate.is_broken = False
    gate.is_open.set()
    await buyer.page.route("**/graphql", refuse_as_a_proxy)
    await buyer.page.get_by_role("button", name="Try again: measures.txt").click()
    await expect(buyer.page.get_by_role("alert")).to_contain_text("It is too large")
    await buyer.page.unroute("**/graphql", refuse_as_a_proxy)
    await buyer.page.get_by_role("button", name="Try again: measures.txt").click()
    await expect(buyer.page.get_by_role("alert")).to_have_count(0)
    await buyer.composer.press("Enter")
    await expect(last(seller).get_by_role("link", name="Download measures.txt")).to_be_visible()


def is_many(response: Response) -> bool:
    """Is it the answer of a server on which too many files are on their way?"""
    return response.status == 429


async def test_what_the_server_refuses_is_told_in_words(browser: Browser, tmp_path: Path) -> None:
    async with serve_as_developer(tmp_path, **LIMITS) as market:
        context = await browser.new_context(locale="en-GB")
        buyer = await Inbox.open(context, links_in(market.output)["buyer"])
        await buyer.choose("Green sofa")
        script: FilePayload = {"name": "run.html", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"}
        empty: FilePayload = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
        await attach(buyer, script, long("long.txt", 3_100_000), empty, text("good.txt"))
        for name, why in (
            ("run.html", "Files of this kind are not accepted."),
            ("long.txt", "It is too large"),
            ("empty.txt", "The file is empty."),
        ):
            await expect(tray(buyer).filter(has_text=name)).to_contain_text(why)
        await expect(tray(buyer).filter(has_text="good.txt")).to_have_attribute("data-state", "ready")
        assert await faults_of(buyer.page) == []
        # What will not be taken another time either is not tried again.
        again = buyer.page.get_by_role("button", name="Try again")
        await expect(again).to_have_count(1)
        await expect(again).to_have_accessible_name("Try again: long.txt")
        await expect(buyer.page.get_by_role("button", name="Send")).to_be_disabled()
        for name in ("run.html", "long.txt", "empty.txt"):
            await buyer.page.get_by_role("button", name=f"Remove {name}").click()
        await buyer.page.get_by_role("button", name="Send").click()
        await expect(last(buyer).get_by_role("link", name="Download good.txt")).to_be_visible()
        # Refused before its end: while many are on their way, and what is larger than the server reads.
        async with arriving(market), arriving(market):
            async with buyer.page.expect_response(is_many):
                await attach(buyer, long("late.txt", 2_900_000))
            await expect(tray(buyer)).to_have_attribute("data-state", "waiting")
        await expect(tray(buyer)).to_have_attribute("data-state", "ready")
        await attach(buyer, long("vast.txt", 20_000_000))
        await expect(tray(buyer).filter(has_text="vast.txt")).to_contain_text("It is too large")
        await context.close()


async def test_more_files_than_a_message_has_are_left_out_and_one_is_told(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await attach(buyer, *(text(f"{number}.txt") for number in range(12)))
    await expect(tray(buyer)).to_have_count(10)
    await expect(buyer.page.get_by_role("alert")).to_contain_text("at most 10 files")
