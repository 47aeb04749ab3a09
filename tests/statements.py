"""Counts the SQL statements that a running server executes, and the rows that they write."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from db.engine import AnyRow, AnyStatement, Database, Parameters, Writing
from db.many import ManyStatement
from db.tries import Try
from db.writing import Act
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House

#: What asyncpg asks for itself when a type comes up first on a connection; which one an act has is a matter of chance.
OF_THE_DRIVER = ("typeinfo_tree", "'jit'")

#: What a server does by itself now and then is so seldom then that it is not counted among what somebody asked for.
SELDOM = dict.fromkeys(("presence_seconds", "backstop_seconds", "seal_seconds", "search_seconds"), 600)


@dataclass(slots=True)
class Counted:
    """What was executed, in order; beginnings of transactions are left out."""

    texts: list[str] = field(default_factory=list)
    #: The tables that were written, with the number of rows: ("update participants", 1).
    writes: list[tuple[str, int]] = field(default_factory=list)
    #: PostgreSQL's connections of acts, whose statements are counted where their rows are known.
    drivers: set[Any] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.texts)

    def note(self, text: str, rows: int) -> None:
        """A statement was executed."""
        words = text.split()
        if words[0].upper().rstrip(";") in ("", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA") or text == "SELECT 1":
            return
        self.texts.append(text)
        verb = words[0].lower()
        if verb in ("insert", "update", "delete") or (verb == "with" and "INSERT" in text):
            self.writes.append((f"{verb} {words[1] if verb in ('update', 'with') else words[2]}", rows))


class CountedWriting(Writing):
    """An act whose statements are counted."""

    def __init__(self, db: Writing, counted: Counted) -> None:
        super().__init__(db._dialect)
        self._db, self._counted = db, counted
        counted.drivers.add(getattr(db, "_driver", None))

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows of a statement."""
        rows = await self._db.all(statement, parameters)
        self._counted.note(self._text_of(statement, parameters).text, len(rows))
        return rows

    async def run(self, statement: AnyStatement, parameters: Parameters | None = None) -> int:
        """Run a statement."""
        touched = await self._db.run(statement, parameters)
        self._counted.note(self._text_of(statement, parameters).text, touched)
        return touched

    async def run_many(self, statement: AnyStatement, rows: Sequence[Parameters]) -> None:
        """Run a statement many times, which counts as one."""
        await self._db.run_many(statement, rows)
        if rows:
            self._counted.note(self._text_of(statement, rows[0]).text, len(rows))

    async def run_all(self, acts: Sequence[Act]) -> None:
        """Run statements, which count one by one."""
        await self._db.run_all(acts)
        for statement, parameters in acts:
            self._counted.note(self._text_of(statement, parameters).text, 1)

    async def commit(self) -> None:
        """Commit."""
        await self._db.commit()


class CountedTry(CountedWriting):
    """The same, of an act that holds nothing while it reads."""

    async def look(self, statement: ManyStatement, parameters: Parameters) -> Sequence[AnyRow]:
        """The rows of what is read first."""
        rows = await cast(Try, self._db).look(statement, parameters)
        self._counted.note(self._text_of(statement, parameters).text, len(rows))
        return rows

    async def store(self, statement: ManyStatement, parameters: Parameters) -> AnyRow | None:
        """The row of the statement that writes."""
        row = await cast(Try, self._db).store(statement, parameters)
        self._counted.note(self._text_of(statement, parameters).text, 0 if row is None else 1)
        return row


@dataclass(slots=True)
class CountedDatabase:
    """Stands before the database, where units of work take their transactions."""

    database: Database
    counted: Counted

    @property
    def can_try(self) -> bool:
        """As the database can."""
        return self.database.can_try

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[CountedTry]:
        """A connection."""
        async with self.database.trying() as db:
            try:
                yield CountedTry(db, self.counted)
            finally:
                self.counted.drivers.discard(getattr(db, "_driver", None))

    @asynccontextmanager
    async def writing(self, **options: Any) -> AsyncIterator[Writing]:
        """A transaction."""
        async with self.database.writing(**options) as db:
            try:
                yield CountedWriting(db, self.counted)
            finally:
                self.counted.drivers.discard(getattr(db, "_driver", None))  # The next who has it may be a reader.


@contextmanager
def counting(house: House) -> Iterator[Counted]:
    """Count all that the server's engines execute in the block."""
    counted = Counted()

    def after_execute(_: Connection, cursor: DBAPICursor, text: str, *__: Any) -> None:
        # `RETURNING` statements do not tell how many rows they touched until they are read.
        counted.note(text, 1 if "RETURNING" in text else cursor.rowcount)

    database, work = house.palaver.database, house.palaver.work
    engines = [database.writer.sync_engine]
    if database.is_sqlite:  # On PostgreSQL the reader is the writer with options, and hands its events on.
        engines.append(database.reader.sync_engine)
    for engine in engines:
        event.listen(engine, "after_cursor_execute", after_execute)
    work._database = cast(Database, CountedDatabase(database, counted))
    try:
        with _tracing(database, counted):
            yield counted
    finally:
        work._database = database
        for engine in engines:
            event.remove(engine, "after_cursor_execute", after_execute)


@contextmanager
def _tracing(database: Database, counted: Counted) -> Iterator[None]:
    """Count what is read on the driver itself: on SQLite by the connection that is taken next."""
    shelf = database.shelf
    if shelf is None:
        with _logging(database, counted):
            yield
        return
    watched = shelf.take()
    shelf.give_back(watched)
    # What took long is begun again in another thread, after a word about how long it may wait: still one statement.
    is_again = False

    def note(text: str) -> None:
        nonlocal is_again
        if text.startswith("--") or "'main'." in text:
            return  # FTS5 reads its own tables, as a part of the statement that asked it.
        if text.startswith("PRAGMA"):
            is_again = True
        elif not (is_again and counted.texts[-1:] == [text]):
            is_again = False
            counted.note(text, 0)

    watched.connection.set_trace_callback(note)
    try:
        yield
    finally:
        watched.connection.set_trace_callback(None)


@contextmanager
def _logging(database: Database, counted: Counted) -> Iterator[None]:
    """On PostgreSQL by any connection; what SQLAlchemy executes is not logged by the driver."""
    logged: dict[Any, Callable[[Any], None]] = {}

    def note(connection: Any, query: Any) -> None:
        if any(words in query.query for words in OF_THE_DRIVER):
            return
        if connection not in counted.drivers and "AS asking(" not in query.query:  # What acts share they count.
            counted.note(query.query, 0)

    def on_checkout(connection: Any, *_: Any) -> None:
        if connection.driver_connection not in logged:
            driver = connection.driver_connection
            logged[driver] = partial(note, driver)
            driver.add_query_logger(logged[driver])

    event.listen(database.writer.sync_engine, "checkout", on_checkout)
    try:
        yield
    finally:
        event.remove(database.writer.sync_engine, "checkout", on_checkout)
        for connection, logger in logged.items():
            connection.remove_query_logger(logger)


@asynccontextmanager
async def quiet_people(make_house: OpenHouse) -> AsyncIterator[People]:
    """The cast at a server that does what it does by itself so seldom that nothing of it is counted."""
    async with make_house(**SELDOM) as house, People(house) as people:
        yield people
