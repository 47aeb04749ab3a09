"""What is done again if it was lost need not wait for the disk; everything else is on it before anybody is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from sqlalchemy import text

from chat.work import Work
from core.hub import Hub
from db.engine import Database
from db.statements import Statement
from tests import acts
from tests.client import People
from tests.house import open_house
from tests.legs import Home
from tests.pens import GatedPen, gate_of
from tests.storage import run_sql
from tests.waiting import soon, until

ADD = Statement(
    text(
        "insert into users (id, external_id, name, name_folded, profile_at, created_at)"
        " values (:name, :name, 'x', 'x', 0, 0)"
    )
)
#: As `PRAGMA synchronous` has them: with NORMAL a commit is given to the system, with FULL it is on the disk.
NORMAL, FULL = 1, 2


class WatchedPen(GatedPen):
    """Notes how each commit was made, and how many acts it held."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.commits: list[tuple[int, int]] = []
        self.begun = 0

    async def begin(self, *, durable: bool = True) -> None:
        """Begin a transaction."""
        await super().begin(durable=durable)
        self.begun = 1

    def mark(self) -> None:
        """Another act comes into it."""
        super().mark()
        self.begun += 1

    async def store(self) -> None:
        """Commit."""
        [level] = self._the_watched.connection.execute("pragma synchronous").fetchone()
        self.commits.append((level, self.begun))
        await super().store()


def watch(database: Database) -> WatchedPen:
    """Have a database's commits noted."""
    gate_of(database).end()
    assert database.line is not None
    database.line.pen = pen = WatchedPen(database)
    return pen


@pytest.fixture
async def database(sqlite_home: Home) -> AsyncIterator[Database]:
    """An empty database."""
    database = Database(sqlite_home.settings().database_url, pool_size=2, wait_seconds=5)
    yield database
    await database.close()


@pytest.fixture
def pen(database: Database) -> WatchedPen:
    """What writes into it."""
    return watch(database)


@pytest.fixture
def work(database: Database) -> Work:
    """Begins acts that ring nobody."""
    return Work(database, cast(Hub, None))


async def act(work: Work, name: str, *, durable: bool = True) -> None:
    """One act."""
    async with work.begin(durable=durable) as unit:
        await unit.db.run(ADD, {"name": name})


async def test_only_an_act_that_may_be_lost_is_committed_lightly(work: Work, pen: WatchedPen) -> None:
    for number, durable in enumerate((True, False, False, True)):
        await act(work, f"{number}", durable=durable)
    assert pen.commits == [(FULL, 1), (NORMAL, 1), (NORMAL, 1), (FULL, 1)]


async def test_it_shares_no_commit(work: Work, pen: WatchedPen, database: Database) -> None:
    """Those before it are told without it; those behind it do not come into its transaction."""
    pen.gate.clear()
    first = asyncio.create_task(act(work, "first"))
    await until(lambda: pen.at_gate == 1)
    order = [True, True, False, True, False, True]
    others = [asyncio.create_task(act(work, f"{number}", durable=durable)) for number, durable in enumerate(order)]
    assert database.line is not None
    line = database.line
    await until(lambda: len(line._waiting) == len(order))
    pen.gate.set()
    await soon(asyncio.gather(first, *others))
    assert pen.commits == [(FULL, 1), (FULL, 2), (NORMAL, 1), (FULL, 1), (NORMAL, 1), (FULL, 1)]


async def test_it_waits_for_what_is_begun_in_the_same_moment(work: Work, pen: WatchedPen) -> None:
    await asyncio.gather(act(work, "durable"), act(work, "light", durable=False), act(work, "other"))
    assert pen.commits == [(FULL, 1), (NORMAL, 1), (FULL, 1)]


async def test_a_connection_that_was_thrown_away_begins_anew(work: Work, pen: WatchedPen) -> None:
    await act(work, "light", durable=False)
    pen.close()
    await act(work, "light again", durable=False)
    pen.close()
    await act(work, "durable")
    assert [level for level, _ in pen.commits] == [NORMAL, NORMAL, FULL]


async def test_saving_words_is_light_and_nothing_else_is(sqlite_home: Home) -> None:
    async with open_house(sqlite_home.settings(search_seconds=600)) as house, People(house) as people:
        pen = watch(house.palaver.database)
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "A secret bicycle")
        assert {level for level, _ in pen.commits} == {FULL}
        pen.commits.clear()
        assert await house.palaver.indexer.index_some() == 1
        assert [level for level, _ in pen.commits] == [NORMAL]
        assert await run_sql(house, "select 1 from message_words where words is null") == []
        await acts.send(people.ann, thread, "Another one")
        assert {level for level, _ in pen.commits[1:]} == {FULL}
