"""The one way to a conversation: through the person's own membership in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.blocks import is_blocked
from chat.refusals import NotFound
from chat.work import UnitOfWork
from db import blocks, conversations, messages
from db.blocks import MemberRow
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.participants import ParticipantRow


@dataclass(frozen=True, slots=True)
class Membership:
    """A conversation, as it was read or is held until the unit of work ends, and the person's own part in it."""

    conversation: ConversationRow
    participant: ParticipantRow
    member_ids: list[str]
    #: Is it a pair's, and has one of them blocked the other?
    is_blocked: bool


async def get_membership(unit: UnitOfWork, user_id: str, conversation_id: str | None, *path: str) -> Membership:
    """The membership of a person who acts in a conversation. NotFound for strangers, as for what does not exist.

    The conversation's row is locked first, so that whoever is removed meanwhile acts before or not at all.
    """
    if conversation_id is None:
        raise NotFound(*path)
    conversation = await conversations.lock(unit.db, conversation_id)
    everybody = await blocks.find_everybody(unit.db, conversation_id, user_id)
    return membership_in(conversation, everybody, user_id, *path)


def membership_in(
    conversation: ConversationRow | None, everybody: Sequence[MemberRow], user_id: str, *path: str
) -> Membership:
    """The membership of a person among those who are or were in a conversation. NotFound when they are not in it."""
    present = {row.user_id: row for row, _ in everybody if row.left_event is None}
    if conversation is None or user_id not in present:
        raise NotFound(*path)
    return Membership(conversation, present[user_id], list(present), is_blocked(everybody, user_id))


async def get_message(
    unit: UnitOfWork, user_id: str, message_id: str | None, *path: str
) -> tuple[Membership, MessageRow]:
    """A message that somebody acts on, as it is while its conversation is held, and their membership there.

    NotFound for strangers, as for what does not exist.
    """
    found = await _find_message(unit, user_id, message_id, *path)
    membership = await get_membership(unit, user_id, found.conversation_id, *path)
    # Read again: who had the conversation meanwhile may have changed it.
    return membership, await _find_message(unit, user_id, message_id, *path)


async def _find_message(unit: UnitOfWork, user_id: str, message_id: str | None, *path: str) -> MessageRow:
    found = await messages.find_visible(unit.db, user_id, [message_id] if message_id else [])
    if message_id is None or message_id not in found:
        raise NotFound(*path)
    return found[message_id]
