"""Reads SQLite on the loop's own thread while that is quick; a statement that is not goes on in another thread.

A quick statement takes less time than asking another thread for it. How long it may take here is bounded by the steps
of SQLite's own machine; one that takes more is called off and begun again elsewhere, in the same snapshot.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from sqlalchemy import Dialect

from db.ending import to_the_end
from db.reading import AnyRow, AnyStatement, Parameters, Reading
from db.statements import Statement, StatementText, text_of

#: Steps that a statement may take on the loop's thread, up to twice as many: about a millisecond.
STEPS = 10_000
#: Seconds that all statements of a snapshot together may take there.
SPENT = 0.01
THREADS = 4
CALLED_OFF = (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Shelf:
    """Connections of the driver's own to one file, that only read; each for one snapshot at a time."""

    def __init__(self, path: str, dialect: Dialect, size: int, wait_seconds: float) -> None:
        self.dialect = dialect
        self.wait_ms = round(wait_seconds * 1000)
        self._path = path
        self._size = size
        self._idle: list[Watched] = []
        self.in_use = 0
        self.threads = ThreadPoolExecutor(THREADS, "reads")

    def reading(self) -> "DirectReading | None":
        """A new snapshot; None when so many are open that it would have to wait."""
        return DirectReading(self) if self.in_use < self._size else None

    def take(self) -> "Watched":
        """A connection, with a snapshot that begins with the first statement."""
        watched = self._idle.pop() if self._idle else Watched(self._connect())
        watched.read("BEGIN", ())
        self.in_use += 1
        return watched

    def give_back(self, watched: "Watched") -> None:
        """The snapshot ends."""
        self.in_use -= 1
        try:
            watched.read("ROLLBACK", ())
        except sqlite3.Error:
            watched.connection.close()
        else:
            self._idle.append(watched)

    def close(self) -> None:
        """Close every connection."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            self._idle.pop().connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA cache_size=-16000")
        return connection


class Watched:
    """A connection that calls off what takes too many steps, unless it is read aside or writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._has_been_asked = False
        self._is_writing = False
        self.watch()

    def watch(self) -> None:
        """Begin to watch."""
        self.connection.set_progress_handler(self._is_too_much, STEPS)

    def _is_too_much(self) -> bool:
        # SQLite asks whenever all runs of a statement together have taken so many steps: the first time means nothing.
        has_been_asked, self._has_been_asked = self._has_been_asked, True
        return has_been_asked and not self._is_writing

    def write(self, text: str, values: Sequence[Any]) -> tuple[list[Any], int]:
        """Run a statement that writes, to its end; its rows, and how many it touched.

        Were it called off, also while its rows are taken, SQLite would undo its whole transaction.
        """
        self._is_writing = True
        try:
            cursor = self.connection.execute(text, values)
            return cursor.fetchall(), cursor.rowcount
        finally:
            self._is_writing = False

    def say(self, text: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that writes and has no rows, to its end."""
        self._is_writing = True
        try:
            self.connection.execute(text, values)
        finally:
            self._is_writing = False

    def read(self, text: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement that takes few steps; else it is interrupted."""
        self._has_been_asked = False
        return self.connection.execute(text, values).fetchall()

    def read_aside(self, text: str, values: Sequence[Any], wait_ms: int) -> list[Any]:
        """The rows of any statement, in whatever thread this is called."""
        self.connection.set_progress_handler(None, 0)
        self.connection.execute(f"PRAGMA busy_timeout={wait_ms}")
        try:
            return self.connection.execute(text, values).fetchall()
        finally:
            self.connection.execute("PRAGMA busy_timeout=0")


class DirectReading(Reading):
    """One snapshot, for who asks one statement after another."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._watched: Watched | None = None
        self._spent = 0.0
        self._aside: asyncio.Future[list[Any]] | None = None

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        dialect = self._shelf.dialect
        text = statement.text_for(dialect) if isinstance(statement, Statement) else text_of(statement, dialect)
        values = text.values(parameters)
        watched = self._watched
        if watched is None:
            watched = self._watched = self._shelf.take()
        if self._spent > SPENT:
            return text.rows(await self._read_aside(watched, text, values))
        started = time.perf_counter()
        try:
            found = watched.read(text.text, values)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in CALLED_OFF:
                raise
            found = await self._read_aside(watched, text, values)
        self._spent += time.perf_counter() - started
        return text.rows(found)

    async def _read_aside(self, watched: Watched, text: StatementText, values: Sequence[Any]) -> list[Any]:
        """Read in another thread, however long it takes."""
        shelf, loop = self._shelf, asyncio.get_running_loop()
        aside = loop.run_in_executor(shelf.threads, watched.read_aside, text.text, values, shelf.wait_ms)
        self._aside = aside
        found = await asyncio.shield(aside)
        self._aside = None
        watched.watch()
        return found

    async def close(self) -> None:
        """Give the connection back; the next statement opens a newer snapshot."""
        watched, self._watched, self._spent = self._watched, None, 0.0
        if watched is None:
            return
        aside, self._aside = self._aside, None
        if aside is not None:
            await to_the_end(self._call_off(watched, aside))
        else:
            self._shelf.give_back(watched)

    async def _call_off(self, watched: Watched, aside: "asyncio.Future[list[Any]]") -> None:
        while not aside.done():
            watched.connection.interrupt()
            await asyncio.wait([aside], timeout=0.01)
        with suppress(sqlite3.Error):
            aside.result()
        watched.watch()
        self._shelf.give_back(watched)
