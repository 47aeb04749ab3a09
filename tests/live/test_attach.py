"""Attach first, then read: what is committed between a read and its end is told, though its bell rang in between."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from chat.conversation_stream import ConversationStream
from chat.events import MessageAdded, StreamEvent
from chat.inbox import InboxStream
from chat.palaver import Palaver, _rings
from chat.streams import follow
from chat.topics import conversation_topic, inbox_topic
from chat.users import Viewer
from core.ids import key_of
from core.tokens import Tokens
from db.engine import Database, Reading
from tests import acts
from tests.client import Person
from tests.live.asks import cursor_of, inbox_cursor
from tests.waiting import soon

Meanwhile = Callable[[], Awaitable[None]]


class SlowReading(Reading):
    """A snapshot after which something happens before its reader goes on."""

    def __init__(self, database: Database, meanwhile: Meanwhile) -> None:
        super().__init__(database.reader.connect, database.wait_seconds)
        self._meanwhile = meanwhile

    async def close(self) -> None:
        """End the snapshot."""
        was_open = self._connection is not None
        await super().close()
        if was_open:
            await self._meanwhile()


class SlowDatabase(Database):
    """The database, with readers that are slow at the worst moment."""

    def __init__(self, url: str, meanwhile: Meanwhile) -> None:
        super().__init__(url)
        self._meanwhile = meanwhile

    def reading(self) -> Reading:
        """A new snapshot."""
        return SlowReading(self, self._meanwhile)

    reading_directly = reading


class Interruption:
    """Says one thing after one of the reads, and waits until everybody who listens has heard the bell of it."""

    def __init__(self, palaver: Palaver, talker: Person, thread: str, topic: str, after_read: int) -> None:
        self._palaver, self._talker, self._thread, self._topic = palaver, talker, thread, topic
        self._reads_to_go = after_read

    async def __call__(self) -> None:
        """A read has ended."""
        self._reads_to_go -= 1
        if self._reads_to_go:
            return
        with self._palaver.hub.attach(self._topic) as own:
            await acts.send(self._talker, self._thread, "meanwhile")
            while self._topic not in (await soon(own.wait()))[0]:
                pass


Follow = Callable[[Palaver, Viewer, str, str, str], AsyncGenerator[StreamEvent, None]]


def messages(palaver: Palaver, viewer: Viewer, key: str, log: str, _: str) -> AsyncGenerator[StreamEvent, None]:
    """`messageAdded`."""
    return follow(ConversationStream(palaver, viewer, key, after=log, only_messages=True))


def events(palaver: Palaver, viewer: Viewer, key: str, log: str, _: str) -> AsyncGenerator[StreamEvent, None]:
    """`conversationEvents`."""
    return follow(ConversationStream(palaver, viewer, key, after=log))


def inbox(palaver: Palaver, viewer: Viewer, _: str, __: str, token: str) -> AsyncGenerator[StreamEvent, None]:
    """`inbox`."""
    return follow(InboxStream(palaver, viewer, after=token))


@pytest.mark.parametrize(("follow", "reads"), [(messages, 2), (events, 3), (inbox, 3)])
async def test_what_is_said_between_any_two_steps_is_told(
    ann: Person, bob: Person, thread: str, follow: Follow, reads: int
) -> None:
    """Nothing more is said afterwards that would wake whoever missed it."""
    palaver, key = bob.house.palaver, key_of(thread, "Conversation") or ""
    viewer = await palaver.registry.recognise(await Tokens(palaver.settings).verify(bob.token))
    topic = inbox_topic(viewer.id) if follow is inbox else conversation_topic(key)
    for after_read in range(1, reads + 1):
        log, token = await cursor_of(bob, thread), await inbox_cursor(bob)
        interruption = Interruption(palaver, ann, thread, topic, after_read)
        slow = SlowDatabase(palaver.settings.database_url, interruption)
        slowed = replace(palaver, database=slow, rings=_rings(slow, palaver.hub))
        try:
            async with aclosing(follow(slowed, viewer, key, log, token)) as stream:
                while not isinstance(event := await soon(anext(stream)), MessageAdded):
                    pass
                assert (event.message.body, event.message.seq) == ("meanwhile", after_read)
        finally:
            await slow.close()
