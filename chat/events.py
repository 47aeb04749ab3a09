"""Following one conversation: a loop that reads the log from its own position and waits for the bell.

Attach first, then read: what is committed in between is heard. Replay and live are one path.
"""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from chat.cursors import CursorExpired
from chat.palaver import Palaver
from chat.refusals import NotFound
from chat.topics import conversation_topic
from chat.users import Viewer
from core.bells import Bell, Listener, decode_hint
from db import conversations, events, messages, participants
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


class ConversationStream:
    """One subscriber of one conversation. Nothing is queued for it: it is a position."""

    def __init__(self, palaver: Palaver, viewer: Viewer, conversation_id: str) -> None:
        self._palaver = palaver
        self._viewer = viewer
        self._conversation_id = conversation_id
        self._position = 0
        self._replay_to = 0
        self._marks: dict[str, tuple[int, int]] = {}
        self._looks_back = False

    def look_back(self) -> None:
        """The event that was given last could not be told, for its viewer was out by then: it is looked up again."""
        self._looks_back = True

    @property
    def _cursor(self) -> str:
        return self._palaver.cursors.of_log(self._conversation_id, self._position)

    async def messages(self, after: str | None) -> AsyncGenerator[MessageAdded, None]:
        """Every message after the cursor. NotFound for strangers, at the start and from the moment of leaving on;
        InvalidCursor, or CursorExpired with a fresh cursor."""
        with self._attached() as listener:
            await self._begin(after)
            while True:
                async with aclosing(self._news()) as news:
                    async for event in news:
                        if isinstance(event, MessageAdded):
                            yield event
                            self._delivered(event)
                        elif isinstance(event, ConversationRemoved):
                            raise NotFound
                await listener.wait()

    async def everything(self, after: str | None) -> AsyncGenerator[StreamEvent, None]:
        """Everything that changes, beginning with the present marks; an expired cursor gives a Reset and goes on."""
        with self._attached() as listener:
            try:
                await self._begin(after)
            except CursorExpired as expired:
                yield Reset(expired.fresh or self._cursor, RESET_REASON)
            async for receipt in self._receipts():
                yield receipt
            while True:
                async with aclosing(self._news()) as news:
                    async for event in news:
                        yield event
                        if isinstance(event, MessageAdded):
                            self._delivered(event)
                        if isinstance(event, ConversationRemoved):
                            raise NotFound
                _, hints = await listener.wait()
                if listener.take_lost() is not None or any(is_receipt_hint(bell) for bell in hints):
                    async for receipt in self._receipts():
                        yield receipt

    @contextmanager
    def _attached(self) -> Iterator[Listener]:
        hub, rings = self._palaver.hub, self._palaver.rings
        with hub.attach(conversation_topic(self._conversation_id)) as listener, rings.follow(self._conversation_id):
            yield listener

    async def _begin(self, after: str | None) -> None:
        async def read(db: Reading) -> tuple[int, int]:
            return (await self._find(db)).last_event, await events.find_first_position(db, self._conversation_id)

        newest, oldest = await self._palaver.database.read(read)
        self._position = self._replay_to = newest
        if after is None:
            return
        try:
            position = self._palaver.cursors.read_log(after, self._conversation_id)
        except CursorExpired as error:
            raise CursorExpired(self._cursor) from error
        if position > newest or position < oldest - 1:
            raise CursorExpired(self._cursor)
        self._position = position

    async def _find(self, db: Reading) -> ConversationRow:
        found = await conversations.find_of(db, self._viewer.id, [self._conversation_id])
        if self._conversation_id not in found:
            raise NotFound
        return found[self._conversation_id]

    async def _news(self) -> AsyncGenerator[StreamEvent, None]:
        """What the log holds after the position, until its end; position + 1 only."""
        self._looks_back = False
        while rows := await self._palaver.rings.after(self._conversation_id, self._position):
            seen = await see(self._palaver, self._viewer, rows)
            if self._conversation_id not in seen.conversations:
                # With the cursor of what was told last: whoever is let in again and resumes misses nothing.
                yield ConversationRemoved(self._cursor, self._conversation_id)
                return
            for row in rows:
                if row.position != self._position + 1:
                    raise RuntimeError("The log has a hole.")
                self._position = row.position
                event = seen.event_of(row, self._cursor, is_replay=row.position <= self._replay_to)
                if event is not None:
                    yield event
                if self._looks_back:
                    self._looks_back, self._position = False, row.position - 1
                    break

    async def _receipts(self) -> AsyncGenerator[ReceiptMoved, None]:
        """The marks that moved since they were last told."""

        async def read(db: Reading) -> list[ParticipantRow]:
            await self._find(db)
            return (await participants.find_all(db, [self._conversation_id]))[self._conversation_id]

        for row in await self._palaver.database.read(read):
            marks = (row.read_seq, row.delivered_seq)
            if row.left_event is None and self._marks.get(row.id) != marks:
                self._marks[row.id] = marks
                yield ReceiptMoved(self._cursor, row)

    def _delivered(self, event: MessageAdded) -> None:
        """The consumer came back for more, so its socket has taken the event."""
        if not self._looks_back:
            note_delivered(self._palaver, self._viewer, event.message)


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
