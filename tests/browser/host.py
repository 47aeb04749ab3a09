"""A page of the host's application on an origin of its own, under a strict policy, with Palaver's elements in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.chromium import Watch
from tests.browser.inbox import Inbox, import_lines
from tests.client import sign
from tests.legs import Home
from tests.parts.programs import free_port
from tests.served import Served, serve
from tests.waiting import until

PAGE = b'<!doctype html><html lang="en"><title>The market</title><body></body></html>'
HEAD = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n"
    "Content-Security-Policy: default-src 'none'; script-src {palaver}; connect-src {palaver} {socket};"
    " img-src {palaver} blob:; media-src {palaver}\r\n\r\n"
)

PUT_IN = """([tag, attributes, style]) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  if (globalThis.told === undefined) {
    globalThis.told = [];
    for (const name of ['palaver-unread', 'palaver-sent']) {
      document.addEventListener(name, ({ detail }) => globalThis.told.push([name, detail]));
    }
  }
  element.token = (reason) => globalThis.giveToken(reason);
  document.body.append(element);
}"""

ADD_SCRIPT = """(server) => {
  const script = document.createElement('script');
  Object.assign(script, { type: 'module', src: `${server}/elements/palaver.js` });
  document.head.append(script);
}"""


@asynccontextmanager
async def serve_host(palaver: Callable[[], str]) -> AsyncIterator[int]:
    """The host's web server, which answers any request with its page; its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = HEAD.format(length=len(PAGE), palaver=palaver(), socket=palaver().replace("http", "ws"))
        writer.write(head.encode() + PAGE)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    port = free_port()
    async with await asyncio.start_server(answer, "127.0.0.1", port):
        yield port


@dataclass(slots=True)
class Guest:
    """Somebody at the host's page. `token` gives what the page's callback gives."""

    page: Page
    palaver: str
    token: Callable[[str], str]
    watch: Watch
    #: Why the elements asked for tokens so far.
    reasons: list[str] = field(default_factory=list)

    @classmethod
    async def visit(
        cls, context: BrowserContext, palaver: str, page_url: str, sub: str, name: str, **claims: Any
    ) -> "Guest":
        """Open the host's page, signed in there as somebody."""
        watch = Watch.over(context)
        page = await context.new_page()
        guest = cls(page, palaver, lambda _: sign(sub, name=name, **claims), watch)

        def give(reason: str) -> str:
            guest.reasons.append(reason)
            return guest.token(reason)

        await page.expose_function("giveToken", give)
        await page.goto(page_url)
        return guest

    async def put_in(
        self, tag: str, style: dict[str, str] | None = None, *, script: bool = True, **attributes: str
    ) -> Locator:
        """Put an element into the page, and the script after it. Names of attributes are as in Python."""
        named = {name.replace("_", "-"): value for name, value in attributes.items()}
        await self.page.evaluate(PUT_IN, [tag, named, style or {}])
        if script:
            await self.add_script()
        return self.page.locator(tag)

    async def add_script(self) -> None:
        """Load the elements."""
        await self.page.evaluate(ADD_SCRIPT, self.palaver)

    async def show_listing(self, *, script: bool = True) -> Locator:
        """The thread about the bicycle."""
        return await self.put_in("palaver-thread", script=script, subject_kind="listing", subject_id="bike-1")

    async def has_asked(self, reason: str) -> bool:
        """Has the page been asked for a token with these words?"""
        return reason in self.reasons

    async def told(self, name: str) -> list[dict[str, Any]]:
        """What the host's page heard so far by this event."""
        events: list[tuple[str, dict[str, Any]]] = await self.page.evaluate("globalThis.told")
        return [detail for told, detail in events if told == name]

    async def hears_unread(self, count: int) -> None:
        """Wait until the newest count is this, of messages in one conversation or in none."""
        unread = {"count": count, "conversationCount": min(count, 1)}

        async def heard() -> bool:
            return (await self.told("palaver-unread"))[-1:] == [unread]

        await until(heard)

    async def send(self, body: str) -> None:
        """Write, and press Enter."""
        await Inbox(self.page).send(body)

    async def says(self, *bodies: str) -> None:
        """Wait until the thread ends with these."""
        await Inbox(self.page).says(*bodies)

    async def sees(self, words: str) -> None:
        """Wait for words, anywhere in an element."""
        await expect(self.page.get_by_text(words).first).to_be_visible()


Visit = Callable[..., Awaitable[Guest]]


def bicycle() -> Iterator[dict[str, object]]:
    """Bob offers a bicycle, and nobody has asked yet."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer"}
    yield {"type": "user", "externalId": "bob", "name": "Bob Baker"}
    owner = {"userExternalId": "bob", "role": "seller"}
    yield {"type": "subject", "kind": "listing", "externalId": "bike-1", "title": "A red bicycle", "owner": owner}


@asynccontextmanager
async def open_host(browser: Browser, home: Home) -> AsyncIterator[tuple[Served, Visit]]:
    """Palaver, and what opens the host's page as somebody: `await visit("ann", "Ann Archer")`."""
    async with AsyncExitStack() as opened:
        running: list[Served] = []
        port = await opened.enter_async_context(serve_host(lambda: running[0].url))
        origin = f"http://127.0.0.1:{port}"
        running.append(await opened.enter_async_context(serve(home, PALAVER_ALLOWED_ORIGINS=origin)))
        await import_lines(running[0], bicycle())

        async def begin(sub: str, name: str, page_url: str = origin, **claims: Any) -> Guest:
            context = await browser.new_context(locale="en-GB")
            opened.push_async_callback(context.close)
            await context.grant_permissions(["microphone"], origin=origin)
            return await Guest.visit(context, running[0].url, page_url.format(port=port), sub, name, **claims)

        yield running[0], begin
