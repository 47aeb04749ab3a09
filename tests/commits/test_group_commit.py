"""Acts that come while others are committed are committed together; each is answered for by itself."""

import asyncio
import sqlite3
import threading
from typing import cast

import pytest
from sqlalchemy import text

from chat.work import UnitOfWork, Work
from core.hub import Hub
from db.away import DatabaseBusy
from db.engine import Database
from db.line import MOST_ACTS, Line
from db.statements import Statement
from db.writing import NotCommitted
from tests.commits.grouped import ADD, Ears, Refusal, act, add, outcomes, stored
from tests.legs import Home
from tests.pens import GatedPen, gate_of
from tests.storage import locked_at, run_sql_at
from tests.waiting import soon, until


async def fill(unit: UnitOfWork, pen: GatedPen) -> None:
    """Write more than there is room for. A row by itself needs no journal, so SQLite has nothing to go back to."""
    connection = pen._the_watched.connection
    connection.execute("pragma max_page_count=1").fetchall()
    try:
        await unit.db.run(ADD, {"name": "large", "words": "large" * 100_000})
    finally:
        connection.execute("pragma max_page_count=1000000").fetchall()


async def at_the_gate(work: Work, pen: GatedPen) -> "asyncio.Task[None]":
    """An act that is being committed, until the gate opens."""
    pen.gate.clear()
    first = asyncio.create_task(act(work, "first"))
    await until(lambda: pen.at_gate == 1)
    return first


async def let_in(line: Line | None, *acts: "asyncio.Task[None]") -> None:
    """Wait until acts wait in line."""
    assert line is not None
    await until(lambda: sum(not turn.come.done() for turn in line._waiting) == len(acts))


async def test_an_act_alone_is_committed_at_once(work: Work, pen: GatedPen, database: Database) -> None:
    for number in range(3):
        await act(work, f"{number}")
        assert pen.stored == number + 1
        assert len(await stored(database)) == number + 1, "what was acknowledged can be read"


async def test_acts_that_come_meanwhile_are_committed_together(
    work: Work, pen: GatedPen, database: Database, ears: Ears
) -> None:
    """In the order in which they came; before the commit nobody sees or hears anything."""
    first = await at_the_gate(work, pen)
    others = [asyncio.create_task(act(work, f"{number}")) for number in range(5)]
    await let_in(database.line, *others)
    pen.gate.set()
    assert await outcomes(first) == [None]
    pen.gate.clear()
    await until(lambda: pen.at_gate == 1)
    assert (await stored(database), ears.heard) == (["first"], ["first"])
    assert not any(other.done() for other in others)
    pen.gate.set()
    assert await outcomes(*others) == [None] * 5
    assert pen.stored == 2
    assert ears.heard == await stored(database) == ["first", "0", "1", "2", "3", "4"]
    assert database.line is not None
    assert (database.line.commits, work.acts) == (2, 6)


async def test_those_who_come_in_the_same_moment_share_a_commit(work: Work, pen: GatedPen) -> None:
    """The first of them does not go alone."""
    await asyncio.gather(*(act(work, f"{number}") for number in range(8)))
    assert pen.stored == 1


async def test_a_transaction_that_has_lasted_too_long_lets_nobody_in(work: Work, database: Database) -> None:
    pen = gate_of(database, longest=-1)
    await asyncio.gather(*(act(work, f"{number}") for number in range(3)))
    assert pen.stored == 3


async def test_a_commit_holds_so_many_acts_and_no_more(work: Work, pen: GatedPen, database: Database) -> None:
    first = await at_the_gate(work, pen)
    count = MOST_ACTS + 5
    others = [asyncio.create_task(act(work, f"{number}")) for number in range(count)]
    await let_in(database.line, *others)
    pen.gate.set()
    await soon(asyncio.gather(first, *others))
    assert pen.stored >= 3
    assert len(await stored(database)) == count + 1


async def test_an_act_that_fails_is_undone_alone(work: Work, pen: GatedPen, database: Database, ears: Ears) -> None:
    """Wherever it stands among the others."""
    for bad in range(3):
        ears.heard.clear()
        names = [f"{bad}-{number}" for number in range(3)]
        acts = [asyncio.create_task(act(work, name, refused=number == bad)) for number, name in enumerate(names)]
        ends = await outcomes(*acts)
        assert ends == [Refusal if number == bad else None for number in range(3)]
        kept = [name for number, name in enumerate(names) if number != bad]
        assert ears.heard == kept
        assert [name for name in await stored(database) if name.startswith(f"{bad}-")] == kept
    assert pen.stored == 3


