"""An operation that is called off in the middle leaves nothing behind, and no fault in the log."""

import asyncio
from typing import Any

import pytest

from graph.execution import Operation, execute
from graph.plan.plans import Plans
from tests.plan.both import Both
from tests.plan.market import Market
from tests.stepping import call_off_everywhere
from tests.test_called_off import in_use
from tests.waiting import until

TYPE = 'mutation { setTyping(input: {conversationId: "%s"}) { errors { code } } }'


@pytest.mark.parametrize("way", ["plans", "nothing"])
async def test_who_is_called_off_while_a_snapshot_is_given_back_gives_it_back(
    market: Market, both: Both, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """After an act, where what comes of it is read in a new snapshot; the client has gone in that very moment."""
    plans: Plans = getattr(both, way)
    operation = both.operation(both.guard(), TYPE % market.words.ids["Conversation"][0], {})
    assert isinstance(operation, Operation)
    context = await both.context(market.people.ann, both.meters)
    closing, closed = asyncio.Event(), 0

    async def act(*_: Any, **__: Any) -> None:
        await context.loaders.conversation.load_many(["0" * 32])
        close = context.reading.close

        async def slowly() -> None:
            nonlocal closed
            closed += 1
            if closed == 1:
                closing.set()
                await asyncio.Event().wait()
            await close()

        monkeypatch.setattr(context.reading, "close", slowly)

    monkeypatch.setattr(type(market.house.palaver.typing), "set", act)
    running = asyncio.create_task(execute(plans, context, operation))
    await closing.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert closed == 2


PAGE = "{ conversations(first: 5) { edges { node { id participants { user { name } } } } } viewer { user { name } } }"


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("way", ["plans", "nothing"])
async def test_who_is_called_off_anywhere_gives_back_what_it_took(
    market: Market, both: Both, way: str, *, is_late: bool
) -> None:
    """Once at each place, and once more at one of the next."""
    plans: Plans = getattr(both, way)
    operation = both.operation(both.guard(), PAGE, {})
    assert isinstance(operation, Operation)
    database = market.house.palaver.database

    async def work() -> None:
        await execute(plans, await both.context(market.people.ann, both.meters), operation)

    async def is_whole() -> None:
        await until(lambda: in_use(database) == 0, pause=0.001)

    await call_off_everywhere(work, is_whole, (), is_late=is_late)
