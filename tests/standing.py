"""One server for all tests of a module that leave nothing behind: `house = standing_house()` at the top of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.house import House, open_house
from tests.legs import Leg, home_in


def standing_house(**changes: Any) -> Any:
    """A fixture that takes the place of `house`, and with it of the server of `people`, `ann` and the others."""

    @pytest.fixture(scope="module")
    async def house(tmp_path_factory: pytest.TempPathFactory, leg: Leg) -> AsyncIterator[House]:
        with home_in(tmp_path_factory.mktemp("standing"), leg) as home:
            async with open_house(home.settings(**changes)) as running:
                yield running

    return house
