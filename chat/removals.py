"""Taking a subject away, with its conversations, messages and files, as the host wishes."""

from collections.abc import Sequence
from operator import attrgetter

import structlog

from chat.members import remove_member
from chat.messages import SubjectReference
from chat.refusals import NotFound
from chat.texts import EXTERNAL_ID, KIND, check_text
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.files import FileStore
from core.tasks import finish
from db import conversations, participants, removals, subjects

log = structlog.get_logger()


async def delete_subject(work: Work, store: FileStore, viewer: Viewer, reference: SubjectReference) -> str:
    """Take a subject away; the id that it had. RoleRequired for others than the host, NotFound for an unknown one.

    Whoever is in a conversation about it is let out first, so that their streams and inboxes tell that it is gone.
    """
    viewer.require_service()
    check_text(reference.kind, KIND, "kind")
    check_text(reference.external_id, EXTERNAL_ID, "externalId")
    files: list[str] = []
    async with work.begin() as unit:
        known = await subjects.find_by_reference(unit.db, None, reference.kind, reference.external_id)
        held = None if known is None else await subjects.lock(unit.db, known.id)
        if held is None:
            raise NotFound()
        for conversation_id in await conversations.find_ids_about(unit.db, held.id):
            files += await _take_away(unit, conversation_id)
        await removals.delete_subject(unit.db, held.id)
    await finish(_drop(store, files))
    return held.id


async def _take_away(unit: UnitOfWork, conversation_id: str) -> list[str]:
    await conversations.lock(unit.db, conversation_id)
    everybody = await participants.find_everybody(unit.db, conversation_id)
    # In the order in which delivered marks are stored, which does not hold the conversation.
    for row in sorted(everybody, key=attrgetter("user_id")):
        if row.left_event is None:
            await remove_member(unit, row)
    return await removals.empty_conversation(unit.db, conversation_id, unit.now)


async def _drop(store: FileStore, files: Sequence[str]) -> None:
    """Nobody knows of these files any more: what cannot be taken off the disk now is in nobody's way."""
    failures = []
    for key in files:
        try:
            await store.delete(key)
        except Exception as error:  # noqa: BLE001 - whatever it is, the act is done
            failures.append(type(error).__name__)
    if failures:
        log.warning("files.left", count=len(failures), error=failures[0])
