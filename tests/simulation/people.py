"""Who writes, who reads and who tells: clients that try again until they know, and go on where they were."""

import asyncio
from collections.abc import Sequence
from itertools import count

from chat.events import ConversationRemoved, ConversationUpdated, ReceiptMoved, StreamEvent
from chat.inbox import take_token
from chat.palaver import Palaver
from chat.refusals import Blocked, ConversationClosed, NotFound
from chat.send_rules import Content
from chat.sending import send_message
from chat.subjects import Party, SubjectChange, upsert_subject
from chat.system_messages import post_system_message
from db import conversations
from db.away import DatabaseBusy
from db.writing import NotCommitted
from tests.simulation.cast import CONVERSATIONS, IDS, booking_of, viewer_of
from tests.simulation.fate import Mishap
from tests.simulation.fleet import Act, Fleet, Value
from tests.simulation.history import Acknowledged, Attached, Consumed, Hushed, Refused, Wrong
from tests.simulation.streams import Subscription, WatchedStream


async def insist(fleet: Fleet, act: Act[Value]) -> Value:
    """Ask until there is an answer."""
    while True:
        try:
            return await fleet.ask(act)
        except (Mishap, NotCommitted, DatabaseBusy):
            await fleet.fate.pause(0.05)


class Writer:
    """Somebody who writes into a conversation, one message after another, each under a key of its own."""

    def __init__(self, fleet: Fleet, name: str, conversation: str) -> None:
        self._fleet, self._fate = fleet, fleet.fate
        self._name, self._conversation = name, conversation
        self._numbers = count(1)

    async def write(self, times: int) -> None:
        """Write so many messages; some of them from two windows at once, or once more for good measure."""
        for _ in range(times):
            key = f"{self._name}-{next(self._numbers)}"
            await self._fate.pause(self._fate.weather.think)
            windows = 2 if self._fate.happens(0.1) else 1
            await asyncio.gather(*(self._send(key) for _ in range(windows)))
            if self._fate.happens(0.1):
                await self._send(key)

    async def _send(self, key: str) -> None:
        content = Content(f"{self._conversation[-2:]} {key}", (), key)
        asked = self._fleet.disk.commits
        viewer, conversation = viewer_of(self._name), self._conversation
        try:
            row = await insist(
                self._fleet, lambda node: send_message(node.work, node.send_rules, viewer, conversation, content)
            )
        except NotFound:
            self._fate.note(Refused(conversation, IDS[self._name], key, asked, self._fleet.disk.commits))
            return
        except (Blocked, ConversationClosed) as refusal:
            why, commits = type(refusal).__name__, self._fleet.disk.commits
            self._fate.note(Hushed(why, conversation, IDS[self._name], "", asked, commits))
            return
        except Exception as error:  # noqa: BLE001 - that is what we look for
            self._fate.note(Wrong(f"{key} was answered by {error!r}"))
            return
        self._fate.note(Acknowledged(conversation, IDS[self._name], key, row.id, row.seq, row.position))


