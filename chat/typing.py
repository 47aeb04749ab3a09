"""Who is typing: a hint that rides in the bell, is never stored, and expires by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.blocks import is_blocked
from chat.refusals import Blocked, ConversationClosed, NotFound
from chat.topics import CONVERSATIONS, is_about_typing, typing_bell
from chat.users import Viewer
from core.bells import Bell, decode_hint
from core.clock import now_ms
from core.hub import Hub
from db import blocks, conversations
from db.blocks import MemberRow
from db.conversations import ConversationRow
from db.engine import Database, Reading

MOST = 100_000


@dataclass(frozen=True, slots=True)
class TypingHint:
    """Somebody types until a time in milliseconds; 0 when they stopped."""

    user_id: str
    until: int


@dataclass(frozen=True, slots=True)
class _Told:
    """When this process last told that somebody types, and until when that lasts."""

    at: int
    until: int


def read_typing_hint(bell: Bell) -> TypingHint | None:
    """The hint in a bell, when it is one about typing."""
    hint = decode_hint(bell.hint) if bell.hint else {}
    user_id, until = hint.get("user"), hint.get("until")
    if hint.get("kind") != "typing" or not isinstance(user_id, str) or not isinstance(until, int):
        return None
    return TypingHint(user_id, until)


class TypingBoard:
    """Who types where, as far as this process has heard; and what was told by it, so that it is not told too often."""

    def __init__(self, database: Database, hub: Hub, seconds: float) -> None:
        self._database = database
        self._hub = hub
        self._lasts_ms = round(seconds * 1000)
        self._rests_ms = round(min(2.0, seconds / 3) * 1000)
        self._until: dict[str, dict[str, int]] = {}
        self._told: dict[tuple[str, str], _Told] = {}
        hub.watch(CONVERSATIONS, self._hear, is_about_typing)

    def now_typing(self, conversation_id: str) -> dict[str, int]:
        """Who types in a conversation now, and until when."""
        now = now_ms()
        return {user: until for user, until in self._until.get(conversation_id, {}).items() if until > now}

    async def set(self, viewer: Viewer, conversation_id: str | None, *, is_typing: bool) -> None:
        """The viewer starts, goes on, or stops typing. Told again too soon, it succeeds and does nothing."""
        if conversation_id is None:
            raise NotFound("conversationId")
        found, everybody = await self._database.read(lambda db: _find(db, viewer.id, conversation_id))
        if found is None:
            raise NotFound("conversationId")
        if not is_typing:
            self.end(viewer.id, conversation_id)
            return
        if found.is_closed:
            raise ConversationClosed("conversationId")
        if is_blocked(everybody, viewer.id):
            raise Blocked("conversationId")
        now = now_ms()
        told = self._told.get((conversation_id, viewer.id))
        if told is not None and now - told.at < self._rests_ms:
            return
        self._forget_old(now)
        self._told[conversation_id, viewer.id] = _Told(now, now + self._lasts_ms)
        self._hub.ring([typing_bell(conversation_id, viewer.id, now + self._lasts_ms)])

    def end(self, user_id: str, conversation_id: str) -> None:
        """Somebody stopped, or sent; nothing is told when they were not typing."""
        told = self._told.get((conversation_id, user_id))
        if told is None and conversation_id not in self._until:
            return
        told_here = told is not None and told.until > now_ms()
        if told_here or user_id in self.now_typing(conversation_id):
            if told is not None:
                self._told[conversation_id, user_id] = _Told(told.at, 0)
            self._hub.ring([typing_bell(conversation_id, user_id, 0)])

    def end_all(self, user_id: str) -> None:
        """Somebody is gone from this process."""
        for conversation_id, typist in [key for key in self._told if key[1] == user_id]:
            self.end(typist, conversation_id)

    def _forget_old(self, now: int) -> None:
        if len(self._told) >= MOST:
            self._told = {key: told for key, told in self._told.items() if now - told.at < self._lasts_ms}

    def _hear(self, bell: Bell) -> None:
        hint = read_typing_hint(bell)
        if hint is None:
            return
        conversation_id = bell.topic.partition(":")[2]
        people = self._until.setdefault(conversation_id, {})
        if hint.until:
            people[hint.user_id] = min(hint.until, now_ms() + self._lasts_ms)
        else:
            people.pop(hint.user_id, None)
        if not people:
            del self._until[conversation_id]
        if len(self._until) > MOST:
            self._purge()

    def _purge(self) -> None:
        """Drop who stopped without a word, and the oldest when even that is too many."""
        now = now_ms()
        alive = {key: kept for key, people in self._until.items() if (kept := _later_than(people, now))}
        self._until = dict(list(alive.items())[-MOST // 2 :])


async def _find(db: Reading, user_id: str, conversation_id: str) -> tuple[ConversationRow | None, Sequence[MemberRow]]:
    """A conversation that a person is in, and everybody there."""
    mine = await conversations.find_of(db, user_id, [conversation_id])
    return mine.get(conversation_id), await blocks.find_everybody(db, conversation_id, user_id) if mine else ()


def _later_than(people: dict[str, int], now: int) -> dict[str, int]:
    return {user: until for user, until in people.items() if until > now}
