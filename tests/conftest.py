"""Fixtures: a server and the cast. `house` and `people` are fresh in every test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.house import House, make_template, open_house, settings_for

OpenHouse = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database of this worker's."""
    path = tmp_path_factory.mktemp("template") / "palaver.db"
    asyncio.run(make_template(path))
    return path


@pytest.fixture
def make_house(tmp_path: Path, template: Path) -> OpenHouse:
    """Opens a server with other settings: `async with make_house(typing_seconds=1) as house:`."""

    def make(**changes: Any) -> AbstractAsyncContextManager[House]:
        return open_house(settings_for(tmp_path, **changes), template)

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
