"""Snapshots of both databases, for fields and for plans: one state, whole, given back when they end."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db.away import ConnectionLost
from db.engine import Database
from db.statements import Statement
from tests.legs import Home, Leg, home_in
from tests.waiting import soon

PEOPLE = Statement(text("select count(*) from users"))
ADD = text(
    "insert into users (id, external_id, name, name_folded, profile_at, created_at)"
    " values (:id, :external_id, 'Dee', 'dee', 0, 0)"
)
END_OTHERS = text(
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where pid <> pg_backend_pid() and datname = current_database()"
)


@pytest.fixture
async def database(home: Home) -> AsyncIterator[Database]:
    """An empty database."""
    settings = home.settings()
    database = Database(settings.database_url, pool_size=2, wait_seconds=5)
    yield database
    await database.close()


async def add(database: Database, user_id: str) -> None:
    """Write beside the reader."""
    async with database.writing() as db:
        await db.run(ADD, {"id": user_id, "external_id": user_id})
        await db.commit()


async def test_a_snapshot_for_plans_sees_one_state(database: Database) -> None:
    """Until it ends; then the same reading opens a newer one."""
    async with database.reading_directly() as db:
        assert await db.value(PEOPLE) == 0
        await add(database, "dee")
        assert await db.value(PEOPLE) == 0
        await db.close()
        assert await db.value(PEOPLE) == 1


async def test_snapshots_for_plans_give_back_what_they_took(database: Database) -> None:
    """One after another, and beside each other as many as there are connections, which others wait for."""
    for _ in range(5):
        async with database.reading_directly() as one, database.reading_directly() as other:
            assert await one.value(PEOPLE) == await other.value(PEOPLE) == 0
    for number in range(3):
        await add(database, f"dee-{number}")
    async with database.reading_directly() as db:
        assert await db.value(PEOPLE) == 3


async def test_who_is_called_off_gives_its_connection_back(database: Database) -> None:
    """Wherever it was: taking a connection, beginning, or reading."""
    for turns in range(40):
        db = database.reading_directly()
        counting = asyncio.create_task(db.value(PEOPLE))
        for _ in range(turns % 20):
            await asyncio.sleep(0)
        counting.cancel()
        await asyncio.wait([counting])
        await soon(db.close())
    async with database.reading_directly() as one, database.reading_directly() as other:
        assert await one.value(PEOPLE) == await soon(other.value(PEOPLE)) == 0


async def test_a_statement_that_is_called_off_leaves_its_snapshot_whole(database: Database) -> None:
    """The siblings of a field that was called off read on."""
    for turns in range(12):
        async with database.reading() as db:
            assert await db.value(PEOPLE) == 0
            counting = asyncio.create_task(db.value(PEOPLE))
            for _ in range(turns):
                await asyncio.sleep(0)
            counting.cancel()
            assert await db.value(PEOPLE) == 0


async def test_a_connection_that_ends_in_the_middle_is_told_and_replaced(tmp_path: Path, legs: dict[str, Leg]) -> None:
    """The next snapshot has another one."""
    with home_in(tmp_path, legs["postgres"]) as home:
        database = Database(home.settings().database_url, pool_size=2, wait_seconds=5)
        async with database.reading_directly() as db:
            assert await db.value(PEOPLE) == 0
            async with database.reading() as other:
                await other.all(END_OTHERS)
            with pytest.raises(ConnectionLost):
                await db.value(PEOPLE)
            await db.close()
            assert await db.value(PEOPLE) == 0
        await database.close()
