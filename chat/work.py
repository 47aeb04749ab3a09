"""The unit of work: one transaction for each act, and only after its commit the bells ring."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from chat.topics import conversation_topic, inbox_topic, receipt_bells
from core.bells import Bell
from core.clock import now_ms
from core.hub import Hub
from core.tasks import finish
from db.engine import Database, Writing
from db.tries import Try

Result = TypeVar("Result")


class UnitOfWork:
    """One act: its transaction, its moment, and whom to tell when it has happened.

    `stored` counts the messages that it stores, by kind; `repeats` those that had been sent before.
    """

    def __init__(self, db: Writing) -> None:
        self.db = db
        self.now = now_ms()
        self.stored: Counter[str] = Counter()
        self.repeats = 0
        self._acts: dict[tuple[Bell, ...], None] = {}

    def ring(self, bells: Iterable[Bell]) -> None:
        """Ring these after the commit, and together."""
        self._acts[tuple(bells)] = None

    def tell(self, conversation_id: str, position: int, member_ids: Iterable[str]) -> None:
        """The log of a conversation grew up to a position: tell whoever follows it, and its members' inboxes.

        The bell with the position is the last: a process that has heard it has heard the others too.
        """
        inboxes = (Bell(inbox_topic(member)) for member in member_ids)
        self.ring([*inboxes, Bell(conversation_topic(conversation_id), None, position)])

    def tell_receipts(self, conversation_id: str, member_ids: Iterable[str]) -> None:
        """Marks of a conversation moved."""
        self.ring(receipt_bells(conversation_id, list(member_ids)))

    @property
    def acts(self) -> list[tuple[Bell, ...]]:
        """What rings after the commit."""
        return list(self._acts)


class Step(Protocol[Result]):
    """What a try writes."""

    async def write(self) -> Result:
        """Run the one statement."""

    async def find(self) -> Result | None:
        """What was written, if it was."""

    def tell(self, written: Result) -> None:
        """Note whom to tell of what was written."""


class Work:
    """Begins units of work, and counts what those that were committed did."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self.stored: Counter[str] = Counter()
        self.repeats = 0
        self.acts = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """One act. It is committed when the block ends, and rolled back when the block raises.

        Who is cancelled while the commit runs cannot tear it from its bells: both finish.
        """
        async with self._database.writing() as db:
            unit = UnitOfWork(db)
            yield unit
            await finish(self._finish(unit))

    @property
    def can_try(self) -> bool:
        """Is `trying` possible, and worth it?"""
        return self._database.can_try

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[tuple[UnitOfWork, Try]]:
        """An act that holds nothing while it reads, and ends with `end` or `store`; see `db.tries`."""
        async with self._database.trying() as db:
            yield UnitOfWork(db), db

    async def store(self, unit: UnitOfWork, step: "Step[Result]") -> Result:
        """End a try by its one statement that writes, and ring its bells.

        Who is called off meanwhile calls the statement off too. Whether it was too late for that the database knows: if
        it was, the bells ring, though nobody waits for the answer any more.
        """
        writing = asyncio.ensure_future(step.write())
        try:
            written = await asyncio.shield(writing)
        except asyncio.CancelledError:
            writing.cancel()
            await finish(self._settle(unit, step, writing))
            raise
        step.tell(written)
        await self._finish(unit)
        return written

    async def _settle(self, unit: UnitOfWork, step: "Step[Result]", writing: "asyncio.Future[Result]") -> None:
        await asyncio.wait([writing])
        if writing.cancelled() or writing.exception() is None:
            written = await step.find()
            if written is not None:
                step.tell(written)
                await self._finish(unit)

    async def end(self, unit: UnitOfWork) -> None:
        """End a try that had nothing to write."""
        await self._finish(unit)

    async def _finish(self, unit: UnitOfWork) -> None:
        await unit.db.commit()
        self.acts += 1
        self.stored.update(unit.stored)
        self.repeats += unit.repeats
        for act in unit.acts:
            self._hub.ring(act)
