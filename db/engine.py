"""Opens the database, SQLite or PostgreSQL, and hands out snapshots to read and transactions to write in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import literal, make_url, select
from sqlalchemy.exc import TimeoutError as NoneLeft
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from db import postgres, sqlite
from db.away import DatabaseBusy, knock
from db.direct_postgres import PostgresDirectReading, begin_writing
from db.direct_sqlite import Shelf
from db.ending import to_the_end
from db.line import Line
from db.line_writing import LineWriting
from db.pen import Pen
from db.reading import AnyRow, AnyStatement, Parameters, Reading, give_back
from db.tries import Shared, Try
from db.writing import Writing

Result = TypeVar("Result")
#: Seconds between two looks whether all was given back.
PAUSE = 0.01

__all__ = ["AnyRow", "AnyStatement", "Database", "Parameters", "Pool", "Reading", "Writing"]


class Database:
    """The engines behind one address, `sqlite+aiosqlite:///...` or `postgresql+asyncpg://...` (or `postgresql://...`).

    SQLite has one writer at a time, so it gets one connection for writing (whoever waits for it waits in line, not in
    SQLite's own busy loop) and `pool_size` others for reading.
    """

    #: Connections for plans, where they are read on the loop's own thread.
    shelf: Shelf | None = None
    #: Where acts wait for SQLite's one writer.
    line: Line | None = None
    #: What acts ask PostgreSQL for together.
    shared: Shared | None = None

    def __init__(self, url: str, *, pool_size: int = 8, wait_seconds: float = 10.0, idle_seconds: float = 60.0) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):  # As everybody writes it; there is one driver here.
            self.url = self.url.set(drivername="postgresql+asyncpg")
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
            self.line = Line(Pen(self.url, wait_seconds))
            if self.url.database not in (None, "", ":memory:") and not self.url.query:
                self.shelf = Shelf(str(self.url.database), self.reader.dialect, pool_size, wait_seconds)
        else:
            self.writer = create_async_engine(
                self.url,
                pool_size=pool_size,
                isolation_level="READ COMMITTED",
                connect_args=postgres.arguments(wait_seconds, idle_seconds),
                **pool,
            )
            postgres.check_idle(self.writer.sync_engine)
            self.shared = Shared(lambda: self._connect(self.writer), self.writer.dialect, wait_seconds)
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def reading(self) -> Reading:
        """A new snapshot, opened at its first statement."""
        return Reading(lambda: self._connect(self.reader), self.wait_seconds)

    def reading_directly(self) -> Reading:
        """A new snapshot for who asks one statement after another, read in the quickest way that there is."""
        if not self.is_sqlite:
            return PostgresDirectReading(lambda: self._connect(self.writer), self.writer.dialect, self.wait_seconds)
        direct = None if self.shelf is None else self.shelf.reading()
        return direct or self.reading()

    async def wait(self) -> None:
        """Wait until the server answers. DatabaseAway when it does not for too long."""
        async with self.reading() as db:
            await db.value(select(literal(1)))

    async def read(self, work: Callable[[Reading], Awaitable[Result]]) -> Result:
        """Read one snapshot, one statement after another; and another one from the start when the server went away in
        the middle."""

        async def attempt() -> Result:
            async with self.reading_directly() as db:
                return await work(db)

        return await knock(attempt, self.wait_seconds)

    def writing(self, *, durable: bool = True, patience: float = 0) -> "Transaction":
        """A transaction; rolled back unless it was committed. One that is not `durable` is whole or not at all when the
        power goes, as any other, but may be gone though its commit has returned. One with `patience` waits so many
        seconds for others to be committed with. (On PostgreSQL all are durable, and none wait.)"""
        if durable and not patience:
            return Transaction(self._begin_writing)
        return Transaction(partial(self._begin_writing, durable=durable, patience=patience))

    @property
    def can_try(self) -> bool:
        """Is there something to be gained by an act that holds nothing? SQLite has one writer, who waits for nobody."""
        return self.shared is not None

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[Try]:
        """What an act of one writing statement goes through; see `db.tries`."""
        if self.shared is None:
            raise NotImplementedError
        db = self.shared.begin()
        try:
            yield db
        finally:
            await db.close()

    async def _begin_writing(self, *, durable: bool = True, patience: float = 0) -> Writing:
        if self.line is not None:
            await self.line.begin(durable=durable, patience=patience)
            return LineWriting(self.line)
        return await begin_writing(lambda: self._connect(self.writer), self.writer.dialect, self.wait_seconds)

    async def _connect(self, engine: AsyncEngine) -> AsyncConnection:
        """Take a connection. Who is cancelled meanwhile gives it back when it is there: torn, it would be left open."""
        connecting = asyncio.ensure_future(_start(engine))
        self._connecting.add(connecting)
        connecting.add_done_callback(self._connecting.discard)
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            self._connecting.add(giving_back := asyncio.ensure_future(_return(connecting)))
            giving_back.add_done_callback(self._connecting.discard)
            raise

    def pools(self) -> dict[str, "Pool"]:
        """How much its pools are used, by name: those of readers and of the writer, or the one that both share."""
        if self.line is None:
            return {"both": _use_of(self.writer)}
        return {"reader": _use_of(self.reader), "writer": Pool(int(self.line.is_taken), 1)}

    @property
    def _is_in_use(self) -> bool:
        is_read = self.shelf is not None and self.shelf.in_use > 0
        return is_read or any(pool.in_use for pool in self.pools().values())

    async def close(self) -> None:
        """Close every connection. Whoever was called off a moment ago is waited for, as long as for anything else:
        what they give back later nobody would close."""
        while self._connecting:
            await asyncio.wait(self._connecting)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.wait_seconds):
                while self._is_in_use:  # noqa: ASYNC110 - a pool tells nobody that it is whole again
                    await asyncio.sleep(PAUSE)
        if self.line is not None:
            await self.line.close()
        if self.shared is not None:
            await self.shared.close()
        if self.shelf is not None:
            self.shelf.close()
        await self.writer.dispose()
        if self.is_sqlite:
            await self.reader.dispose()


class Transaction:
    """A block that writes; what it has not committed at its end is undone. A class: a generator takes longer."""

    __slots__ = ("_begin", "_db")

    def __init__(self, begin: Callable[[], Awaitable[Writing]]) -> None:
        self._begin = begin

    async def __aenter__(self) -> Writing:
        self._db = await self._begin()
        return self._db

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        db = self._db
        try:
            if isinstance(error, Exception):
                await to_the_end(db.close())
                await db.confirm()
        finally:
            if db.is_open:
                await to_the_end(db.close())


@dataclass(frozen=True, slots=True)
class Pool:
    """Connections in use, and how many there can be."""

    in_use: int
    size: int


def _use_of(engine: AsyncEngine) -> Pool:
    pool = cast("AsyncAdaptedQueuePool", engine.pool)
    return Pool(pool.checkedout(), pool.size())


async def _start(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except NoneLeft as error:
        raise DatabaseBusy from error


async def _return(connecting: "asyncio.Future[AsyncConnection]") -> None:
    with suppress(Exception):  # What nobody waits for may fail.
        await give_back(await connecting)
