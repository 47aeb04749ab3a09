"""The sockets of this process: how many each person has, and the acts that go on when one closes."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any, TypeVar

from chat.palaver import Palaver
from core.deadlines import Deadlines
from graph.frames import Close

Result = TypeVar("Result")


class Sockets:
    """Counts sockets, tells presence, and lets running acts finish."""

    def __init__(self, palaver: Palaver) -> None:
        self._palaver = palaver
        self._per_user: Counter[str] = Counter()
        self._acts: set[asyncio.Task[Any]] = set()
        self._here = 0
        #: When sockets end by themselves.
        self.deadlines = Deadlines()
        self.opened = 0

    def come(self) -> Close | None:
        """A socket is here, of nobody yet, until `go`; what it is closed with when there are too many."""
        self._here += 1
        if self._here > self._palaver.settings.max_sockets:
            return Close(1013, "Too many sockets; come back later")  # Clients take 1008 for final, and go nowhere else.
        return None

    def go(self) -> None:
        """A socket is here no more."""
        self._here -= 1

    @property
    def count(self) -> int:
        """How many sockets are open whose person is known."""
        return sum(self._per_user.values())

    def enter(self, user_id: str) -> Close | None:
        """A socket is a person's; what it is closed with when they have too many."""
        if self._per_user[user_id] >= self._palaver.settings.max_sockets_per_user:
            return Close(1008, "Too many sockets of one person")
        self._per_user[user_id] += 1
        self.opened += 1
        self._palaver.presence.arrive(user_id)
        return None

    def leave(self, user_id: str) -> None:
        """A socket of a person is closed; with their last one they stop typing."""
        self._per_user[user_id] -= 1
        if self._per_user[user_id] <= 0:
            del self._per_user[user_id]
        if self._palaver.presence.depart(user_id):
            self._palaver.typing.end_all(user_id)

    async def finish(self, act: Coroutine[Any, Any, Result]) -> Result:
        """Run an act to its end, also when whoever waits for it is cancelled."""
        task = asyncio.create_task(act)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait for the acts that still run; each has a limit of time."""
        while self._acts:
            await asyncio.wait(self._acts)
