"""The server's database as somebody else opens it: to make it fail, and to see what is really stored."""

import asyncio
import itertools
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Any

import asyncpg

from db.tables import metadata
from tests.house import House
from tests.waiting import until

Rows = list[tuple[Any, ...]]


async def run_sql(house: House, statement: str, *values: Any) -> Rows:
    """Run a statement on a connection of its own, beside the server's loop; the rows. Values stand where ? is."""
    return await run_sql_at(house.settings.database_url, statement, *values)


async def run_sql_at(url: str, statement: str, *values: Any) -> Rows:
    """The same, of any database."""
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_run_sqlite, _path_of(url), statement, values)
    connection = await asyncpg.connect(address_of(url))
    try:
        numbers = itertools.count(1)
        rows = await connection.fetch(re.sub(r"\?", lambda _: f"${next(numbers)}", statement), *values)
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


def _path_of(url: str) -> str:
    return url.partition(":///")[2]


def address_of(url: str) -> str:
    """The same address as the driver itself writes it."""
    return url.replace("+asyncpg", "", 1).replace("ssl=", "sslmode=", 1)


def _run_sqlite(path: str, statement: str, values: tuple[Any, ...]) -> Rows:
    with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
        return connection.execute(statement, values).fetchall()


async def count_rows(house: House) -> dict[str, int]:
    """How many rows each table has."""
    counts = " union all ".join(f"select '{name}', count(*) from {name}" for name in metadata.tables)
    return dict(await run_sql(house, counts))


@asynccontextmanager
async def lost(house: House, table: str) -> AsyncIterator[None]:
    """A table is away until the block ends: whoever needs it meets a fault of the server's."""
    await run_sql(house, f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        await run_sql(house, f"ALTER TABLE {table}_away RENAME TO {table}")


def locked(house: House) -> AbstractAsyncContextManager[None]:
    """Somebody else writes, and goes on until the block ends."""
    return locked_at(house.settings.database_url)


def locked_at(url: str) -> AbstractAsyncContextManager[None]:
    """The same, of any database."""
    return _locked_sqlite(_path_of(url)) if url.startswith("sqlite") else _locked_postgres(address_of(url))


@asynccontextmanager
async def _locked_sqlite(path: str) -> AsyncIterator[None]:
    connection = await asyncio.to_thread(
        sqlite3.connect, path, timeout=20, isolation_level=None, check_same_thread=False
    )
    try:
        await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
        yield
    finally:
        await asyncio.to_thread(connection.rollback)
        connection.close()


@asynccontextmanager
async def _locked_postgres(address: str) -> AsyncIterator[None]:
    """Every table is held against writing, as SQLite's one lock does; reading goes on."""
    connection = await asyncpg.connect(address)
    try:
        transaction = await until(lambda: _lock_all(connection), pause=0.02)
        yield
        await transaction.rollback()
    finally:
        await connection.close()


async def _lock_all(connection: asyncpg.Connection) -> Any:
    """A transaction that holds all tables, or None when one is not free: waiting could be for each other."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(f"LOCK TABLE {', '.join(metadata.tables)} IN EXCLUSIVE MODE NOWAIT")
    except asyncpg.LockNotAvailableError:
        await transaction.rollback()
        return None
    return transaction


async def plant(house: House, table: str, statement: str, *values: Any) -> int:
    """Change rows past every promise that the database keeps, as a bug or a bad restore could have; how many."""
    url = house.settings.database_url
    if url.startswith("sqlite"):
        return await asyncio.to_thread(_plant_sqlite, _path_of(url), statement, values)
    connection = await asyncpg.connect(address_of(url))
    try:
        for (name,) in await connection.fetch(
            "select conname from pg_constraint where conrelid = $1::regclass and contype in ('c', 'f')", table
        ):
            await connection.execute(f'alter table {table} drop constraint "{name}"')
        numbers = itertools.count(1)
        done = await connection.execute(re.sub(r"\?", lambda _: f"${next(numbers)}", statement), *values)
        return int(done.split()[-1])
    finally:
        await connection.close()


def _plant_sqlite(path: str, statement: str, values: tuple[Any, ...]) -> int:
    with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        return connection.execute(statement, values).rowcount
