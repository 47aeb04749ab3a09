"""The audit log: an entry for what staff see and do, and for what becomes of messages, in the same transaction.

It holds names and ids, and never what people wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chat.work import UnitOfWork
from db import audit
from db.audit import EntryRow
from db.ids import new_id

MESSAGE_SENT = "message.sent"
MESSAGE_EDITED = "message.edited"
MESSAGE_DELETED = "message.deleted"
MESSAGE_REMOVED = "message.removed"
MESSAGE_READ = "message.read"
MESSAGES_IMPORTED = "messages.imported"
CONVERSATIONS_LISTED = "conversations.listed"
CONVERSATION_READ = "conversation.read"
CONVERSATION_JOINED = "conversation.joined"
CONVERSATION_LEFT = "conversation.left"
CONVERSATION_CLOSED = "conversation.closed"
CONVERSATION_REOPENED = "conversation.reopened"
CONVERSATION_DELETED = "conversation.deleted"
SUBJECT_DELETED = "subject.deleted"
ATTACHMENT_READ = "attachment.read"
REPORTS_LISTED = "reports.listed"
REPORT_READ = "report.read"
REPORT_RESOLVED = "report.resolved"
AUDIT_READ = "audit.read"


@dataclass(frozen=True, slots=True)
class Entry:
    """What to write: the action, and the type's name and database id of what it was done to, if to anything."""

    action: str
    target_type: str | None = None
    target_id: str | None = None
    reason: str | None = None


def row_of(actor_id: str | None, entry: Entry, now: int) -> EntryRow:
    """The row of an entry."""
    return EntryRow(new_id(), actor_id, entry.action, entry.target_type, entry.target_id, entry.reason, now)


async def record(unit: UnitOfWork, actor_id: str | None, entries: Iterable[Entry]) -> None:
    """Write entries of one person's. They are there when the act is, and not otherwise."""
    rows = [row_of(actor_id, entry, unit.now) for entry in entries]
    if rows:
        await audit.insert_all(unit.db, rows)


async def record_one(unit: UnitOfWork, actor_id: str, action: str, target: tuple[str, str], reason: str | None) -> None:
    """Write one, of what was done to something: its type's name and its database id."""
    await record(unit, actor_id, [Entry(action, *target, reason)])
