"""Blocking: two people who are bound by a block send each other nothing, whichever of them blocked.

It binds pairs: where others take part (staff do not count) all go on. What was said stays readable.
"""

from collections.abc import Collection, Sequence

from chat.members import announce
from chat.refusals import Invalid, NotFound, RateLimited
from chat.topics import presence_topic, typing_bell
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.bells import Bell
from core.limits import Limits, Rate
from core.settings import Settings
from db import blocks, conversations, users
from db.blocks import MemberRow
from db.participants import ParticipantRow
from db.users import PersonRow


def other_of_pair(present: Sequence[ParticipantRow], user_id: str) -> ParticipantRow | None:
    """The other one of two people who are in a conversation; None when it is no pair's, or the person is staff."""
    if any(row.user_id == user_id and row.is_staff for row in present):
        return None
    others = [row for row in present if row.user_id != user_id and not row.is_staff]
    return others[0] if len(others) == 1 else None


def is_blocked(everybody: Sequence[MemberRow], user_id: str) -> bool:
    """Can a person say nothing in a conversation, since a block binds them and the only other one?"""
    bound = {member.participant.user_id for member in everybody if member.is_bound}
    if not bound:
        return False
    other = other_of_pair([row.participant for row in everybody if row.participant.left_event is None], user_id)
    return other is not None and other.user_id in bound


async def block(
    work: Work, limits: Limits, settings: Settings, viewer: Viewer, user_id: str | None, *, blocked: bool
) -> PersonRow:
    """Block somebody, or no longer. NotFound for whom the viewer does not see and has not blocked; RateLimited for who
    blocks too many, or the same again and again: each block, and its end, is written into all that they have together.

    What they have together is held meanwhile: what is being sent is there before the block, or not at all.
    """
    if user_id is None:
        raise NotFound("userId")
    if user_id == viewer.id:
        raise Invalid("userId", reason="Nobody can block themselves.")
    async with work.begin() as unit:
        person = await _find(unit, viewer, user_id, settings.directory_roles)
        await blocks.hold_pair(unit.db, viewer.id, user_id)
        together = await blocks.find_paired(unit.db, viewer.id, user_id)
        for conversation_id in together:
            await conversations.lock(unit.db, conversation_id)
        if not blocked:
            is_lifted = await blocks.remove(unit.db, viewer.id, user_id)
            # Who is bound by their own block either learns nothing of the other's.
            if is_lifted and not await blocks.find_bound(unit.db, viewer.id, [user_id]):
                await _tell(unit, viewer.id, user_id, together)
        elif await blocks.insert_if_new(unit.db, viewer.id, user_id, unit.now):
            wait = await limits.take(Rate("blocks", settings.blocks), viewer.id)
            if wait:
                raise RateLimited(wait)
            await _tell(unit, viewer.id, user_id, together)
        return person


async def _find(unit: UnitOfWork, viewer: Viewer, user_id: str, directory_roles: Collection[str]) -> PersonRow:
    found = await users.find_visible(unit.db, viewer.id, directory_roles, [user_id])
    if not found and await blocks.find_blocked(unit.db, viewer.id, [user_id]):
        found = await users.find(unit.db, [user_id])
    if user_id not in found:
        raise NotFound("userId")
    return found[user_id]


async def is_bound(unit: UnitOfWork, user_id: str, other_id: str) -> bool:
    """Does a block bind two people? Nobody can block the other until the unit of work ends."""
    if user_id == other_id:
        return False
    await blocks.hold_pair(unit.db, user_id, other_id)
    return bool(await blocks.find_bound(unit.db, user_id, [other_id]))


async def _tell(unit: UnitOfWork, user_id: str, other_id: str, together: Sequence[str]) -> None:
    """Neither types any more, for the other; and whether they are online is to be looked at again, or followed again:
    what followed it has ended with the block."""
    for conversation_id in together:
        # Whoever sends without holding it sees by its log that something has happened (decision 20).
        await announce(unit, conversation_id)
    unit.ring(typing_bell(conversation_id, one, 0) for conversation_id in together for one in (user_id, other_id))
    unit.ring(Bell(presence_topic(one)) for one in (user_id, other_id))