async def test_a_key_that_is_there_twice_fails_one_of_them(work: Work, database: Database) -> None:
    ends = await outcomes(*(asyncio.create_task(act(work, name)) for name in ("a", "b", "a", "c")))
    assert ends == [None, None, sqlite3.IntegrityError, None]
    assert await stored(database) == ["a", "b", "c"]


async def test_a_commit_that_fails_fails_all_of_it(work: Work, pen: GatedPen, database: Database, ears: Ears) -> None:
    """Nothing is stored and nobody is told; the next act finds everything as it was."""
    pen.fails = True
    ends = await outcomes(*(asyncio.create_task(act(work, name)) for name in "abc"))
    assert ends == [NotCommitted] * 3
    assert (await stored(database), ears.heard) == ([], [])
    await act(work, "d")
    assert (await stored(database), ears.heard) == (["d"], ["d"])


async def test_a_refusal_for_what_is_not_committed_is_told_after_its_commit(work: Work, pen: GatedPen) -> None:
    """Or else it would be told of something that never happened."""
    pen.gate.clear()
    one, other = asyncio.create_task(act(work, "a")), asyncio.create_task(act(work, "a"))
    await until(lambda: pen.at_gate == 1)
    assert not other.done()
    pen.fails = True
    pen.gate.set()
    assert await outcomes(one, other) == [NotCommitted, NotCommitted]
    await act(work, "a")
    assert await outcomes(asyncio.create_task(act(work, "a"))) == [sqlite3.IntegrityError]


async def test_a_full_disk_in_the_middle_undoes_all_and_tells_all(
    work: Work, pen: GatedPen, database: Database, ears: Ears
) -> None:
    """SQLite itself ends the whole transaction then, and what comes after must not be committed by itself."""
    await act(work, "here")

    async def grow() -> None:
        async with work.begin() as unit:
            with pytest.raises(sqlite3.OperationalError):
                await fill(unit, pen)
            raise Refusal

    acts = [asyncio.create_task(one) for one in (act(work, "a"), act(work, "b"), grow(), act(work, "c"))]
    assert await outcomes(*acts) == [NotCommitted, NotCommitted, Refusal, None]
    assert await stored(database) == ["here", "c"]
    assert ears.heard == ["here", "c"]


async def test_nothing_is_written_after_the_transaction_has_ended(
    work: Work, pen: GatedPen, database: Database
) -> None:
    """Also not by an act that takes no notice: outside of a transaction it would be stored at once."""
    await act(work, "here")

    async def go_on_regardless() -> None:
        async with work.begin() as unit:
            with pytest.raises(sqlite3.OperationalError):
                await fill(unit, pen)
            for attempt in (add(unit, "after"), unit.db.commit()):
                with pytest.raises(NotCommitted):
                    await attempt
            raise Refusal

    assert await outcomes(asyncio.create_task(go_on_regardless())) == [Refusal]
    assert await stored(database) == ["here"]
    await act(work, "there")
    assert await stored(database) == ["here", "there"]


@pytest.mark.parametrize("place", range(3))
async def test_who_is_called_off_in_line_leaves_it(work: Work, pen: GatedPen, database: Database, place: int) -> None:
    first = await at_the_gate(work, pen)
    others = [asyncio.create_task(act(work, f"{number}")) for number in range(3)]
    await let_in(database.line, *others)
    others[place].cancel()
    pen.gate.set()
    ends = await outcomes(first, *others)
    assert ends == [None, *(asyncio.CancelledError if number == place else None for number in range(3))]
    assert await stored(database) == ["first", *(f"{number}" for number in range(3) if number != place)]


async def test_who_is_called_off_at_any_moment_leaves_all_or_nothing(
    work: Work, database: Database, ears: Ears
) -> None:
    """And everybody else is served; what was stored has rung."""
    for turns in range(40):
        acts = [asyncio.create_task(act(work, f"{turns}-{name}")) for name in "abc"]
        for _ in range(turns % 20):
            await asyncio.sleep(0)
        acts[turns % 3].cancel()
        await outcomes(*acts)
    await act(work, "last")
    names = await stored(database)
    assert ears.heard == names
    assert len(names) >= 81


