"""Reads PostgreSQL on the driver itself, over a connection of the same pool: with nothing between but text."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from db.away import ConnectionLost, is_away, knock
from db.reading import AnyRow, AnyStatement, Connect, Parameters, Reading, give_back
from db.statements import Statement, text_of

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresDirectReading(Reading):
    """One snapshot, for who asks one statement after another."""

    def __init__(self, connect: Connect, dialect: Dialect, wait_seconds: float) -> None:
        super().__init__(connect, wait_seconds)
        self._dialect = dialect
        self._driver: Any = None

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        dialect = self._dialect
        text = statement.text_for(dialect) if isinstance(statement, Statement) else text_of(statement, dialect)
        if self._driver is None:
            await knock(self._take, self._wait_seconds)
        try:
            found: Sequence[AnyRow] = await self._driver.fetch(text.text, *text.values(parameters))
        except Exception as error:
            if is_away(error) or self._driver.is_closed():
                raise ConnectionLost from error
            raise
        return text.rows(found)

    async def close(self) -> None:
        """Give the connection back; the next statement opens a newer snapshot."""
        connection, driver, self._connection, self._driver = self._connection, self._driver, None, None
        if connection is not None:
            await asyncio.shield(_end(connection, driver))

    async def _take(self) -> None:
        connection = await self._connect()
        driver: Any = None
        try:
            driver = (await connection.get_raw_connection()).driver_connection
            await driver.execute(BEGIN)
        except BaseException:
            await asyncio.shield(_end(connection, driver))
            raise
        self._connection, self._driver = connection, driver


async def _end(connection: AsyncConnection, driver: Any) -> None:
    """End the snapshot, and give the connection back; one that cannot end it is thrown away."""
    try:
        await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - whatever it is, this connection is good for nothing more
        await connection.invalidate()
    await give_back(connection)
