"""Statements about the log: what durably happened in a conversation, numbered without holes."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, func, select

from db.engine import Reading, Writing
from db.inserts import inserting
from db.statements import Statement
from db.tables import events
from db.writing import Act


@dataclass(frozen=True, slots=True)
class EventRow:
    """One entry of a conversation's log; `id` orders the inbox where there is one writer."""

    id: int
    conversation_id: str
    position: int
    kind: str
    message_id: str | None
    user_id: str | None
    created_at: int


columns = tuple(events.c[name] for name in EventRow.__slots__)
_INSERT = inserting(events, ("conversation_id", "position", "kind", "message_id", "user_id", "created_at"))
_AFTER = Statement(
    select(*columns)
    .where(events.c.conversation_id == bindparam("conversation_id"), events.c.position > bindparam("position"))
    .order_by(events.c.position)
    .limit(bindparam("size", type_=Integer()))
)


async def insert_one(
    db: Writing,
    conversation_id: str,
    position: int,
    kind: str,
    *,
    now: int,
    message_id: str | None = None,
    user_id: str | None = None,
) -> None:
    """Write an event at the position that was taken for it."""
    await db.run(*adding(conversation_id, position, kind, now=now, message_id=message_id, user_id=user_id))


def adding(
    conversation_id: str,
    position: int,
    kind: str,
    *,
    now: int,
    message_id: str | None = None,
    user_id: str | None = None,
) -> Act:
    """What writes an event."""
    event = {"conversation_id": conversation_id, "position": position, "kind": kind, "created_at": now}
    return _INSERT, {**event, "message_id": message_id, "user_id": user_id}


async def find_after(db: Reading, conversation_id: str, position: int, limit: int) -> list[EventRow]:
    """A conversation's log after a position, in order."""
    rows = await db.all(_AFTER, {"conversation_id": conversation_id, "position": position, "size": limit})
    return [EventRow(*row) for row in rows]


async def find_first_position(db: Reading, conversation_id: str) -> int:
    """The oldest position that the log still holds; 1 for an empty log."""
    oldest = await db.value(select(func.min(events.c.position)).where(events.c.conversation_id == conversation_id))
    return oldest or 1
