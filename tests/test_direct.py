"""SQLite read on the loop's own thread: only while that is quick, in one snapshot, and never in anybody's way."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import bindparam, literal_column, select, text
from sqlalchemy.dialects import sqlite

from db.direct_sqlite import STEPS, DirectReading, Shelf
from db.statements import Statement
from tests.waiting import soon, until

COUNT = Statement(text("select count(*) from things"))
THREAD = Statement(text("select thread()"))
#: Counts to a number, which takes SQLite some steps for each.
SLOW = Statement(
    text(
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < :most)"
        " select thread(), count(*) from n"
    )
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small database."""
    path = tmp_path / "things.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode=wal")
        connection.execute("create table things (id integer primary key)")
    return path


@pytest.fixture
def shelf(path: Path) -> Iterator[Shelf]:
    """Its connections, which can say in which thread they are used."""
    shelf = Shelf(str(path), sqlite.dialect(), 2, 10)
    taken = [shelf.take(), shelf.take()]
    for watched in taken:
        watched.connection.create_function("thread", 0, threading.get_ident)
        shelf.give_back(watched)
    yield shelf
    assert shelf.in_use == 0
    shelf.close()


@pytest.fixture
async def reading(shelf: Shelf) -> AsyncIterator[DirectReading]:
    """A snapshot."""
    found = shelf.reading()
    assert found is not None
    async with found:
        yield found


def add_thing(path: Path) -> None:
    """Write beside the reader."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("insert into things default values")


async def test_a_quick_statement_is_read_here_and_a_slow_one_elsewhere(reading: DirectReading) -> None:
    """Whoever asks, in whatever order; what comes after a slow one is read here again."""
    here = threading.get_ident()
    assert await reading.value(THREAD) == here
    thread, count = (await reading.all(SLOW, {"most": 300_000}))[0]
    assert (thread != here, count) == (True, 300_000)


async def test_a_short_statement_is_never_taken_for_a_slow_one(shelf: Shelf) -> None:
    """SQLite counts the steps of all its runs together."""
    here = threading.get_ident()
    for _ in range(STEPS):
        found = shelf.reading()
        assert found is not None
        async with found:
            assert await found.value(THREAD) == here


async def test_a_slow_statement_holds_nobody_up(shelf: Shelf) -> None:
    """Another reader is answered before it."""
    slow, quick = shelf.reading(), shelf.reading()
    assert slow is not None
    assert quick is not None
    async with slow, quick:
        counting = asyncio.create_task(slow.all(SLOW, {"most": 3_000_000}))
        assert await quick.value(COUNT) == 0
        await asyncio.sleep(0)
        assert await quick.value(COUNT) == 0
        assert not counting.done()
        assert (await soon(counting))[0][1] == 3_000_000


async def test_a_snapshot_stays_the_same_also_after_a_slow_statement(path: Path, reading: DirectReading) -> None:
    """What is written meanwhile is for the next one."""
    assert await reading.value(COUNT) == 0
    add_thing(path)
    await reading.all(SLOW, {"most": 300_000})
    assert await reading.value(COUNT) == 0
    await reading.close()
    assert await reading.value(COUNT) == 1


async def test_who_is_called_off_leaves_no_statement_behind(shelf: Shelf) -> None:
    """The connection is given back, and the next one who gets it reads as usual."""
    found = shelf.reading()
    assert found is not None
    counting = asyncio.create_task(found.all(SLOW, {"most": 10**12}))
    await until(lambda: shelf.in_use == 1)
    counting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await counting
    await soon(found.close())
    assert shelf.in_use == 0
    assert await found.value(THREAD) == threading.get_ident()
    await found.close()


async def test_what_is_locked_is_waited_for_elsewhere(tmp_path: Path) -> None:
    """Not on the loop's thread, which lets go of the lock here."""
    path = tmp_path / "locked.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("create table things (id integer primary key)")
        shelf = Shelf(str(path), sqlite.dialect(), 1, 10)
        shelf.give_back(shelf.take())
        writer.execute("begin exclusive")
        found = shelf.reading()
        assert found is not None
        async with found:
            counting = asyncio.create_task(found.value(COUNT))
            await until(lambda: shelf.in_use == 1)
            writer.execute("commit")
            assert await soon(counting) == 0
        shelf.close()


async def test_nothing_can_be_written(reading: DirectReading) -> None:
    """Whatever the statement says."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await reading.all(Statement(text("insert into things default values")))


async def test_there_are_so_many_snapshots_and_no_more(shelf: Shelf) -> None:
    """Who comes then reads as others do, and waits in line."""
    open_ = [shelf.reading(), shelf.reading()]
    for found in open_:
        assert found is not None
        assert await found.value(COUNT) == 0
    assert shelf.reading() is None
    for found in open_:
        assert found is not None
        await found.close()
    assert shelf.reading() is not None


async def test_values_come_as_sqlalchemy_gives_them(reading: DirectReading) -> None:
    """Truths are no numbers, and a value that a statement holds itself is not asked for."""
    statement = Statement(select(literal_column("1 = 1"), bindparam("a", type_=sqlite.BOOLEAN()), bindparam("b", 5)))
    assert [*(await reading.all(statement, {"a": True}))[0]] == [1, True, 5]
    row = (await reading.all(statement, {"a": True}))[0]
    assert row[1] is True