class Host:
    """The host's server, which lets people in and out, and says something now and then."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet, self._fate = fleet, fleet.fate
        self._numbers = count(1)

    async def act(self, times: int) -> None:
        """Do so many things, one after another."""
        for _ in range(times):
            await self._fate.pause(2 * self._fate.weather.think)
            try:
                await self._act()
            except Exception as error:  # noqa: BLE001 - that is what we look for
                self._fate.note(Wrong(f"the host was answered by {error!r}"))

    async def _act(self) -> None:
        conversation = self._fate.chance.choice((CONVERSATIONS[0], CONVERSATIONS[0], CONVERSATIONS[1]))
        if self._fate.happens(0.15):
            await self._say(conversation, f"host-{next(self._numbers)}")
        else:
            guests = self._fate.chance.choice(((), ("dan",), ("eve",), ("dan", "eve")))
            await self._let_in(conversation, ("ann", "bob", *guests))

    async def _let_in(self, conversation: str, people: Sequence[str]) -> None:
        parties = [Party(name, "party") for name in people]
        change = SubjectChange("booking", booking_of(conversation), parties=parties)
        if self._fate.happens(0.2):
            change = SubjectChange("booking", booking_of(conversation), title=f"Haircut {next(self._numbers)}")
        await insist(self._fleet, lambda node: upsert_subject(node.work, viewer_of("host"), change))

    async def _say(self, conversation: str, key: str) -> None:
        words = f"{conversation[-2:]} {key}"
        rows = await insist(
            self._fleet,
            lambda node: post_system_message(
                node.work, node.send_rules, viewer_of("host"), words, key, conversation_id=conversation
            ),
        )
        row = rows[0]
        self._fate.note(Acknowledged(conversation, "system", key, row.id, row.seq, row.position))


class Reader:
    """Somebody who follows, and resumes at any process after the last event that they have taken in."""

    def __init__(self, fleet: Fleet, subscription: Subscription) -> None:
        self._fleet, self._fate = fleet, fleet.fate
        self.subscription = subscription
        self._cursor: str | None = None
        self._place: int | None = None
        self._stream: WatchedStream | None = None

    @property
    def reached(self) -> int | None:
        """How far they are; None when they have never been let in."""
        if self._place is None and self._stream is not None:
            return self._stream.began
        return self._place

    @property
    def is_following(self) -> bool:
        """Is there a stream that has begun and not ended?"""
        return self._stream is not None and self._stream.began is not None and not self._stream.is_over

    async def live(self) -> None:
        """Follow, and again when it ended."""
        while True:
            await self._follow()
            was_let_in = self._stream is not None and self._stream.began is not None
            await asyncio.sleep(self._fate.chance.uniform(0, 0.2) if was_let_in else self._fate.chance.uniform(0.3, 1))

    async def _follow(self) -> None:
        if self._cursor is None and self._fate.happens(0.7):
            await self._find_cursor()
        node = self._fleet.pick()
        if node is None:
            return
        number = self._fate.next_number()
        subscription = self.subscription
        self._fate.note(
            Attached(
                number,
                subscription.reader,
                subscription.name,
                subscription.conversation,
                subscription.only_messages,
                self._place if self._cursor is not None else None,
                self._fleet.disk.commits,
            )
        )
        stream = self._stream = WatchedStream(
            self._fate, node, number, subscription, self._fate.chance.choice((1, 2, 200))
        )
        serving = node.run(stream.run(self._cursor))
        node.on_death(stream.socket.end)
        try:
            await self._take_from(stream)
        finally:
            if not node.is_dead:
                serving.cancel()

    def _is_arranged(self, event: StreamEvent, place: int) -> bool:
        """Is it what they arranged for themselves? An inbox tells it where it is."""
        is_inbox = self.subscription.conversation is None
        return is_inbox and isinstance(event, ConversationUpdated) and place == self.reached

    async def _find_cursor(self) -> None:
        """Read first, as a page does, and follow from there on."""
        viewer, conversation = viewer_of(self.subscription.name), self.subscription.conversation

        async def read(node: Palaver) -> tuple[str, int] | None:
            async with node.database.reading() as db:
                if conversation is None:
                    token = await take_token(node, db, viewer)
                    return token, int(node.cursors.read_inbox(token, viewer.id)[0][0])
                found = (await conversations.find_of(db, viewer.id, [conversation])).get(conversation)
                return (
                    None if found is None else (node.cursors.of_log(conversation, found.last_event), found.last_event)
                )

        found = await insist(self._fleet, read)
        if found is not None:
            self._cursor, self._place = found

    async def _take_from(self, stream: WatchedStream) -> None:
        stays = self._fate.chance.randint(1, 8) if self._fate.befalls(self._fate.weather.leaves) else 10**6
        while stays and (event := await stream.socket.take()) is not None:
            stays -= 1
            await self._fate.dawdle(self._fate.weather.think)
            if self._fate.befalls(self._fate.weather.stalls / 5):
                await self._fate.dawdle(3.0)
            if isinstance(event, ConversationRemoved) and self.subscription.conversation is not None:
                continue  # What they may not see moves nobody on: when they are let in again, they go on from before.
            place = stream.place_of(event)
            if not isinstance(event, ReceiptMoved) and not self._is_arranged(event, place):
                self._fate.note(Consumed(self.subscription.reader, place))
            self._cursor, self._place = event.cursor, place
