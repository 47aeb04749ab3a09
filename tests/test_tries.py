"""PostgreSQL: statements that acts share, on the database itself."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import BigInteger, func, select

from db.engine import Database
from db.many import ManyStatement, asking
from db.tries import Shared
from tests.legs import Home
from tests.storage import address_of
from tests.waiting import soon, until

_asking = asking({"seconds": BigInteger()})
SLEEP = ManyStatement(select(_asking.c.number, func.pg_sleep(_asking.c.seconds)), ["seconds"], ["seconds"])
BUSY = """select count(*) from pg_stat_activity
    where state = 'active' and query like '%asking%sleep%' and pid <> pg_backend_pid()"""


@pytest.fixture
async def database(postgres_home: Home) -> AsyncIterator[Database]:
    """An empty database."""
    database = Database(postgres_home.settings().database_url, pool_size=2, wait_seconds=5)
    yield database
    await database.close()


async def test_who_is_called_off_hears_of_it_when_the_statement_is_over(database: Database) -> None:
    """So that whoever looks afterwards, on any connection, sees what came of it."""
    shared = database.shared
    assert isinstance(shared, Shared)
    connection = await asyncpg.connect(address_of(database.url.render_as_string(hide_password=False)))
    try:

        async def is_busy() -> bool:
            return bool(await connection.fetchval(BUSY))

        task = asyncio.create_task(shared.of(SLEEP).ask({"seconds": 600}, to_the_end=True))
        await until(is_busy)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await soon(task)
        assert not await is_busy()
    finally:
        await connection.close()
    [row] = await soon(shared.of(SLEEP).ask({"seconds": 0}, to_the_end=True))
    assert row[0] == 0
