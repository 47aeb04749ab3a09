"""Without a good token nothing is answered over a socket either."""

import json
import time

import pytest

from tests.access.reads import CONVERSATION
from tests.access.streams import MESSAGE_ADDED
from tests.access.world import World
from tests.client import raw_socket, sign
from tests.waiting import soon

NOW = time.time()
WRONG = {
    "none at all": None,
    "no bearer": "Basic YW5uOmFubg==",
    "no token": "Bearer none",
    "another's secret": f"Bearer {sign('ann', secret='another secret of more than thirty-two bytes')}",
    "expired": f"Bearer {sign('ann', seconds=-1)}",
    "not yet": f"Bearer {sign('ann', nbf=int(NOW) + 3600)}",
    "without a subject": f"Bearer {sign('')}",
}
each_wrong = pytest.mark.parametrize("authorization", WRONG.values(), ids=WRONG)


@each_wrong
async def test_a_socket_with_a_wrong_token_is_closed_with_4403(authorization: str | None, world: World) -> None:
    payload = {} if authorization is None else {"Authorization": authorization}
    async with raw_socket(world.cast["ann"].house) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await soon(socket.wait_closed())
        assert socket.close_code == 4403


@each_wrong
async def test_a_request_with_a_wrong_token_is_401(authorization: str | None, world: World) -> None:
    ann, things = world.cast["ann"], world.things("ann")
    headers = {} if authorization is None else {"Authorization": authorization}
    body = {"query": CONVERSATION, "variables": {"id": things.conversation}}
    response = await ann.http.post(f"{ann.house.url}/graphql", json=body, headers=headers)
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_nothing_is_followed_before_the_token_was_looked_at(world: World) -> None:
    things = world.things("ann")
    payload = {"query": MESSAGE_ADDED, "variables": {"id": things.conversation, "after": things.message_cursor}}
    async with raw_socket(world.cast["ann"].house) as socket:
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        await soon(socket.wait_closed())
        assert socket.close_code == 4401
