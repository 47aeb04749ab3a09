"""The commands on PostgreSQL: the unmigrated is refused, one migrates at a time, and a strange dump is noticed."""

import asyncio

import pytest

from db import migrate
from db.engine import Database
from tests import acts
from tests.cli.running import Ended, palaver
from tests.client import People
from tests.house import open_house
from tests.legs import SECRET, Home, PostgresLeg
from tests.live.asks import INBOX, bodies_of, inbox_cursor, say, without_receipts
from tests.parts.programs import free_port
from tests.storage import address_of, run_sql_at

PRODUCTION = {"PALAVER_ENV": "production", "PALAVER_JWT_SECRET": SECRET}


@pytest.fixture
def bare(postgres_home: Home) -> str:
    """The address of a database that was never migrated."""
    leg = postgres_home.leg
    assert isinstance(leg, PostgresLeg)
    leg.create_bare(postgres_home.folder)
    return leg.url_of(postgres_home.folder)


async def run(home: Home, url: str, *words: str, **settings: str) -> Ended:
    """Run a command on a database."""
    return await palaver(home.folder, *words, **{"PALAVER_DATABASE_URL": url, **settings})


async def test_serving_an_unmigrated_database_is_refused_with_the_mend(postgres_home: Home, bare: str) -> None:
    ended = await run(postgres_home, bare, "serve", "--port", "0", **PRODUCTION)
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors == (f"The database is at revision none, wanted {migrate.head()}: run `palaver migrate`.\n")


async def test_an_address_may_be_written_as_everybody_writes_it(postgres_home: Home, bare: str) -> None:
    """The same for the database and for the broker."""
    url = address_of(bare)
    assert url.startswith("postgresql://")
    assert (await run(postgres_home, url.replace("sslmode=", "ssl="), "migrate")).status == 0
    ended = await run(postgres_home, url.replace("sslmode=", "ssl="), "doctor", PALAVER_BROKER_URL=url)
    assert (ended.status, "FAIL" in ended.output) == (0, False)


async def test_of_several_who_migrate_at_once_all_succeed(postgres_home: Home, bare: str) -> None:
    """As the machines of a fleet do that are started together."""
    migrating = [asyncio.create_task(migrate_apart(bare)) for _ in range(4)]
    await asyncio.gather(*migrating)
    assert await run_sql_at(bare, "select version_num from alembic_version") == [(migrate.head(),)]
    assert await run_sql_at(bare, "select count(*) from epochs") == [(1,)]


async def migrate_apart(url: str) -> None:
    """Migrate on connections of one's own."""
    database = Database(url)
    try:
        await migrate.upgrade(database)
    finally:
        await database.close()


async def test_a_server_that_is_not_there_is_waited_for_and_then_told(postgres_home: Home) -> None:
    """The password stays out of it."""
    url = f"postgresql+asyncpg://palaver:sesame@127.0.0.1:{free_port()}/palaver"
    for words in (("serve", "--port", "0"), ("migrate",), ("import", __file__)):
        ended = await run(postgres_home, url, *words, PALAVER_DATABASE_WAIT="0.3")
        assert (ended.status, ended.output) == (2, "")
        assert ended.errors.startswith("PALAVER_DATABASE_URL: the database cannot be used")
        assert "sesame" not in ended.errors
        assert ended.errors.count("\n") == 1


async def test_the_doctor_tells_of_a_broker_that_does_not_answer(postgres_home: Home) -> None:
    """And serving goes on without it."""
    ended = await run(
        postgres_home, postgres_home.places["database_url"], "doctor", PALAVER_BROKER_URL="redis://127.0.0.1:1"
    )
    assert ended.status == 1
    assert "FAIL  broker: PALAVER_BROKER_URL: the broker does not answer" in ended.output
    assert "ok    migrations" in ended.output
    assert "ok    cluster" in ended.output


@pytest.mark.parametrize("trace", ["name", "ids"])
async def test_a_dump_that_was_read_in_elsewhere_is_refused_until_it_is_declared(
    postgres_home: Home, trace: str
) -> None:
    """By the cluster's name, and where that is not known, by ids that this cluster has not given out yet."""
    url = postgres_home.places["database_url"]
    async with open_house(postgres_home.settings(broker_url="memory://")) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await say(people.ann, thread, "ab")
        old = await inbox_cursor(people.bob)
    if trace == "name":
        await run_sql_at(url, "update epochs set cluster = '4711'")
    else:
        await run_sql_at(url, "update epochs set cluster = null")
        await run_sql_at(url, "update events set xid = (xid::text::bigint + 1000000)::text::xid8")
    for words in (("serve", "--port", "0"), ("import", __file__)):
        refused = await run(postgres_home, url, *words, **PRODUCTION)
        assert (refused.status, refused.output) == (2, "")
        assert "run `palaver restored`" in refused.errors
    assert "FAIL  cluster" in (await run(postgres_home, url, "doctor")).output
    assert (await run(postgres_home, url, "restored")).status == 0
    assert "ok    cluster" in (await run(postgres_home, url, "doctor")).output
    async with (
        open_house(postgres_home.settings(broker_url="memory://")) as house,
        People(house) as people,
        people.bob.connect() as line,
    ):
        stream = await line.subscribe(INBOX, after=old)
        assert (await stream.next())["__typename"] == "ResetEvent"
        fresh = await line.subscribe(INBOX, after=await inbox_cursor(people.bob))
        await say(people.ann, thread, "c")
        # Nothing of before is told as new.
        assert bodies_of(await without_receipts(fresh, 1)) == ["c"]
        assert bodies_of(await without_receipts(stream, 1)) == ["c"]
