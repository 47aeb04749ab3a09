"""Joining and leaving a conversation: events of its own log, so that everybody's rights change at one exact place."""

from collections.abc import Sequence

from chat.work import UnitOfWork
from db import conversations, events, participants
from db.ids import new_id
from db.participants import ParticipantRow


async def announce(unit: UnitOfWork, conversation_id: str) -> None:
    """Tell that a conversation changed; its row is locked already."""
    position = await conversations.take_position(unit.db, conversation_id, now=unit.now)
    await events.insert_one(unit.db, conversation_id, position, "CONVERSATION_UPDATED", now=unit.now)
    unit.tell(conversation_id, position, await participants.find_member_ids(unit.db, conversation_id))


async def add_member(
    unit: UnitOfWork,
    conversation_id: str,
    user_id: str,
    role: str,
    everybody: Sequence[ParticipantRow],
    *,
    is_staff: bool = False,
) -> None:
    """Let somebody in, from the next position of the log on; they may read what was before."""
    position = await conversations.take_position(unit.db, conversation_id, now=unit.now)
    found = await conversations.lock(unit.db, conversation_id)
    seq = found.last_seq if found else 0
    former = next((row for row in everybody if row.user_id == user_id), None)
    row = ParticipantRow(
        id=new_id(),
        conversation_id=conversation_id,
        user_id=user_id,
        role=role,
        is_staff=is_staff,
        ordinal=max((row.ordinal for row in everybody), default=-1) + 1,
        joined_at=unit.now,
        joined_event=position,
        joined_seq=seq,
        left_event=None,
        read_seq=0,
        read_at=None,
        delivered_seq=0,
        marked_at=unit.now,
    )
    if former is None:
        await participants.insert_all(unit.db, [row])
    else:
        await participants.rejoin(unit.db, row._replace(id=former.id))
    await events.insert_one(unit.db, conversation_id, position, "JOINED", now=unit.now, user_id=user_id)
    unit.tell(conversation_id, position, await participants.find_member_ids(unit.db, conversation_id))


async def remove_member(unit: UnitOfWork, row: ParticipantRow) -> None:
    """Let somebody out: their rights end at this position of the log."""
    members = await participants.find_member_ids(unit.db, row.conversation_id)
    position = await conversations.take_position(unit.db, row.conversation_id, now=unit.now)
    await participants.leave(unit.db, row.id, position=position)
    await events.insert_one(unit.db, row.conversation_id, position, "LEFT", now=unit.now, user_id=row.user_id)
    unit.tell(row.conversation_id, position, members)
