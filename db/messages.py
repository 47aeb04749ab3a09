"""Statements about messages. A conversation's messages are dense by seq, so a page is a range of seqs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, insert, or_, select

from db.conversations import unread_condition
from db.engine import Reading, Writing
from db.tables import messages, participants


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message. `position` is where the log tells of it; `content_hash` is of what was first sent."""

    id: str
    conversation_id: str
    seq: int
    position: int
    sender_id: str | None
    sender_role: str | None
    author_key: str
    client_key: str
    content_hash: str
    kind: str
    body: str | None
    created_at: int
    edited_at: int | None
    deleted_at: int | None


@dataclass(frozen=True, slots=True)
class SeqRange:
    """The messages of a conversation from one seq to another, both included; empty when `low` is above `high`."""

    conversation_id: str
    low: int
    high: int


_columns = tuple(messages.c[name] for name in MessageRow.__slots__)

#: Only what the viewer may see: messages of conversations that they are in now.
_visible = select(*_columns).join(
    participants,
    and_(participants.c.conversation_id == messages.c.conversation_id, participants.c.left_event.is_(None)),
)


async def find_visible(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, MessageRow]:
    """Those of the messages that the viewer may see."""
    rows = await db.all(_visible.where(messages.c.id.in_(ids), participants.c.user_id == viewer_id))
    return {row[0]: MessageRow(*row) for row in rows}


async def find_ranges(db: Reading, viewer_id: str, ranges: Sequence[SeqRange]) -> dict[str, dict[int, MessageRow]]:
    """The messages of ranges, by conversation and seq; nothing of a conversation that the viewer is not in."""
    found: dict[str, dict[int, MessageRow]] = {wanted.conversation_id: {} for wanted in ranges}
    conditions = [
        and_(
            messages.c.conversation_id == wanted.conversation_id,
            messages.c.seq >= wanted.low,
            messages.c.seq <= wanted.high,
        )
        for wanted in ranges
        if wanted.low <= wanted.high
    ]
    if conditions:
        for row in await db.all(_visible.where(or_(*conditions), participants.c.user_id == viewer_id)):
            found[row[1]][row[2]] = MessageRow(*row)
    return found


async def find_seqs_at(db: Reading, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """For each (conversation, position of its log): the seq of the last message told of up to there, 0 for none."""
    found = {}
    for conversation_id, position in places:
        seq = await db.value(
            select(func.max(messages.c.seq)).where(
                messages.c.conversation_id == conversation_id, messages.c.position <= position
            )
        )
        found[conversation_id, position] = seq or 0
    return found


async def find_first_unread(db: Reading, viewer_id: str, conversation_ids: Collection[str]) -> dict[str, int]:
    """The seq of the first message that the viewer has not read, for the conversations that have one."""
    rows = await db.all(
        select(messages.c.conversation_id, func.min(messages.c.seq))
        .join(participants, unread_condition(viewer_id))
        .where(participants.c.user_id == viewer_id, participants.c.conversation_id.in_(conversation_ids))
        .group_by(messages.c.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


async def count_unread(db: Reading, viewer_id: str, conversation_ids: Collection[str] | None = None) -> dict[str, int]:
    """How many messages the viewer has not read, by conversation (of all when None); those without any are left out."""
    statement = (
        select(messages.c.conversation_id, func.count())
        .join(participants, unread_condition(viewer_id))
        .where(participants.c.user_id == viewer_id, participants.c.left_event.is_(None))
        .group_by(messages.c.conversation_id)
    )
    if conversation_ids is not None:
        statement = statement.where(participants.c.conversation_id.in_(conversation_ids))
    return {row[0]: row[1] for row in await db.all(statement)}


async def find_by_key(db: Reading, conversation_id: str, author_key: str, client_key: str) -> MessageRow | None:
    """The message that an author sent with a key."""
    row = await db.first(
        select(*_columns).where(
            messages.c.conversation_id == conversation_id,
            messages.c.author_key == author_key,
            messages.c.client_key == client_key,
        )
    )
    return None if row is None else MessageRow(*row)


async def insert_one(db: Writing, row: MessageRow) -> None:
    """Add a message at the place that was taken for it."""
    await db.run(insert(messages).values({name: getattr(row, name) for name in row.__slots__}))
