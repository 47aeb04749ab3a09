"""Counts the SQL statements that a running server executes, and the rows that they write."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from db.engine import Database
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House


@dataclass(slots=True)
class Counted:
    """What was executed, in order; beginnings of transactions are left out."""

    texts: list[str] = field(default_factory=list)
    #: The tables that were written, with the number of rows: ("update participants", 1).
    writes: list[tuple[str, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def note(self, text: str, rows: int) -> None:
        """A statement was executed."""
        words = text.split()
        if words[0].upper().rstrip(";") in ("", "BEGIN", "COMMIT", "ROLLBACK") or text == "SELECT 1":
            return
        self.texts.append(text)
        if words[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            verb = words[0].lower()
            self.writes.append((f"{verb} {words[1] if verb == 'update' else words[2]}", rows))


@contextmanager
def counting(house: House) -> Iterator[Counted]:
    """Count all that the server's engines execute in the block."""
    counted = Counted()

    def after_execute(_: Connection, cursor: DBAPICursor, text: str, *__: Any) -> None:
        # `RETURNING` statements do not tell how many rows they touched until they are read.
        counted.note(text, 1 if "RETURNING" in text else cursor.rowcount)

    database = house.palaver.database
    engines = [database.writer.sync_engine]
    if database.is_sqlite:  # On PostgreSQL the reader is the writer with options, and hands its events on.
        engines.append(database.reader.sync_engine)
    for engine in engines:
        event.listen(engine, "after_cursor_execute", after_execute)
    try:
        with _tracing(database, counted):
            yield counted
    finally:
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
    # What was begun in another thread, because it took long, begins with one that says how long it may wait.
    watched.connection.set_trace_callback(lambda text: None if text.startswith("PRAGMA") else counted.note(text, 0))
    try:
        yield
    finally:
        watched.connection.set_trace_callback(None)


@contextmanager
def _logging(database: Database, counted: Counted) -> Iterator[None]:
    """On PostgreSQL by any connection; what SQLAlchemy executes is not logged by the driver."""
    logged: set[Any] = set()

    def note(query: Any) -> None:
        counted.note(query.query, 0)

    def on_checkout(connection: Any, *_: Any) -> None:
        if connection.driver_connection not in logged:
            logged.add(connection.driver_connection)
            connection.driver_connection.add_query_logger(note)

    event.listen(database.writer.sync_engine, "checkout", on_checkout)
    try:
        yield
    finally:
        event.remove(database.writer.sync_engine, "checkout", on_checkout)
        for connection in logged:
            connection.remove_query_logger(note)


@asynccontextmanager
async def quiet_people(make_house: OpenHouse) -> AsyncIterator[People]:
    """The cast at a server whose heart beats, and which looks behind the bells, so seldom that neither is counted."""
    async with make_house(presence_seconds=600, backstop_seconds=600) as house, People(house) as people:
        yield people
