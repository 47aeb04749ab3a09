"""From which web pages a socket may be opened; programs name no origin, and their token decides."""

import pytest
import websockets

from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House
from tests.socket.wire import Wire, open_wire

LISTED = "https://market.example"
ELSEWHERE = "https://elsewhere.example"
PRODUCTION = {"env": "production"}


async def opens(house: House, people: People, origin: str | None) -> bool:
    """May a page of this origin open a socket, and is it served?"""
    headers = {} if origin is None else {"Origin": origin}
    try:
        async with open_wire(house, additional_headers=headers) as wire:
            await wire.say(type="connection_init", payload=people.ann.headers)
            assert await wire.hear() == {"type": "connection_ack"}
            return await serves(wire)
    except websockets.InvalidStatus as refused:
        if refused.response.status_code == 403:
            return False
        raise


async def serves(wire: Wire) -> bool:
    """Is an operation answered?"""
    await wire.subscribe("1", "{ __typename }")
    return bool((await wire.hear())["type"] == "next")


@pytest.mark.parametrize(
    ("settings", "origin", "may"),
    [
        ({}, None, True),
        ({}, ELSEWHERE, True),
        ({"allowed_origins": [LISTED]}, LISTED, True),
        ({"allowed_origins": [LISTED]}, ELSEWHERE, False),
        ({"allowed_origins": [LISTED]}, f"{LISTED}.evil.example", False),
        ({"allowed_origins": [LISTED]}, "null", False),
        ({"allowed_origins": [LISTED]}, None, True),
        ({"allowed_origins": ["*"]}, ELSEWHERE, True),
        (PRODUCTION, ELSEWHERE, False),
        (PRODUCTION, "null", False),
        (PRODUCTION, None, True),
        ({**PRODUCTION, "allowed_origins": [LISTED]}, LISTED, True),
        ({**PRODUCTION, "public_url": "https://chat.example/"}, "https://chat.example", True),
        ({**PRODUCTION, "public_url": "https://chat.example"}, "http://chat.example", False),
    ],
)
async def test_pages_of_listed_origins_and_our_own_may(
    make_house: OpenHouse, settings: dict[str, object], origin: str | None, may: bool
) -> None:
    async with make_house(**settings) as house, People(house) as cast:
        assert await opens(house, cast, origin) is may


async def test_our_own_pages_may_without_being_listed(make_house: OpenHouse) -> None:
    async with make_house(env="production", allowed_origins=[LISTED]) as house, People(house) as cast:
        assert await opens(house, cast, house.url)
