"""Staff who are staff no more: what they joined by that role ends with it."""

from collections.abc import Sequence

from chat.audit import CONVERSATION_LEFT, record_one
from chat.members import remove_member
from chat.work import UnitOfWork, Work
from db import conversations, participants
from db.engine import Reading
from db.participants import ParticipantRow

#: The role of those who watch over what is said.
STAFF = "admin"
#: Tokens say when they were made in whole seconds: who joined within this one may have done so before.
_SECOND = 1000
_WHY = "The role is gone."


async def find_joined(db: Reading, user_id: str, told_at: int | None) -> list[str]:
    """The conversations that somebody is in as staff since before a moment, in milliseconds, or that very second.

    None is now: all that there are, for the server that let them in may have a clock that is ahead.
    """
    return await participants.find_as_staff(db, user_id, before=None if told_at is None else told_at + _SECOND)


async def end_memberships(work: Work, actor_id: str, user_id: str, conversation_ids: Sequence[str]) -> None:
    """Let somebody out of conversations that they are in as staff: they are told to be staff no more.

    Each is an act of its own, so that nobody waits for all of them; what is left when one fails is done when it is told
    again.
    """
    for conversation_id in conversation_ids:
        async with work.begin() as unit:
            await conversations.lock(unit.db, conversation_id)
            mine = await participants.find_member(unit.db, conversation_id, user_id)
            if mine is not None and mine.is_staff:
                await let_out(unit, actor_id, mine, _WHY)


async def let_out(unit: UnitOfWork, actor_id: str, row: ParticipantRow, reason: str | None) -> None:
    """One who is there as staff is there no more; the conversation's row is locked already."""
    await remove_member(unit, row)
    await record_one(unit, actor_id, CONVERSATION_LEFT, ("Conversation", row.conversation_id), reason)
