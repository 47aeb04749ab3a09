"""Fixtures of the matrix: one market for all rows of a worker, since no row changes what another finds."""

from collections.abc import AsyncIterator

import pytest

from tests.access.world import World, make_world
from tests.house import open_house
from tests.legs import Leg, home_in


@pytest.fixture(scope="package")
async def world(tmp_path_factory: pytest.TempPathFactory, leg: Leg) -> AsyncIterator[World]:
    """A market in which pairs may be opened with visible people only, so that a foreign person is no person."""
    with home_in(tmp_path_factory.mktemp("access"), leg) as home:
        async with open_house(home.settings(pairs="directory")) as house, make_world(house) as made:
            yield made
