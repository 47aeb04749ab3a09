"""Whoever is called off, wherever that is and however often, gives back what they took of the database."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from db.engine import Database
from db.statements import Statement
from tests.legs import Home
from tests.stepping import call_off_everywhere
from tests.test_direct_readings import PEOPLE
from tests.test_tries import SLEEP
from tests.test_writing import add
from tests.waiting import soon, until

Work = Callable[[Database], Coroutine[Any, Any, None]]
#: Takes SQLite so many steps that it is read in another thread, and PostgreSQL a while.
LONG = Statement(
    text(
        "with recursive n(x) as (select cast(1 as bigint) union all select x + 1 from n where x < :most)"
        " select count(*) from n"
    )
)
NEVER = {"most": 10**12}


@pytest.fixture
async def database(home: Home) -> AsyncIterator[Database]:
    """An empty database."""
    database = Database(home.settings().database_url, pool_size=2, wait_seconds=5)
    yield database
    await database.close()


async def read_for_a_plan(database: Database) -> None:
    async with database.reading_directly() as db:
        await db.value(LONG, {"most": 30_000})
        await db.value(PEOPLE)


async def read_for_fields(database: Database) -> None:
    """Two at the same time, one of which goes on when the other fails."""
    async with database.reading() as db:
        await db.value(PEOPLE)
        await asyncio.gather(db.value(LONG, {"most": 1000}), db.value(PEOPLE))


async def read_anew(database: Database) -> None:
    await database.read(lambda db: db.value(PEOPLE))


async def write(database: Database) -> None:
    async with database.writing() as db:
        await add(db, "a")
        await db.run(Statement(text("delete from users")))
        await db.commit()


async def write_in_vain(database: Database) -> None:
    async with database.writing() as db:
        await add(db, "a")
        raise KeyError


async def try_it(database: Database) -> None:
    """Statements that are shared, and those that are not."""
    if database.can_try:
        async with database.trying() as db:
            await db.look(SLEEP, {"seconds": 0})
            await db.store(SLEEP, {"seconds": 0})
            await db.value(PEOPLE)


def in_use(database: Database) -> int:
    """Connections that are out."""
    readers = 0 if database.shelf is None else database.shelf.in_use
    return readers + sum(pool.in_use for pool in database.pools().values())


@pytest.mark.parametrize("work", [read_for_a_plan, read_for_fields, read_anew, write, write_in_vain, try_it])
@pytest.mark.parametrize("is_late", [False, True])
async def test_who_is_called_off_gives_back_what_it_took(database: Database, work: Work, *, is_late: bool) -> None:
    """Once at each place, and once more at one of the next."""

    async def is_whole() -> None:
        await until(lambda: in_use(database) == 0, pause=0.001)

    await call_off_everywhere(lambda: work(database), is_whole, (KeyError,), is_late=is_late)


@pytest.mark.parametrize("is_twice", [False, True])
async def test_what_is_given_back_while_the_database_closes_is_closed_too(
    database: Database, *, is_twice: bool
) -> None:
    """A client and the server may end at the same time, and giving back takes a while."""
    pools = [engine.sync_engine.pool for engine in (database.reader, database.writer)]
    begun = asyncio.Event()
    reading = asyncio.create_task(read_for_ever(database, begun))
    await soon(begun.wait())
    reading.cancel()
    if is_twice:
        await asyncio.sleep(0)
        reading.cancel()
    await soon(database.close())
    assert in_use(database) == 0
    for pool in pools:
        assert isinstance(pool, QueuePool)
        assert (pool.checkedout(), pool.checkedin()) == (0, 0)
    await asyncio.wait([reading])


async def read_for_ever(database: Database, begun: asyncio.Event) -> None:
    async with database.reading_directly() as db:
        await db.value(PEOPLE)
        begun.set()
        await db.value(LONG, NEVER)


@pytest.mark.parametrize("is_for_plan", [False, True])
async def test_a_connection_whose_server_stands_still_is_thrown_away(postgres_home: Home, *, is_for_plan: bool) -> None:
    """Nobody waits for its rollback for ever, though nobody leaves before it is given back."""
    database = Database(postgres_home.settings().database_url, pool_size=2, wait_seconds=0.2)
    async with database.reading_directly() if is_for_plan else database.reading() as db:
        process: int = await db.value(Statement(text("select pg_backend_pid()")))
        os.kill(process, signal.SIGSTOP)
        closing = asyncio.create_task(db.close())
        try:
            await until(closing.done)
        finally:
            os.kill(process, signal.SIGCONT)
    assert in_use(database) == 0
    assert await database.read(lambda db: db.value(PEOPLE)) == 0
    await database.close()
