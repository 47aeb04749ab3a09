"""The shared memory of a log under whatever happens: growth, bells, slow and failing reads, in any order."""

import asyncio
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from core.ring import LENGTH, Rings
from tests.growing import Logs
from tests.waiting import soon

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("grow"), st.integers(1, 2 * LENGTH)),
        st.tuples(st.just("bell"), st.integers(1, 2)),
        st.tuples(st.just("read"), st.integers(0, 3)),
        st.tuples(st.just("fail"), st.integers(0, 1)),
        st.tuples(st.just("hold"), st.integers(0, 1)),
    ),
    max_size=60,
)


@given(STEPS)
def test_every_reader_sees_each_entry_once_in_order_whatever_bells_do(steps: list[tuple[str, int]]) -> None:
    """Bells are doubled and late, reads are slow and fail; after the last bell nothing is missing."""
    asyncio.run(play(steps))


async def play(steps: list[tuple[str, int]]) -> None:
    """Four readers, the third of which came late, do what the steps say."""
    table = Table()
    with table.rings.follow("a"):
        for word, number in steps:
            getattr(table, word)(number)
            await asyncio.sleep(0)
        await table.finish()


class Table:
    """A log, its readers, and what they have seen."""

    def __init__(self) -> None:
        self.logs = Logs({"a": 5})
        self.rings = Rings(self.logs.load)
        self.is_owed = False
        self.seen: list[list[int]] = [[], [], [1, 2, 3], []]
        self.readers: dict[int, asyncio.Task[bool]] = {}

    def grow(self, by: int) -> None:
        """The log grows; its bell rings later, and until then it is owed."""
        self.logs.grow("a", by)
        self.is_owed = True

    def bell(self, times: int) -> None:
        """Bells ring, for something or for nothing."""
        for _ in range(times):
            self.rings.mark_stale("a")
        self.is_owed = False

    def read(self, number: int) -> None:
        """A reader that is not busy goes on."""
        if number not in self.readers or self.readers[number].done():
            self.readers[number] = asyncio.create_task(self.attempt(number))

    def fail(self, is_broken: int) -> None:
        """The database fails from now on, or no longer."""
        self.logs.is_broken = bool(is_broken)

    def hold(self, is_held: int) -> None:
        """The database is slow from now on, or no longer."""
        if is_held:
            self.logs.open.clear()
        else:
            self.logs.open.set()

    async def attempt(self, number: int) -> bool:
        """A reader goes on, if the database lets it."""
        with suppress(ConnectionError):
            return await self.go_on(number)
        return False

    async def go_on(self, number: int) -> bool:
        """A reader takes what comes next; was there anything?"""
        entries = await self.rings.after("a", len(self.seen[number]))
        for entry in entries:
            assert entry.position == len(self.seen[number]) + 1
            self.seen[number].append(entry.position)
        return bool(entries)

    async def finish(self) -> None:
        """The last bell that is owed rings, and then nobody misses anything."""
        self.fail(False)
        self.hold(False)
        await asyncio.gather(*self.readers.values())
        if self.is_owed:
            self.bell(1)
        for number in range(4):
            while await soon(self.go_on(number)):
                pass
            assert len(self.seen[number]) == self.logs.lengths["a"]
