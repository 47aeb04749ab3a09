"""Following what is not in the log: who types, and who is online. Hints, which may be lost and expire by themselves."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from chat.blocks import is_blocked
from chat.palaver import Palaver
from chat.presence import PresenceState
from chat.refusals import NotFound
from chat.streams import Stream
from chat.topics import conversation_topic, presence_topic
from chat.typing import read_typing_hint
from chat.users import Viewer
from core.clock import now_ms
from db import blocks, conversations, users
from db.conversations import ConversationRow
from db.engine import Reading


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody types until a time in milliseconds, or stopped."""

    conversation: ConversationRow
    user_id: str
    is_typing: bool
    until: int


class TypingStream(Stream[Typed]):
    """Who types in a conversation now, then who starts and stops; never about the subscriber.

    NotFound for strangers, and from the moment of leaving on.
    """

    def __init__(self, palaver: Palaver, viewer: Viewer, conversation_id: str) -> None:
        super().__init__(palaver, viewer, conversation_topic(conversation_id))
        self._conversation_id = conversation_id
        self._until: dict[str, int] = {}
        self._hints: list[tuple[str, int]] = []

    @property
    def subject(self) -> tuple[str, str]:
        """The conversation."""
        return "typing", self._conversation_id

    @property
    def place(self) -> dict[str, int]:
        """Who types, and until when."""
        return dict(self._until)

    async def begin(self) -> Sequence[Typed]:
        """Nothing comes before those who type now."""
        self._look_around()
        await self._check([])
        return ()

    def _look_around(self) -> None:
        self._hints = [*self._palaver.typing.now_typing(self._conversation_id).items()]

    async def news(self) -> AsyncGenerator[Typed, None]:
        """Who started and who stopped."""
        hints, self._hints = self._hints, []
        for event in await self._read(hints):
            yield event

    async def wait(self) -> None:
        """Wait for a hint, or until somebody's typing is over by itself."""
        rang, bells = await self._listener.wait(self._seconds_to_expiry())
        self._hints = [(hint.user_id, hint.until) for bell in bells if (hint := read_typing_hint(bell))]
        if rang:
            await self._check([])

    def go_on(self, place: dict[str, int]) -> None:
        """Know who types, as another one has told it."""
        self._until = dict(place)
        if self._listener.go_on() is not None:
            self._look_around()

    def _seconds_to_expiry(self) -> float | None:
        return max(0.0, (min(self._until.values()) - now_ms()) / 1000) if self._until else None

    async def _read(self, hints: Sequence[tuple[str, int]]) -> list[Typed]:
        changes: list[tuple[str, int]] = []
        before, now = {*self._until}, now_ms()
        for user_id, until in hints:
            if user_id == self._viewer.id or (until <= now and user_id not in self._until):
                continue
            if until > now:
                self._until[user_id] = until
                changes.append((user_id, until))
            else:
                del self._until[user_id]
                changes.append((user_id, 0))
        for user_id, until in list(self._until.items()):
            if until <= now:
                del self._until[user_id]
                changes.append((user_id, 0))
        if not changes:
            return []
        conversation, members, is_hidden = await self._check([user_id for user_id, _ in changes])
        if is_hidden:  # Whoever was told that somebody types is told that they stopped, and nothing more.
            changes = [(user_id, 0) for user_id, _ in changes if user_id in before]
            self._until.clear()
        return [
            Typed(conversation, user_id, until > 0, until or now) for user_id, until in changes if user_id in members
        ]

    async def _check(self, user_ids: Sequence[str]) -> tuple[ConversationRow, set[str], bool]:
        """The conversation, when the viewer is in it, those of the people who are in it too, and whether a block hides
        that they type."""

        async def read(db: Reading) -> tuple[ConversationRow, set[str], bool]:
            mine = await conversations.find_of(db, self._viewer.id, [self._conversation_id])
            found = mine.get(self._conversation_id)
            if found is None:
                raise NotFound
            if not user_ids:
                return found, set(), False
            everybody = await blocks.find_everybody(db, self._conversation_id, self._viewer.id)
            present = {row.user_id for row, _ in everybody if row.left_event is None}
            return found, present & set(user_ids), is_blocked(everybody, self._viewer.id)

        return await self._palaver.database.read(read)


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody's state."""

    user_id: str
    state: PresenceState


class PresenceStream(Stream[PresenceChanged]):
    """The present state of each person, then what changes. NotFound when the viewer shares no conversation with one.

    Who shares a conversation no longer is told of no longer; the stream ends with NotFound when nobody is left.
    """

    def __init__(self, palaver: Palaver, viewer: Viewer, user_ids: Sequence[str]) -> None:
        super().__init__(palaver, viewer, *(presence_topic(user_id) for user_id in user_ids))
        self._user_ids = tuple(user_ids)
        self._told: dict[str, bool] = {}
        self._is_first = True

    @property
    def subject(self) -> tuple[str, ...]:
        """The people."""
        return ("presence", *self._user_ids)

    @property
    def place(self) -> dict[str, bool]:
        """Who is online, as it was told."""
        return dict(self._told)

    async def news(self) -> AsyncGenerator[PresenceChanged, None]:
        """Whose state is another one than was told."""
        known, states = await self._palaver.database.read(self._find)
        if not known or (self._is_first and len(known) < len(set(self._user_ids))):
            raise NotFound
        self._is_first = False
        # Whoever is shown again, as after a block, is told anew.
        self._told = {user_id: told for user_id, told in self._told.items() if user_id in known}
        for user_id in self._user_ids:
            state = states.get(user_id)
            if state is not None and self._told.get(user_id) != state.is_online:
                self._told[user_id] = state.is_online
                yield PresenceChanged(user_id, state)

    async def _find(self, db: Reading) -> tuple[set[str], dict[str, PresenceState]]:
        known = await users.find_acquainted(db, self._viewer.id, self._user_ids)
        return known, await self._palaver.presence.find(db, known) if known else {}

    async def wait(self) -> None:
        """Wait for somebody to come or go.

        A process that died rings no bell: its leases are looked at again before they could be long over.
        """
        await self._listener.wait(self._palaver.presence.lease_ms / 2000)

    def go_on(self, place: dict[str, bool]) -> None:
        """Know who is online, as another one has told it."""
        self._listener.go_on()
        self._told, self._is_first = dict(place), False
