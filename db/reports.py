"""Statements about what people told staff about messages."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, select

from db.engine import Reading, Writing
from db.inserts import inserting
from db.own_tables import reports
from db.statements import Statement, among


class ReportRow(NamedTuple):
    """A report. `message_body` is what the message said then; `message_id` is None once the message is gone."""

    id: str
    message_id: str | None
    message_body: str | None
    reporter_id: str
    reason: str
    note: str | None
    created_at: int
    resolved_at: int | None


_columns = tuple(reports.c[name] for name in ReportRow._fields)
_by_them = reports.c.reporter_id == bindparam("reporter_id")
_OF = Statement(select(*_columns).where(among(reports.c.id, "ids"), _by_them))
_ONE = Statement(select(*_columns).where(reports.c.message_id == bindparam("message_id"), _by_them))
_INSERT = inserting(reports, ReportRow._fields)


async def find_of(db: Reading, reporter_id: str, ids: Collection[str]) -> dict[str, ReportRow]:
    """Those of the reports that a person has made."""
    rows = await db.all(_OF, {"reporter_id": reporter_id, "ids": ids})
    return {row[0]: ReportRow._make(row) for row in rows}


async def find_one(db: Reading, message_id: str, reporter_id: str) -> ReportRow | None:
    """What a person has reported of a message."""
    row = await db.first(_ONE, {"message_id": message_id, "reporter_id": reporter_id})
    return None if row is None else ReportRow._make(row)


async def insert_one(db: Writing, row: ReportRow) -> None:
    """Keep a report. One person reports a message once: the database refuses a second."""
    await db.run(_INSERT, row._asdict())
