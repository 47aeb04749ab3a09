"""Fixtures: each of the examples with a Palaver, and people who have registered at it.

Without Playwright, which `make hosts` installs, what needs a browser is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.hosts.kinds import KINDS, Kind
from tests.hosts.running import Host, run_host
from tests.hosts.visitors import Visitor
from tests.legs import Leg, home_in

if TYPE_CHECKING:
    from playwright.async_api import Browser

collect_ignore = [] if find_spec("playwright") else ["test_pages.py"]


#: Names are given once at a host, and most tests share one.
numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever shares an example is at the same worker, so that each is started once."""
    for item in items:
        found = getattr(item, "callspec", None)
        if found is not None and "kind" in found.params and _is_shared(item):
            item.add_marker(pytest.mark.xdist_group(f"host {found.params['kind'].name}"))


def _is_shared(item: pytest.Item) -> bool:
    """Or has the module one for each of its tests?"""
    definitions = item._fixtureinfo.name2fixturedefs.get("host", ())  # type: ignore[attr-defined]
    return bool(definitions) and definitions[-1].scope == "session"


@pytest.fixture(scope="session", params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each of the examples."""
    found: Kind = request.param
    return found


@pytest.fixture(scope="session")
async def host(kind: Kind, tmp_path_factory: pytest.TempPathFactory, legs: dict[str, Leg]) -> AsyncIterator[Host]:
    """A running example. Whoever kills it, or its Palaver, has one of their own."""
    with home_in(tmp_path_factory.mktemp("host"), legs["sqlite"]) as home:
        async with run_host(kind, home) as running:
            yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser of all tests of a worker, each of which opens and closes a context of its own."""
    from tests.browser.chromium import open_chromium

    async with open_chromium() as running:
        yield running


@pytest.fixture
async def ann(host: Host) -> Visitor:
    """A buyer, or the customer of a booking."""
    return await host.visitor(f"Ann {next(numbers)}")


@pytest.fixture
async def bob(host: Host) -> Visitor:
    """A seller, or the provider of a booking."""
    return await host.visitor(f"Bob {next(numbers)}")


@pytest.fixture
async def cy(host: Host) -> Visitor:
    """The stranger."""
    return await host.visitor(f"Cy {next(numbers)}")
