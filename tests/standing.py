"""One server for all tests of a module that leave nothing behind: `house = standing_house()` at the top of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import House, open_house, settings_for


def standing_house(**changes: Any) -> Any:
    """A fixture that takes the place of `house`, and with it of the server of `people`, `ann` and the others."""

    @pytest.fixture(scope="module")
    async def house(tmp_path_factory: pytest.TempPathFactory, template: Path) -> AsyncIterator[House]:
        async with open_house(settings_for(tmp_path_factory.mktemp("standing"), **changes), template) as running:
            yield running

    return house
