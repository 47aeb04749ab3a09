"""The same scenes at the reference server: where Palaver says something else, the difference is known, and why."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.clients.node import HERE
from tests.socket.differences import DIFFERENCES
from tests.socket.scenes import SCENES
from tests.socket.script import HASTE, Scene, Server, play
from tests.waiting import soon

pytestmark = pytest.mark.clients

TOKEN = "let me in"


@pytest.fixture(scope="module")
async def reference() -> AsyncIterator[Server]:
    """graphql-ws's server, with the limits of Palaver's in tests/socket/test_scenes.py."""
    async with _reference(5) as server:
        yield server


@pytest.fixture(scope="module")
async def hasty_reference() -> AsyncIterator[Server]:
    """The same, which waits for a greeting no longer than HASTE."""
    async with _reference(HASTE) as server:
        yield server


@asynccontextmanager
async def _reference(init_seconds: float) -> AsyncIterator[Server]:
    options = {"initSeconds": init_seconds, "maxPayload": 262_144, "token": TOKEN}
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


@pytest.mark.parametrize("scene", [scene for scene in SCENES if not scene.waits], ids=lambda scene: scene.name)
async def test_the_reference_says_the_same_or_the_difference_is_known(scene: Scene, reference: Server) -> None:
    await must_be_known(scene, reference)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.waits], ids=lambda scene: scene.name)
async def test_the_reference_that_does_not_wait_long_says_the_same(scene: Scene, hasty_reference: Server) -> None:
    await must_be_known(scene, hasty_reference)


async def must_be_known(scene: Scene, reference: Server) -> None:
    """What it says is what Palaver says, or what is listed."""
    known = DIFFERENCES.get(scene.name)
    assert await play(scene, reference) == (scene.hears if known is None else known.reference)
