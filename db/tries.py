"""PostgreSQL: an act that holds nothing while it reads, and writes by one statement that sees whether all is still so.

A conversation's `last_event` counts whatever happens in it, so it is the version of what was read. The statement that
writes moves it from there on, or writes nothing. No transaction is begun: the statement is one, so that it is on the
disk when it returns. Whoever was overtaken begins anew, with the conversation locked.

Acts that come at the same time share both statements: see `db.together`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from operator import itemgetter
from typing import TypeAlias

from sqlalchemy import Dialect

from db.away import is_away, knock
from db.direct_postgres import PostgresWriting, take
from db.ending import to_the_end, wait_for_end
from db.many import ManyStatement
from db.reading import AnyRow, AnyStatement, Connect, Parameters, give_back
from db.together import Together

Rows: TypeAlias = list[AnyRow]


class Overtaken(Exception):
    """Something has happened since what was decided upon was read. Nothing was written."""


class Shared:
    """The statements that acts share, each on a connection that is taken for it."""

    def __init__(self, connect: Connect, dialect: Dialect, wait_seconds: float) -> None:
        self._connect = connect
        self._dialect = dialect
        self._wait_seconds = wait_seconds
        self._by_statement: dict[ManyStatement, Together[Alone, Parameters, Rows]] = {}

    def begin(self) -> "Try":
        """An act."""
        return Try(self, self._connect, self._dialect, self._wait_seconds)

    def of(self, statement: ManyStatement) -> "Together[Alone, Parameters, Rows]":
        """Where acts ask for the rows of a statement."""
        together = self._by_statement.get(statement)
        if together is None:

            async def ask(db: Alone, asked: Sequence[Parameters]) -> list[Rows]:
                found: list[Rows] = [[] for _ in asked]
                for row in await db.all(statement, statement.arrays(asked)):
                    found[row[0]].append(row)
                return found

            together = Together(self._open, ask, itemgetter(*statement.apart), is_away)
            self._by_statement[statement] = together
        return together

    @asynccontextmanager
    async def _open(self) -> "AsyncIterator[Alone]":
        db = Alone(self._connect, self._dialect, self._wait_seconds)
        try:
            await db.take()
            yield db
        except asyncio.CancelledError:
            await wait_for_end(asyncio.ensure_future(db.settle()))
            raise
        finally:
            await db.close()

    async def close(self) -> None:
        """Wait for what is under way."""
        for together in self._by_statement.values():
            await together.close()


class Alone(PostgresWriting):
    """Statements that are transactions of their own, on a connection that is taken for the first of them."""

    def __init__(self, connect: Connect, dialect: Dialect, wait_seconds: float) -> None:
        super().__init__(None, None, dialect, wait_seconds)
        self._connect = connect

    async def take(self) -> None:
        """Take the connection; DatabaseAway when there is none in time."""
        self._pooled, self._driver = await knock(lambda: take(self._connect), self._wait_seconds)

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        if self._driver is None:
            await self.take()
        return await super().all(statement, parameters)

    async def settle(self) -> None:
        """Wait until a statement that was called off has ended: the next one is asked only then."""
        if self._pooled is None:
            return
        try:
            await asyncio.wait_for(self._driver.execute(""), self._wait_seconds)
        except Exception:  # noqa: BLE001 - whatever it is, this connection is good for nothing more
            await self._pooled.invalidate()

    async def commit(self) -> None:
        """What was written is committed already."""

    async def close(self) -> None:
        """Give the connection back, if there is one."""
        self.is_open = False
        await self._let_go()

    async def _let_go(self) -> None:
        pooled, self._pooled, self._driver = self._pooled, None, None
        if pooled is not None:
            await to_the_end(give_back(pooled))


class Try(Alone):
    """An act that shares its first and its last statement with others.

    It has no connection of its own in hand while it waits for theirs: who does may wait for others who do the same.
    """

    def __init__(self, shared: Shared, connect: Connect, dialect: Dialect, wait_seconds: float) -> None:
        super().__init__(connect, dialect, wait_seconds)
        self._shared = shared

    async def look(self, statement: ManyStatement, parameters: Parameters) -> Rows:
        """The rows of what is read first. A server that is away is waited for, since nothing was done yet."""
        await self._let_go()
        together = self._shared.of(statement)
        return await knock(lambda: together.ask(parameters, to_the_end=False), self._wait_seconds)

    async def store(self, statement: ManyStatement, parameters: Parameters) -> AnyRow | None:
        """The row of the one statement that writes; None when it wrote nothing. It is on the disk when this returns.

        Who is called off while it runs is called off when it has ended: others are in it too.
        """
        await self._let_go()
        rows = await self._shared.of(statement).ask(parameters, to_the_end=True)
        return rows[0] if rows else None
