"""What was committed is copied into SQLite's file after whoever waited was told, and never for long not."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from chat.work import Work
from db.engine import Database
from db.pen import PAGES_OF_COMMIT
from tests.commits.grouped import act, outcomes, stored
from tests.pens import GatedPen, line_of
from tests.waiting import soon, until

PAGE = 4096
#: An act here changes one row.
PAGES_OF_ACT = 1 + PAGES_OF_COMMIT


class WatchedPen(GatedPen):
    """Copies when its second gate is open, and counts how often; `is_torn` makes copying fail as a bad disk does."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.copying = asyncio.Event()
        self.copying.set()
        self.is_copying = False
        self.is_torn = False
        self.copied = 0
        self.pages = 1

    async def checkpoint(self) -> None:
        """Copy, when it is time."""
        self.is_copying = True
        await self.copying.wait()
        self.is_copying = False
        if self.is_torn:
            self._the_watched.connection.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
        try:
            await super().checkpoint()
        finally:
            self._the_watched.connection.set_authorizer(None)
        self.copied += 1


@pytest.fixture
def pen(database: Database) -> WatchedPen:
    """What writes."""
    line = line_of(database)
    line.pen.end()
    line.pen = pen = WatchedPen(database)
    return pen


def file_of(database: Database) -> Path:
    """The file that it is in."""
    return Path(database.url.database or "")


def names_in_file(database: Database, *names: str) -> set[str]:
    """Which of these stand in the file itself, and not only in what was written beside it."""
    held = file_of(database).read_bytes()
    return {name for name in names if name.encode() in held}


async def test_whoever_waits_is_told_before_it_is_copied(work: Work, pen: WatchedPen, database: Database) -> None:
    pen.copying.clear()
    await soon(act(work, "first-name"))
    await until(lambda: pen.is_copying)
    assert await stored(database) == ["first-name"], "it can be read"
    assert names_in_file(database, "first-name") == set()
    second = asyncio.create_task(act(work, "second-name"))
    await until(lambda: len(line_of(database)._waiting) == 1)
    pen.copying.set()
    assert await outcomes(second) == [None]
    await until(lambda: pen.copied == 2)
    assert names_in_file(database, "first-name", "second-name") == {"first-name", "second-name"}


async def test_what_is_little_is_not_copied(work: Work, pen: WatchedPen, database: Database) -> None:
    pen.pages = 3 * PAGES_OF_ACT
    for number in (1, 2):
        await act(work, f"name-{number}")
    await until(lambda: pen.copied == 2)
    assert names_in_file(database, "name-1", "name-2") == set()
    await act(work, "name-3")
    await until(lambda: pen.copied == 3)
    assert names_in_file(database, "name-1", "name-2", "name-3") == {"name-1", "name-2", "name-3"}


async def test_what_is_written_beside_the_file_does_not_grow(work: Work, pen: WatchedPen, database: Database) -> None:
    """Once all of it was copied, its beginning is written anew."""
    pen.pages = 10 * PAGES_OF_ACT
    for number in range(100):
        await act(work, f"{number}")
    beside = file_of(database).with_name(file_of(database).name + "-wal")
    assert beside.stat().st_size < 100 * 2 * PAGE


async def test_a_copy_that_fails_harms_nobody(work: Work, pen: WatchedPen, database: Database) -> None:
    pen.is_torn = True
    await act(work, "first")
    await until(lambda: pen.copied == 1)
    assert names_in_file(database, "first") == set()
    pen.is_torn = False
    await act(work, "second")
    assert await stored(database) == ["first", "second"]
    await until(lambda: not line_of(database).is_taken)


async def test_a_connection_that_was_thrown_away_counts_anew(work: Work, pen: WatchedPen, database: Database) -> None:
    pen.pages = 2 * PAGES_OF_ACT
    for number in range(4):
        await act(work, f"name-{number}")
        if number == 1:
            await until(lambda: pen.copied == 2)
            pen.close()
    await until(lambda: pen.copied == 4)
    assert names_in_file(database, "name-3") == {"name-3"}
