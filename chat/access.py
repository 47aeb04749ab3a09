"""The one way to a conversation: through the person's own membership in it."""

from dataclasses import dataclass

from chat.blocks import is_blocked
from chat.refusals import NotFound
from chat.work import UnitOfWork
from db import blocks, conversations
from db.conversations import ConversationRow
from db.participants import ParticipantRow


@dataclass(frozen=True, slots=True)
class Membership:
    """A conversation, held until the unit of work ends, and the person's own part in it."""

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
    present = {row.user_id: row for row, _ in everybody if row.left_event is None}
    if conversation is None or user_id not in present:
        raise NotFound(*path)
    return Membership(conversation, present[user_id], list(present), is_blocked(everybody, user_id))
