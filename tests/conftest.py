"""Fixtures: a server and the cast. `house` and `people` are fresh in every test."""

import asyncio
import gc
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests import acts
from tests.client import People, Person
from tests.house import House, open_house
from tests.legs import NAMES, Home, Leg, PostgresLeg, SqliteLeg, home_in, versions
from tests.parts.databases import migrate_empty
from tests.parts.memory import folder_in_memory
from tests.parts.objects import Objects

OpenHouse = Callable[..., AbstractAsyncContextManager[House]]


def pytest_configure() -> None:
    """Folders of tests are in memory, unless somebody has said where they shall be; what is logged is written plainly:
    to draw a traceback with all that its functions held takes a second."""
    if find_spec("sniffio") is None:
        # httpcore looks for it at each of its locks, through all folders of packages; now it knows at once.
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    if (folder := folder_in_memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


def pytest_report_header() -> list[str]:
    """What the tests stand on."""
    return [f"{name}: {version}" for name, version in versions().items()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note the leg of each test, for the summary."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "leg" in callspec.params:
            item.user_properties.append(("leg", callspec.params["leg"]))


def pytest_collection_finish() -> None:
    """What is imported and collected stays until the end: the collector need not look through all of it each time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many tests ran on each leg: as many on one as on the other."""
    counts = Counter(
        dict(report.user_properties).get("leg", "neither")
        for report in terminalreporter.getreports("passed")
        if report.when == "call"
    )
    for name, version in versions().items():
        terminalreporter.write_line(f"{counts[name]:5} passed on {version}")
    terminalreporter.write_line(f"{counts['neither']:5} passed that need no database")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """Tests run on asyncio, and on the loop that servers run on."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def legs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Leg]]:
    """Both legs of this worker; PostgreSQL and Redis are started by the first test that needs them."""
    template = tmp_path_factory.mktemp("template") / "palaver.db"
    asyncio.run(migrate_empty(f"sqlite+aiosqlite:///{template}"))
    postgres = PostgresLeg()
    yield {"sqlite": SqliteLeg(template), "postgres": postgres}
    postgres.stop()


@pytest.fixture(scope="session")
def objects() -> Iterator[Objects]:
    """This worker's object store: one for all modules, and each server has a bucket of its own."""
    given = Objects()
    yield given
    given.close()


@pytest.fixture(scope="session", params=NAMES)
def leg(request: pytest.FixtureRequest, legs: dict[str, Leg]) -> Leg:
    """What the servers of a test stand on: whoever needs one runs on each."""
    return legs[request.param]


@pytest.fixture
def home(tmp_path: Path, leg: Leg) -> Iterator[Home]:
    """A folder and a database for a server of this test's."""
    with home_in(tmp_path, leg) as given:
        yield given


@pytest.fixture
def sqlite_home(tmp_path: Path, legs: dict[str, Leg]) -> Iterator[Home]:
    """The same on SQLite only: for tests of clients and pages, to which the database makes no difference."""
    with home_in(tmp_path, legs["sqlite"]) as given:
        yield given


@pytest.fixture
def postgres_home(tmp_path: Path, legs: dict[str, Leg]) -> Iterator[Home]:
    """The same on PostgreSQL only: for tests of what SQLite has no need of."""
    with home_in(tmp_path, legs["postgres"]) as given:
        yield given


@pytest.fixture
def make_house(home: Home) -> OpenHouse:
    """Opens a server with other settings: `async with make_house(typing_seconds=1) as house:`."""

    def make(**changes: Any) -> AbstractAsyncContextManager[House]:
        return open_house(home.settings(**changes))

    return make


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A running server."""
    async with make_house() as running:
        yield running


@pytest.fixture
async def people(house: House) -> AsyncIterator[People]:
    """The cast at the server."""
    async with People(house) as cast:
        yield cast


@pytest.fixture
def ann(people: People) -> Person:
    """A buyer."""
    return people.ann


@pytest.fixture
def bob(people: People) -> Person:
    """A seller."""
    return people.bob


@pytest.fixture
def cy(people: People) -> Person:
    """The stranger."""
    return people.cy


@pytest.fixture
def host(people: People) -> Person:
    """The host's own server, which has the service role."""
    return people.host


@pytest.fixture
async def thread(ann: Person, host: Person) -> str:
    """The id of a conversation of Ann's with Bob about his bicycle; nothing is said yet."""
    await acts.list_thing(host)
    return await acts.open_about(ann)
