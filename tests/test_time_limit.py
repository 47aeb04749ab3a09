"""Blocks that may take so long and no longer: as `asyncio.timeout` ends them, with one timer for all."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from core.time_limit import LATE, TimeLimit
from tests.waiting import until

SHORT, LONG = 0.02, 60.0
Begin = Callable[[float], AbstractAsyncContextManager[object]]


@asynccontextmanager
async def _limited(seconds: float) -> AsyncIterator[None]:
    with TimeLimit(seconds)():
        yield


@pytest.fixture(params=[_limited, asyncio.timeout], ids=["ours", "asyncio"])
def begin(request: pytest.FixtureRequest) -> Begin:
    """A block of so many seconds; both kinds are to end alike."""
    kind: Begin = request.param
    return kind


async def outcome_of(work: Awaitable[object]) -> str:
    """What became of it, by name."""
    try:
        await work
    except BaseException as error:  # noqa: BLE001 - its name is what is asked
        return type(error).__name__
    return "done"


async def forever() -> None:
    """Until it is called off."""
    await asyncio.Event().wait()


async def test_what_takes_too_long_is_a_timeout_and_its_task_goes_on(begin: Begin) -> None:
    with pytest.raises(TimeoutError):
        async with begin(SHORT):
            await forever()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_it_says_where_it_was_waiting_and_nothing_of_what_is_there() -> None:
    async def ask(_: str) -> None:
        async with _limited(SHORT):
            await forever()

    with pytest.raises(TimeoutError) as caught:
        await asyncio.create_task(ask("a secret"))
    assert [place.rpartition(":")[0] for place in str(caught.value).split()] == [__name__, __name__, "asyncio.locks"]


async def test_it_says_whether_the_loop_itself_stood_still() -> None:
    async def stand_still() -> None:
        async with _limited(SHORT):
            time.sleep(LATE + 2 * SHORT)  # noqa: ASYNC251 - so that nothing else can go on
            await forever()

    with pytest.raises(TimeoutError, match=r", the loop [0-9.]+ s late$"):
        await stand_still()


async def test_what_ends_in_time_is_left_alone(begin: Begin) -> None:
    async with begin(SHORT):
        await asyncio.sleep(0)
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(3 * SHORT, over.set)
    await over.wait()


async def test_an_error_stays_the_error_that_it_is(begin: Begin) -> None:
    async def work(first: Awaitable[None]) -> None:
        async with begin(SHORT):
            try:
                await first
            finally:
                raise KeyError

    for first in (asyncio.sleep(0), forever()):
        assert await outcome_of(work(first)) == "KeyError"


async def test_who_is_called_off_is_called_off_and_not_late(begin: Begin) -> None:
    async def work() -> None:
        async with begin(LONG):
            await forever()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    assert await outcome_of(task) == "CancelledError"


async def test_who_is_called_off_while_it_is_late_is_called_off(begin: Begin) -> None:
    may_end, is_late = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with begin(SHORT):
            try:
                await forever()
            except asyncio.CancelledError:
                is_late.set()
                try:
                    await may_end.wait()
                finally:
                    raise

    task = asyncio.create_task(work())
    await is_late.wait()
    task.cancel()
    assert await outcome_of(task) == "CancelledError"


async def test_a_block_in_a_block_ends_by_the_limit_that_comes_first(begin: Begin) -> None:
    async def work(outer: float, inner: float) -> str:
        try:
            async with begin(outer):
                try:
                    async with begin(inner):
                        await forever()
                except TimeoutError:
                    return "inner"
        except TimeoutError:
            return "outer"
        return "none"

    assert await work(LONG, SHORT) == "inner"
    assert await work(SHORT, LONG) == "outer"


async def test_of_many_each_ends_by_its_own_time_and_who_is_done_is_forgotten() -> None:
    limit, ended = TimeLimit(SHORT), list[int]()
    gates = [asyncio.Event() for _ in range(5)]

    async def work(number: int) -> None:
        try:
            with limit():
                await gates[number].wait()
        except TimeoutError:
            ended.append(number)

    tasks = [asyncio.create_task(work(number)) for number in range(5)]
    await asyncio.sleep(0)
    gates[0].set()
    gates[3].set()
    await until(lambda: all(task.done() for task in tasks))
    assert ended == [1, 2, 4]
    assert len(limit) == 0
    # The timer that was set for the first of them has gone by: the next one sets its own.
    late = asyncio.create_task(work(1))
    gates[1].clear()
    await until(late.done)
    assert ended == [1, 2, 4, 1]


async def test_thousands_of_blocks_set_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, timers = asyncio.get_running_loop(), list[float]()
    call_at = loop.call_at

    def counted(when: float, *rest: object, **named: object) -> asyncio.TimerHandle:
        timers.append(when)
        return call_at(when, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "call_at", counted)
    limit = TimeLimit(LONG)
    for _ in range(2000):
        with limit():
            pass
    assert len(timers) == 1


def test_outside_of_a_task_it_says_so() -> None:
    with pytest.raises(RuntimeError):
        TimeLimit(SHORT)().__enter__()
