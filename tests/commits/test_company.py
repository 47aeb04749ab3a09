"""Acts that nobody waits for are committed with several others, or after one; so nobody waits for them for nothing."""

import asyncio

from chat.work import Work
from db.engine import Database
from tests.commits.grouped import Ears, Refusal, act, add, outcomes, stored
from tests.pens import GatedPen
from tests.waiting import soon, until

#: Seconds: longer than any test takes.
LONG = 3600.0


async def patient(
    work: Work, name: str, patience: float = LONG, *, refused: bool = False, durable: bool = True
) -> None:
    """An act that nobody waits for."""
    async with work.begin(durable=durable, patience=patience) as unit:
        await add(unit, name)
        if refused:
            raise Refusal


async def waiting(database: Database, *acts: "asyncio.Task[None]") -> None:
    """Wait until so many acts wait for company."""
    line = database.line
    assert line is not None
    await until(lambda: sum(not turn.come.done() for turn in line._companions) == len(acts))


async def test_where_nobody_else_comes_it_does_not_wait(work: Work, pen: GatedPen) -> None:
    await soon(patient(work, "alone"))
    assert pen.stored == 1


async def test_it_is_committed_with_those_who_come(work: Work, pen: GatedPen, database: Database, ears: Ears) -> None:
    """There was somebody a moment ago, so it waits; who comes waits for one commit, and is told first."""
    await act(work, "before")
    companions = [asyncio.create_task(patient(work, name)) for name in ("marks", "seals")]
    await waiting(database, *companions)
    assert (pen.stored, await stored(database)) == (1, ["before"])
    await asyncio.gather(act(work, "one"), act(work, "other"))
    assert await outcomes(*companions) == [None, None]
    assert pen.stored == 2
    assert ears.heard == await stored(database) == ["before", "one", "other", "marks", "seals"]


async def test_beside_one_alone_it_comes_after_and_with_others_like_itself(
    work: Work, pen: GatedPen, database: Database, ears: Ears
) -> None:
    """That one would wait for their statements, and save them nothing but a commit for which nobody waits."""
    await act(work, "before")
    companions = [asyncio.create_task(patient(work, name)) for name in ("marks", "seals")]
    await waiting(database, *companions)
    pen.gate.clear()
    one = asyncio.create_task(act(work, "one"))
    await until(lambda: pen.at_gate == 1)
    assert not any(companion.done() for companion in companions)
    pen.gate.set()
    assert await outcomes(one, *companions) == [None, None, None]
    assert pen.stored == 3
    assert ears.heard == await stored(database) == ["before", "one", "marks", "seals"]


async def test_one_that_need_not_be_durable_comes_after_others_too(
    work: Work, pen: GatedPen, database: Database, ears: Ears
) -> None:
    """It has a transaction of its own, and keeps nobody else with patience from theirs."""
    await act(work, "before")
    words = asyncio.create_task(patient(work, "words", durable=False))
    await waiting(database, words)
    marks = asyncio.create_task(patient(work, "marks"))
    await waiting(database, words, marks)
    await asyncio.gather(act(work, "one"), act(work, "other"))
    assert await outcomes(words, marks) == [None, None]
    assert ears.heard == await stored(database) == ["before", "one", "other", "marks", "words"]
    assert pen.stored == 3


async def test_those_who_have_patience_do_not_wait_for_each_other(work: Work, pen: GatedPen) -> None:
    for number in range(3):
        await soon(patient(work, f"{number}"))
    assert pen.stored == 3


async def test_when_nobody_comes_it_goes_alone(work: Work, pen: GatedPen, database: Database) -> None:
    await act(work, "before")
    await soon(patient(work, "marks", 0.05))
    assert pen.stored == 2
    assert await stored(database) == ["before", "marks"]


async def test_one_whose_patience_ends_while_others_are_committed_comes_after_them(
    work: Work, pen: GatedPen, database: Database
) -> None:
    await act(work, "before")
    pen.gate.clear()
    other = asyncio.create_task(act(work, "other"))
    await until(lambda: pen.at_gate == 1)
    marks = asyncio.create_task(patient(work, "marks", 0.05))
    line = database.line
    assert line is not None
    await until(lambda: len(line._waiting) == 1)
    pen.gate.set()
    assert await outcomes(other, marks) == [None, None]
    assert await stored(database) == ["before", "other", "marks"]


async def test_who_is_called_off_while_it_waits_leaves_nothing(work: Work, pen: GatedPen, database: Database) -> None:
    await act(work, "before")
    companions = [asyncio.create_task(patient(work, name)) for name in ("marks", "seals")]
    await waiting(database, *companions)
    companions[0].cancel()
    assert await outcomes(companions[0]) == [asyncio.CancelledError]
    await act(work, "other")
    assert await outcomes(companions[1]) == [None]
    assert await stored(database) == ["before", "other", "seals"]


async def test_one_that_fails_is_undone_alone(work: Work, pen: GatedPen, database: Database) -> None:
    await act(work, "before")
    marks = asyncio.create_task(patient(work, "marks", refused=True))
    await waiting(database, marks)
    await act(work, "other")
    assert await outcomes(marks) == [Refusal]
    assert await stored(database) == ["before", "other"]
    assert pen.stored == 2


async def test_an_act_that_need_not_be_durable_takes_nobody_along(
    work: Work, pen: GatedPen, database: Database
) -> None:
    """What is committed with it might be lost."""
    await act(work, "before")
    marks = asyncio.create_task(patient(work, "marks"))
    await waiting(database, marks)
    async with work.begin(durable=False) as unit:
        await add(unit, "words")
    assert await outcomes(marks) == [None]
    assert pen.stored == 3
    assert await stored(database) == ["before", "words", "marks"]
