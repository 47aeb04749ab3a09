"""Questions that come at the same time are asked together, and each has its own answer or failure."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest

from db import together
from db.together import Together
from tests.waiting import soon, until


class Away(Exception):
    """Nobody is to ask again."""


class Server:
    """Answers a number with its double, when it is let; numbers below zero are refused, those above 100 end it."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.places = 0
        self.is_open = True
        self.may_answer = asyncio.Event()
        self.together = Together(
            self.open, self.ask, key=lambda number: number % 10, is_final=lambda error: isinstance(error, Away)
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Server"]:
        """A place to ask at."""
        if not self.is_open:
            raise Away
        self.places += 1
        try:
            yield self
        finally:
            self.places -= 1

    async def ask(self, _: "Server", numbers: Sequence[int]) -> list[int]:
        """All of them, or none."""
        self.asked.append([*numbers])
        await self.may_answer.wait()
        if max(numbers) > 100:
            raise Away
        if min(numbers) < 0:
            raise ValueError(numbers)
        return [2 * number for number in numbers]

    def is_asked(self, times: int) -> bool:
        """Has it been asked so often?"""
        return len(self.asked) == times

    def begin(self, *numbers: int) -> list[asyncio.Task[int]]:
        """Several who ask in one moment."""
        return [asyncio.create_task(self.together.ask(number, to_the_end=True)) for number in numbers]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """One that is patient."""
    monkeypatch.setattr(together, "PATIENCE", 600)
    server = Server()
    yield server
    server.may_answer.set()
    await soon(server.together.close())
    assert server.places == 0


async def test_who_comes_while_one_is_answered_is_asked_for_with_others(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    rest = server.begin(2, 3, 4)
    server.may_answer.set()
    assert await asyncio.gather(*first, *rest) == [2, 4, 6, 8]
    assert server.asked == [[1], [2, 3, 4]]


async def test_those_of_one_key_are_apart_and_in_order(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    rest = server.begin(12, 22, 3, 32)
    server.may_answer.set()
    assert await asyncio.gather(*first, *rest) == [2, 24, 44, 6, 64]
    assert server.asked == [[1], [12, 3], [22], [32]]


async def test_one_that_fails_fails_alone(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    good, bad, other = server.begin(2, -7, 4)
    server.may_answer.set()
    assert [await good, await other, await first[0]] == [4, 8, 2]
    with pytest.raises(ValueError, match="-7"):
        await bad
    assert server.asked == [[1], [2, -7, 4], [2], [-7], [4]]


async def test_after_an_end_nobody_asks_again(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    rest = server.begin(2, 107)
    server.may_answer.set()
    assert [type(found) for found in await asyncio.gather(*rest, return_exceptions=True)] == [Away, Away]
    assert server.asked == [[1], [2, 107]]
    assert await first[0] == 2


async def test_where_there_is_no_place_all_who_wait_are_told(server: Server) -> None:
    server.is_open = False
    failures = await asyncio.gather(*server.begin(1, 2), return_exceptions=True)
    assert [type(found) for found in failures] == [Away, Away]
    server.is_open = True
    server.may_answer.set()
    assert await server.begin(3)[0] == 6


async def test_who_is_called_off_before_asks_nothing(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    gone, stays = server.begin(2, 3)
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    server.may_answer.set()
    assert await asyncio.gather(*first, stays) == [2, 6]
    assert server.asked == [[1], [3]]


async def test_who_is_called_off_under_way_waits_for_the_others(server: Server) -> None:
    first = server.begin(1)
    await until(lambda: server.asked == [[1]])
    gone, stays = server.begin(2, 3)
    await asyncio.sleep(0)
    before, server.may_answer = server.may_answer, asyncio.Event()
    before.set()  # Only who was asked with it.
    await first[0]
    await until(lambda: server.asked == [[1], [2, 3]])
    for _ in range(2):
        gone.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
    assert not gone.done()
    server.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await stays == 6


async def test_what_nobody_waits_for_any_more_is_called_off(server: Server) -> None:
    """And is over, with its place left, when they hear of it."""
    tasks = server.begin(1)
    await until(lambda: server.asked == [[1]])
    tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(tasks[0])
    assert (server.places, server.may_answer.is_set()) == (0, False)
    server.may_answer.set()
    assert await server.begin(2)[0] == 4


async def test_who_only_reads_leaves_at_once(server: Server) -> None:
    task = asyncio.create_task(server.together.ask(1, to_the_end=False))
    await until(lambda: server.asked == [[1]])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await soon(task)
    assert not server.may_answer.is_set()


async def test_one_that_takes_long_holds_up_nobody_for_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "PATIENCE", 0.001)
    tasks = server.begin(1)
    for number in range(2, 3 + together.AT_ONCE):
        await until(partial(server.is_asked, min(len(tasks), together.AT_ONCE)))
        tasks += server.begin(number)
    await until(lambda: len(server.asked) == together.AT_ONCE)
    assert server.places == together.AT_ONCE
    server.may_answer.set()
    assert await asyncio.gather(*tasks) == [2 * number for number in range(1, 3 + together.AT_ONCE)]


async def test_a_statement_has_a_limit(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 3)
    first = server.begin(0)
    await until(lambda: server.asked == [[0]])
    rest = server.begin(1, 2, 3, 4)
    server.may_answer.set()
    await asyncio.gather(*first, *rest)
    assert server.asked == [[0], [1, 2, 3], [4]]
