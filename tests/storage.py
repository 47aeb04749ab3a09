"""The server's database as somebody else opens it: to make it fail, and to see what is really stored."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

from tests.house import House


def _path_of(house: House) -> str:
    return house.settings.database_url.partition(":///")[2]


async def run_sql(house: House, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement on a connection of its own, beside the server's loop; the rows."""

    def run() -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(_path_of(house), timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    return await asyncio.to_thread(run)


@asynccontextmanager
async def lost(house: House, table: str) -> AsyncIterator[None]:
    """A table is away until the block ends: whoever needs it meets a fault of the server's."""
    await run_sql(house, f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        await run_sql(house, f"ALTER TABLE {table}_away RENAME TO {table}")


@asynccontextmanager
async def locked(house: House) -> AsyncIterator[None]:
    """Somebody else writes, and goes on until the block ends."""
    connection = await asyncio.to_thread(
        sqlite3.connect, _path_of(house), timeout=20, isolation_level=None, check_same_thread=False
    )
    await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        await asyncio.to_thread(connection.rollback)
        connection.close()
