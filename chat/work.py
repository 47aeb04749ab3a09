"""The unit of work: one transaction for each act, and only after its commit the bells ring."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol, TypeVar

from chat.topics import conversation_topic, inbox_topic, receipt_bells
from core.bells import Bell
from core.clock import now_ms
from core.hub import Hub
from core.tasks import finish
from db.engine import Database, Transaction, Writing
from db.line_writing import LineWriting
from db.tries import Try

Result = TypeVar("Result")


class UnitOfWork:
    """One act: its transaction, its moment, and whom to tell when it has happened.

    `stored` counts the messages that it stores, by kind; `repeats` those that had been sent before.
    """

    def __init__(self, db: Writing) -> None:
        self.db = db
        self.now = now_ms()
        self.stored: defaultdict[str, int] = defaultdict(int)
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

    def begin(self, *, durable: bool = True, patience: float = 0) -> "Act":
        """One act. It is committed when the block ends, and rolled back when the block raises.

        Who is cancelled while the commit runs cannot tear it from its bells: both finish. Only what nobody was told of,
        and what is done again if it was lost, need not be `durable`. What nobody waits for has `patience`: seconds
        for which it may wait to be committed with others, so that they do not wait for a commit of its own.
        """
        return Act(self, self._database.writing(durable=durable, patience=patience))

    async def finish(self, unit: UnitOfWork) -> None:
        """Commit an act and ring its bells; who is called off meanwhile is called off only then."""
        if not isinstance(unit.db, LineWriting):
            await finish(self._finish(unit))
            return
        called_off = await unit.db.commit_to_the_end(partial(self._tell, unit))
        if called_off is not None:
            raise called_off

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
        self._tell(unit)

    def _tell(self, unit: UnitOfWork) -> None:
        self.acts += 1
        for kind, count in unit.stored.items():
            self.stored[kind] += count
        self.repeats += unit.repeats
        for act in unit.acts:
            self._hub.ring(act)


class Act:
    """A block that is one act."""

    __slots__ = ("_transaction", "_unit", "_work")

    def __init__(self, work: Work, transaction: Transaction) -> None:
        self._work = work
        self._transaction = transaction

    async def __aenter__(self) -> UnitOfWork:
        self._unit = UnitOfWork(await self._transaction.__aenter__())
        return self._unit

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            try:
                await self._work.finish(self._unit)
            except BaseException as failure:
                await self._transaction.__aexit__(type(failure), failure, failure.__traceback__)
                raise
        await self._transaction.__aexit__(kind, error, trace)
