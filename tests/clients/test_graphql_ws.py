"""graphql-ws through twenty crashes: what a stream says is the log, every message once, in order."""

import pytest

from tests.client import Person
from tests.clients.conftest import OpenApp
from tests.clients.log import whole_log
from tests.clients.node import run_app
from tests.served import Served
from tests.waiting import until

pytestmark = pytest.mark.clients

CURSORS = "query($id: ID!) { conversation(id: $id) { cursor } viewer { inboxCursor } }"
CRASHES = 5
BETWEEN = 6


@pytest.mark.parametrize("life", ["first", "second"])
@pytest.mark.parametrize("stream", ["messages", "inbox"])
async def test_a_stream_says_every_message_once_and_in_order_over_five_crashes(
    stream: str, life: str, open_app: OpenApp, served: Served, ann: Person, bob: Person, thread: str
) -> None:
    """Ann follows, and Bob's three writers never pause, while the server dies again and again; all that, four times."""
    cursors = await ann.ask(CURSORS, id=thread)
    starts = {"messages": cursors["conversation"]["cursor"], "inbox": cursors["viewer"]["inboxCursor"]}
    reader = await open_app("plain")
    await reader.do("watch", {"stream": stream, "conversationId": thread, "after": starts[stream]})

    async def hears(count: int) -> None:
        async def has_heard() -> bool:
            return len(await reader.do("seen")) >= count

        await until(has_heard)

    async with run_app(served.url, "plain", bob, "seller") as writer:
        writing = writer.begin("write", {"conversationId": thread, "writers": 3})
        for _ in range(CRASHES):
            await hears(len(await reader.do("seen")) + BETWEEN)
            await served.kill()
            await served.start()
        await writer.do("stop")
        acknowledged = await writing
    log = await whole_log(bob, thread)
    assert len(log) == sum(map(len, acknowledged)) >= CRASHES * BETWEEN
    await hears(len(log))
    assert await reader.do("seen") == log
    assert (await reader.do("report"))["problems"] == []
