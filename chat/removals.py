"""Taking a subject away, with its conversations, messages and files, as the host wishes."""

from operator import attrgetter

from chat.audit import CONVERSATION_DELETED, SUBJECT_DELETED, Entry, record
from chat.file_keys import keys_of
from chat.members import remove_member
from chat.references import SubjectReference
from chat.refusals import NotFound
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from db import conversations, leftovers, participants, removals, subjects


async def delete_subject(work: Work, viewer: Viewer, reference: SubjectReference) -> str:
    """Take a subject away; the id that it had. RoleRequired for others than the host, NotFound for an unknown one.

    Whoever is in a conversation about it is let out first, so that their streams and inboxes tell that it is gone.
    """
    viewer.require_service()
    reference.check()
    async with work.begin() as unit:
        known = await subjects.find_by_reference(unit.db, None, reference.kind, reference.external_id)
        held = None if known is None else await subjects.lock(unit.db, known.id)
        if held is None:
            raise NotFound()
        about = await conversations.find_ids_about(unit.db, held.id)
        for conversation_id in about:
            await _take_away(unit, conversation_id)
        await removals.delete_subject(unit.db, held.id)
        # What was said there has no entries of its own: as after an import, that would be one for each message.
        gone = [Entry(CONVERSATION_DELETED, "Conversation", conversation_id) for conversation_id in about]
        await record(unit, viewer.id, [*gone, Entry(SUBJECT_DELETED, "Subject", held.id)])
    return held.id


async def _take_away(unit: UnitOfWork, conversation_id: str) -> None:
    await conversations.lock(unit.db, conversation_id)
    everybody = await participants.find_everybody(unit.db, conversation_id)
    # In the order in which delivered marks are stored, which does not hold the conversation.
    for row in sorted(everybody, key=attrgetter("user_id")):
        if row.left_event is None:
            await remove_member(unit, row)
    files = await removals.empty_conversation(unit.db, conversation_id, unit.now)
    # From now on nobody finds them; the reaper takes their bytes off the store.
    await leftovers.plan(unit.db, [key for file_id in files for key in keys_of(file_id)], unit.now)
