"""Puts the demo market into a development database."""

from functools import partial

from chat.imports import Import
from chat.market import NEWEST, market_lines, moment_by
from chat.work import Work
from core.clock import now_ms
from core.hub import Hub
from core.settings import Settings
from db import imports, market
from db.engine import Database
from graph.settings import Unusable


async def seed(settings: Settings, database: Database) -> int:
    """Add what is not there yet of the market; how many things that were. Unusable in production."""
    if settings.is_production:
        raise Unusable("PALAVER_ENV is production: the demo market is for development only.")
    work, most = Work(database, Hub("memory://")), settings.message_length
    # The times of a market that is there stay: an import would find others in their place.
    async with database.reading() as db:
        newest = await market.find_time(db, *NEWEST)
    lines = partial(market_lines, now_ms() if newest is None else moment_by(newest))
    taken = Import(work, lines, most_characters=most, by="palaver seed")
    async for _ in taken.run():
        pass
    return taken.state.new


async def seed_when_empty(settings: Settings, database: Database) -> bool:
    """Add the market to a database that knows nobody yet; False for any other."""
    async with database.reading() as db:
        is_empty = await imports.is_empty(db)
    return is_empty and await seed(settings, database) > 0
