"""Acts that run against each other, round by round."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from chat.import_state import BadLine
from chat.imports import Import
from tests.cli.files import Fields
from tests.house import House

ROUNDS = 25

Make = Callable[[int], Awaitable[Any]]


async def race(*sides: Make, rounds: int = ROUNDS) -> list[list[Any]]:
    """Let acts run against each other, round by round. Raises what any of them raises."""
    return [await asyncio.gather(*(side(number) for side in sides)) for number in range(rounds)]


async def import_lines(house: House, lines: Sequence[Fields]) -> tuple[Import, list[BadLine]]:
    """Import lines in this process: the import, which has counted them, and the bad ones."""
    texts = [json.dumps(fields).encode() for fields in lines]
    importing = Import(house.palaver.work, lambda: iter(texts), most_characters=4000, by="the tests")
    return importing, [news async for news in importing.run() if isinstance(news, BadLine)]
