"""Fixtures: two servers on one database, with a broker of their own between them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.client import People
from tests.house import House, open_house
from tests.legs import Home, Leg, PostgresLeg, home_in
from tests.parts.programs import redis_program
from tests.parts.redis import Redis

BROKERS = ["notify", *(["redis"] if redis_program() else [])]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Two machines, and the cast at each. What is between them can be taken away, when it is Redis."""

    home: Home
    here: People
    there: People
    redis: Redis | None

    @property
    def houses(self) -> tuple[House, House]:
        """Both servers."""
        return self.here.house, self.there.house


@pytest.fixture
def postgres_home(tmp_path: Path, legs: dict[str, Leg]) -> Iterator[Home]:
    """A folder, and a database of PostgreSQL's."""
    with home_in(tmp_path, legs["postgres"]) as given:
        yield given


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, legs: dict[str, Leg]) -> Iterator[Redis | str]:
    """A Redis of this test's own, or the address for LISTEN/NOTIFY."""
    if request.param == "notify":
        postgres = legs["postgres"]
        assert isinstance(postgres, PostgresLeg)
        yield postgres.databases.postgres.url()
        return
    redis = Redis.create()
    yield redis
    redis.remove()


@pytest.fixture
async def fleet(postgres_home: Home, broker: Redis | str) -> AsyncIterator[Fleet]:
    """Two servers that find each other quickly again."""
    redis = broker if isinstance(broker, Redis) else None
    changes = {
        "broker_url": redis.url if redis else broker,
        "broker_seconds": 0.3,
        "probe_seconds": 0.1,
        "backstop_seconds": 0.3,
    }
    async with AsyncExitStack() as stack:
        houses = [await stack.enter_async_context(open_house(postgres_home.settings(**changes))) for _ in range(2)]
        here, there = [await stack.enter_async_context(People(house)) for house in houses]
        yield Fleet(postgres_home, here, there, redis)


@pytest.fixture
async def thread(fleet: Fleet) -> str:
    """The id of a conversation of Ann's with Bob about his bicycle, opened here."""
    from tests import acts

    await acts.list_thing(fleet.here.host)
    return await acts.open_about(fleet.here.ann)
