"""Debian's Chromium, which every test of a page shares the settings of, and what a page asked and complained about."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.waiting import PATIENCE

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: Its own stand-in for a microphone, which beeps once a second, and sound that needs no gesture.
LISTENING = ("--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required")


def find_chromium(flags: Sequence[str] = ()) -> str | None:
    """Chromium without windows, which takes half the processor's time of the one with; or that one, which alone records
    sound."""
    light = None if set(LISTENING) & set(flags) else shutil.which("chromium-headless-shell")
    return light or shutil.which("chromium")


@asynccontextmanager
async def open_chromium(*flags: str) -> AsyncIterator[Browser]:
    """A running browser. Whatever is waited for in its pages has the patience of all tests."""
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(flags), args=[*FLAGS, *flags])
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE * 1000))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Watch:
    """What the pages of a context did: the hosts they asked, and what went wrong in them."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, context: BrowserContext) -> "Watch":
        """Watch a context from now on."""
        watch = cls()
        context.on("request", lambda request: watch._asked(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: watch._asked(socket.url)))
        context.on("console", lambda message: watch._said(message.type, message.text))
        context.on("weberror", lambda error: watch.complaints.append(str(error.error)))
        return watch

    def _asked(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob"):
            self.hosts.add(address.netloc)

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")
