"""PostgreSQL: messages that are written after what was read of their conversations, several by one statement."""

from sqlalchemy import insert, literal, select

from db.audit import EntryRow
from db.audit_tables import audit_entries
from db.conversations import taking_message_place
from db.many import ManyStatement, asking
from db.messages import ADDED, MessageRow, appended
from db.participants import moving_read
from db.tables import conversations, events, messages, participants
from db.tries import Overtaken, Try

_ENTRY = {f"entry_{name}": audit_entries.c[name].type for name in EntryRow._fields}
_TYPES = {
    **{name: messages.c[name].type for name in MessageRow._fields},
    **_ENTRY,
    "participant_id": participants.c.id.type,
    "now": messages.c.created_at.type,
    "last_event": conversations.c.last_event.type,
}


def _appending() -> ManyStatement:
    """Rows are locked as all acts lock them, and what somebody else has locked is left out, so that nobody waits."""
    asked = select(asking(_TYPES)).cte("asked")
    is_as_read = conversations.c.last_event == asked.c.last_event
    held = (
        select(conversations.c.id)
        .join(asked, (conversations.c.id == asked.c.conversation_id) & is_as_read)
        .order_by(conversations.c.id)
        .with_for_update(key_share=True, skip_locked=True, of=conversations)
        .cte("held")
    )
    senders = (
        select(participants.c.id)
        .join(held, held.c.id == participants.c.conversation_id)
        .join(asked, participants.c.id == asked.c.participant_id)
        .order_by(participants.c.conversation_id, participants.c.user_id)
        .with_for_update(key_share=True, skip_locked=True, of=participants)
        .cte("senders")
    )
    place = (
        taking_message_place(
            asked.c.created_at,
            asked.c.now,
            conversations.c.id == asked.c.conversation_id,
            is_as_read,
            asked.c.participant_id.in_(select(senders.c.id)),
        )
        .returning(asked.c.number)
        .cte("place")
    )
    is_placed = place.c.number == asked.c.number
    given = {name: asked.c[name] for name in MessageRow._fields}
    message = {**given, "position": place.c.last_event, "seq": place.c.last_seq}
    event = {"conversation_id": given["conversation_id"], "position": place.c.last_event, "kind": literal(ADDED)}
    event |= {"message_id": given["id"], "created_at": given["created_at"]}
    entry = {name: asked.c[f"entry_{name}"] for name in EntryRow._fields}
    placed = asked.join(place, is_placed)
    marked = moving_read(place.c.last_seq, asked.c.now, participants.c.id == asked.c.participant_id, is_placed)
    return ManyStatement(
        select(place.c.number, place.c.last_event, place.c.last_seq).add_cte(
            insert(messages).from_select([*message], select(*message.values()).select_from(placed)).cte("added"),
            insert(events).from_select([*event], select(*event.values()).select_from(placed)).cte("told"),
            marked.cte("marked"),
            insert(audit_entries).from_select([*entry], select(*entry.values()).select_from(placed)).cte("noted"),
        ),
        [*_TYPES],
        ["conversation_id"],
    )


_APPEND_AFTER = _appending()


async def append_after(
    db: Try, draft: MessageRow, participant_id: str, entry: EntryRow, last_event: int, *, now: int
) -> MessageRow:
    """Write a message and its event at the next place of its conversation, if that still is after `last_event`.

    Overtaken when the log has grown since, or somebody holds the conversation or the sender's mark: nothing is written.
    """
    given = {**appended(draft, participant_id, entry, now), "last_event": last_event}
    row = await db.store(_APPEND_AFTER, given)
    if row is None:
        raise Overtaken
    _, position, seq = row
    return draft._replace(position=position, seq=seq)
