"""Whatever people do in whatever order, on however many devices: what they see is what the model says.

A failing run is printed move by move, with the blob that plays it again. To have it made shorter first, which takes
minutes: `SHRINK=1 pytest -o faulthandler_timeout=0 tests/model`.
"""

import itertools
import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House
from tests.model.cast import NAMES, PLACES
from tests.model.changes import Answer, Delete, Edit, React, TakeBack
from tests.model.game import Game
from tests.model.moves import Announce, Close, Follow, Mark, Move, Open, Repeat, Write, WriteAtOnce

who = st.sampled_from(NAMES)
where = st.sampled_from(list(PLACES))
few_keys = st.sampled_from(["k1", "k2"])
bodies = st.sampled_from(["Hello", "Good day"])
nth = st.integers(0, 5)
on_telephone = st.booleans()

opens = st.builds(Open, who, where, st.none() | st.tuples(few_keys, bodies), on_telephone)
writes = st.builds(Write, who, where, st.none(), bodies, on_telephone)
writes_again = st.builds(Write, who, where, few_keys, bodies, on_telephone)
repeats = st.builds(Repeat, where, nth, st.booleans(), on_telephone)
marks = st.builds(Mark, who, where, st.none() | nth, st.booleans(), on_telephone)
closes = st.builds(Close, st.sampled_from(["bicycle", "haircut"]), st.booleans())
announces = st.builds(Announce, where, st.booleans(), st.none() | few_keys, bodies)
follows = st.builds(Follow, who, st.booleans())
at_once = st.builds(WriteAtOnce, where)
edits = st.builds(Edit, who, where, nth, bodies)
deletes = st.builds(Delete, who, where, nth)
reacts = st.builds(React, who, where, nth, st.sampled_from(["👍", "❤️"]), st.booleans())
takes_back = st.builds(TakeBack, where, nth)
answers = st.builds(Answer, who, where, where, nth)

often = (opens, writes, writes, writes, writes_again, repeats, repeats, repeats, marks, marks, marks)
changes = (edits, edits, deletes, reacts, reacts, takes_back, answers, answers)
moves = st.one_of(*often, *changes, closes, announces, follows, follows, at_once)
numbers = itertools.count(1)


def runs(count: int) -> settings:
    """So many runs; without shrinking, which on a real server takes longer than a test may."""
    return settings(
        max_examples=count,
        deadline=None,
        print_blob=True,
        phases=[phase for phase in Phase if phase is not Phase.shrink or os.environ.get("SHRINK")],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server of which all that there is may be asked at once."""
    async with make_house(max_cost=10**9, cost_budget=0) as running:
        yield running


async def play(people: People, chosen: list[Move]) -> None:
    """Play the moves, with people and subjects of their own: many runs share the server."""
    game = Game(people, next(numbers))
    await game.begin()
    try:
        await Open("ann", "Ann about the bicycle").play(game)
        for number, move in enumerate(chosen):
            await move.play(game)
            # One person after each move, and everybody in the end: what is wrong with anybody stays wrong.
            await game.compare(NAMES[number % len(NAMES)])
        await game.compare()
    finally:
        await game.end()


@runs(6)
@given(chosen=st.lists(moves, min_size=40, max_size=60))
async def test_everybody_always_sees_what_the_model_says(people: People, chosen: list[Move]) -> None:
    await play(people, chosen)


@pytest.mark.long
@runs(10)
@given(chosen=st.lists(moves, min_size=60, max_size=90))
async def test_everybody_always_sees_what_the_model_says_in_long_runs(people: People, chosen: list[Move]) -> None:
    await play(people, chosen)
