"""Fixtures of the matrix: one market for all rows of a worker, since no row changes what another finds."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.access.world import World, make_world
from tests.house import open_house, settings_for


@pytest.fixture(scope="package")
async def world(tmp_path_factory: pytest.TempPathFactory, template: Path) -> AsyncIterator[World]:
    """A market in which pairs may be opened with visible people only, so that a foreign person is no person."""
    settings = settings_for(tmp_path_factory.mktemp("access"), pairs="directory")
    async with open_house(settings, template) as house, make_world(house) as made:
        yield made
