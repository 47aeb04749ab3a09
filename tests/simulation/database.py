"""The database of a run: real SQLite in virtual time, where every statement takes a while and each commit may fail.

Only the engine and the pen are ours. `Reading`, `Line` and `Database` are the product's, and so is every statement.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Connection, Executable, NullPool, Result, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine

from db.audit import EntryRow
from db.engine import Database, Parameters
from db.line import Line
from db.pen import Pen
from db.sqlite import BUSY_PAUSE
from db.statements import StatementText
from tests.simulation.fate import Fate, Mishap
from tests.simulation.history import Committed, Kept, Logged, Looked, Said, Stored

#: The stream for which this code runs.
STREAM: ContextVar[int | None] = ContextVar("stream", default=None)
#: The request for which this code runs.
REQUEST: ContextVar[asyncio.Task[Any] | None] = ContextVar("request", default=None)
Value = TypeVar("Value")
WAIT = 10.0
READERS = 3

_place = {"path": ""}
#: One for all runs, so that statements are compiled once; each connects to the file of the present run.
_engine = create_engine(
    "sqlite://",
    creator=lambda: sqlite3.connect(_place["path"], isolation_level=None, check_same_thread=False),
    poolclass=NullPool,
)

NEWS = "select id, conversation_id, position, kind, message_id, user_id from events where id > ? order by id"
ALL = "select id, conversation_id, seq, position, author_key, client_key, body from messages order by 2, 3"
SAID = "select id, body from messages where id in (select value from json_each(?))"
KEPT = """
select 'closed', id, '', 0 from conversations where closed_by_staff
union all select 'blocked', blocker_id, blocked_id, created_at from blocks
union all select 'archived', conversation_id, user_id, archived_at from inbox_entries where archived_at is not null
order by 1, 2, 3
"""
EDITS = "select message_id, number, body from message_edits order by 1, 2"
REACTIONS = "select message_id, user_id, emoji from reactions"
ENTRIES = "select id, actor_id, action, target_type, target_id, reason, at from audit_entries"
LINKS = "select number, entry_id, hash from audit_seals order by number"


class Process(Protocol):
    """A process, as far as its database is concerned."""

    @property
    def is_dead(self) -> bool:
        """Does nothing run there any more?"""

    async def may_die(self, probability: float, when: str) -> None:
        """Die here with this chance; then nothing after it is ever done."""


class Disk:
    """The file, the connections to it, and a list of what was committed."""

    def __init__(self, fate: Fate, path: Path) -> None:
        self.fate = fate
        _place["path"] = str(path)
        self.commits = 0
        self._idle: list[Connection] = []
        self._used: dict[Connection, object] = {}
        self._last_id = 0
        self.note_commit()

    def take(self, owner: object) -> Connection:
        """A connection with nothing begun."""
        connection = self._idle.pop() if self._idle else self._connect()
        self._used[connection] = owner
        return connection

    @staticmethod
    def _connect() -> Connection:
        connection = _engine.connect()
        for pragma in ("synchronous=OFF", "foreign_keys=ON", "busy_timeout=0"):
            run_raw(connection, f"PRAGMA {pragma}")
        return connection

    def give_back(self, connection: Connection) -> None:
        """What was not committed is undone."""
        if self._used.pop(connection, None) is not None:
            if driver_of(connection).in_transaction:
                run_raw(connection, "ROLLBACK")
            self._idle.append(connection)

    def drop(self, process: Process) -> None:
        """A process died: the database undoes what it had begun."""
        for connection in [connection for connection, owner in self._used.items() if owner is process]:
            self.give_back(connection)

    def note_commit(self) -> None:
        """Something took effect: number it, and write down by how much the logs grew."""
        connection = self.take(self)
        driver = driver_of(connection)
        news = [Logged(*row) for row in driver.execute(NEWS, (self._last_id,))]
        named = json.dumps([entry.message_id for entry in news if entry.message_id is not None])
        words = {row[0]: Said(*row) for row in driver.execute(SAID, (named,))}
        said = (words[entry.message_id] for entry in news if entry.message_id is not None)
        kept = tuple(Kept(*row) for row in driver.execute(KEPT))
        self.give_back(connection)
        if news:
            self._last_id = news[-1].id
        self.commits += 1
        self.fate.note(Committed(self.commits, tuple(news), tuple(said), kept))

    def close(self) -> None:
        """The end: what is stored goes into the history."""
        connection = self.take(self)
        history, driver = self.fate.history, driver_of(connection)
        history.stored = [Stored(*row) for row in driver.execute(ALL)]
        history.logged = [Logged(*row) for row in driver.execute(NEWS, (0,))]
        history.edits = driver.execute(EDITS).fetchall()
        history.reactions = driver.execute(REACTIONS).fetchall()
        history.entries = [EntryRow(*row) for row in driver.execute(ENTRIES)]
        history.links = driver.execute(LINKS).fetchall()
        history.waiting = [row[0] for row in driver.execute("select entry_id from audit_unsealed")]
        for one in (*self._used, *self._idle):
            one.close()
        self._used.clear()
        self._idle.clear()


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def run_raw(connection: Connection, words: str) -> None:
    """Say something to SQLite that SQLAlchemy does not know of."""
    driver_of(connection).execute(words)


class Engine:
    """As much of an AsyncEngine as the product uses: so many connections of one process, to read or to write."""

    def __init__(self, disk: Disk, process: Process, size: int, begin: str, pause: float) -> None:
        self.disk, self.process, self.begin, self.pause = disk, process, begin, pause
        self.places = asyncio.Semaphore(size)
        self.most, self.used = size, 0

    @property
    def pool(self) -> "Engine":
        """Its connections, for who asks how many are in use."""
        return self

    def checkedout(self) -> int:
        """How many are."""
        return self.used

    def size(self) -> int:
        """How many can be."""
        return self.most

    def connect(self) -> "Reader":
        """To be awaited, or entered."""
        return Reader(self)

    async def dispose(self) -> None:
        """Nothing to let go of: connections belong to the disk."""


class Reader:
    """A connection of a process, which begins its transaction with its first statement."""

    dialect = SimpleNamespace(name="sqlite")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._disk, self._process, self._fate = engine.disk, engine.process, engine.disk.fate
        self._holds = False
        self._raw: Connection | None = None

    def __await__(self) -> Generator[Any, None, "Reader"]:
        return self._open().__await__()

    async def __aenter__(self) -> "Reader":
        return await self._open()

    async def __aexit__(self, *_: object) -> None:
        await asyncio.shield(self.close())

    async def start(self) -> "Reader":
        """What awaiting it does."""
        return await self._open()

    async def _open(self) -> "Reader":
        try:
            async with asyncio.timeout(WAIT):
                await self.engine.places.acquire()
        except TimeoutError as error:
            raise Mishap("no connection is free") from error
        self._holds = True
        self.engine.used += 1
        return self

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Result[Any]:
        """Run a statement: it takes a while until it is run, or until the answer is there."""
        waits_first = self._fate.happens(0.5)
        if waits_first:
            await self._fate.pause(self.engine.pause)
        await self._process.may_die(self._fate.weather.crash_at_statement, "at a statement")
        refuse(self._process)
        if self._fate.befalls(self._fate.weather.statement_fails):
            raise Mishap("a statement failed")
        raw = self._raw or await self._begin()
        result = raw.execute(statement, parameters)
        # All of it now: a statement that is not read to its end would keep its snapshot.
        answer: Result[Any] = result.freeze()() if result.returns_rows else result
        if not waits_first:
            await self._fate.pause(self.engine.pause)
        return answer

    async def _begin(self) -> Connection:
        raw = await begin_on(self._disk, self._process, self.engine.begin)
        self._raw = raw
        stream = STREAM.get()
        if stream is not None:
            self._fate.note(Looked(stream, self._disk.commits))
        return raw

    async def close(self) -> None:
        """Give the connection back."""
        raw, self._raw = self._raw, None
        if raw is not None:
            self._disk.give_back(raw)
        if self._holds:
            self._holds = False
            self.engine.used -= 1
            self.engine.places.release()


def refuse(process: Process) -> None:
    """Nothing is done for the dead."""
    if process.is_dead:
        raise Mishap("the process is dead")


async def begin_on(disk: Disk, process: Process, words: str) -> Connection:
    """A connection with a transaction that has begun."""
    until = disk.fate.loop.time() + WAIT
    raw = disk.take(process)
    while True:
        try:
            run_raw(raw, words)
            return raw
        except sqlite3.OperationalError as error:
            disk.give_back(raw)
            if disk.fate.loop.time() > until:
                raise Mishap("the database is locked") from error
        await asyncio.sleep(BUSY_PAUSE)
        refuse(process)
        raw = disk.take(process)


class FullDisk(Mishap, sqlite3.OperationalError):
    """SQLite undoes the whole transaction by itself."""


class SimulatedPen(Pen):
    """The one connection of a process that writes. Acts wait for it in the product's own line."""

    def __init__(self, disk: Disk, process: Process) -> None:
        self.dialect = _engine.dialect
        self.wait_seconds = WAIT
        self._disk, self._process, self._fate = disk, process, disk.fate
        self._raw: Connection | None = None

    @property
    def is_writing(self) -> bool:
        """Is a transaction open?"""
        return self._raw is not None and driver_of(self._raw).in_transaction

    async def begin(self, *, durable: bool = True) -> None:
        """Take the lock, when no other process has it."""
        self._raw = await begin_on(self._disk, self._process, "BEGIN IMMEDIATE")

    def _write(self, words: str) -> None:
        run_raw(self._the_raw, words)

    @property
    def _the_raw(self) -> Connection:
        refuse(self._process)
        if self._raw is None:
            raise Mishap("no transaction is open")
        return self._raw

    def mark(self) -> None:
        """From here on it can be undone."""
        self._write("SAVEPOINT act")

    async def read(self, text: StatementText, values: Sequence[Any], *, is_long: bool = False) -> list[Any]:
        """The rows of a statement."""
        return await self._do(lambda: self._driver.execute(text.text, values).fetchall())

    async def write(self, text: StatementText, values: Sequence[Any], *, is_long: bool = False) -> int:
        """Run a statement."""
        return await self._do(lambda: self._driver.execute(text.text, values).rowcount)

    async def write_all(self, acts: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Run statements one after another: any of them may be the last."""
        for text, values in acts:
            await self._do(partial(self._driver.execute, text, values))

    async def write_many(self, text: StatementText, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement many times."""
        await self._do(lambda: self._driver.executemany(text.text, rows))

    @property
    def _driver(self) -> sqlite3.Connection:
        return driver_of(self._the_raw)

    async def _do(self, work: Callable[[], Value]) -> Value:
        """It takes a while until it is done, or until the answer is there."""
        waits_first, weather = self._fate.happens(0.5), self._fate.weather
        if waits_first:
            await self._fate.pause(weather.pause)
        await self._process.may_die(weather.crash_at_statement, "at a statement")
        refuse(self._process)
        if self._fate.befalls(weather.statement_fails):
            if self._fate.happens(0.5):
                self._write("ROLLBACK")
                raise FullDisk("the disk is full, and nothing is left of the transaction")
            raise Mishap("a statement failed")
        answer = work()
        if not waits_first:
            await self._fate.pause(weather.pause)
        return answer

    async def store(self) -> None:
        """Make it so: with every accident that there is before and after."""
        weather = self._fate.weather
        await self._fate.pause(weather.pause)
        await self._process.may_die(weather.crash_at_commit, "before a commit")
        refuse(self._process)
        if self._fate.befalls(weather.commit_fails):
            raise Mishap("a commit failed")
        self._write("COMMIT")
        self._disk.note_commit()
        self.rollback()
        await self._process.may_die(weather.crash_at_commit, "after a commit")
        if (request := REQUEST.get()) is not None and self._fate.befalls(weather.cancelled / 2):
            request.cancel()
        await self._fate.pause(weather.pause)
        if self._fate.befalls(weather.answer_of_commit_lost):
            raise Mishap("the answer to a commit was lost")

    async def checkpoint(self) -> None:
        """It takes a while, and may be the last that the process does."""
        await self._fate.pause(self._fate.weather.pause)
        await self._process.may_die(self._fate.weather.crash_at_commit, "after those of a commit were told")

    def rollback(self) -> None:
        """Nothing is left of it, and the connection is free."""
        raw, self._raw = self._raw, None
        if raw is not None:
            self._disk.give_back(raw)

    async def settle(self) -> None:
        """There is no other thread."""

    def end(self) -> None:
        """Connections belong to the disk."""


class SimulatedDatabase(Database):
    """The product's database of a process, over engines of ours."""

    def __init__(self, disk: Disk, process: Process) -> None:
        self.is_sqlite = True
        self.wait_seconds = WAIT
        self._connecting = set()
        weather = disk.fate.weather
        self.reader = cast(AsyncEngine, Engine(disk, process, READERS, "BEGIN", weather.read_pause))
        self.writer = self.reader
        self.line = Line(SimulatedPen(disk, process))
