"""The same scenes at the reference server: where Palaver says something else, the difference is known, and why."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.clients.node import HERE
from tests.socket.differences import DIFFERENCES
from tests.socket.scenes import SCENES
from tests.socket.script import Scene, Server, play
from tests.waiting import soon

pytestmark = pytest.mark.clients

TOKEN = "let me in"


@pytest.fixture(scope="module")
async def reference() -> AsyncIterator[Server]:
    """graphql-ws's server, with the limits of Palaver's in tests/socket/test_scenes.py."""
    options = {"initSeconds": 0.4, "maxPayload": 262_144, "token": TOKEN}
    process = await asyncio.create_subprocess_exec(
        "node",
        "reference.mjs",
        json.dumps(options),
        cwd=HERE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await soon(process.stdout.readline()))
        init = {"Authorization": f"Bearer {TOKEN}"}
        yield Server(f"ws://127.0.0.1:{port}/graphql", init, "subscription { silence }")
    finally:
        process.stdin.close()
        await process.wait()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_the_reference_says_the_same_or_the_difference_is_known(scene: Scene, reference: Server) -> None:
    known = DIFFERENCES.get(scene.name)
    assert await play(scene, reference) == (scene.hears if known is None else known.reference)
