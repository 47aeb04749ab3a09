"""Following everything for one person: all conversations, those opened meanwhile included, resumable by one token."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
from db.conversations import ConversationRow
from db.engine import Reading
from db.inbox import News, Place
from db.participants import ParticipantRow

#: A mark's time is taken before its commit, on a clock that may be another machine's: look this much further back.
MARGIN_MS = 60_000


async def take_token(palaver: Palaver, db: Reading, viewer: Viewer) -> str:
    """The token of everything that this snapshot holds."""
    return palaver.cursors.of_inbox(viewer.id, await palaver.inbox.find_head(db), now_ms())


@dataclass(frozen=True, slots=True)
class _Aside:
    """What is told and is in no log, of one moment: so that it goes to nobody who was out by then."""

    marks: Iterable[ParticipantRow]
    arranged: Iterable[ArrangementRow]
    #: The conversations in which something is arranged, as far as the viewer is in them.
    seen: dict[str, ConversationRow]


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
            for event in self._untold(await self._palaver.database.read(lambda db: self._find_since(db, since))):
                yield event
        self._looks_back = False
        while news := await self._palaver.database.read(self._find_news):
            seen = await see(self._palaver, self._viewer, [item.event for item in news])
            for item in news:
                before, row, self._place = self._place, item.event, item.place
                told = seen.event_of(row, self._cursor, is_replay=item.is_within(self._replay_to))
                # Only one's own leaving tells that a conversation is gone; what came before it, such as the leaving of
                # somebody else, is not shown any more.
                if isinstance(told, ConversationRemoved) and (row.kind, row.user_id) != ("LEFT", self._viewer.id):
                    continue
                if told is not None:
                    yield told
                if self._looks_back:
                    self._looks_back, self._place = False, before
                    break
        hints, self._hints = self._hints, []
        marked = {str(decode_hint(bell.hint or "").get("conversation")) for bell in hints if is_receipt_hint(bell)}
        arranged = arranged_in(hints)
        if marked or arranged:
            aside = await self._palaver.database.read(lambda db: self._find_hinted(db, marked, arranged))
            for event in self._untold(aside):
                yield event

    async def _find_news(self, db: Reading) -> list[News]:
        return await self._palaver.inbox.find_news(db, self._viewer.id, self._place, self.page)

    async def _find_since(self, db: Reading, since: int) -> _Aside:
        marks = await participants.find_moved_since(db, self._viewer.id, since)
        return await self._find_aside(db, marks, await arrangements.find_since(db, self._viewer.id, since))

    async def _find_hinted(self, db: Reading, marked: set[str], arranged: set[str]) -> _Aside:
        marks: list[ParticipantRow] = []
        if marked:
            everybody = await participants.find_all(db, await conversations.find_of(db, self._viewer.id, marked))
            marks = [row for rows in everybody.values() for row in rows if row.left_event is None]
        found = (await arrangements.find_of(db, self._viewer.id, arranged)).values() if arranged else ()
        return await self._find_aside(db, marks, found)

    async def _find_aside(
        self, db: Reading, marks: Iterable[ParticipantRow], arranged: Iterable[ArrangementRow]
    ) -> _Aside:
        keys = [row.conversation_id for row in arranged]
        return _Aside(marks, arranged, await conversations.find_of(db, self._viewer.id, keys) if keys else {})

    def _untold(self, aside: _Aside) -> Iterator[ReceiptMoved | ConversationUpdated]:
        """Not within the reading: one that is read again, since the server went away, is told all the same."""
        marks, arranged = self._marks.untold(aside.marks), self._arranged.untold(aside.arranged)
        yield from (ReceiptMoved(self._cursor, row) for row in marks)
        yield from (ConversationUpdated(self._cursor, aside.seen[key]) for key in arranged if key in aside.seen)

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
