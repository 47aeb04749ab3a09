"""What reads and writes go through: snapshots, and transactions."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self, TypeAlias

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from db.away import ConnectionLost, is_away, knock
from db.ending import to_the_end
from db.statements import Statement

Parameters: TypeAlias = Mapping[str, Any]
AnyStatement: TypeAlias = Executable | Statement
AnyRow: TypeAlias = Sequence[Any]
Connect: TypeAlias = Callable[[], Awaitable[AsyncConnection]]


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

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
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

    async def _all(self, statement: AnyStatement, parameters: Parameters | None) -> Sequence[AnyRow]:
        executable = statement.executable if isinstance(statement, Statement) else statement
        async with self._turn:
            if self._connection is None:
                return await knock(lambda: self._begin(executable, parameters), self._wait_seconds)
            with telling_away():
                return (await self._connection.execute(executable, parameters)).all()

    async def first(self, statement: AnyStatement, parameters: Parameters | None = None) -> AnyRow | None:
        """The first row of a statement, or None."""
        rows = await self.all(statement, parameters)
        return rows[0] if rows else None

    async def value(self, statement: AnyStatement, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(statement, parameters)
        return None if row is None else row[0]

    async def close(self) -> None:
        """Give the connection back; the next statement opens a newer snapshot."""
        for running in self._running:
            running.cancel()
        await to_the_end(self._end())

    async def _end(self) -> None:
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await give_back(connection, self._wait_seconds)

    async def _begin(self, statement: Executable, parameters: Parameters | None) -> Sequence[AnyRow]:
        """Take a connection, and run the first statement of the snapshot."""
        connection = await self._connect()
        try:
            rows = (await connection.execute(statement, parameters)).all()
        except BaseException:
            await to_the_end(give_back(connection, self._wait_seconds))
            raise
        self._connection = connection
        return rows

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


@contextmanager
def telling_away() -> Iterator[None]:
    """A connection that ended is the server's being away, whatever its driver calls it."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise ConnectionLost from error
        raise


async def give_back(connection: AsyncConnection, wait_seconds: float | None = None) -> None:
    """Give a connection back, rolled back; one whose server is away has nothing to roll back, and one
    whose server has not answered after so many seconds is thrown away.

    To be done to its end, whoever is called off: given back by half, it is lost to all who come later.
    """
    try:
        async with asyncio.timeout(wait_seconds):
            await connection.close()
    except Exception as error:
        if not is_away(error):
            raise
        with suppress(Exception):
            await connection.invalidate()
