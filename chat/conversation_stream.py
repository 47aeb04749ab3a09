"""Following one conversation: a loop that reads the log from its own position and waits for the bell.

Attach first, then read: what is committed in between is heard. Replay and live are one path.
"""

from collections.abc import AsyncGenerator, Sequence

from chat.cursors import CursorExpired
from chat.events import (
    RESET_REASON,
    ConversationRemoved,
    MessageAdded,
    ReceiptMoved,
    Reset,
    StreamEvent,
    is_receipt_hint,
    note_delivered,
    see,
)
from chat.marks import Marks
from chat.palaver import Palaver
from chat.refusals import NotFound
from chat.streams import Stream
from chat.topics import conversation_topic
from chat.users import Viewer
from core.clock import now_ms
from db import conversations, events, participants
from db.conversations import ConversationRow
from db.engine import Reading
from db.participants import ParticipantRow


class ConversationStream(Stream[StreamEvent]):
    """Everything that changes in a conversation, beginning with the present marks; or only its messages.

    NotFound for strangers, at the start and from the moment of leaving on. InvalidCursor; an expired cursor gives a
    Reset and goes on, with `only_messages` it is CursorExpired with a fresh cursor.
    """

    #: How many events are looked up at a time.
    page = 20
    __slots__ = (
        "_after",
        "_attached_at",
        "_conversation_id",
        "_is_over",
        "_looks_back",
        "_marks",
        "_only_messages",
        "_owes_marks",
        "_position",
        "_replay_to",
    )

    def __init__(
        self,
        palaver: Palaver,
        viewer: Viewer,
        conversation_id: str,
        *,
        after: str | None = None,
        only_messages: bool = False,
    ) -> None:
        super().__init__(palaver, viewer, conversation_topic(conversation_id))
        self._conversation_id = conversation_id
        self._after = after
        self._only_messages = only_messages
        self._position = 0
        self._replay_to = 0
        self._marks = Marks()
        self._attached_at = 0
        self._owes_marks = not only_messages
        self._looks_back = False
        self._is_over = False

    def attach(self, *, is_deputy: bool = False) -> None:
        """Hear the bells, and keep the ring of the log."""
        super().attach(is_deputy=is_deputy)
        self._palaver.rings.enter(self._conversation_id)
        self._attached_at = now_ms()

    def detach(self) -> None:
        """Hear them no longer."""
        super().detach()
        self._palaver.rings.leave(self._conversation_id)

    @property
    def subject(self) -> tuple[str, str, bool]:
        """The conversation, and how much of it."""
        return "conversation", self._conversation_id, self._only_messages

    @property
    def place(self) -> tuple[int, bool]:
        """The position in the log, and whether it was told that the viewer is out."""
        return self._position, self._is_over

    @property
    def _cursor(self) -> str:
        return self._palaver.cursors.of_log(self._conversation_id, self._position)

    async def begin(self) -> Sequence[StreamEvent]:
        """Find the position after the cursor, else the end of the log."""
        newest, oldest = await self._palaver.database.read(self._find_ends)
        self._position = self._replay_to = newest
        try:
            if self._after is not None:
                self._position = self._place_of(self._after, newest, oldest)
        except CursorExpired as expired:
            if self._only_messages:
                raise
            return [Reset(expired.fresh or self._cursor, RESET_REASON)]
        return ()

    def _place_of(self, after: str, newest: int, oldest: int) -> int:
        try:
            position = self._palaver.cursors.read_log(after, self._conversation_id)
        except CursorExpired as error:
            raise CursorExpired(self._cursor) from error
        if position > newest or position < oldest - 1:
            raise CursorExpired(self._cursor)
        return position

    async def _find_ends(self, db: Reading) -> tuple[int, int]:
        conversation = await self._find(db)
        return conversation.last_event, await events.find_first_position(db, self._conversation_id)

    async def _find(self, db: Reading) -> ConversationRow:
        found = await conversations.find_of(db, self._viewer.id, [self._conversation_id])
        if self._conversation_id not in found:
            raise NotFound
        return found[self._conversation_id]

    async def news(self) -> AsyncGenerator[StreamEvent, None]:
        """Marks that moved, then what the log holds after the position; NotFound once the viewer is out."""
        if self._is_over:
            raise NotFound
        for receipt in await self._owed_receipts():
            yield receipt
        self._looks_back = False
        while rows := await self._palaver.rings.after(self._conversation_id, self._position):
            # A slow client holds no more than this meanwhile; what comes after it is read when it has gone on.
            rows = rows[: self.page]
            seen = await see(self._palaver, self._viewer, rows)
            if self._conversation_id not in seen.conversations:
                # With the cursor of what was told last: whoever is let in again and resumes misses nothing.
                self._is_over = True
                if not self._only_messages:
                    yield ConversationRemoved(self._cursor, self._conversation_id)
                raise NotFound
            for row in rows:
                if row.position != self._position + 1:
                    raise RuntimeError("The log has a hole.")
                self._position = row.position
                event = seen.event_of(row, self._cursor, is_replay=row.position <= self._replay_to)
                if isinstance(event, MessageAdded) or (event is not None and not self._only_messages):
                    yield event
                if self._looks_back:
                    self._looks_back, self._position = False, row.position - 1
                    break

    async def _owed_receipts(self) -> list[ReceiptMoved]:
        if not self._owes_marks:
            return []
        self._owes_marks = False
        rows = await self._palaver.database.read(self._find_present)
        return [ReceiptMoved(self._cursor, row) for row in self._marks.untold(rows)]

    async def _find_present(self, db: Reading) -> list[ParticipantRow]:
        if not await conversations.find_of(db, self._viewer.id, [self._conversation_id]):
            return []  # The log says so next.
        rows = await participants.find_everybody(db, self._conversation_id)
        return [row for row in rows if row.left_event is None]

    async def wait(self) -> None:
        """Wait for the bell."""
        _, hints = await self._listener.wait()
        self._note(lost=self._listener.take_lost() is not None or any(map(is_receipt_hint, hints)))

    def told(self, event: StreamEvent) -> None:
        """A socket of the viewer has it."""
        if isinstance(event, MessageAdded):
            note_delivered(self._palaver, self._viewer, event.message)

    def look_back(self) -> None:
        """Look the last event up again."""
        self._looks_back = True

    def go_on(self, place: tuple[int, bool]) -> None:
        """Stand at a position of the log."""
        self._position, self._is_over = place
        self._note(lost=self._listener.go_on() is not None)

    def succeed(self, other: "ConversationStream") -> None:
        """Know what the other one told."""
        self._marks, self._owes_marks, self._replay_to = other._marks.copy(), False, other._position
        super().succeed(other)

    def match(self, other: "ConversationStream") -> None:
        """Tell the marks again that the other may not know."""
        self._marks.match(other._marks, other._attached_at)

    def _note(self, *, lost: bool) -> None:
        self._owes_marks = self._owes_marks or (lost and not self._only_messages)
