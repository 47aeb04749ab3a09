"""Reports: whoever sees a message can tell staff about it, with its words as they are then."""

from dataclasses import dataclass

from chat.access import get_membership
from chat.refusals import Invalid, NotFound, RateLimited
from chat.texts import NOTE, check_body
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.limits import Limits, Rate
from core.settings import Settings
from db import messages, reports
from db.ids import new_id
from db.messages import MessageRow
from db.reports import ReportRow


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody tells about a message, by its database id, None for one that names none."""

    message_id: str | None
    reason: str
    note: str | None


class Complaints:
    """Takes reports, so many from each person."""

    def __init__(self, work: Work, settings: Settings, limits: Limits) -> None:
        self._work = work
        self._limits = limits
        self._rate = Rate("reports", settings.reports)

    async def report(self, viewer: Viewer, complaint: Complaint) -> ReportRow:
        """Keep a report, or return the one that this person made of this message before.

        NotFound for a message that they may not see, Invalid for their own; TooLong; RateLimited.
        """
        note = complaint.note if (complaint.note or "").strip() else None
        if note is not None:
            check_body(note, NOTE, "note")
        async with self._work.begin() as unit:
            message = await _find(unit, viewer, complaint.message_id)
            if message.sender_id == viewer.id:
                raise Invalid("messageId", reason="It is your own.")
            before = await reports.find_one(unit.db, message.id, viewer.id)
            if before is not None:
                return before
            wait = await self._limits.take(self._rate, viewer.id)
            if wait:
                raise RateLimited(wait)
            row = ReportRow(
                id=new_id(),
                message_id=message.id,
                message_body=message.body if message.deleted_at is None else None,
                reporter_id=viewer.id,
                reason=complaint.reason,
                note=note,
                created_at=unit.now,
                resolved_at=None,
            )
            await reports.insert_one(unit.db, row)
            return row


async def _find(unit: UnitOfWork, viewer: Viewer, message_id: str | None) -> MessageRow:
    """The message as it is. Its conversation is held, so that its words do not change before they are kept."""
    wanted = [] if message_id is None else [message_id]
    seen = (await messages.find_visible(unit.db, viewer.id, wanted)).get(message_id or "")
    if seen is None:
        raise NotFound("messageId")
    await get_membership(unit, viewer.id, seen.conversation_id, "messageId")
    return (await messages.find_visible(unit.db, viewer.id, wanted))[seen.id]
