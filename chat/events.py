"""What streams tell, and the access check of each event."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chat.palaver import Palaver
from chat.users import Viewer
from core.bells import Bell, decode_hint
from db import conversations, messages
from db.conversations import ConversationRow
from db.engine import Reading
from db.events import EventRow
from db.messages import MessageRow
from db.participants import ParticipantRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """Something that the log tells; `live_since` is when it happened, in milliseconds, None for what is replayed."""

    live_since: int | None = None


@dataclass(frozen=True, slots=True)
class MessageAdded(Logged):
    """A message; `is_replay` when it was there before the subscription."""

    cursor: str
    message: MessageRow
    is_replay: bool


@dataclass(frozen=True, slots=True)
class MessageUpdated(Logged):
    """A message changed."""

    cursor: str
    message: MessageRow


@dataclass(frozen=True, slots=True)
class ConversationUpdated(Logged):
    """A conversation was opened or changed, or somebody joined or left."""

    cursor: str
    conversation: ConversationRow


@dataclass(frozen=True, slots=True)
class ReceiptMoved:
    """Marks of a participant."""

    cursor: str
    participant: ParticipantRow


@dataclass(frozen=True, slots=True)
class ConversationRemoved(Logged):
    """The viewer may see it no longer."""

    cursor: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Reset:
    """What was missed cannot be told: fetch again, then go on from the cursor."""

    cursor: str
    reason: str


StreamEvent: TypeAlias = (
    MessageAdded | MessageUpdated | ConversationUpdated | ReceiptMoved | ConversationRemoved | Reset
)

RESET_REASON = "The cursor is too old or of another database."


def note_delivered(palaver: Palaver, viewer: Viewer, message: MessageRow) -> None:
    """A socket of the viewer has a message; their own ones count from the sending on."""
    if message.sender_id != viewer.id:
        palaver.deliveries.note(message.conversation_id, viewer.id, message.seq)


def is_receipt_hint(bell: Bell) -> bool:
    """Does this bell tell that marks moved?"""
    return bell.hint is not None and decode_hint(bell.hint).get("kind") == "receipt"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the viewer may see now of a stretch of log: the access check of each event."""

    viewer_id: str
    conversations: dict[str, ConversationRow]
    messages: dict[str, MessageRow]

    def event_of(self, row: EventRow, cursor: str, *, is_replay: bool) -> StreamEvent | None:
        """The event of an entry. ConversationRemoved when the viewer is in the conversation no more."""
        since = None if is_replay else row.created_at
        conversation = self.conversations.get(row.conversation_id)
        if conversation is None:
            return ConversationRemoved(cursor, row.conversation_id, live_since=since)
        if row.kind not in ("MESSAGE_ADDED", "MESSAGE_UPDATED"):
            return ConversationUpdated(cursor, conversation, live_since=since)
        message = self.messages.get(row.message_id or "")
        if message is None:
            return None
        if row.kind == "MESSAGE_ADDED":
            return MessageAdded(cursor, message, is_replay, live_since=since)
        return MessageUpdated(cursor, message, live_since=since)


async def see(palaver: Palaver, viewer: Viewer, rows: Sequence[EventRow]) -> Seen:
    """Read what entries of the log are about, as far as the viewer may see it, in one snapshot."""
    message_ids = [row.message_id for row in rows if row.message_id is not None]

    async def read(db: Reading) -> Seen:
        found = await conversations.find_of(db, viewer.id, {row.conversation_id for row in rows})
        seen = await messages.find_visible(db, viewer.id, message_ids) if message_ids else {}
        return Seen(viewer.id, found, seen)

    return await palaver.database.read(read)
