"""PostgreSQL on the driver itself, over a connection of the same pool: with nothing between but text."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from db.away import ConnectionLost, DatabaseBusy, is_away, knock
from db.ending import to_the_end
from db.reading import AnyRow, AnyStatement, Connect, Parameters, Reading, give_back
from db.statements import Statement, text_of
from db.writing import NotCommitted, Writing

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
BEGIN_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class StatementRefused(Exception):
    """A statement was given a value that it does not take. The words of who said so quote it."""


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
        with _telling(self._driver):
            found: Sequence[AnyRow] = await self._driver.fetch(text.text, *text.values(parameters))
        return text.rows(found)

    async def close(self) -> None:
        """Give the connection back; the next statement opens a newer snapshot."""
        connection, driver, self._connection, self._driver = self._connection, self._driver, None, None
        if connection is not None:
            await to_the_end(_end(connection, driver, self._wait_seconds))

    async def _take(self) -> None:
        self._connection, self._driver = await _begin(self._connect, BEGIN, self._wait_seconds)


async def begin_writing(connect: Connect, dialect: Dialect, wait_seconds: float) -> "PostgresWriting":
    """A transaction that has begun: what comes after cannot be sent again when the server is not there."""
    connection, driver = await knock(lambda: _begin(connect, BEGIN_WRITING, wait_seconds), wait_seconds)
    return PostgresWriting(connection, driver, dialect, wait_seconds)


class PostgresWriting(Writing):
    """A transaction of its own, beside those of others. Who takes a row first goes first."""

    def __init__(self, connection: AsyncConnection | None, driver: Any, dialect: Dialect, wait_seconds: float) -> None:
        super().__init__(dialect)
        self._wait_seconds = wait_seconds
        self._pooled, self._driver = connection, driver
        self._is_committed = False

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        text = self._text_of(statement, parameters)
        with _telling(self._driver):
            found: Sequence[AnyRow] = await self._driver.fetch(text.text, *text.values(parameters))
        return text.rows(found)

    async def run(self, statement: AnyStatement, parameters: Parameters | None = None) -> int:
        """Run a statement that returns no rows; the answer is the number of rows it touched."""
        text = self._text_of(statement, parameters)
        with _telling(self._driver):
            status: str = await self._driver.execute(text.text, *text.values(parameters))
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def run_many(self, statement: AnyStatement, rows: Sequence[Parameters]) -> None:
        """Run a statement with one set of parameters after another, which all have the same names."""
        if not rows:
            return
        text = self._text_of(statement, rows[0])
        with _telling(self._driver):
            await self._driver.executemany(text.text, [text.values(row) for row in rows])

    async def commit(self) -> None:
        """Make it so, for good."""
        with _telling(self._driver):
            done = await self._driver.execute("COMMIT")
        if done != "COMMIT":  # It says "ROLLBACK", and calls that no error, when a statement has failed before.
            raise NotCommitted
        self._is_committed = True

    async def close(self) -> None:
        """Undo what was not committed, and give the connection back."""
        if not self.is_open:
            return
        self.is_open = False
        if self._pooled is None:
            return
        if self._is_committed:
            await give_back(self._pooled)
        else:
            await _end(self._pooled, self._driver, self._wait_seconds)


async def take(connect: Connect) -> tuple[AsyncConnection, Any]:
    """A connection of the pool, and the driver's own below it."""
    connection = await connect()
    try:
        return connection, (await connection.get_raw_connection()).driver_connection
    except BaseException:
        await to_the_end(give_back(connection))
        raise


async def _begin(connect: Connect, begin: str, wait_seconds: float) -> tuple[AsyncConnection, Any]:
    """A connection with a transaction that has begun."""
    connection, driver = await take(connect)
    try:
        with _telling(driver):
            await driver.execute(begin)
    except BaseException:
        await to_the_end(_end(connection, driver, wait_seconds))
        raise
    return connection, driver


async def _end(connection: AsyncConnection, driver: Any, wait_seconds: float) -> None:
    """End the transaction, and give the connection back; one that cannot end it in time is thrown away."""
    try:
        async with asyncio.timeout(wait_seconds):
            await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - whatever it is, this connection is good for nothing more
        await connection.invalidate()
    await give_back(connection)


@contextmanager
def _telling(driver: Any) -> Iterator[None]:
    """A connection that ended is the server's being away; and no error tells what people wrote."""
    try:
        yield
    except Exception as error:
        # The driver calls it an error of its own when the server's last word has come, and the end has not yet.
        if is_away(error) or driver.is_closed() or type(error).__name__ == "InternalClientError":
            raise ConnectionLost from error
        if isinstance(error.__cause__, UnicodeEncodeError):
            raise error.__cause__ from None
        code = getattr(error, "sqlstate", None)
        if code is None:
            raise
        if code.startswith("22"):  # "invalid input for query argument $1: '...'"
            raise StatementRefused(f"{type(error).__name__}, {code}") from None
        if code == "55P03":  # It waited for a lock for as long as it may.
            raise DatabaseBusy from None
        error.detail = None  # type: ignore[attr-defined] # "Key (client_key)=(...) already exists."
        raise
