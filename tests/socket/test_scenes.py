"""Palaver says in every scene of the protocol what the scene says."""

from pathlib import Path

import pytest

from tests.client import Person, sign
from tests.house import House
from tests.socket.differences import DIFFERENCES, table
from tests.socket.scenes import SCENES
from tests.socket.script import Scene, Server, play
from tests.standing import standing_house

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
house = standing_house(socket_init_seconds=0.4)


def test_scenes_have_names_of_their_own() -> None:
    assert len({scene.name for scene in SCENES}) == len(SCENES)


def test_the_documentation_lists_where_the_reference_differs() -> None:
    assert {scene.name for scene in SCENES} >= set(DIFFERENCES)
    assert table() in PAGE.read_text("utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_the_scene(scene: Scene, ann: Person, house: House) -> None:
    # Somebody of their own for each scene: a closed socket may still count while the next one opens.
    token = sign(f"ann of {scene.name}"[:200])
    stream = "subscription { inbox { __typename } }"
    assert await play(scene, Server(house.socket_url, {"Authorization": f"Bearer {token}"}, stream)) == scene.hears
