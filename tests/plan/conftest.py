"""One market for all tests of a leg: they only read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import open_house
from tests.legs import Leg, home_in
from tests.plan.both import Both
from tests.plan.market import Market, open_market
from tests.statements import SELDOM


@pytest.fixture(scope="module")
async def market(tmp_path_factory: pytest.TempPathFactory, leg: Leg) -> AsyncIterator[Market]:
    """The market, open."""
    folder: Path = tmp_path_factory.mktemp("market")
    with home_in(folder, leg) as home:
        quiet = home.settings(**SELDOM, max_cost=10**9, cost_budget=0)
        async with open_house(quiet) as house, open_market(house) as market:
            yield market


@pytest.fixture
def both(market: Market) -> Both:
    """Asks both, each time while the clock stands still."""
    return Both(market.house)
