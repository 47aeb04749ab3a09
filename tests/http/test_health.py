"""Does the process live, and can it serve? For whoever starts and stops servers; no token is needed."""

import httpx

from tests.client import NO_TLS, People
from tests.conftest import OpenHouse
from tests.house import House
from tests.storage import run_sql
from tests.waiting import until

READY = {"ready": True, "database": "ok", "broker": "ok", "migrations": "ok"}


async def ask(house: House, path: str = "/readyz") -> httpx.Response:
    """Ask as a load balancer does."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        return await http.get(f"{house.url}{path}")


async def test_a_running_server_lives_and_is_ready(house: House) -> None:
    alive, ready = await ask(house, "/healthz"), await ask(house)
    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert (ready.status_code, ready.json()) == (200, READY)


async def test_it_is_not_ready_while_the_database_does_not_answer_and_ready_again_after(make_house: OpenHouse) -> None:
    async with make_house(database_pool=1, database_wait=0.2) as house:
        async with house.palaver.database.reader.connect():
            response = await ask(house)
            assert (response.status_code, response.json()["database"]) == (503, "failing")
            assert response.json()["ready"] is False
            assert (await ask(house, "/healthz")).status_code == 200

        async def is_ready() -> bool:
            return bool((await ask(house)).json() == READY)

        await until(is_ready)


async def test_it_is_not_ready_on_tables_of_another_version(house: House) -> None:
    await run_sql(house, "UPDATE alembic_version SET version_num = '0000'")
    response = await ask(house)
    assert (response.status_code, response.json()) == (503, {**READY, "ready": False, "migrations": "failing"})


async def test_it_is_not_ready_on_a_database_that_was_never_migrated(house: House) -> None:
    await run_sql(house, "DROP TABLE alembic_version")
    response = await ask(house)
    assert (response.status_code, response.json()["migrations"]) == (503, "failing")


async def test_it_is_not_ready_without_a_broker(house: House) -> None:
    await house.palaver.hub.stop()
    response = await ask(house)
    assert (response.status_code, response.json()["broker"]) == (503, "failing")


async def test_a_load_balancer_may_forgive_the_broker_and_nothing_else(house: House) -> None:
    """All of a fleet taken out because of one broker would serve nobody."""
    await house.palaver.hub.stop()
    response = await ask(house, "/readyz?without=broker")
    assert (response.status_code, response.json()) == (200, {**READY, "broker": "failing"})
    await run_sql(house, "DROP TABLE alembic_version")
    response = await ask(house, "/readyz?without=broker&without=migrations")
    assert (response.status_code, response.json()["ready"]) == (503, False)


async def test_a_load_balancer_may_forgive_the_tables_of_the_version_that_comes_next(house: House) -> None:
    """As they are in the middle of a rolling upgrade; not those of a version before, and none at all."""
    await run_sql(house, "UPDATE alembic_version SET version_num = '9999'")
    assert (await ask(house)).status_code == 503
    response = await ask(house, "/readyz?without=migrations")
    assert (response.status_code, response.json()) == (200, {**READY, "migrations": "failing"})
    await run_sql(house, "UPDATE alembic_version SET version_num = '0001'")
    assert (await ask(house, "/readyz?without=migrations")).status_code == 503


async def test_what_is_wrong_is_told_without_what_is_inside(make_house: OpenHouse) -> None:
    async with make_house(database_pool=1, database_wait=0.2) as house, People(house):
        async with house.palaver.database.reader.connect():
            response = await ask(house)
        assert response.json().keys() == READY.keys()
        assert "sqlite" not in response.text
