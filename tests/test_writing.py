"""Transactions of both databases, for acts: whole or not at all, given back when they end, and silent about content."""

import asyncio
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from db.away import ConnectionLost
from db.engine import Database, Writing
from db.statements import Statement
from db.tables import users
from db.writing import NotCommitted
from tests.legs import Home, Leg, home_in
from tests.test_direct_readings import END_OTHERS
from tests.waiting import soon, until

ADD = Statement(
    text(
        "insert into users (id, external_id, name, name_folded, profile_at, created_at)"
        " values (:id, :key, :name, 'x', 0, 0)"
    )
)
NAMES = Statement(select(users.c.id).order_by(users.c.id))
SECRET = "What Ann wrote to Bob"


@pytest.fixture
async def database(home: Home) -> AsyncIterator[Database]:
    """An empty database."""
    database = Database(home.settings().database_url, pool_size=2, wait_seconds=5)
    yield database
    await database.close()


async def add(db: Writing, *ids: str, name: str = "x") -> None:
    """Write people down."""
    for one in ids:
        assert await db.run(ADD, {"id": one, "key": one, "name": name}) == 1


async def stored(database: Database) -> list[str]:
    """Who is there."""
    async with database.reading_directly() as db:
        return [row[0] for row in await db.all(NAMES)]


async def test_what_was_committed_is_there_at_once_and_nothing_before(database: Database) -> None:
    async with database.writing() as db:
        await add(db, "a", "b")
        assert [row[0] for row in await db.all(NAMES)] == ["a", "b"]
        assert await stored(database) == []
        await db.commit()
        assert await stored(database) == ["a", "b"]


async def test_what_was_not_committed_is_undone(database: Database) -> None:
    async with database.writing() as db:
        await add(db, "a")
    with pytest.raises(KeyError):  # noqa: PT012 - the act as a whole raises
        async with database.writing() as db:
            await add(db, "b")
            raise KeyError
    assert await stored(database) == []


async def test_statements_tell_how_many_rows_they_touched(database: Database) -> None:
    """Also those that are made for the moment, with lists of values, and for many rows at once."""
    columns = {"name": "x", "name_folded": "x", "profile_at": 0, "created_at": 0}
    async with database.writing() as db:
        rows = [{"id": f"{number:02}", "external_id": f"{number:02}", **columns} for number in range(30)]
        await db.run_many(insert(users), rows[:5])
        await db.run_many(insert(users), rows[5:])
        await db.run_many(insert(users), [])
        named = update(users).where(users.c.id.in_(["01", "02", "99"])).values(name="y")
        assert await db.run(named) == 2
        assert await db.run(named.where(users.c.name == "z")) == 0
        found = await db.all(select(users.c.id).where(users.c.id.in_(["03", "04"]), users.c.name == "x"))
        assert sorted(row[0] for row in found) == ["03", "04"]
        await db.commit()
    assert len(await stored(database)) == 30


async def test_errors_tell_nothing_of_what_people_wrote(database: Database) -> None:
    """Neither a key that is there already, nor a row that may not be, nor a value of another kind."""
    refused = [
        (ADD, {"id": SECRET[:32], "key": SECRET[:32], "name": SECRET}),
        (Statement(text("insert into users (id, external_id) values (:id, :name)")), {"id": "b", "name": SECRET}),
        (Statement(update(users).values(profile_at=text(":name"))), {"name": SECRET}),
        (Statement(select(users.c.id).where(users.c.created_at == text(":name"))), {"name": SECRET}),
    ]
    async with database.writing() as db:
        await add(db, SECRET[:32])
        await db.commit()
    told = []
    for statement, values in refused:
        try:
            async with database.writing() as db:
                await db.run(statement, values)
        except Exception as error:  # noqa: BLE001 - whatever it is
            told.append("".join(traceback.format_exception(error)))
    assert told
    assert not [words for words in told if SECRET in words or SECRET[:8] in words]


async def test_an_act_in_which_a_statement_failed_is_not_taken_for_committed(
    tmp_path: Path, legs: dict[str, Leg]
) -> None:
    """PostgreSQL answers COMMIT then with ROLLBACK, and calls that no error."""
    with home_in(tmp_path, legs["postgres"]) as home:
        database = Database(home.settings().database_url, pool_size=2, wait_seconds=5)
        async with database.writing() as db:
            await add(db, "a")
            with pytest.raises(Exception, match="duplicate key"):
                await add(db, "a")
            with pytest.raises(NotCommitted):
                await db.commit()
        assert await stored(database) == []
        await database.close()


async def test_who_is_called_off_leaves_all_or_nothing_and_gives_back_what_it_took(database: Database) -> None:
    async def act(name: str) -> None:
        async with database.writing() as db:
            await add(db, f"{name}-1", f"{name}-2")
            await db.commit()

    for turns in range(40):
        acting = asyncio.create_task(act(f"{turns:02}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        acting.cancel()
        await asyncio.wait([acting])
    await soon(act("99"))
    names = await stored(database)
    assert len(names) % 2 == 0
    assert names[-2:] == ["99-1", "99-2"]
    # Who was called off while a connection was being made gives it back when it is there.
    await until(lambda: all(pool.in_use == 0 for pool in database.pools().values()))


async def test_a_connection_that_is_lost_before_an_act_is_replaced_and_later_it_is_told(
    tmp_path: Path, legs: dict[str, Leg]
) -> None:
    """What was sent may have happened: only its client may ask again."""
    with home_in(tmp_path, legs["postgres"]) as home:
        database = Database(home.settings().database_url, pool_size=2, wait_seconds=5)
        async with database.writing() as db:
            await add(db, "a")
            await db.commit()
        other = Database(home.settings().database_url, pool_size=1, wait_seconds=5)
        async with other.reading() as ending:
            await ending.all(END_OTHERS)
        async with database.writing() as db:
            await add(db, "b")
            async with other.reading() as ending:
                await ending.all(END_OTHERS)
            with pytest.raises(ConnectionLost):
                await add(db, "c")
        async with database.writing() as db:
            await add(db, "d")
            async with other.reading() as ending:
                await ending.all(END_OTHERS)
            with pytest.raises(ConnectionLost):
                await db.commit()
        assert await stored(database) == ["a"]
        await database.close()
        await other.close()
