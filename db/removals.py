"""Statements that take away a subject, and what was said about it.

Of a conversation a shell is left, which nobody is in and which says nothing: its log tells its people that they are
out, whenever they come to ask. Messages are emptied rather than dropped, as one that its sender deletes: the log refers
to them, and would have to be searched whole for each.
"""

from sqlalchemy import bindparam, delete, literal, select, update

from db.engine import Writing
from db.message_tables import message_edits, reactions
from db.statements import Statement
from db.tables import attachments, conversations, messages, participants, subject_parties, subjects

_conversation_id = bindparam("conversation_id", type_=conversations.c.id.type)
_said = select(messages.c.id).where(messages.c.conversation_id == _conversation_id)
_FILES = Statement(select(attachments.c.id).where(attachments.c.message_id.in_(_said)))
_DROP_FILES = Statement(delete(attachments).where(attachments.c.message_id.in_(_said)))
_DROP_EDITS = Statement(delete(message_edits).where(message_edits.c.message_id.in_(_said)))
_DROP_REACTIONS = Statement(delete(reactions).where(reactions.c.message_id.in_(_said)))
#: Nothing of the words: neither their digest, nor the key, which may say something too.
_EMPTY = Statement(
    update(messages)
    .where(messages.c.conversation_id == _conversation_id)
    .values(body=None, client_key=messages.c.id, content_hash="", edited_at=None, deleted_at=bindparam("now"))
)
_nothing = ("subject_id", "subject_kind", "contacter_id", "snapshot_title", "snapshot_url", "snapshot_image_url")
_HOLLOW = Statement(
    update(conversations)
    .where(conversations.c.id == _conversation_id)
    .values(
        dict.fromkeys((*_nothing, "title_folded", "last_message_at"))
        | {"identity": literal("gone:") + conversations.c.id, "gone_at": bindparam("now")}
    )
)
_FORGET = Statement(
    update(participants)
    .where(participants.c.conversation_id == _conversation_id)
    .values(muted_until=None, pinned_at=None, arranged_at=None)
)
_DROP_PARTIES = Statement(delete(subject_parties).where(subject_parties.c.subject_id == bindparam("subject_id")))
_DROP = Statement(delete(subjects).where(subjects.c.id == bindparam("subject_id")))


async def empty_conversation(db: Writing, conversation_id: str, now: int) -> list[str]:
    """Take away all that a conversation holds, which nobody is in any more; the ids of the files that go with it."""
    given = {"conversation_id": conversation_id}
    files = [row[0] for row in await db.all(_FILES, given)]
    for statement in (_DROP_FILES, _DROP_EDITS, _DROP_REACTIONS, _FORGET):
        await db.run(statement, given)
    for statement in (_EMPTY, _HOLLOW):
        await db.run(statement, {**given, "now": now})
    return files


async def delete_subject(db: Writing, subject_id: str) -> None:
    """Take away a subject that no conversation is about any more."""
    for statement in (_DROP_PARTIES, _DROP):
        await db.run(statement, {"subject_id": subject_id})
