"""Following what is not in the log: who types, and who is online. Hints, which may be lost and expire by themselves."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from chat.palaver import Palaver
from chat.presence import PresenceState
from chat.refusals import NotFound
from chat.topics import conversation_topic, presence_topic
from chat.typing import read_typing_hint
from chat.users import Viewer
from core.clock import now_ms
from db import conversations, participants, users
from db.conversations import ConversationRow
from db.engine import Reading


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody types until a time in milliseconds, or stopped."""

    conversation: ConversationRow
    user_id: str
    is_typing: bool
    until: int


class TypingStream:
    """One subscriber of who types in a conversation; never about the subscriber."""

    def __init__(self, palaver: Palaver, viewer: Viewer, conversation_id: str) -> None:
        self._palaver = palaver
        self._viewer = viewer
        self._conversation_id = conversation_id
        self._until: dict[str, int] = {}

    async def changes(self) -> AsyncGenerator[Typed, None]:
        """Who types now, then who starts and stops. NotFound for strangers, and from the moment of leaving on."""
        with self._palaver.hub.attach(conversation_topic(self._conversation_id)) as listener:
            board = self._palaver.typing.now_typing(self._conversation_id)
            hints = [(user_id, until) for user_id, until in board.items()]
            await self._check([])
            while True:
                for event in await self._read(hints):
                    yield event
                rang, bells = await listener.wait(self._seconds_to_expiry())
                hints = [(hint.user_id, hint.until) for bell in bells if (hint := read_typing_hint(bell))]
                if rang:
                    await self._check([])

    def _seconds_to_expiry(self) -> float | None:
        return max(0.0, (min(self._until.values()) - now_ms()) / 1000) if self._until else None

    async def _read(self, hints: Sequence[tuple[str, int]]) -> list[Typed]:
        changes: list[tuple[str, int]] = []
        now = now_ms()
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
        conversation, members = await self._check([user_id for user_id, _ in changes])
        return [
            Typed(conversation, user_id, until > 0, until or now) for user_id, until in changes if user_id in members
        ]

    async def _check(self, user_ids: Sequence[str]) -> tuple[ConversationRow, set[str]]:
        """The conversation, when the viewer is in it, and those of the people who are in it too."""

        async def read(db: Reading) -> tuple[ConversationRow, set[str]]:
            mine = await conversations.find_of(db, self._viewer.id, [self._conversation_id])
            found = mine.get(self._conversation_id)
            if found is None:
                raise NotFound
            if not user_ids:
                return found, set()
            return found, set(await participants.find_member_ids(db, self._conversation_id)) & set(user_ids)

        return await self._palaver.database.read(read)


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody's state."""

    user_id: str
    state: PresenceState


async def follow_presence(
    palaver: Palaver, viewer: Viewer, user_ids: Sequence[str]
) -> AsyncGenerator[PresenceChanged, None]:
    """The present state of each person, then what changes. NotFound when the viewer shares no conversation with one.

    Who shares a conversation no longer is told of no longer; the stream ends with NotFound when nobody is left.
    """
    told: dict[str, bool] = {}

    async def read(db: Reading) -> tuple[set[str], dict[str, PresenceState]]:
        known = await users.find_acquainted(db, viewer.id, user_ids)
        return known, await palaver.presence.find(db, known) if known else {}

    with palaver.hub.attach(*(presence_topic(user_id) for user_id in user_ids)) as listener:
        is_first = True
        while True:
            known, states = await palaver.database.read(read)
            if not known or (is_first and len(known) < len(set(user_ids))):
                raise NotFound
            is_first = False
            for user_id in user_ids:
                state = states.get(user_id)
                if state is not None and told.get(user_id) != state.is_online:
                    told[user_id] = state.is_online
                    yield PresenceChanged(user_id, state)
            # A process that died rings no bell: its leases are looked at again before they could be long over.
            await listener.wait(palaver.presence.lease_ms / 2000)
