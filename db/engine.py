"""Opens the database, SQLite or PostgreSQL, and hands out snapshots to read and transactions to write in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, TypeVar, cast

from sqlalchemy import Executable, Row, literal, make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from db import postgres, sqlite
from db.away import ConnectionLost, is_away, knock

Parameters: TypeAlias = Mapping[str, Any]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
Connect: TypeAlias = Callable[[], Awaitable[AsyncConnection]]
Result = TypeVar("Result")


class Reading:
    """One snapshot of the database: every statement of it sees the same state.

    The connection is taken at the first statement and given back by `close`; sibling fields may ask at the same
    time, their statements run one after another.

    A server that is away when the snapshot begins is waited for; one that goes away later takes the snapshot with it,
    and whoever reads gets ConnectionLost.
    """

    def __init__(self, connect: Connect, wait_seconds: float) -> None:
        self._connect = connect
        self._wait_seconds = wait_seconds
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Future[Any]] = set()

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        # A field that is called off must not tear the snapshot of its siblings: only `close` ends a statement.
        running = asyncio.ensure_future(self._all(statement, parameters))
        self._running.add(running)
        running.add_done_callback(self._forget)
        return await asyncio.shield(running)

    def _forget(self, running: "asyncio.Future[Any]") -> None:
        self._running.discard(running)
        if not running.cancelled():
            running.exception()  # Whoever asked may be gone.

    async def _all(self, statement: Executable, parameters: Parameters | None) -> Sequence[AnyRow]:
        async with self._turn:
            if self._connection is None:
                return await knock(lambda: self._begin(statement, parameters), self._wait_seconds)
            with _telling_away():
                return (await self._connection.execute(statement, parameters)).all()

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
        for running in self._running:
            running.cancel()
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await asyncio.shield(_close(connection))

    async def _begin(self, statement: Executable, parameters: Parameters | None) -> Sequence[AnyRow]:
        """Take a connection, and run the first statement of the snapshot."""
        connection = await self._connect()
        try:
            rows = (await connection.execute(statement, parameters)).all()
        except BaseException:
            await asyncio.shield(_close(connection))
            raise
        self._connection = connection
        return rows

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Writing(Reading):
    """A transaction that may write. Only the unit of work ends it."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection.start, 0)
        self._connection = connection
        self._writer = connection
        self.dialect = connection.dialect.name

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement. Who is called off ends it: the unit of work rolls back."""
        return await self._all(statement, parameters)

    async def run(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> int:
        """Run a statement that returns no rows; the answer is the number of rows it touched."""
        async with self._turn:
            with _telling_away():
                result = await self._writer.execute(statement, parameters)
                return int(result.rowcount)


class Database:
    """The engines behind one address, `sqlite+aiosqlite:///...` or `postgresql+asyncpg://...`.

    SQLite has one writer at a time, so it gets an engine of one connection for writing (whoever waits for it waits
    in line, not in SQLite's own busy loop) and `pool_size` others for reading.
    """

    def __init__(self, url: str, *, pool_size: int = 8, wait_seconds: float = 10.0, idle_seconds: float = 60.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.wait_seconds = wait_seconds
        self._connecting: set[asyncio.Future[Any]] = set()
        pool: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool, "max_overflow": 0, "pool_timeout": wait_seconds}
        pool["hide_parameters"] = True  # An error's text must not hold what people wrote.
        if self.is_sqlite:
            arguments = {"timeout": wait_seconds, "isolation_level": None}
            self.reader = create_async_engine(self.url, pool_size=pool_size, connect_args=arguments, **pool)
            self.writer = create_async_engine(self.url, pool_size=1, connect_args=arguments, **pool)
            sqlite.tune(self.reader.sync_engine)
            sqlite.tune(self.writer.sync_engine)
            sqlite.begin_reading(self.reader.sync_engine)
            sqlite.begin_writing(self.writer.sync_engine, wait_seconds)
        else:
            self.writer = create_async_engine(
                self.url,
                pool_size=pool_size,
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                connect_args=postgres.arguments(wait_seconds, idle_seconds),
                **pool,
            )
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def reading(self) -> Reading:
        """A new snapshot, opened at its first statement."""
        return Reading(lambda: self._connect(self.reader), self.wait_seconds)

    async def wait(self) -> None:
        """Wait until the server answers. DatabaseAway when it does not for too long."""
        async with self.reading() as db:
            await db.value(select(literal(1)))

    async def read(self, work: Callable[[Reading], Awaitable[Result]]) -> Result:
        """Read one snapshot; and another one from the start when the server went away in the middle."""

        async def attempt() -> Result:
            async with self.reading() as db:
                return await work(db)

        return await knock(attempt, self.wait_seconds)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[tuple[Writing, AsyncConnection]]:
        """A transaction, with the connection that ends it; rolled back unless it was committed."""
        connection = await knock(lambda: self._connect(self.writer), self.wait_seconds)
        try:
            yield Writing(connection), connection
        finally:
            await asyncio.shield(_close(connection))

    async def _connect(self, engine: AsyncEngine) -> AsyncConnection:
        """Take a connection. Who is cancelled meanwhile gives it back when it is there: torn, it would be left open."""
        connecting = asyncio.ensure_future(_start(engine))
        self._connecting.add(connecting)
        connecting.add_done_callback(self._connecting.discard)
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            self._connecting.add(giving_back := asyncio.ensure_future(_give_back(connecting)))
            giving_back.add_done_callback(self._connecting.discard)
            raise

    def pools(self) -> dict[str, "Pool"]:
        """How much its pools are used, by name: those of readers and of the writer, or the one that both share."""
        engines = {"reader": self.reader, "writer": self.writer} if self.is_sqlite else {"both": self.writer}
        return {name: _use_of(engine) for name, engine in engines.items()}

    async def close(self) -> None:
        """Close every connection."""
        while self._connecting:
            await asyncio.wait(self._connecting)
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


@contextmanager
def _telling_away() -> Iterator[None]:
    """A connection that ended is the server's being away, whatever its driver calls it."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise ConnectionLost from error
        raise


async def _start(engine: AsyncEngine) -> AsyncConnection:
    return await engine.connect()


async def _give_back(connecting: "asyncio.Future[AsyncConnection]") -> None:
    with suppress(Exception):  # What nobody waits for may fail.
        await _close(await connecting)


async def _close(connection: AsyncConnection) -> None:
    """Give a connection back, rolled back; one whose server is away has nothing to roll back."""
    try:
        await connection.close()
    except Exception as error:
        if not is_away(error):
            raise
        with suppress(Exception):
            await connection.invalidate()
