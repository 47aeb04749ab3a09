"""Taking back what was said: a tombstone keeps its place, so that seqs stay dense."""

from chat.work import UnitOfWork
from db import conversations, deletions, events, participants
from db.messages import MessageRow


async def bury(unit: UnitOfWork, message: MessageRow) -> MessageRow:
    """The words of a message go for everybody; its conversation is locked already. The message as it is then."""
    position = await conversations.take_position(unit.db, message.conversation_id, now=unit.now)
    await deletions.bury(unit.db, message.id, now=unit.now)
    await events.insert_one(
        unit.db, message.conversation_id, position, "MESSAGE_UPDATED", now=unit.now, message_id=message.id
    )
    unit.tell(message.conversation_id, position, await participants.find_member_ids(unit.db, message.conversation_id))
    return message._replace(body=None, deleted_at=unit.now)
