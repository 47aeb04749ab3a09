"""PostgreSQL's snapshots as values: what is visible, what a token may hold, and what no event was ever written by."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.snapshots import Snapshot, read_snapshot
from tests import acts
from tests.client import People
from tests.house import House, open_house
from tests.legs import Home, Leg, home_in
from tests.storage import address_of, run_sql


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any snapshot that PostgreSQL could tell."""
    xmin = draw(st.integers(3, 10**6))
    xmax = draw(st.integers(xmin, xmin + 50))
    running = draw(st.sets(st.integers(xmin, xmax - 1))) if xmax > xmin else set()
    return Snapshot(xmin, xmax, tuple(sorted(running)))


@pytest.mark.parametrize(
    ("xid", "is_visible"), [(9, True), (10, False), (11, True), (12, False), (13, True), (14, False), (99, False)]
)
def test_what_is_visible(xid: int, is_visible: bool) -> None:
    """Below xmin everything, from xmax on nothing, between them all but what was running."""
    assert Snapshot(10, 14, (10, 12)).holds(xid) is is_visible


@given(snapshots())
def test_a_token_holds_a_snapshot_whole(snapshot: Snapshot) -> None:
    assert Snapshot.is_snapshot(snapshot.parts)
    assert Snapshot.of(snapshot.parts) == snapshot
    assert snapshot.text == f"{snapshot.xmin}:{snapshot.xmax}:{','.join(map(str, snapshot.running))}"


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (5,),
        (5, 6, ""),
        (5, 0, ""),
        (5, 3, "2"),
        (5, 3, "5"),
        (5, 3, "4,3"),
        (5, 3, "3,3"),
        (5, 3, "x"),
        (5, 3, "3,"),
        (5, 3, "٣"),
        (5, 3, "9" * 30),
        ("5", 3, ""),
        (5, 3, 4),
    ],
)
def test_what_is_no_snapshot_is_refused(parts: tuple[int | str, ...]) -> None:
    assert not Snapshot.is_snapshot(parts)


@given(snapshots(), st.integers(3, 10**6 + 100), st.integers(3, 10**6 + 100))
def test_a_clamped_snapshot_never_holds_what_was_not_committed_with_an_event(
    snapshot: Snapshot, newest: int, xid: int
) -> None:
    """Beyond the newest event's transaction nothing counts as told; up to it nothing changes."""
    clamped = snapshot.clamped(newest)
    assert clamped.holds(xid) is (snapshot.holds(xid) and xid <= newest)


#: Takes an id for the transaction that asks.
NEXT_ID = "pg_current_xact_id()::text::bigint"


@pytest.fixture
def postgres_home(tmp_path: Path, legs: dict[str, Leg]) -> Iterator[Home]:
    """A home on PostgreSQL, which alone has snapshots to tell."""
    with home_in(tmp_path, legs["postgres"]) as given:
        yield given


@pytest.fixture
async def house(postgres_home: Home) -> AsyncIterator[House]:
    """A server with a message, which takes no ids of transactions by itself meanwhile."""
    async with open_house(postgres_home.settings(presence_seconds=600)) as running, People(running) as cast:
        await acts.list_thing(cast.host)
        await acts.send(cast.ann, await acts.open_about(cast.ann), "a")
        yield running


async def test_ids_of_transactions_are_numbers_when_they_get_a_digit_more(house: House) -> None:
    """As texts 9 stands behind 10: the newest event would stay the one of 9 for ever, and the inbox with it."""
    await run_sql(house, "update events set xid = case position when 1 then '9'::xid8 else '10'::xid8 end")
    async with house.palaver.database.reading() as db:
        assert (await read_snapshot(db)).xmax == 11


async def test_what_still_runs_is_told_in_the_order_of_numbers(house: House) -> None:
    """PostgreSQL takes a snapshot back only so; on both sides of a power of ten, texts have another order."""
    await run_sql(house, "update events set xid = '1000000'::xid8")  # So that nothing is beyond the newest event.
    async with AsyncExitStack() as exits:
        first, second = [await asyncpg.connect(address_of(house.settings.database_url)) for _ in range(2)]
        exits.push_async_callback(first.close)
        exits.push_async_callback(second.close)
        known = await first.fetchval(f"select {NEXT_ID}")
        waste = 10 ** len(str(known)) - known - 2
        await first.execute(f"do $$ begin for i in 1..{waste} loop perform {NEXT_ID}; commit; end loop; end $$")
        running = []
        for connection in (first, second):
            await connection.execute("begin")
            running.append(await connection.fetchval(f"select {NEXT_ID}"))
        await run_sql(house, f"select {NEXT_ID}")  # One that is over: a snapshot tells what runs below it.
        async with house.palaver.database.reading() as db:
            seen = await read_snapshot(db)
        assert len(str(running[0])) < len(str(running[1]))
        assert seen.running == tuple(running)
