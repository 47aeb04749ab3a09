"""What commands do to a database, each from its settings on."""

from pathlib import Path

from chat.work import Work
from core.hub import Hub
from core.settings import Settings
from db import clusters, epochs, migrate
from graph.checks import open_database, prepare_tables, require_tables, upgrade
from graph.importing import import_file
from graph.seeding import seed


async def migrate_tables(settings: Settings) -> str | None:
    """Bring the database up to this version's tables; the revision that it is at then."""
    async with open_database(settings) as database:
        await upgrade(database)
        return await migrate.current(database)


async def add_market(settings: Settings) -> int:
    """Put the demo market into a development database; how many things of it were new."""
    async with open_database(settings) as database:
        await prepare_tables(settings, database)
        return await seed(settings, database)


async def take_in(settings: Settings, file: Path) -> bool:
    """Import a file, and tell how it goes; True when no line was bad."""
    async with open_database(settings) as database:
        await prepare_tables(settings, database)
        return await import_file(settings, database, file)


async def begin_epoch(settings: Settings) -> None:
    """Refuse cursors from before from now on: the database was restored."""
    async with open_database(settings) as database:
        await require_tables(database)
        async with Work(database, Hub("memory://")).begin() as unit:
            await epochs.renew(unit.db)
            await clusters.adopt(unit.db)
