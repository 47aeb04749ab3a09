"""Importing people, subjects, conversations and messages from a file of JSON lines, as docs/import.md describes it.

The file is read once for each kind, so that its lines may stand in any order. Many lines are one unit of work, and
between two of them others get their turn: an import may run beside a server.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from chat.import_conversations import store_conversations
from chat.import_lines import BadLineError, Line, Source, read_line
from chat.import_messages import store_messages
from chat.import_people import store_subjects, store_users
from chat.import_state import BadLine, ImportState
from chat.refusals import Invalid
from chat.work import UnitOfWork, Work
from db.imports import Overtaken

#: Lines of one unit of work: a tenth of a second or so, in which SQLite lets nobody else write.
BATCH = 500
#: Seconds between two units of work: longer than a waiting process sleeps between two tries, so that it gets its turn.
PAUSE = 0.025
#: The kinds of lines, in the order in which they are stored.
KINDS = ("user", "subject", "conversation", "message")

_Store: TypeAlias = Callable[[UnitOfWork, ImportState, Any], Awaitable[None]]
_stores: dict[str, _Store] = {
    "user": store_users,
    "subject": store_subjects,
    "conversation": store_conversations,
    "message": store_messages,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: what it does, and how many bytes of the file it has read for that."""

    doing: str
    size: int


class Import:
    """One import. `state` tells what was done, while it runs and afterwards."""

    def __init__(self, work: Work, source: Source, *, most_characters: int, by: str) -> None:
        self._work = work
        self._source = source
        self._kinds = bytearray()
        self.state = ImportState(most_characters, by)

    async def run(self) -> AsyncIterator[BadLine | Progress]:
        """Take the lines in, and tell of progress and of each line that is bad."""
        for progress in self._check():
            for bad_line in self.state.take_bad_lines():
                yield bad_line
            yield progress
        for kind in KINDS:
            async for progress in self._store(kind):
                for bad_line in self.state.take_bad_lines():
                    yield bad_line
                yield progress
        self._refuse_missed_goals()
        for bad_line in self.state.take_bad_lines():
            yield bad_line

    def _check(self) -> Iterator[Progress]:
        """Read all lines once, and remember of what kind each one is."""
        size = 0
        yield Progress("lines", size)
        for number, text in enumerate(self._source(), 1):
            size += len(text)
            self._kinds.append(self._kind_of(number, text))
            if number % BATCH == 0:
                yield Progress("lines", size)
        yield Progress("lines", size)

    def _kind_of(self, number: int, text: bytes) -> int:
        """The place in KINDS, or one past it for a line that holds nothing good."""
        try:
            line = read_line(text)
        except BadLineError as error:
            self.state.refuse(number, str(error))
            return len(KINDS)
        return len(KINDS) if line is None else KINDS.index(line.type)

    async def _store(self, kind: str) -> AsyncIterator[Progress]:
        batch: list[tuple[int, Line]] = []
        wanted, size = KINDS.index(kind), 0
        if wanted not in self._kinds:
            return
        yield Progress(f"{kind}s", size)
        for number, text in enumerate(self._source(), 1):
            size += len(text)
            if number <= len(self._kinds) and self._kinds[number - 1] == wanted and (line := read_line(text)):
                batch.append((number, line))
            if len(batch) == BATCH:
                await self._store_batch(kind, batch)
                batch = []
                yield Progress(f"{kind}s", size)
                await asyncio.sleep(PAUSE)
        if batch:
            await self._store_batch(kind, batch)
        yield Progress(f"{kind}s", size)

    async def _store_batch(self, kind: str, batch: list[tuple[int, Line]]) -> None:
        while True:
            try:
                with self.state.trying():
                    async with self._work.begin() as unit:
                        await _stores[kind](unit, self.state, batch)
                return
            except Overtaken:
                continue  # What was begun is undone; now that is there which somebody else was making.

    def _refuse_missed_goals(self) -> None:
        """Say which marks were to go to a message that never came; what they left open counts as read."""
        for thread in self.state.threads.values():
            for goal in sorted(thread.read.missed):
                self.state.refuse(thread.number, Invalid("readUpTo", reason=f"There is no message {goal}."))
            for goal in sorted(thread.delivered.missed - thread.read.missed):
                self.state.refuse(thread.number, Invalid("deliveredUpTo", reason=f"There is no message {goal}."))
