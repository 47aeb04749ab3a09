"""Puts the demo market into a development database."""

from functools import partial

from chat.imports import Import
from chat.market import market_lines
from chat.work import Work
from core.clock import now_ms
from core.hub import Hub
from core.settings import Settings
from db import imports
from db.engine import Database
from graph.settings import Unusable


async def seed(settings: Settings, database: Database) -> int:
    """Add what is not there yet of the market; how many things that were. Unusable in production."""
    if settings.is_production:
        raise Unusable("PALAVER_ENV is production: the demo market is for development only.")
    work, most = Work(database, Hub("memory://")), settings.message_length
    # What is there stays as it is: a message of another time is refused, as by any import.
    market = Import(work, partial(market_lines, now_ms()), most_characters=most, by="palaver seed")
    async for _ in market.run():
        pass
    return market.state.new


async def seed_when_empty(settings: Settings, database: Database) -> bool:
    """Add the market to a database that knows nobody yet; False for any other."""
    async with database.reading() as db:
        is_empty = await imports.is_empty(db)
    return is_empty and await seed(settings, database) > 0
