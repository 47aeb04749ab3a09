"""Fixtures of the matrix: one market for all rows of a worker, since no row changes what another finds.

Everything here is asked twice: where compiled plans answer, and where graphql-core does.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from graph.plan.plans import Plans
from tests.access.world import World, make_world
from tests.house import House, open_house
from tests.legs import Home, Leg, home_in
from tests.plan.both import NoPlans

WAYS: dict[str, type[Plans]] = {"by plans": Plans, "by resolvers": NoPlans}

#: One connection, so that a field that waits for a second one with the first in hand waits in vain.
SCARCE: dict[str, Any] = {"pairs": "directory", "database_pool": 1}


@pytest.fixture(scope="package", params=WAYS)
def way(request: pytest.FixtureRequest) -> type[Plans]:
    """How answers are made."""
    return WAYS[request.param]


@pytest.fixture(scope="package")
async def world(tmp_path_factory: pytest.TempPathFactory, leg: Leg, way: type[Plans]) -> AsyncIterator[World]:
    """A market in which pairs may be opened with visible people only, so that a foreign person is no person."""
    with home_in(tmp_path_factory.mktemp("access"), leg) as home:
        async with open_house(home.settings(**SCARCE), way) as house, make_world(house) as made:
            yield made


@pytest.fixture(scope="package")
async def closed_world(tmp_path_factory: pytest.TempPathFactory, leg: Leg, way: type[Plans]) -> AsyncIterator[World]:
    """The same when what Ann and Bob talk about is over."""
    with home_in(tmp_path_factory.mktemp("closed"), leg) as home:
        async with open_house(home.settings(**SCARCE), way) as house, make_world(house) as made:
            await made.close()
            yield made


@pytest.fixture(scope="package")
async def blocked_world(tmp_path_factory: pytest.TempPathFactory, leg: Leg, way: type[Plans]) -> AsyncIterator[World]:
    """The same when Ann has blocked Bob."""
    with home_in(tmp_path_factory.mktemp("blocked"), leg) as home:
        async with open_house(home.settings(**SCARCE), way) as house, make_world(house) as made:
            await made.block()
            yield made


@pytest.fixture
async def house(home: Home, way: type[Plans]) -> AsyncIterator[House]:
    """A running server, of either kind."""
    async with open_house(home.settings(database_pool=1), way) as running:
        yield running
