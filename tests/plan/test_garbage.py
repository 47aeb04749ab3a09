"""What an answer was made of goes with it, and does not wait for the garbage collector."""

import gc
import json
from collections.abc import Iterator

import pytest

from graph.execution import execute
from tests.plan.both import Both
from tests.plan.market import EVERYTHING, Market

TIMES = 5
#: The server of the test does other things now and then; an answer would leave something each time.
ROUNDS = 5
DOCUMENTS = {
    "everything": EVERYTHING,
    "marks": "query { conversations(first: 20) { nodes: edges { node { unreadCount counterpart { lastReadMessage "
    "{ body } user { presence { status } } } viewerParticipant { lastDeliveredMessage { body } } } } } }",
    "an act": 'mutation { markRead(input: {conversationId: "x", upToMessageId: "y"}) { errors { code } } }',
}


@pytest.fixture
def only_here() -> Iterator[None]:
    """Nobody but the test collects garbage."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_an_answer_leaves_no_garbage(name: str, market: Market, both: Both, only_here: None) -> None:
    """Its rows would fill the memory until the collector came by, which stops everybody."""
    guard = both.guard()
    operation = both.operation(guard, DOCUMENTS[name], {})
    assert operation is not None

    async def answer() -> None:
        context = await both.context(market.people.bob, both.meters)
        assert "data" in json.dumps(await execute(both.plans, context, operation))

    await answer()  # What is remembered for good is made now.
    assert both.meters.answered["planned"] == 1
    left: list[int] = []
    while 0 not in left and len(left) < ROUNDS:
        gc.collect()
        for _ in range(TIMES):
            await answer()
        left.append(gc.collect())
    assert left[-1] == 0, left
