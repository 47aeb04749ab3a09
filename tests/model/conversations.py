"""What conversations are, said again as simply as possible: lists and marks, nothing derived is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.ids import key_of


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was sent. `by` is None for the host's own words; `answers` is the seq of another one."""

    id: str
    seq: int
    by: str | None
    key: str
    body: str
    answers: int | None = None


@dataclass(slots=True)
class Fate:
    """What became of a message: all that it said since, whether it is gone, and who reacted with what."""

    later: list[str] = field(default_factory=list)
    is_gone: bool = False
    reactions: set[tuple[str, str]] = field(default_factory=set)

    def words(self, said: Said) -> list[str]:
        """All that it said, one after another; nothing once it is gone."""
        return [] if self.is_gone else [said.body, *self.later]


@dataclass(slots=True)
class Thread:
    """One conversation: who is in it, what was said, and how far everybody has come."""

    id: str
    members: tuple[str, ...]
    subject: str | None
    active_at: str
    log: list[Said] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    delivered: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.read = dict.fromkeys(self.members, 0)
        self.delivered = dict.fromkeys(self.members, 0)

    def said_with(self, by: str | None, key: str) -> Said | None:
        """What somebody said with a key."""
        return next((said for said in self.log if (said.by, said.key) == (by, key)), None)

    def nth_last(self, nth: int) -> Said | None:
        """What was said last (0), before that (1) ..., round and round; None while nothing was said."""
        return self.log[-1 - nth % len(self.log)] if self.log else None

    def say(self, said: Said, at: str) -> None:
        """Something new is said: whoever says it has read all of it."""
        assert said.seq == len(self.log) + 1
        self.log.append(said)
        self.fates.append(Fate())
        self.active_at = at
        if said.by is not None:
            self.mark_read(said.by, said.seq)

    def fate(self, said: Said) -> Fate:
        """What became of a message."""
        return self.fates[said.seq - 1]

    def body(self, said: Said) -> str | None:
        """What it says now."""
        words = self.fate(said).words(said)
        return words[-1] if words else None

    def mark_read(self, who: str, seq: int) -> None:
        """Marks only move forward, and what is read is delivered."""
        self.read[who] = max(self.read[who], seq)
        self.mark_delivered(who, seq)

    def mark_delivered(self, who: str, seq: int) -> None:
        """Marks only move forward."""
        self.delivered[who] = max(self.delivered[who], seq)

    def unread(self, who: str) -> list[Said]:
        """What others said above one's mark, and is still there."""
        above = [said for said in self.log if said.seq > self.read[who] and said.by != who]
        return [said for said in above if not self.fate(said).is_gone]

    def status(self, said: Said) -> str:
        """How far a message has come to all others."""
        others = [who for who in self.members if who != said.by]
        if said.by is None:
            return "SENT"
        if all(self.read[who] >= said.seq for who in others):
            return "READ"
        return "DELIVERED" if all(self.delivered[who] >= said.seq for who in others) else "SENT"


@dataclass(slots=True)
class World:
    """All conversations, by what they are called in a run; the subjects that are closed; all messages as they came."""

    threads: dict[str, Thread] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    told: list[tuple[Thread, Said]] = field(default_factory=list)

    def say(self, thread: Thread, said: Said, at: str) -> None:
        """Something new is said."""
        thread.say(said, at)
        self.told.append((thread, said))

    def is_closed(self, thread: Thread) -> bool:
        """Does its subject hold it closed?"""
        return thread.subject in self.closed

    def of(self, who: str) -> Iterator[Thread]:
        """The conversations of a person, the most recently active first; of one moment, by the ids of the database."""
        mine = [thread for thread in self.threads.values() if who in thread.members]
        yield from sorted(
            mine, key=lambda thread: (thread.active_at, key_of(thread.id, "Conversation") or ""), reverse=True
        )

    def told_to(self, who: str, since: int) -> list[tuple[Thread, Said]]:
        """The messages that a follower of the inbox gets, from a place in the whole on."""
        return [(thread, said) for thread, said in self.told[since:] if who in thread.members]

    def unread_counts(self, who: str) -> dict[str, int]:
        """What a person's badge says."""
        unread = [len(thread.unread(who)) for thread in self.of(who)]
        return {"unreadMessageCount": sum(unread), "unreadConversationCount": sum(map(bool, unread))}

    def refusal(self, thread: Thread, who: str, key: str, body: str, answers: int | None = None) -> str | None:
        """Why something cannot be said: membership, then the key, then closing."""
        if who not in thread.members:
            return "NOT_FOUND"
        before = thread.said_with(who, key)
        if before is not None:
            return None if (before.body, before.answers) == (body, answers) else "IDEMPOTENCY_CONFLICT"
        return "CONVERSATION_CLOSED" if self.is_closed(thread) else None
