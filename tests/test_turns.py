"""Turns: whoever has fewest comes next, and what somebody gives up is somebody else's."""

import asyncio
from collections.abc import Iterator

import pytest

from core.turns import Turns


class Stage:
    """What runs, in the order in which it began, until it is let go."""

    def __init__(self, most: int) -> None:
        self.turns = Turns(most)
        self._gates: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.began: list[str] = []

    async def ask(self, *names: str) -> None:
        """Somebody, by the first letter, wants turns; as far as they come at once."""
        for name in names:
            self._gates[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name))
        await self.settle()

    async def _run(self, name: str) -> None:
        async with self.turns.take(name[0]):
            self.began.append(name)
            await self._gates[name].wait()

    async def end(self, *names: str) -> None:
        """These end."""
        for name in names:
            self._gates[name].set()
            await self.tasks[name]
        await self.settle()

    async def settle(self) -> None:
        """Everything that can happen now has happened."""
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Two at a time."""
    made = Stage(2)
    yield made
    for task in made.tasks.values():
        task.cancel()


async def test_who_has_fewest_comes_next_and_each_in_their_own_order(stage: Stage) -> None:
    await stage.ask("a1", "a2", "a3", "a4", "b1", "b2", "c1")
    assert stage.began == ["a1", "a2"]
    await stage.end("a1")
    assert stage.began[2:] == ["b1"], "of those who have none the one who came first"
    await stage.end("b1")
    assert stage.began[3:] == ["c1"], "or who has not had one yet"
    await stage.end("a2")
    assert stage.began[4:] == ["b2"], "and not who just had one"
    await stage.end("c1")
    assert stage.began[5:] == ["a3"]
    await stage.end("b2")
    assert stage.began[6:] == ["a4"], "alone they have all turns"


async def test_who_waits_no_longer_takes_no_turn(stage: Stage) -> None:
    await stage.ask("a1", "a2", "b1", "c1")
    stage.tasks["b1"].cancel()
    await stage.settle()
    await stage.end("a1")
    assert stage.began == ["a1", "a2", "c1"]


async def test_a_turn_that_comes_to_who_leaves_is_the_next_ones(stage: Stage) -> None:
    """Both in one moment, before either knows."""
    await stage.ask("a1")
    async with stage.turns.take("z"):
        await stage.ask("b1", "c1")
    stage.tasks["b1"].cancel()
    await stage.settle()
    assert stage.began == ["a1", "c1"]
    await stage.end("a1", "c1")
    await stage.ask("d1", "d2", "d3")
    assert stage.began[2:] == ["d1", "d2"], "no turn was lost, and none is there twice"
