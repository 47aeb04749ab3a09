"""Who waits for a commit waits to its end, and is told of it before anybody goes on."""

import asyncio
import contextvars
from typing import Any

import pytest

from db.stored import Stored
from db.writing import NotCommitted
from tests.waiting import soon, until


async def test_those_concerned_are_told_before_who_waits_goes_on() -> None:
    order: list[str] = []
    stored = Stored(lambda: order.append("told"))
    waiting = asyncio.create_task(stored.wait_to_the_end())
    waiting.add_done_callback(lambda _: order.append("went on"))
    await asyncio.sleep(0)
    stored.come_true()
    assert await soon(waiting) is None
    await until(lambda: order == ["told", "went on"])


async def test_they_are_told_in_the_context_of_the_act() -> None:
    """It is another task that commits."""
    whose = contextvars.ContextVar("whose", default="nobody's")
    told: list[str] = []

    async def act() -> Stored:
        whose.set("the act's")
        return Stored(lambda: told.append(whose.get()))

    stored = await asyncio.create_task(act())
    stored.come_true()
    assert told == ["the act's"]


async def test_who_is_called_off_again_and_again_waits_on() -> None:
    stored = Stored()
    waiting = asyncio.create_task(stored.wait_to_the_end())
    for _ in range(3):
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        assert not waiting.done()
    stored.come_true()
    assert isinstance(await soon(waiting), asyncio.CancelledError)


async def test_who_is_called_off_as_it_fails_is_told_that_they_are_called_off() -> None:
    acts = [Stored(lambda: pytest.fail("nothing was stored")) for _ in range(2)]
    one, other = (asyncio.create_task(stored.wait_to_the_end()) for stored in acts)
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.sleep(0)
    for stored in acts:
        stored.fail(OSError("the disk is full"))
    with pytest.raises(asyncio.CancelledError):
        await soon(one)
    with pytest.raises(NotCommitted):
        await soon(other)


async def test_when_nobody_can_be_told_nobody_waits_for_that() -> None:
    """The others of its transaction would wait for ever; what went wrong is in the log of the loop."""
    went_wrong: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: went_wrong.append(context))
    error = LookupError("no such bell")

    def tell() -> None:
        raise error

    stored = Stored(tell)
    stored.come_true()
    await soon(stored.wait())
    assert [context["exception"] for context in went_wrong] == [error]
