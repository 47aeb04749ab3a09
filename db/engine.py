"""Opens the database, SQLite or PostgreSQL, and hands out snapshots to read and transactions to write in."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, cast

from sqlalchemy import Engine, Executable, Row, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only

#: Seconds between two looks whether another process still writes.
BUSY_PAUSE = 0.02

Parameters: TypeAlias = Mapping[str, Any]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]


class Reading:
    """One snapshot of the database: every statement of it sees the same state.

    The connection is taken at the first statement and given back by `close`; sibling fields may ask at the same
    time, their statements run one after another.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        async with self._turn:
            return (await (await self._open()).execute(statement, parameters)).all()

    async def first(self, statement: Executable, parameters: Parameters | None = None) -> AnyRow | None:
        """The first row of a statement, or None."""
        rows = await self.all(statement, parameters)
        return rows[0] if rows else None

    async def value(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(statement, parameters)
        return None if row is None else row[0]

    async def close(self) -> None:
        """Give the connection back; the next statement opens a newer snapshot."""
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await asyncio.shield(connection.close())

    async def _open(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Writing(Reading):
    """A transaction that may write. Only the unit of work ends it."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.engine)
        self._connection = connection
        self.dialect = connection.dialect.name

    async def run(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> int:
        """Run a statement that returns no rows; the answer is the number of rows it touched."""
        async with self._turn:
            result = await (await self._open()).execute(statement, parameters)
            return int(result.rowcount)


class Database:
    """The engines behind one address, `sqlite+aiosqlite:///...` or `postgresql+asyncpg://...`.

    SQLite has one writer at a time, so it gets an engine of one connection for writing (whoever waits for it waits
    in line, not in SQLite's own busy loop) and `pool_size` others for reading.
    """

    def __init__(self, url: str, *, pool_size: int = 8, wait_seconds: float = 10.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        pool: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool, "max_overflow": 0, "pool_timeout": wait_seconds}
        pool["hide_parameters"] = True  # An error's text must not hold what people wrote.
        if self.is_sqlite:
            arguments = {"timeout": wait_seconds, "isolation_level": None}
            self.reader = create_async_engine(self.url, pool_size=pool_size, connect_args=arguments, **pool)
            self.writer = create_async_engine(self.url, pool_size=1, connect_args=arguments, **pool)
            _tune_sqlite(self.reader.sync_engine)
            _tune_sqlite(self.writer.sync_engine)
            _begin_reading(self.reader.sync_engine)
            _begin_writing(self.writer.sync_engine, wait_seconds)
        else:
            self.writer = create_async_engine(
                self.url, pool_size=pool_size, isolation_level="READ COMMITTED", pool_pre_ping=True, **pool
            )
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def reading(self) -> Reading:
        """A new snapshot, opened at its first statement."""
        return Reading(self.reader)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[tuple[Writing, AsyncConnection]]:
        """A transaction, with the connection that ends it; rolled back unless it was committed."""
        async with self.writer.connect() as connection:
            yield Writing(connection), connection

    def pools(self) -> dict[str, "Pool"]:
        """How much its pools are used, by name: those of readers and of the writer, or the one that both share."""
        engines = {"reader": self.reader, "writer": self.writer} if self.is_sqlite else {"both": self.writer}
        return {name: _use_of(engine) for name, engine in engines.items()}

    async def close(self) -> None:
        """Close every connection."""
        await self.writer.dispose()
        if self.is_sqlite:
            await self.reader.dispose()


@dataclass(frozen=True, slots=True)
class Pool:
    """Connections in use, and how many there can be."""

    in_use: int
    size: int


def _use_of(engine: AsyncEngine) -> Pool:
    pool = cast("AsyncAdaptedQueuePool", engine.pool)
    return Pool(pool.checkedout(), pool.size())


def _tune_sqlite(engine: Engine) -> None:
    """Durable (a commit is on the disk before it returns), readers beside one writer, and foreign keys on."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _begin_reading(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(engine: Engine, wait_seconds: float) -> None:
    """Take SQLite's one write lock, and wait for another process that has it.

    It is waited for here and not in SQLite: there it would be in the driver's thread, where whoever has waited too long
    cannot be called back.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        until = time.monotonic() + wait_seconds
        cursor = connection.connection.cursor()
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            await_only(asyncio.sleep(BUSY_PAUSE))
        cursor.close()
