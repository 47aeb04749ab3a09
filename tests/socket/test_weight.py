"""A socket that waits holds nothing of its greeting; `make bench` weighs it."""

import gc
from typing import Any

from websockets.http11 import Request, Response

from graph.transport import Protocol
from tests import acts
from tests.client import People
from tests.conftest import OpenHouse
from tests.live.asks import cursor_of
from tests.socket.wire import greeted


def held_by(kind: type[Any]) -> list[object]:
    """What of a kind the server's own sides of connections hold."""
    gc.collect()
    protocols = [thing for thing in gc.get_objects() if type(thing) is Protocol and not thing.disconnected]
    assert protocols
    return [value for protocol in protocols for value in vars(protocol).values() if type(value) is kind]


async def test_the_request_and_the_answer_to_it_are_let_go(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as cast:
        await acts.list_thing(cast.host)
        thread = await acts.open_about(cast.ann)
        start = await cursor_of(cast.bob, thread)
        async with greeted(cast.bob) as wire:
            await wire.subscribe("1", acts.MESSAGE_ADDED, id=thread, after=start)
            assert held_by(Request) == held_by(Response) == []
            await acts.send(cast.ann, thread, "It goes on")
            assert (await wire.hear())["payload"]["data"]["messageAdded"]["message"]["body"] == "It goes on"
