"""What must be finished is finished: a commit with its bells, a link with its connection."""

import asyncio

import pytest

from core.tasks import finish
from tests.waiting import soon


async def after(go: asyncio.Event, done: list[str]) -> str:
    """Work that takes until it may go on."""
    await go.wait()
    done.append("done")
    return "the result"


async def test_the_result_of_the_work_comes_back() -> None:
    go = asyncio.Event()
    go.set()
    assert await finish(after(go, [])) == "the result"


async def test_a_failure_of_the_work_is_raised() -> None:
    async def fail() -> None:
        raise LookupError("nothing")

    with pytest.raises(LookupError, match="nothing"):
        await finish(fail())


async def test_who_is_called_off_again_and_again_tears_nothing_apart() -> None:
    """A time limit calls a request off, then its socket closes, then the server stops; the commit takes a while."""
    go, done = asyncio.Event(), list[str]()
    waiting = asyncio.create_task(finish(after(go, done)))
    for _ in range(3):
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await soon(waiting)
    assert done == ["done"]


async def test_a_failure_after_one_was_called_off_is_nobodys() -> None:
    go = asyncio.Event()

    async def fail() -> None:
        await go.wait()
        raise LookupError("nothing")

    waiting = asyncio.create_task(finish(fail()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await soon(waiting)
