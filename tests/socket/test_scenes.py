"""Palaver says in every scene of the protocol what the scene says."""

from pathlib import Path

import pytest

from tests.client import sign
from tests.house import House
from tests.socket.differences import DIFFERENCES, table
from tests.socket.scenes import SCENES
from tests.socket.script import HASTE, Scene, Server, play
from tests.standing import standing_house

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
house = standing_house()
hasty_house = standing_house(socket_init_seconds=HASTE)


def test_scenes_have_names_of_their_own() -> None:
    assert len({scene.name for scene in SCENES}) == len(SCENES)


def test_the_documentation_lists_where_the_reference_differs() -> None:
    assert {scene.name for scene in SCENES} >= set(DIFFERENCES)
    assert table() in PAGE.read_text("utf-8")


@pytest.mark.parametrize("scene", [scene for scene in SCENES if not scene.waits], ids=lambda scene: scene.name)
async def test_the_scene(scene: Scene, house: House) -> None:
    await must_be_played(scene, house)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.waits], ids=lambda scene: scene.name)
async def test_the_scene_at_a_server_that_does_not_wait_long(scene: Scene, hasty_house: House) -> None:
    await must_be_played(scene, hasty_house)


async def must_be_played(scene: Scene, house: House) -> None:
    """As it is written."""
    # Somebody of their own for each scene: a closed socket may still count while the next one opens.
    token = sign(f"ann of {scene.name}"[:200])
    stream = "subscription { inbox { __typename } }"
    assert await play(scene, Server(house.socket_url, {"Authorization": f"Bearer {token}"}, stream)) == scene.hears
