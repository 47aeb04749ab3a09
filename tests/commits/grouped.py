"""Acts of some other house than Palaver's, to see how they are committed: each writes a name, and rings for it."""

import asyncio
from collections.abc import Iterable

from sqlalchemy import text

from chat.work import UnitOfWork, Work
from core.bells import Bell
from db.engine import Database
from db.statements import Statement
from tests.pens import GatedPen
from tests.waiting import soon

ADD = Statement(
    text(
        "insert into users (id, external_id, name, name_folded, profile_at, created_at)"
        " values (:name, :name, :words, 'x', 0, 0)"
    )
)
NAMES = Statement(text("select external_id from users order by rowid"))


class Ears:
    """Stands where the hub is, and notes who rang."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def ring(self, bells: Iterable[Bell]) -> None:
        """Somebody rings."""
        self.heard += [bell.topic for bell in bells]


class Refusal(Exception):
    """What an act may end with."""


def pen_of(database: Database) -> GatedPen:
    """The gated pen of a database."""
    assert database.line is not None
    pen = database.line.pen
    assert isinstance(pen, GatedPen)
    return pen


async def add(unit: UnitOfWork, name: str) -> None:
    """Write somebody's name, and ring for it."""
    await unit.db.run(ADD, {"name": name, "words": name})
    unit.ring([Bell(name)])


async def act(work: Work, name: str, *, refused: bool = False) -> None:
    """One act."""
    async with work.begin() as unit:
        await add(unit, name)
        if refused:
            raise Refusal


async def stored(database: Database) -> list[str]:
    """Whom a reader sees now."""
    async with database.reading_directly() as db:
        return [row[0] for row in await db.all(NAMES)]


async def outcomes(*acts: "asyncio.Task[None]") -> list[type[BaseException] | None]:
    """How acts ended."""
    ends = await soon(asyncio.gather(*acts, return_exceptions=True))
    return [None if end is None else type(end) for end in ends]
