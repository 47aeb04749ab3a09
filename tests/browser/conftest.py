"""Fixtures: a development server with the demo market, the links that it printed, and a browser.

Only `make browser` installs Playwright; without it this folder is left out, so nothing here imports it at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.client import NO_TLS
from tests.legs import Home
from tests.served import Served, serve_as_developer

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.chromium import Watch
    from tests.browser.graphiql import GraphiQL
    from tests.browser.inbox import Inbox
    from tests.browser.pageless import Meet

    OpenPage = Callable[[str], Awaitable[GraphiQL]]
    EnterInbox = Callable[[str], Awaitable[Inbox]]

collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]


@pytest.fixture
async def market(sqlite_home: Home) -> AsyncIterator[Served]:
    """`palaver serve` as a developer starts it in an empty folder: nothing is set but where its data goes.

    The tables are there: to make them takes as long as all the rest of a start, and that it makes them is tests/cli's.
    """
    sqlite_home.leg.create(sqlite_home.folder)
    async with serve_as_developer(sqlite_home.folder) as served:
        yield served


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of all tests of a worker: to start one takes longer than most of them."""
    from tests.browser.chromium import open_chromium

    async with open_chromium() as running:
        yield running


@pytest.fixture(scope="session")
async def listening() -> AsyncIterator[Browser]:
    """A browser with a microphone, which is dear: its tests are in one group, and so at one worker."""
    from tests.browser.chromium import LISTENING, open_chromium

    async with open_chromium(*LISTENING) as running:
        yield running


@pytest.fixture
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """A running browser in which nothing is open; what a page keeps goes with its context."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest.fixture
async def visit(browser: Browser, market: Served, watches: list[Watch]) -> AsyncIterator[OpenPage]:
    """Opens a printed link, each in a browser profile of its own: `await visit("buyer")`."""
    from tests.browser.chromium import Watch
    from tests.browser.graphiql import GraphiQL, links_in

    links = links_in(market.output)
    async with AsyncExitStack() as opened:

        async def begin(who: str) -> GraphiQL:
            context = await browser.new_context()
            opened.push_async_callback(context.close)
            watches.append(Watch.over(context))
            return await GraphiQL.open(context, links[who])

        yield begin


@pytest.fixture
async def enter(browser: Browser, market: Served, watches: list[Watch]) -> AsyncIterator[EnterInbox]:
    """Opens the inbox by a printed link, each in a browser profile of its own: `await enter("buyer")`."""
    from tests.browser.chromium import Watch
    from tests.browser.inbox import Inbox, links_in

    links = links_in(market.output)
    async with AsyncExitStack() as opened:

        async def begin(who: str) -> Inbox:
            context = await browser.new_context(locale="en-GB")
            opened.push_async_callback(context.close)
            watches.append(Watch.over(context))
            return await Inbox.open(context, links[who])

        yield begin


@pytest.fixture
async def meet(market: Served) -> AsyncIterator[Meet]:
    """Somebody who acts and has no page: `meet("seller")`."""
    from tests.browser.pageless import person_at

    async with httpx.AsyncClient(verify=NO_TLS) as http:
        yield lambda who: person_at(market, http, who)


@pytest.fixture
def watches() -> list[Watch]:
    """What the visited pages did."""
    return []
