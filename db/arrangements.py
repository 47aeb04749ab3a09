"""Statements about what a person arranges for themselves in a conversation: put away, muted, pinned."""

from collections.abc import Collection
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, select, update

from db.engine import Reading, Writing
from db.statements import Statement, among
from db.tables import inbox_entries, participants


class ArrangementRow(NamedTuple):
    """What somebody arranged in one conversation, and when they last did; times in milliseconds, None for not at all.

    `archived_at` is gone with the next message: the database takes it away.
    """

    conversation_id: str
    archived_at: int | None
    muted_until: int | None
    pinned_at: int | None
    arranged_at: int | None


_mine = (
    select(
        participants.c.conversation_id,
        inbox_entries.c.archived_at,
        participants.c.muted_until,
        participants.c.pinned_at,
        participants.c.arranged_at,
    )
    .join(
        inbox_entries,
        and_(
            inbox_entries.c.conversation_id == participants.c.conversation_id,
            inbox_entries.c.user_id == participants.c.user_id,
        ),
    )
    .where(participants.c.user_id == bindparam("user_id"), participants.c.left_event.is_(None))
)
_OF = Statement(_mine.where(among(participants.c.conversation_id, "ids")))
_SINCE = Statement(_mine.where(participants.c.arranged_at >= bindparam("since")))


_own = participants.c.conversation_id == bindparam("conversation_id"), participants.c.user_id == bindparam("user_id")
_entry = (
    inbox_entries.c.conversation_id == bindparam("conversation_id"),
    inbox_entries.c.user_id == bindparam("user_id"),
)
_until: BindParameter[int | None] = bindparam("until", type_=participants.c.muted_until.type)
_PUT_AWAY = Statement(
    update(inbox_entries).where(*_entry, inbox_entries.c.archived_at.is_(None)).values(archived_at=bindparam("now"))
)
_TAKE_BACK = Statement(
    update(inbox_entries).where(*_entry, inbox_entries.c.archived_at.is_not(None)).values(archived_at=None)
)
_NOTE = Statement(update(participants).where(*_own).values(arranged_at=bindparam("now")))
_PIN = Statement(
    update(participants)
    .where(*_own, participants.c.pinned_at.is_(None))
    .values(pinned_at=bindparam("now"), arranged_at=bindparam("now"))
)
_UNPIN = Statement(
    update(participants)
    .where(*_own, participants.c.pinned_at.is_not(None))
    .values(pinned_at=None, arranged_at=bindparam("now"))
)
_MUTE = Statement(
    update(participants)
    .where(*_own, participants.c.muted_until.is_distinct_from(_until))
    .values(muted_until=_until, arranged_at=bindparam("now"))
)


async def find_of(db: Reading, user_id: str, conversation_ids: Collection[str]) -> dict[str, ArrangementRow]:
    """What a person has arranged in those of the conversations that they are in."""
    rows = await db.all(_OF, {"user_id": user_id, "ids": conversation_ids})
    return {row[0]: ArrangementRow._make(row) for row in rows}


async def find_since(db: Reading, user_id: str, since: int) -> list[ArrangementRow]:
    """What a person has arranged since a time, in the conversations that they are in, in that order."""
    rows = await db.all(_SINCE, {"user_id": user_id, "since": since})
    return sorted(map(ArrangementRow._make, rows), key=attrgetter("arranged_at", "conversation_id"))


async def save_archived(db: Writing, conversation_id: str, user_id: str, *, archived: bool, now: int) -> bool:
    """Put a conversation away, or take it back; False when it was so already."""
    given = {"conversation_id": conversation_id, "user_id": user_id}
    if archived:
        changed = await db.run(_PUT_AWAY, {**given, "now": now})
    else:
        changed = await db.run(_TAKE_BACK, given)
    return changed == 1 and await db.run(_NOTE, {**given, "now": now}) == 1


async def save_pinned(db: Writing, conversation_id: str, user_id: str, *, pinned: bool, now: int) -> bool:
    """Pin a conversation, or no longer; False when it was so already."""
    given = {"conversation_id": conversation_id, "user_id": user_id, "now": now}
    return await db.run(_PIN if pinned else _UNPIN, given) == 1


async def save_muted(db: Writing, conversation_id: str, user_id: str, *, until: int | None, now: int) -> bool:
    """Mute a conversation until a time, or no longer; False when it was so already."""
    given = {"conversation_id": conversation_id, "user_id": user_id, "until": until, "now": now}
    return await db.run(_MUTE, given) == 1
