"""A database whose commits a test holds back, and acts that are committed there."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from chat.work import Work
from core.hub import Hub
from db.engine import Database
from tests.commits.grouped import Ears, pen_of
from tests.legs import Home
from tests.pens import GatedPen, gate_of


@pytest.fixture
async def database(sqlite_home: Home) -> AsyncIterator[Database]:
    """An empty database, with a gate before its commits."""
    database = Database(sqlite_home.settings().database_url, pool_size=2, wait_seconds=5)
    gate_of(database)
    yield database
    pen_of(database).gate.set()
    await database.close()


@pytest.fixture
def ears() -> Ears:
    """Who hears the bells."""
    return Ears()


@pytest.fixture
def work(database: Database, ears: Ears) -> Work:
    """Begins acts."""
    return Work(database, cast(Hub, ears))


@pytest.fixture
def pen(database: Database) -> GatedPen:
    """What holds the commits back."""
    return pen_of(database)
