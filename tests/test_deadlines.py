"""Many deadlines on one timer: each happens once and at its time, and what is over is forgotten."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from core.deadlines import FEW, Deadline, Deadlines
from tests.waiting import until


class Noted(Deadline):
    """Notes that it has come."""

    __slots__ = ("came", "name")

    def __init__(self, name: int, came: list[int]) -> None:
        super().__init__()
        self.name, self.came = name, came

    def expire(self) -> None:
        """It has come."""
        self.came.append(self.name)


def now() -> float:
    """The loop's clock."""
    return asyncio.get_running_loop().time()


async def test_each_comes_once_and_in_order() -> None:
    came: list[int] = []
    deadlines = Deadlines()
    for name, seconds in enumerate((0.03, 0.01, 0.02)):
        deadlines.move(Noted(name, came), now() + seconds)
    await until(lambda: len(came) == 3)
    assert came == [1, 2, 0]
    assert len(deadlines) == 0


async def test_one_that_moves_away_comes_later_and_only_then() -> None:
    came: list[int] = []
    deadlines = Deadlines()
    moved, other = Noted(0, came), Noted(1, came)
    deadlines.move(moved, now() + 0.01)
    deadlines.move(moved, now() + 0.04)
    deadlines.move(other, now() + 0.02)
    await until(lambda: len(came) == 2)
    assert came == [1, 0]


async def test_one_that_moves_near_comes_sooner_and_once() -> None:
    came: list[int] = []
    deadlines = Deadlines()
    moved, last = Noted(0, came), Noted(1, came)
    deadlines.move(moved, now() + 0.02)
    deadlines.move(moved, now() + 0.01)
    deadlines.move(last, now() + 0.03)
    await until(lambda: 1 in came)
    assert came == [0, 1]


async def test_one_that_is_dropped_never_comes_and_is_not_kept() -> None:
    came: list[int] = []
    deadlines = Deadlines()
    many = [Noted(number, came) for number in range(3 * FEW)]
    for one in many:
        deadlines.move(one, now() + 3600)
    for one in many:
        deadlines.drop(one)
    assert len(deadlines) <= FEW + 1
    dropped, last = Noted(0, came), Noted(1, came)
    deadlines.move(dropped, now() + 0.01)
    deadlines.move(last, now() + 0.02)
    deadlines.drop(dropped)
    await until(lambda: bool(came))
    assert came == [1]


MOVES = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 20))), max_size=60)


class Clock:
    """A loop's clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = 0.0
        self._timers: dict[int, tuple[float, Callable[[], object]]] = {}

    def time(self) -> float:
        """Now."""
        return self.at

    def call_at(self, when: float, callback: Callable[[], object], /) -> "Call":
        """Call something when it has gone on so far."""
        number = len(self._timers)
        self._timers[number] = (when, callback)
        return Call(lambda: self._timers.update({number: (inf, callback)}))

    def go_on(self, until: float) -> None:
        """Go on, and call what is due in between."""
        while True:
            when, number = min(((when, number) for number, (when, _) in self._timers.items()), default=(inf, -1))
            if when > until or when == inf:
                break
            self.at = max(self.at, when)
            _, callback = self._timers[number]
            self._timers[number] = (inf, callback)
            callback()
        self.at = until


@dataclass(frozen=True)
class Call:
    """A call to come."""

    cancel: Callable[[], None]


@settings(max_examples=300, deadline=None)
@given(MOVES)
def test_whatever_is_moved_and_dropped_comes_when_it_should(moves: list[tuple[int, int | None]]) -> None:
    """By a clock that only we move, beside a table of what is due."""
    clock = Clock()
    came: list[int] = []
    deadlines = Deadlines(clock)
    all_ = [Noted(name, came) for name in range(6)]
    due: dict[int, float] = {}
    for step, (name, seconds) in enumerate(moves):
        if seconds is None:
            deadlines.drop(all_[name])
            due.pop(name, None)
        else:
            deadlines.move(all_[name], clock.at + seconds)
            due[name] = clock.at + seconds
        clock.go_on(clock.at + step % 3)
        expected = {one: when for one, when in due.items() if when <= clock.at}
        assert sorted(came) == sorted(expected)
        came.clear()
        for one in expected:
            del due[one]
    clock.go_on(1e9)
    assert sorted(came) == sorted(due)
    assert len(deadlines) == 0
