"""SQLite's one connection for writing, of the driver's own: statements here while they are quick, commits elsewhere."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import URL, Dialect
from sqlalchemy.dialects import sqlite as dialects

from db.direct_sqlite import CALLED_OFF, SPENT, Watched
from db.sqlite import BUSY_PAUSE, PRAGMAS
from db.statements import StatementText

Result = TypeVar("Result")
#: What an act would undo is kept in memory: it is a copy of each page that it changes, and beyond 64 kB of them SQLite
#: would write and delete a file in the middle of every transaction.
#: A commit has a checkpoint of SQLite's own in it only where those after commits have not been enough.
OWN_PRAGMAS = ("busy_timeout=0", "temp_store=MEMORY", "wal_autocheckpoint=20000")
#: Pages that are written until there is a checkpoint, as far as is known: one for each row that changed, and some for
#: each commit. Most are the same pages again, so that few are copied.
PAGES, PAGES_OF_COMMIT = 10_000, 12
#: So many runs of one statement are left to the other thread at once.
MANY = 20


def is_busy(error: BaseException) -> bool:
    """Does another process write, rather than something fail?"""
    return isinstance(error, sqlite3.OperationalError) and _code_of(error) == sqlite3.SQLITE_BUSY


def _execute_all(connection: sqlite3.Connection, acts: Sequence[tuple[str, Sequence[Any]]]) -> None:
    for text, values in acts:
        connection.execute(text, values)


def _code_of(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class Pen:
    """Writes what one act after another tells it. Whoever uses it has the turn: see `db.line`.

    What is read is bounded as in `db.direct_sqlite`. A statement that writes cannot be called off without losing the
    whole transaction, so what is not known to be short (it was not written as a `Statement`, or is to be run many
    times) is left to the other thread at once.
    """

    def __init__(self, url: URL, wait_seconds: float) -> None:
        self.dialect: Dialect = dialects.dialect()
        self.wait_seconds = wait_seconds
        self._url = url
        self._driver: Any = sqlite3
        self._watched: Watched | None = None
        self._is_durable = True
        self._spent = 0.0
        self.pages = PAGES
        self._commits = self._copied = 0
        self._thread = ThreadPoolExecutor(1, "writes")
        self._aside: asyncio.Future[Any] | None = None
        self._may_be_called_off = False

    @property
    def is_writing(self) -> bool:
        """Is a transaction open? An error of the disk ends it in the middle."""
        return self._watched is not None and self._watched.connection.in_transaction

    async def begin(self, *, durable: bool = True) -> None:
        """Take SQLite's one write lock. OperationalError when another process has it for too long.

        It is waited for here and not in SQLite: there whoever has waited too long could not be called back. What is not
        durable is given to the system at its commit, and is on the disk with the next commit that is.
        """
        watched = self._watched or await self._open()
        self._spent = 0.0
        if durable != self._is_durable:
            watched.say(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._is_durable = durable
        until = time.monotonic() + self.wait_seconds
        while True:
            try:
                watched.say("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() >= until:
                    raise
            await asyncio.sleep(BUSY_PAUSE)

    def mark(self) -> None:
        """From here on it can be undone without what was before."""
        self._spent = 0.0
        self._write("SAVEPOINT act")

    def keep(self) -> None:
        """What was done since the mark belongs to the transaction."""
        self._write("RELEASE act")

    def undo(self) -> None:
        """Undo what was done since the mark, and nothing else."""
        self._write("ROLLBACK TO act")
        self._write("RELEASE act")

    def _write(self, words: str) -> None:
        self._the_watched.say(words)

    @property
    def _the_watched(self) -> Watched:
        if self._watched is None:
            raise sqlite3.OperationalError("no transaction is open")
        return self._watched

    async def read(self, text: StatementText, values: Sequence[Any], *, is_long: bool = False) -> list[Any]:
        """The rows of a statement that may return some."""
        watched = self._the_watched
        if text.is_read:
            return await self._read(watched, text.text, values)
        if is_long or self._spent > SPENT:
            return await self._do_aside(lambda: watched.connection.execute(text.text, values).fetchall())
        started = time.perf_counter()
        found, _ = watched.write(text.text, values)
        self._spent += time.perf_counter() - started
        return found

    async def _read(self, watched: Watched, text: str, values: Sequence[Any]) -> list[Any]:
        def read_aside() -> list[Any]:
            return watched.read_aside(text, values, 0)

        if self._spent > SPENT:
            return await self._do_aside(read_aside, may_be_called_off=True)
        started = time.perf_counter()
        try:
            found = watched.read(text, values)
        except sqlite3.OperationalError as error:
            if _code_of(error) not in CALLED_OFF:
                raise
            found = await self._do_aside(read_aside, may_be_called_off=True)
        self._spent += time.perf_counter() - started
        return found

    async def write(self, text: StatementText, values: Sequence[Any], *, is_long: bool = False) -> int:
        """Run a statement; the number of rows that it touched."""
        watched = self._the_watched
        if is_long or self._spent > SPENT:
            return await self._do_aside(lambda: watched.connection.execute(text.text, values).rowcount)
        started = time.perf_counter()
        _, touched = watched.write(text.text, values)
        self._spent += time.perf_counter() - started
        return touched

    async def write_all(self, acts: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Run short statements, one after another."""
        watched = self._the_watched
        started = time.perf_counter()
        for place, (text, values) in enumerate(acts):
            if self._spent > SPENT:
                await self._do_aside(partial(_execute_all, watched.connection, acts[place:]))
                return
            watched.say(text, values)
            now = time.perf_counter()
            self._spent += now - started
            started = now

    async def write_many(self, text: StatementText, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement with each of these values."""
        watched = self._the_watched
        if len(rows) >= MANY:
            await self._do_aside(lambda: watched.connection.executemany(text.text, rows))
            return
        for values in rows:
            await self.write(text, values)

    async def store(self) -> None:
        """Onto the disk, in the other thread."""
        connection = self._the_watched.connection
        # Said in words: the driver's own `commit` is content when there is no transaction any more.
        await self._do_aside(lambda: connection.execute("COMMIT"))
        self._commits += 1

    async def checkpoint(self) -> None:
        """Copy what was committed into the file itself, when that is much; between two transactions.

        It takes as long as several commits, and nobody has to wait for it: what was committed is on the disk already.
        """
        connection = self._the_watched.connection
        changes = connection.total_changes
        if abs(changes - self._copied) + PAGES_OF_COMMIT * self._commits < self.pages:
            return
        self._commits, self._copied = 0, changes
        with suppress(sqlite3.Error):  # Another process may be at it, and a full disk is for the next commit to tell.
            await self._do_aside(lambda: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall())

    def rollback(self) -> None:
        """Undo all that is not committed; a connection that cannot even do that is thrown away."""
        watched = self._watched
        try:
            if watched is not None and watched.connection.in_transaction:
                watched.say("ROLLBACK")
        except sqlite3.Error:
            self.close()

    async def _do_aside(self, work: Callable[[], Result], *, may_be_called_off: bool = False) -> Result:
        """Do something in the other thread, however long it takes."""
        watched = self._the_watched
        watched.connection.set_progress_handler(None, 0)
        aside = asyncio.get_running_loop().run_in_executor(self._thread, work)
        self._aside, self._may_be_called_off = aside, may_be_called_off
        try:
            done = await asyncio.shield(aside)
        finally:
            if aside.done():
                self._aside = None
                watched.watch()
        return done

    async def settle(self) -> None:
        """Wait for what still runs in the other thread, and was asked by somebody who is gone."""
        aside, watched = self._aside, self._watched
        if aside is None or watched is None:
            return
        while not aside.done():
            if self._may_be_called_off:
                watched.connection.interrupt()
            await asyncio.wait([aside], timeout=0.01 if self._may_be_called_off else None)
        with suppress(sqlite3.Error):
            aside.result()
        self._aside = None
        watched.watch()

    async def _open(self) -> Watched:
        # Who is called off meanwhile leaves it to the next one.
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, self._connect))
        return self._the_watched

    def _connect(self) -> None:
        if self._watched is not None:
            return
        places, given = self.dialect.create_connect_args(self._url)
        options: dict[str, Any] = {**given, "timeout": self.wait_seconds, "isolation_level": None}
        options |= {"cached_statements": 512, "check_same_thread": False}
        connection: sqlite3.Connection = self._driver.connect(*places, **options)
        for pragma in (*PRAGMAS, *OWN_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
        self._watched, self._is_durable, self._commits, self._copied = Watched(connection), True, 0, 0

    def close(self) -> None:
        """Let go of the file. The next act opens it again."""
        watched, self._watched = self._watched, None
        if watched is not None:
            with suppress(sqlite3.Error):
                watched.connection.close()

    def end(self) -> None:
        """Let go of the file, and of the thread."""
        self.close()
        self._thread.shutdown(wait=False)