async def test_who_is_called_off_while_it_is_committed_has_rung(work: Work, pen: GatedPen, ears: Ears) -> None:
    first = await at_the_gate(work, pen)
    for _ in range(3):
        first.cancel()
        await asyncio.sleep(0)
    assert not first.done()
    pen.gate.set()
    assert await outcomes(first) == [asyncio.CancelledError]
    assert ears.heard == ["first"]


async def test_a_commit_that_is_called_off_before_it_begins_is_told(
    work: Work, pen: GatedPen, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does a loop that ends; whoever waited for the commit would wait for ever."""
    assert database.line is not None
    line = database.line
    go_on = line._go_on

    def go_on_and_end() -> None:
        go_on()
        if line._committing is not None:
            line._committing.cancel()
            monkeypatch.undo()

    monkeypatch.setattr(line, "_go_on", go_on_and_end)
    torn = [asyncio.create_task(act(work, f"{number}")) for number in range(2)]
    assert await outcomes(*torn) == [NotCommitted, NotCommitted]
    await act(work, "later")
    assert await stored(database) == ["later"]
    assert pen.stored == 1


async def test_an_act_that_takes_long_is_done_elsewhere_and_the_loop_goes_on(work: Work, pen: GatedPen) -> None:
    """Who is called off in the middle of that is undone when it has ended, and the others go on."""
    await act(work, "a")
    pen._the_watched.connection.create_function("thread", 0, threading.get_ident)

    async def count(most: int) -> int:
        slow = text(
            "select thread() + 0 * count(*) from"
            " (with recursive n(x) as (select 1 union all select x + 1 from n where x < :most) select x from n)"
        )
        async with work.begin() as unit:
            thread: int = await unit.db.value(Statement(slow), {"most": most})
            return thread

    assert await count(1) == threading.get_ident()
    assert await count(200_000) != threading.get_ident()
    endless = asyncio.create_task(count(10**12))
    await until(lambda: pen._aside is not None)
    waiting = asyncio.create_task(act(work, "b"))
    endless.cancel()
    assert await outcomes(waiting) == [None]
    assert endless.cancelled()


async def test_a_statement_that_writes_is_never_called_off(work: Work, database: Database) -> None:
    """However many steps it takes: SQLite would undo all that was before it."""
    many = Statement(
        text(
            "insert into users (id, external_id, name, name_folded, profile_at, created_at)"
            " with recursive n(x) as (select 1 union all select x + 1 from n where x < 20000)"
            " select x, x, x, x, 0, 0 from n returning id"
        )
    )
    async with work.begin() as unit:
        await add(unit, "before")
        assert len(await unit.db.all(many)) == 20_000
    assert len(await stored(database)) == 20_001


async def test_another_process_that_writes_is_waited_for(sqlite_home: Home, work: Work, database: Database) -> None:
    """The loop goes on meanwhile, and those who wait are served in their order."""
    async with locked_at(sqlite_home.settings().database_url):
        acts = [asyncio.create_task(act(work, name)) for name in "abc"]
        await let_in(database.line, *acts[1:])
        assert await stored(database) == []
    assert await outcomes(*acts) == [None] * 3
    assert await stored(database) == ["a", "b", "c"]


async def test_another_process_that_writes_for_too_long_is_told(sqlite_home: Home) -> None:
    """To everybody who waits; then it goes on."""
    url = sqlite_home.settings().database_url
    database = Database(url, pool_size=2, wait_seconds=0.1)
    work = Work(database, cast(Hub, Ears()))
    async with locked_at(url):
        ends = await outcomes(*(asyncio.create_task(act(work, name)) for name in "abc"))
        assert ends == [DatabaseBusy] * 3
    await act(work, "d")
    assert await run_sql_at(url, "select external_id from users") == [("d",)]
    await database.close()


async def test_a_database_is_closed_after_what_is_being_committed(work: Work, pen: GatedPen, sqlite_home: Home) -> None:
    first = await at_the_gate(work, pen)
    closing = asyncio.create_task(work._database.close())
    await asyncio.sleep(0)
    pen.gate.set()
    await soon(closing)
    assert await outcomes(first) == [None]
    assert await run_sql_at(sqlite_home.settings().database_url, "select external_id from users") == [("first",)]
