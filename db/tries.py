"""PostgreSQL: an act that holds nothing while it reads, and writes by one statement that sees whether all is still so.

A conversation's `last_event` counts whatever happens in it, so it is the version of what was read. The statement that
writes moves it from there on, or writes nothing. No transaction is begun: the statement is one, so that it is on the
disk when it returns. Whoever was overtaken begins anew, with the conversation locked.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from db.away import ConnectionLost, knock
from db.direct_postgres import PostgresWriting
from db.reading import AnyRow, AnyStatement, Connect, Parameters, give_back


class Overtaken(Exception):
    """Something has happened since what was decided upon was read. Nothing was written."""


class Try(PostgresWriting):
    """A connection on which each statement is a transaction of its own."""

    def __init__(
        self, connect: Connect, connection: AsyncConnection, driver: Any, dialect: Dialect, wait_seconds: float
    ) -> None:
        super().__init__(connection, driver, dialect)
        self._connect = connect
        self._wait_seconds = wait_seconds

    async def look(self, statement: AnyStatement, parameters: Parameters) -> Sequence[AnyRow]:
        """The rows of what is read first. A server that is away is waited for, since nothing was done yet."""

        async def attempt() -> Sequence[AnyRow]:
            try:
                return await self.all(statement, parameters)
            except ConnectionLost:
                await self._take_another()
                raise

        return await knock(attempt, self._wait_seconds)

    async def store(self, statement: AnyStatement, parameters: Parameters) -> AnyRow | None:
        """The row of the one statement that writes; None when it wrote nothing. It is on the disk when this returns."""
        return await self.first(statement, parameters)

    async def _take_another(self) -> None:
        await give_back(self._pooled)
        self.is_open = False
        self._pooled, self._driver = await take(self._connect)
        self.is_open = True

    async def commit(self) -> None:
        """What was written is committed already."""

    async def close(self) -> None:
        """Give the connection back."""
        if self.is_open:
            self.is_open = False
            await asyncio.shield(give_back(self._pooled))


async def begin_trying(connect: Connect, dialect: Dialect, wait_seconds: float) -> Try:
    """A connection; DatabaseAway when there is none in time."""
    connection, driver = await knock(lambda: take(connect), wait_seconds)
    return Try(connect, connection, driver, dialect, wait_seconds)


async def take(connect: Connect) -> tuple[AsyncConnection, Any]:
    """A connection of the pool, and the driver's own below it."""
    connection = await connect()
    try:
        return connection, (await connection.get_raw_connection()).driver_connection
    except BaseException:
        await asyncio.shield(give_back(connection))
        raise
