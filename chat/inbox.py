"""Following everything for one person: all conversations, those opened meanwhile included, resumable by one token."""

from collections.abc import AsyncGenerator, Iterable, Sequence

from chat.arrangements import Arranged, arranged_in
from chat.cursors import CursorExpired, InvalidCursor
from chat.events import (
    RESET_REASON,
    ConversationRemoved,
    ConversationUpdated,
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
from chat.streams import Stream
from chat.topics import inbox_topic
from chat.users import Viewer
from core.bells import Bell, decode_hint
from core.clock import now_ms
from db import arrangements, conversations, participants
from db.arrangements import ArrangementRow
from db.engine import Reading
from db.inbox import News, Place
from db.participants import ParticipantRow

#: A mark's time is taken before its commit, on a clock that may be another machine's: look this much further back.
MARGIN_MS = 60_000


async def take_token(palaver: Palaver, db: Reading, viewer: Viewer) -> str:
    """The token of everything that this snapshot holds."""
    return palaver.cursors.of_inbox(viewer.id, await palaver.inbox.find_head(db), now_ms())


class InboxStream(Stream[StreamEvent]):
    """Everything for one person after a token, then live. InvalidCursor for another's; an expired one gives a Reset."""

    #: How many events are read at a time.
    page = 200

    def __init__(self, palaver: Palaver, viewer: Viewer, *, after: str | None = None) -> None:
        super().__init__(palaver, viewer, inbox_topic(viewer.id))
        self._after = after
        self._place: Place = ()
        self._replay_to: Place = ()
        self._marks = Marks()
        self._arranged = Arranged()
        self._attached_at = 0
        self._owes_marks_since: int | None = None
        self._hints: list[Bell] = []
        self._looks_back = False

    def attach(self, *, is_deputy: bool = False) -> None:
        """Hear the bells."""
        super().attach(is_deputy=is_deputy)
        self._attached_at = now_ms()

    @property
    def subject(self) -> str:
        """Everything; of the viewer's."""
        return "inbox"

    @property
    def place(self) -> Place:
        """The place in the order of all events."""
        return self._place

    @property
    def _cursor(self) -> str:
        return self._palaver.cursors.of_inbox(self._viewer.id, self._place, now_ms())

    async def begin(self) -> Sequence[StreamEvent]:
        """Find the place after the token, else the end."""
        try:
            self._owes_marks_since = await self._palaver.database.read(self._begin)
        except CursorExpired as expired:
            return [Reset(expired.fresh or self._cursor, RESET_REASON)]
        return ()

    async def _begin(self, db: Reading) -> int | None:
        """The answer is since when marks are to be told, None for not at all."""
        inbox = self._palaver.inbox
        self._place = self._replay_to = await inbox.find_head(db)
        if self._after is None:
            return None
        try:
            place, at = self._palaver.cursors.read_inbox(self._after, self._viewer.id)
        except CursorExpired as error:
            raise CursorExpired(self._cursor) from error
        if not inbox.is_place(place):
            raise InvalidCursor
        if await inbox.is_beyond(db, place):
            raise CursorExpired(self._cursor)
        self._place = place
        return at - MARGIN_MS

    async def news(self) -> AsyncGenerator[StreamEvent, None]:
        """Marks that moved unheard, then what was logged after the place, then the marks that hints came of."""
        since, self._owes_marks_since = self._owes_marks_since, None
        if since is not None:
            known: list[StreamEvent] = [*await self._receipts_since(since), *await self._arranged_since(since)]
            for event in known:
                yield event
        self._looks_back = False
        while news := await self._palaver.database.read(self._find_news):
            seen = await see(self._palaver, self._viewer, [item.event for item in news])
            for item in news:
                before, row, self._place = self._place, item.event, item.place
                told = seen.event_of(row, self._cursor, is_replay=item.is_within(self._replay_to))
                # Only one's own leaving tells that a conversation is gone; what came before it is not shown any more.
                if isinstance(told, ConversationRemoved) and row.kind != "LEFT":
                    continue
                if told is not None:
                    yield told
                if self._looks_back:
                    self._looks_back, self._place = False, before
                    break
        hints, self._hints = self._hints, []
        heard: list[StreamEvent] = [*await self._receipts_of(hints), *await self._arranged_in(arranged_in(hints))]
        for event in heard:
            yield event

    async def _find_news(self, db: Reading) -> list[News]:
        return await self._palaver.inbox.find_news(db, self._viewer.id, self._place, self.page)

    async def _receipts_since(self, since: int) -> list[ReceiptMoved]:
        database = self._palaver.database
        return self._untold(await database.read(lambda db: participants.find_moved_since(db, self._viewer.id, since)))

    async def _receipts_of(self, hints: Iterable[Bell]) -> list[ReceiptMoved]:
        wanted = {str(decode_hint(bell.hint or "").get("conversation")) for bell in hints if is_receipt_hint(bell)}
        if not wanted:
            return []

        async def read(db: Reading) -> dict[str, list[ParticipantRow]]:
            return await participants.find_all(db, await conversations.find_of(db, self._viewer.id, wanted))

        everybody = await self._palaver.database.read(read)
        return self._untold(row for rows in everybody.values() for row in rows if row.left_event is None)

    def _untold(self, rows: Iterable[ParticipantRow]) -> list[ReceiptMoved]:
        return [ReceiptMoved(self._cursor, row) for row in self._marks.untold(rows)]

    async def _arranged_since(self, since: int) -> list[ConversationUpdated]:
        async def read(db: Reading) -> list[ConversationUpdated]:
            return await self._tell_arranged(db, await arrangements.find_since(db, self._viewer.id, since))

        return await self._palaver.database.read(read)

    async def _arranged_in(self, ids: set[str]) -> list[ConversationUpdated]:
        async def read(db: Reading) -> list[ConversationUpdated]:
            return await self._tell_arranged(db, (await arrangements.find_of(db, self._viewer.id, ids)).values())

        return await self._palaver.database.read(read) if ids else []

    async def _tell_arranged(self, db: Reading, rows: Iterable[ArrangementRow]) -> list[ConversationUpdated]:
        untold = self._arranged.untold(rows)
        found = await conversations.find_of(db, self._viewer.id, untold) if untold else {}
        return [ConversationUpdated(self._cursor, found[key]) for key in untold if key in found]

    async def wait(self) -> None:
        """Wait for the bell."""
        _, self._hints = await self._listener.wait()
        self._note_lost(self._listener.take_lost())

    def told(self, event: StreamEvent) -> None:
        """A socket of the viewer has it."""
        if isinstance(event, MessageAdded):
            note_delivered(self._palaver, self._viewer, event.message)

    def look_back(self) -> None:
        """Look the last event up again."""
        self._looks_back = True

    def go_on(self, place: Place) -> None:
        """Stand at a place in the order of all events."""
        self._place = place
        self._note_lost(self._listener.go_on())

    def succeed(self, other: "InboxStream") -> None:
        """Know what the other one told."""
        self._marks, self._replay_to = other._marks.copy(), other.place
        self._arranged = other._arranged.copy()
        super().succeed(other)

    def match(self, other: "InboxStream") -> None:
        """Tell the marks again that the other may not know."""
        self._marks.match(other._marks, other._attached_at)
        self._arranged.match(other._arranged, other._attached_at)

    def _note_lost(self, since: int | None) -> None:
        if since is not None:
            self._owes_marks_since = since - MARGIN_MS
