"""What pairs do to what was said, and what they see and are told of it: records that are only ever added.

A pair does one thing after another, each until it is answered, so that what it must see is known at every moment; only
while one of them is being silenced does the other speak at the same time.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Done:
    """An act was acknowledged: `say`, `edit`, `delete`, `remove`, `react`, `take back`, `block`, `unblock`, `close` or
    `reopen`. `text` is the words or the emoji, `message` "" for an act on the conversation or on a person."""

    what: str
    place: str
    message: str
    text: str
    asked_at: float
    at: float


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody was to say something, new (`key`) or in place of something (""): taken, or refused with a code."""

    place: str
    key: str
    code: str
    asked_at: float
    at: float


@dataclass(frozen=True, slots=True)
class Saw:
    """A message as a person was shown it: its words (None when it is deleted), what it said before, and its emoji; or
    that it was not there."""

    person: str
    message: str
    body: str | None
    edits: tuple[str, ...]
    emoji: tuple[str, ...]
    asked_at: float
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Searched:
    """Somebody looked for a word that a message has or had: was it found?"""

    person: str
    message: str
    word: str
    is_found: bool
    asked_at: float


@dataclass(frozen=True, slots=True)
class Told:
    """A stream told an event of a pair's log, with the cursor of a position; `message` and `body` where it has any."""

    reader: int
    connection: int
    place: str
    position: int
    kind: str
    message: str | None
    body: str | None
    at: float


@dataclass(slots=True)
class Changes:
    """All records of pairs, each kind in its order; `places` are their conversations."""

    places: set[str] = field(default_factory=set)
    done: list[Done] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    saw: list[Saw] = field(default_factory=list)
    searched: list[Searched] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changed:
    """A message of a pair as it is stored in the end."""

    place: str
    id: str
    key: str
    body: str | None
    edits: tuple[str, ...]
    emoji: tuple[str, ...]


@dataclass(slots=True)
class Kept:
    """What is stored of pairs in the end; entries are (place, position, kind, message), in their order."""

    messages: list[Changed] = field(default_factory=list)
    entries: list[tuple[str, int, str, str | None]] = field(default_factory=list)
