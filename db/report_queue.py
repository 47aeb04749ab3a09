"""Statements about what waits for staff: reports of everybody's, those that nobody has resolved first."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from db.engine import Reading, Writing
from db.own_tables import reports
from db.pages import Page, Pages, Window
from db.reports import ReportRow
from db.statements import Statement, among


class QueueRow(NamedTuple):
    """The key of a report in the queue: 0 while it is open, 1 then, and its id, which sorts by age."""

    is_done: int
    id: str

    @classmethod
    def of(cls, row: ReportRow) -> "QueueRow":
        """The key of a report."""
        return cls(0 if row.resolved_at is None else 1, row.id)


_columns = tuple(reports.c[name] for name in ReportRow._fields)
_PAGES = Pages(select(*_columns, reports.c.is_done), [reports.c.is_done, reports.c.id], descending=False)
_ANY = Statement(select(*_columns).where(among(reports.c.id, "ids")))
_RESOLVE = Statement(
    update(reports)
    .where(reports.c.id == bindparam("report_id"), reports.c.resolved_at.is_(None))
    .values(resolved_at=bindparam("now"))
)


async def page(db: Reading, window: Window) -> Page[ReportRow]:
    """A page of the queue: open ones first, oldest first."""
    found = await _PAGES.read(db, window, {})
    return Page([ReportRow._make(row[:-1]) for row in found.items], found.has_next, found.has_previous)


async def find(db: Reading, ids: Collection[str]) -> dict[str, ReportRow]:
    """Reports by id, whoever made them."""
    return {row[0]: ReportRow._make(row) for row in await db.all(_ANY, {"ids": ids})}


async def resolve(db: Writing, report_id: str, *, now: int) -> bool:
    """Staff are done with a report; False when they were before."""
    return await db.run(_RESOLVE, {"report_id": report_id, "now": now}) == 1
