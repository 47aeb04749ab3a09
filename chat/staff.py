"""What staff do, and all of it is logged: join and leave a conversation for all to see, close and reopen it, take a
message away."""

from chat.audit import (
    CONVERSATION_CLOSED,
    CONVERSATION_JOINED,
    CONVERSATION_REOPENED,
    MESSAGE_REMOVED,
    REPORT_RESOLVED,
    record_one,
)
from chat.changes import erase
from chat.members import add_member, announce
from chat.refusals import Forbidden, Invalid, NotFound
from chat.send_rules import Content
from chat.staff_members import let_out
from chat.system_messages import say
from chat.texts import NOTE, REASON, check_text
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from db import conversations, participants, report_queue, staff, users
from db.conversations import ConversationRow
from db.ids import new_id
from db.messages import MessageRow
from db.reports import ReportRow

#: The part that staff play in a conversation that they have joined.
ROLE = "staff"


async def _get_held(unit: UnitOfWork, conversation_id: str | None) -> ConversationRow:
    found = None if conversation_id is None else await conversations.lock(unit.db, conversation_id)
    if found is None:
        raise NotFound("conversationId")
    return found


async def _get_fresh(unit: UnitOfWork, conversation_id: str) -> ConversationRow:
    return (await conversations.find(unit.db, [conversation_id]))[conversation_id]


async def join_conversation(work: Work, viewer: Viewer, conversation_id: str | None) -> ConversationRow:
    """Be in a conversation, visibly: a participant, and the system says so. Who is in it already changes nothing."""
    viewer.require_staff()
    async with work.begin() as unit:
        held = await _get_held(unit, conversation_id)
        everybody = await participants.find_everybody(unit.db, held.id)
        if any(row.user_id == viewer.id and row.left_event is None for row in everybody):
            return held
        await add_member(unit, held.id, viewer.id, ROLE, everybody, is_staff=True)
        await record_one(unit, viewer.id, CONVERSATION_JOINED, ("Conversation", held.id), None)
        await _say_of(unit, viewer, held.id, "joined")
        return await _get_fresh(unit, held.id)


async def leave_conversation(work: Work, viewer: Viewer, conversation_id: str | None) -> ConversationRow:
    """Be in a conversation no more that one joined; the system says so. Who is not in it changes nothing.

    Forbidden to who takes part in it themself: staff are one's guests there, parties are not.
    """
    viewer.require_staff()
    async with work.begin() as unit:
        held = await _get_held(unit, conversation_id)
        mine = await participants.find_member(unit.db, held.id, viewer.id)
        if mine is None:
            return held
        if not mine.is_staff:
            raise Forbidden("conversationId", reason="You did not join it as staff: it is your own.")
        await let_out(unit, viewer.id, mine, None)
        await _say_of(unit, viewer, held.id, "left")
        return await _get_fresh(unit, held.id)


async def _say_of(unit: UnitOfWork, viewer: Viewer, conversation_id: str, what: str) -> None:
    name = (await users.find(unit.db, [viewer.id]))[viewer.id].name
    words = Content(f"{name} (staff) has {what} the conversation.", (), f"staff:{new_id()}")
    await say(unit, viewer, conversation_id, words)


async def set_conversation_state(
    work: Work, viewer: Viewer, conversation_id: str | None, *, closed: bool, reason: str | None
) -> ConversationRow:
    """Close a conversation, or lift that; in the wished state already, nothing changes.

    Staff lift only what staff closed: while the subject is closed, the conversation about it is. Invalid when there is
    nothing else to lift.
    """
    viewer.require_staff()
    if reason is not None:
        check_text(reason, REASON, "reason")
    async with work.begin() as unit:
        held = await _get_held(unit, conversation_id)
        if held.closed_by_staff == closed:
            if held.closed_by_subject and not closed:
                raise Invalid("state", reason="It is closed with its subject: the host opens both.")
            return held
        await staff.save_closed_by_staff(unit.db, held.id, closed=closed)
        await announce(unit, held.id)
        action = CONVERSATION_CLOSED if closed else CONVERSATION_REOPENED
        await record_one(unit, viewer.id, action, ("Conversation", held.id), reason)
        return await _get_fresh(unit, held.id)


async def remove_message(work: Work, viewer: Viewer, message_id: str | None, reason: str) -> MessageRow:
    """Take a message away, for everybody, as its sender could. One that is gone already stays as it is."""
    viewer.require_staff()
    check_text(reason, REASON, "reason")
    async with work.begin() as unit:
        found = await _find_message(unit, message_id)
        if found is not None:
            await conversations.lock(unit.db, found.conversation_id)
            found = await _find_message(unit, message_id)
        if found is None:
            raise NotFound("messageId")
        if found.deleted_at is not None:
            return found
        removed = await erase(unit, found, await participants.find_member_ids(unit.db, found.conversation_id))
        await record_one(unit, viewer.id, MESSAGE_REMOVED, ("Message", removed.id), reason)
        return removed


async def resolve_report(work: Work, viewer: Viewer, report_id: str | None, note: str | None) -> ReportRow:
    """Staff are done with a report; the note is for the log. One that is resolved already stays as it is."""
    viewer.require_staff()
    if note is not None:
        check_text(note, NOTE, "note")
    async with work.begin() as unit:
        wanted = [] if report_id is None else [report_id]
        if not await report_queue.find(unit.db, wanted):
            raise NotFound("reportId")
        if await report_queue.resolve(unit.db, wanted[0], now=unit.now):
            await record_one(unit, viewer.id, REPORT_RESOLVED, ("Report", wanted[0]), note)
        return (await report_queue.find(unit.db, wanted))[wanted[0]]


async def _find_message(unit: UnitOfWork, message_id: str | None) -> MessageRow | None:
    return None if message_id is None else (await staff.find_messages(unit.db, [message_id])).get(message_id)
