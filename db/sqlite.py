"""What SQLite has to be told: to be durable, and to let who waits for its one writer be called back."""

import asyncio
import math
import sqlite3
import time

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only

#: Seconds between two looks whether another process still writes. A busy one leaves the lock free for moments only.
BUSY_PAUSE = 0.002
#: Durable: a commit is on the disk before it returns. Readers beside one writer, and foreign keys on. 16 MB are written
#: before they are copied into the file itself: most pages are written often, and copied once then.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
    "wal_autocheckpoint=4000",
)
#: Versions from one on and before another in which SQLite's log cannot lose its beginning.
_SOUND = (((3, 44, 6), (3, 45)), ((3, 50, 7), (3, 51)), ((3, 51, 3), (math.inf,)))


def is_sound_for_several(version: tuple[int, ...]) -> bool:
    """May several processes write to one file with this version of SQLite?

    Before 3.51.3 (and 3.50.7 and 3.44.6 of their lines) a checkpoint can, in a moment of some microseconds, take what
    another process has just begun the log with for copied, and it is lost: https://sqlite.org/wal.html#walresetbug.
    """
    return any(first <= version < end for first, end in _SOUND)


def tune(engine: Engine) -> None:
    """Tell every connection what it has to know."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def begin_reading(engine: Engine) -> None:
    """A snapshot begins when it is asked for, not at its first statement."""

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def begin_writing(engine: Engine, wait_seconds: float) -> None:
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
