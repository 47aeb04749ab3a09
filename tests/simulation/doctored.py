"""Bugs to be planted in every process of a run: statements that are left out, or whose answers are other ones."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from chat.palaver import Palaver
from chat.work import Act, UnitOfWork, Work
from db import messages, sending
from db.engine import Parameters, Reading, Writing
from db.reading import AnyRow, AnyStatement
from db.statements import Statement
from tests.simulation.database import Engine, driver_of

Plant = Callable[[Palaver], Palaver]


class _Unit:
    """A unit of work's transaction, as the act sees it."""

    def __init__(self, db: Writing, doctor: "Doctor") -> None:
        self._db, self._doctor = db, doctor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        """The rows that the doctor leaves."""
        return self._doctor.rows(statement, await self._db.all(statement, parameters))

    async def first(self, statement: AnyStatement, parameters: Parameters | None = None) -> AnyRow | None:
        """The first of them."""
        rows = await self.all(statement, parameters)
        return rows[0] if rows else None

    async def run(self, statement: AnyStatement, parameters: Parameters | None = None) -> int:
        """As if it had touched a row."""
        if self._doctor.leaves_out(statement, parameters or {}):
            return 1
        return await self._db.run(statement, parameters)

    async def run_many(self, statement: AnyStatement, rows: Sequence[Parameters]) -> None:
        """For those that are not left out."""
        await self._db.run_many(statement, [row for row in rows if not self._doctor.leaves_out(statement, row)])

    async def run_all(self, acts: Sequence[tuple[Statement, Parameters]]) -> None:
        """Those that are not left out."""
        await self._db.run_all([act for act in acts if not self._doctor.leaves_out(*act)])


class Doctor:
    """Leaves nothing out and changes no row, unless told."""

    def leaves_out(self, statement: AnyStatement, parameters: Parameters) -> bool:
        """Is this statement not to be run?"""
        return False

    def rows(self, statement: AnyStatement, found: Sequence[AnyRow]) -> Sequence[AnyRow]:
        """What is answered."""
        return found


class LeavingOut(Doctor):
    """Does not run a statement; or only not with some value in a parameter."""

    def __init__(self, statement: Statement, **given: object) -> None:
        self._statement, self._given = statement, given

    def leaves_out(self, statement: AnyStatement, parameters: Parameters) -> bool:
        """The statement, with these values."""
        is_it = statement is self._statement
        return is_it and all(parameters.get(name) == value for name, value in self._given.items())


class FindingNothing(Doctor):
    """A statement finds no row."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def rows(self, statement: AnyStatement, found: Sequence[AnyRow]) -> Sequence[AnyRow]:
        """None, if it is the one."""
        return [] if statement is self._statement else found


class BlindSender(Doctor):
    """Reads before a send that a column is false, whatever it is."""

    def __init__(self, place: int) -> None:
        self._place = place

    def rows(self, statement: AnyStatement, found: Sequence[AnyRow]) -> Sequence[AnyRow]:
        """Of the conversation and everybody in it."""
        if statement is not sending._KNOWN:
            return found
        return [(*row[: self._place], False, *row[self._place + 1 :]) for row in found]


class _DoctoredWork(Work):
    doctor: Doctor

    def begin(self, *, durable: bool = True, patience: float = 0) -> Act:
        return _DoctoredAct(self, self._database.writing(durable=durable, patience=patience))


class _DoctoredAct(Act):
    async def __aenter__(self) -> UnitOfWork:
        unit = await super().__aenter__()
        self._db = unit.db
        unit.db = cast(Writing, _Unit(unit.db, cast(_DoctoredWork, self._work).doctor))
        return unit

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._unit.db = self._db
        await super().__aexit__(kind, error, trace)


def plant(doctor: Doctor) -> Plant:
    """All acts of the process go through the doctor."""

    def change(palaver: Palaver) -> Palaver:
        # The parts of a process share their work: each must have the same bug.
        palaver.work.__class__ = type("Doctored", (_DoctoredWork,), {"doctor": doctor})
        return palaver

    return change


def without_trigger(name: str) -> Plant:
    """The database lacks one of its triggers."""

    def drop(palaver: Palaver) -> Palaver:
        disk = cast(Engine, palaver.database.reader).disk
        connection = disk.take(disk)
        driver = driver_of(connection)
        if driver.execute("select 1 from sqlite_master where type = 'trigger' and name = ?", (name,)).fetchall():
            driver.execute(f"drop trigger {name}")
        disk.give_back(connection)
        return palaver

    return drop


class _Remembering(Reading):
    """Knows each message as it saw it first."""

    known: dict[str, AnyRow]

    async def all(self, statement: AnyStatement, parameters: Parameters | None = None) -> Sequence[AnyRow]:
        found = await super().all(statement, parameters)
        if statement is not messages._VISIBLE:
            return found
        return [self.known.setdefault(row[0], row) for row in found]


def remember_words(palaver: Palaver) -> Palaver:
    """Each process has a memory of messages that nothing reaches."""
    database, known = palaver.database, dict[str, AnyRow]()

    def reading() -> Reading:
        reader = _Remembering(lambda: database._connect(database.reader), database.wait_seconds)
        reader.known = known
        return reader

    database.reading = reading  # type: ignore[method-assign]
    return palaver
