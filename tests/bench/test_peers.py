"""A peer that answers as Palaver does is measured, and one that answers anything else is refused."""

import sqlite3
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from bench.contenders import CONTENDERS, Contender
from bench.market.rows import Size, make_market
from bench.rounds import Contest
from bench.stage import Stage

SMALL = Size(people=130, mine=60, others=20, main=120, each=6)
ASKED = Namespace(rounds=1, seconds=0.2, warm=0.1, rate=20, followers=5, sockets=10)
WRONG = "UPDATE messages SET body = 'Something else' WHERE seq = 119"


def contenders(*names: str) -> list[Contender]:
    """Some of those who take part."""
    return [each for each in CONTENDERS if each.name in names]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage that runs wherever there is room."""
    stage = Stage(tmp_path, make_market(SMALL), core=None)
    try:
        yield stage
    finally:
        stage.close()


@pytest.mark.long
async def test_a_peer_that_answers_as_palaver_does_is_measured(stage: Stage) -> None:
    """In all works; and so are the bare servers, who answer with Palaver's bytes."""
    await stage.prepare(with_postgres=False)
    works = ("Q1", "M1", "S1a", "S1b", "S1c")
    contest = Contest(stage, contenders("palaver", "naive", "uvicorn", "websockets", "statements"), works, ASKED)
    await contest.compare()
    assert contest.failures == {}
    assert {path.stem for path in stage.bodies.iterdir()} == {"page", "inbox", "send", "event"}
    await contest.measure()
    assert contest.failures == {}
    assert {name: [*done] for name, done in contest.rounds.items()} == {
        "palaver": [*works],
        "naive": [*works],
        "uvicorn": ["Q1", "M1"],
        "websockets": ["S1a", "S1b", "S1c"],
        "statements": ["Q1", "M1"],
    }
    assert all(rounds[0]["per_second"] > 0 for done in contest.rounds.values() for rounds in [done.get("Q1")] if rounds)


async def test_a_peer_that_answers_something_else_is_not_measured(stage: Stage) -> None:
    """One message of its database says something else."""
    await stage.prepare(with_postgres=False)
    connection = sqlite3.connect(stage.folder / "peers-market.db")
    connection.execute(WRONG)
    connection.commit()
    connection.close()
    contest = Contest(stage, contenders("palaver", "naive"), ("Q1",), ASKED)
    await contest.compare()
    await contest.measure()
    assert [*contest.rounds] == ["palaver"]
    assert "'Something else'" in contest.failures["naive"]["answers"]


@pytest.mark.clients
async def test_a_peer_under_node_is_compared_too(stage: Stage) -> None:
    """Apollo Server on PostgreSQL, which needs nothing that is compiled: first right, then wrong."""
    await stage.prepare(with_postgres=True)
    both = contenders("palaver-postgres", "apollo-postgres")
    right = Contest(stage, both, ("Q1", "M1"), ASKED)
    await right.compare()
    await right.measure()
    assert right.failures == {}
    assert {*right.rounds} == {"palaver-postgres", "apollo-postgres"}
    connection = await asyncpg.connect(stage.peers_url)
    await connection.execute(WRONG)
    await connection.close()
    wrong = Contest(stage, both, ("Q1",), ASKED)
    await wrong.compare()
    assert [*wrong.failures] == ["apollo-postgres"]
