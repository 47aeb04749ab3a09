"""Following everything for one person: all conversations, those opened meanwhile included, resumable by one token."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from chat.cursors import CursorExpired, InvalidCursor
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
from chat.palaver import Palaver
from chat.topics import inbox_topic
from chat.users import Viewer
from core.bells import Bell, decode_hint
from core.clock import now_ms
from db import conversations, participants
from db.engine import Reading
from db.inbox import News, Place
from db.participants import ParticipantRow

MARKS_KEPT = 2000
#: A mark's time is taken before its commit, on a clock that may be another machine's: look this much further back.
MARGIN_MS = 60_000


async def take_token(palaver: Palaver, db: Reading, viewer: Viewer) -> str:
    """The token of everything that this snapshot holds."""
    return palaver.cursors.of_inbox(viewer.id, await palaver.inbox.find_head(db), now_ms())


class InboxStream:
    """One subscriber of one person's inbox. Nothing is queued for it: it is a position."""

    #: How many events are read at a time.
    page = 200

    def __init__(self, palaver: Palaver, viewer: Viewer) -> None:
        self._palaver = palaver
        self._viewer = viewer
        self._place: Place = ()
        self._replay_to: Place = ()
        self._marks: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._looks_back = False

    def look_back(self) -> None:
        """The event that was given last could not be told, for its viewer was out by then: it is looked up again."""
        self._looks_back = True

    @property
    def _cursor(self) -> str:
        return self._palaver.cursors.of_inbox(self._viewer.id, self._place, now_ms())

    async def everything(self, after: str | None) -> AsyncGenerator[StreamEvent, None]:
        """Everything after the token, then live. InvalidCursor for another's; an expired one gives a Reset."""
        with self._palaver.hub.attach(inbox_topic(self._viewer.id)) as listener:
            try:
                since = await self._begin(after)
            except CursorExpired as expired:
                since = None
                yield Reset(expired.fresh or self._cursor, RESET_REASON)
            if since is not None:
                for receipt in await self._receipts_since(since):
                    yield receipt
            hints: list[Bell] = []
            while True:
                async with aclosing(self._news()) as news:
                    async for event in news:
                        yield event
                        if isinstance(event, MessageAdded) and not self._looks_back:
                            note_delivered(self._palaver, self._viewer, event.message)
                for receipt in await self._receipts_of(hints):
                    yield receipt
                _, hints = await listener.wait()
                lost_since = listener.take_lost()
                if lost_since is not None:
                    for receipt in await self._receipts_since(lost_since - MARGIN_MS):
                        yield receipt

    async def _begin(self, after: str | None) -> int | None:
        """Find the position; the answer is since when marks are to be told, None for not at all."""
        return await self._palaver.database.read(lambda db: self._begin_in(db, after))

    async def _begin_in(self, db: Reading, after: str | None) -> int | None:
        inbox = self._palaver.inbox
        self._place = self._replay_to = await inbox.find_head(db)
        if after is None:
            return None
        try:
            place, at = self._palaver.cursors.read_inbox(after, self._viewer.id)
        except CursorExpired as error:
            raise CursorExpired(self._cursor) from error
        if not inbox.is_place(place):
            raise InvalidCursor
        if await inbox.is_beyond(db, place):
            raise CursorExpired(self._cursor)
        self._place = place
        return at - MARGIN_MS

    async def _news(self) -> AsyncGenerator[StreamEvent, None]:
        self._looks_back = False
        while news := await self._palaver.database.read(self._find_news):
            seen = await see(self._palaver, self._viewer, [item.event for item in news])
            for item in news:
                before, row, self._place = self._place, item.event, item.place
                event = seen.event_of(row, self._cursor, is_replay=item.is_within(self._replay_to))
                # Only one's own leaving tells that a conversation is gone; what came before it is not shown any more.
                if isinstance(event, ConversationRemoved) and row.kind != "LEFT":
                    continue
                if event is not None:
                    yield event
                if self._looks_back:
                    self._looks_back, self._place = False, before
                    break

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
        """The marks that were not told by this stream, as far as it remembers; telling one again does no harm."""
        told = []
        for row in rows:
            marks = (row.read_seq, row.delivered_seq)
            if self._marks.get(row.id) != marks:
                self._marks[row.id] = marks
                told.append(ReceiptMoved(self._cursor, row))
        while len(self._marks) > MARKS_KEPT:
            self._marks.popitem(last=False)
        return told
