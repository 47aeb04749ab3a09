"""Statements that take back what was said: the row stays in its place, and its words go."""

from sqlalchemy import bindparam, update

from db.engine import Writing
from db.statements import Statement
from db.tables import messages

_BURY = Statement(
    update(messages)
    .where(messages.c.id == bindparam("message_id"), messages.c.deleted_at.is_(None))
    .values(body=None, deleted_at=bindparam("now"))
)


async def bury(db: Writing, message_id: str, *, now: int) -> None:
    """The words of a message go, for everybody."""
    await db.run(_BURY, {"message_id": message_id, "now": now})
