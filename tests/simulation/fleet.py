"""All processes of a run: as many as the weather says, each followed by another when it dies; and asking one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from chat.palaver import Palaver
from core.settings import Settings
from tests.simulation.broker import Broker
from tests.simulation.database import REQUEST, Disk
from tests.simulation.fate import Fate, Mishap
from tests.simulation.nodes import Build, Node

Value = TypeVar("Value")
Act = Callable[[Palaver], Awaitable[Value]]


class Fleet:
    """The processes, their database and their broker."""

    def __init__(self, fate: Fate, path: Path, settings: Settings, plant: Callable[[Palaver], Palaver]) -> None:
        self.fate = fate
        self.disk = Disk(fate, path)
        self.broker = Broker(fate)
        self.nodes: list[Node] = []
        self._build = Build(settings, fate.chance.choice((2, 3, 5, 256)), plant)

    def pick(self) -> Node | None:
        """One that is up."""
        up = [node for node in self.nodes if node.is_open]
        return self.fate.chance.choice(up) if up else None

    def is_whole(self) -> bool:
        """Are as many up as there are to be?"""
        return sum(node.is_open for node in self.nodes) == self.fate.weather.nodes

    async def keep_one(self) -> None:
        """Run a process, and another one when it died."""
        while True:
            node = Node(len(self.nodes) + 1, self.fate, self.disk, self.broker, self._build)
            self.nodes.append(node)
            await node.start()
            if node.is_open:
                await node.death()
            await self.fate.pause(0.2)

    async def stop(self) -> None:
        """End those that are up in order."""
        for node in self.nodes:
            if not node.is_dead:
                await node.stop()

    async def ask(self, act: Act[Value]) -> Value:
        """Ask any process, as a client does: its answer, its refusal, or a Mishap when neither came."""
        fate = self.fate
        await fate.pause(fate.weather.travel)
        node = self.pick()
        if node is None:
            await fate.pause(0.05)
            raise Mishap("nobody is up")
        answer: asyncio.Future[Value] = fate.loop.create_future()
        working = node.run(_serve(fate, node, act, answer))
        node.on_death(lambda: _fail(answer, Mishap("the connection broke")))
        if fate.befalls(fate.weather.cancelled):
            fate.later(fate.seconds(5 * fate.weather.pause), lambda: node.is_dead or working.cancel())
        patience = fate.seconds(0.05) if fate.befalls(fate.weather.impatient) else 60
        try:
            async with asyncio.timeout(patience):
                return await answer
        except TimeoutError as error:
            raise Mishap("no answer came") from error


async def _serve(fate: Fate, node: Node, act: Act[Value], answer: "asyncio.Future[Value]") -> None:
    """Act and answer; what is answered is under way for a while."""
    REQUEST.set(asyncio.current_task())
    try:
        value = await act(node.palaver)
    except asyncio.CancelledError:
        fate.later(0, _fail, answer, Mishap("it was called off"))
        raise
    except Exception as error:  # noqa: BLE001 - the client judges it
        fate.later(fate.seconds(fate.weather.travel), _fail, answer, error)
        return
    await node.may_die(fate.weather.crash_at_answer, "before an answer")
    fate.later(fate.seconds(fate.weather.travel), _settle, answer, value)


def _settle(answer: "asyncio.Future[Value]", value: Value) -> None:
    if not answer.done():
        answer.set_result(value)


def _fail(answer: "asyncio.Future[Value]", error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
        answer.exception()  # Nobody has to ask for it: who asked may be gone.
