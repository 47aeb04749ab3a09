"""A stream of the product, watched: what it begins with, what it tells and how it ends go into the history."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from chat.conversation_stream import ConversationStream
from chat.events import (
    ConversationRemoved,
    ConversationUpdated,
    MessageAdded,
    MessageUpdated,
    ReceiptMoved,
    StreamEvent,
)
from chat.inbox import InboxStream
from chat.refusals import NotFound
from chat.streams import follow
from tests.simulation.cast import IDS, viewer_of
from tests.simulation.database import STREAM
from tests.simulation.fate import Fate, Mishap
from tests.simulation.history import Began, Ended, Told, Wrong
from tests.simulation.nodes import Node


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a reader follows: one conversation or, without one, their inbox."""

    name: str
    conversation: str | None
    only_messages: bool = False

    @property
    def reader(self) -> str:
        """What the history calls it."""
        what = "inbox" if self.conversation is None else f"{self.conversation[-2:]}"
        return f"{self.name}/{what}{'/messages' if self.only_messages else ''}"


@dataclass(slots=True, eq=False)
class Socket:
    """Between a stream and its reader: so many frames fit in, then the stream waits."""

    room: asyncio.Semaphore
    frames: deque[StreamEvent | None] = field(default_factory=deque)
    something: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, event: StreamEvent) -> None:
        """Give a frame, when there is room."""
        await self.room.acquire()
        self._put(event)

    def end(self) -> None:
        """No more will come."""
        self._put(None)

    def _put(self, frame: StreamEvent | None) -> None:
        self.frames.append(frame)
        self.something.set()

    async def take(self) -> StreamEvent | None:
        """The next frame; None at the end."""
        while not self.frames:
            self.something.clear()
            await self.something.wait()
        self.room.release()
        return self.frames.popleft()


class WatchedStream:
    """One stream of one subscription at one process."""

    def __init__(self, fate: Fate, node: Node, number: int, subscription: Subscription, page: int) -> None:
        self._fate, self._node, self._number, self._subscription = fate, node, number, subscription
        self._page = page
        self.socket = Socket(asyncio.Semaphore(fate.chance.randint(1, 8)))
        self.began: int | None = None
        self.is_over = False

    async def run(self, after: str | None) -> None:
        """Serve it to its end."""
        STREAM.set(self._number)
        why = "closed"
        try:
            async with aclosing(self._events(after)) as events:
                async for event in events:
                    self._fate.note(self._told(event))
                    await self.socket.send(event)
        except NotFound:
            why = "NotFound"
        except Mishap:
            why = "mishap"
        except Exception as error:  # noqa: BLE001 - that is what we look for
            why = repr(error)
            self._fate.note(Wrong(f"{self._subscription.reader} ended with {error!r}"))
        finally:
            self.is_over = True
            self._fate.note(Ended(self._number, why))
            self.socket.end()

    def _events(self, after: str | None) -> AsyncGenerator[Any, None]:
        subscription, palaver = self._subscription, self._node.palaver
        viewer = viewer_of(subscription.name)
        if subscription.conversation is None:
            inbox = WatchedInbox(palaver, viewer, after=after)
            inbox.watcher, inbox.page = self, self._page
            return follow(inbox)
        stream = WatchedConversation(
            palaver, viewer, subscription.conversation, after=after, only_messages=subscription.only_messages
        )
        stream.watcher = self
        return follow(stream)

    def note_begin(self, place: int) -> None:
        """The stream knows where it begins."""
        self.began = place
        self._fate.note(Began(self._number, place))

    def place_of(self, event: StreamEvent) -> int:
        """The place in an event's cursor: a position, or the number of an event for an inbox."""
        cursors = self._node.palaver.cursors
        if self._subscription.conversation is not None:
            return cursors.read_log(event.cursor, self._subscription.conversation)
        return int(cursors.read_inbox(event.cursor, IDS[self._subscription.name])[0][0])

    def _told(self, event: StreamEvent) -> Told:
        what, place = type(event).__name__, self.place_of(event)
        match event:
            case MessageAdded(_, row, is_replay):
                return Told(self._number, what, row.conversation_id, place, row.id, row.seq, row.body or "", is_replay)
            case MessageUpdated(_, row):
                return Told(self._number, what, row.conversation_id, place, row.id, row.seq, row.body or "")
            case ConversationUpdated(_, conversation):
                return Told(self._number, what, conversation.id, place)
            case ConversationRemoved(_, conversation_id):
                return Told(self._number, what, conversation_id, place)
            case ReceiptMoved(_, participant):
                return Told(self._number, what, participant.conversation_id, place)
        return Told(self._number, what, "", place)


class WatchedConversation(ConversationStream):
    """The product's stream, which says where it begins."""

    watcher: WatchedStream

    async def begin(self) -> Sequence[StreamEvent]:
        """Find the position, and say it."""
        first = await super().begin()
        self.watcher.note_begin(self._position)
        return first


class WatchedInbox(InboxStream):
    """The same of an inbox."""

    watcher: WatchedStream

    async def begin(self) -> Sequence[StreamEvent]:
        """Find the place, and say it."""
        first = await super().begin()
        self.watcher.note_begin(int(self._place[0]))
        return first
