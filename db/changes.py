"""Statements about messages that change: other words, with what they said before; or none any more."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, null, select, update

from db.engine import Reading, Writing
from db.inserts import inserting
from db.message_tables import message_edits, reactions
from db.messages import MessageRow
from db.search import Said, is_searched, save_words
from db.statements import Statement, among
from db.tables import messages


class EditRow(NamedTuple):
    """What a message said until it was edited at `edited_at`; `number` counts from 1."""

    message_id: str
    number: int
    body: str
    edited_at: int


_columns = tuple(message_edits.c[name] for name in EditRow._fields)
_OF_MESSAGES = Statement(
    select(*_columns)
    .where(among(message_edits.c.message_id, "ids"))
    .order_by(message_edits.c.message_id, message_edits.c.number)
)
_COUNT = Statement(select(func.count()).where(message_edits.c.message_id == bindparam("message_id")))
_INSERT = inserting(message_edits, EditRow._fields)
_SAVE = Statement(
    update(messages)
    .where(messages.c.id == bindparam("message_id"))
    .values(body=bindparam("body"), edited_at=bindparam("now"))
)
_ERASE = Statement(
    update(messages).where(messages.c.id == bindparam("message_id")).values(body=null(), deleted_at=bindparam("now"))
)
_FORGET_EDITS = Statement(delete(message_edits).where(message_edits.c.message_id == bindparam("message_id")))
_FORGET_REACTIONS = Statement(delete(reactions).where(reactions.c.message_id == bindparam("message_id")))


async def find_edits(db: Reading, message_ids: Collection[str]) -> dict[str, list[EditRow]]:
    """What messages said before, oldest first; the caller has checked that the viewer may see the messages."""
    found: dict[str, list[EditRow]] = {}
    for row in await db.all(_OF_MESSAGES, {"ids": message_ids}):
        found.setdefault(row[0], []).append(EditRow._make(row))
    return found


async def count_edits(db: Reading, message_id: str) -> int:
    """How often a message was edited."""
    return await db.value(_COUNT, {"message_id": message_id}) or 0


async def save_edit(db: Writing, message: MessageRow, body: str, *, number: int, now: int) -> None:
    """Give a message, whose conversation is held, other words; this is its edit of that number, counted from 1."""
    before = EditRow(message.id, number, message.body or "", now)
    await db.run(_INSERT, before._asdict())
    await db.run(_SAVE, {"message_id": message.id, "body": body, "now": now})
    if is_searched(message.kind, body):
        await save_words(db, [Said(message.id, message.conversation_id, message.seq, body)])


async def erase(db: Writing, message_id: str, *, now: int) -> None:
    """Leave nothing of a message, whose conversation is held, but its place."""
    await db.run(_ERASE, {"message_id": message_id, "now": now})
    await db.run(_FORGET_EDITS, {"message_id": message_id})
    await db.run(_FORGET_REACTIONS, {"message_id": message_id})
