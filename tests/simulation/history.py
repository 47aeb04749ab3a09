"""What happened in a run, in the words of those who saw it; the checks read nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias, TypeVar

from db.audit import EntryRow


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of a conversation's log, as it is in the database."""

    id: int
    conversation: str
    position: int
    kind: str
    message_id: str | None
    user: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A message, as it is in the database at the end."""

    id: str
    conversation: str
    seq: int
    position: int
    author: str
    key: str
    body: str | None

    @property
    def name(self) -> str:
        """What a reader of the history calls it; what staff say has a key at random."""
        return f"{self.author[-1]}/{f'staff-{self.seq}' if self.key.startswith('staff:') else self.key}"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a message after a commit that told of it; None when they are gone."""

    message_id: str
    body: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds after a commit and is in no log: `closed` a conversation by staff, `blocked` one person by another,
    `archived` a conversation by a person; since when, where that is known."""

    what: str
    one: str
    other: str
    since: int


@dataclass(frozen=True, slots=True)
class Committed:
    """A transaction took effect; the `number`th one of the run."""

    number: int
    entries: tuple[Logged, ...]
    said: tuple[Said, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A writer was told that their message is stored."""

    conversation: str
    author: str
    key: str
    message_id: str
    seq: int
    position: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A writer was told that they may not; the commits that there were when they asked and when they knew."""

    conversation: str
    author: str
    key: str
    asked: int
    number: int


@dataclass(frozen=True, slots=True)
class Hushed:
    """Somebody was told why they may not: a conversation is closed, a block binds them, a message is gone."""

    why: str
    conversation: str
    author: str
    message_id: str
    asked: int
    number: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody was told that it is done: `edit`, `delete`, `close` and so on, to a message or a conversation."""

    what: str
    author: str
    conversation: str
    message_id: str
    body: str
    asked: int
    number: int


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody looked for a word, and was given these messages."""

    author: str
    word: str
    message_ids: tuple[str, ...]
    asked: int
    number: int


@dataclass(frozen=True, slots=True)
class Attached:
    """A stream was asked for, after a place or from now on; `number` commits there were by then."""

    stream: int
    reader: str
    user: str
    conversation: str | None
    only_messages: bool
    after: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Began:
    """The stream found where it begins."""

    stream: int
    place: int


@dataclass(frozen=True, slots=True)
class Looked:
    """The stream opened a snapshot of so many commits."""

    stream: int
    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """The stream gave an event; `what` is its class, and a message's own fields are empty for other events."""

    stream: int
    what: str
    conversation: str
    place: int
    message_id: str = ""
    seq: int = 0
    body: str = ""
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class Consumed:
    """A reader took an event, and will not ask for it again."""

    reader: str
    place: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream ended: NotFound, a mishap, or what nobody expected."""

    stream: int
    why: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A process came or died, the broker went away: what the checks do not ask for, and a person who reads does."""

    what: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What must not be, seen while it happened."""

    what: str


Fact: TypeAlias = (
    Committed
    | Acknowledged
    | Refused
    | Hushed
    | Changed
    | Found
    | Attached
    | Began
    | Looked
    | Told
    | Consumed
    | Ended
    | Noted
    | Wrong
)
Kind = TypeVar("Kind", bound=Fact)


class History:
    """Facts in their order, with the virtual time of each; at the end also what the database holds."""

    def __init__(self, members: dict[str, tuple[str, ...]]) -> None:
        #: Who is in each conversation at the beginning.
        self.members = members
        self.facts: list[tuple[float, Fact]] = []
        self.stored: list[Stored] = []
        self.logged: list[Logged] = []
        #: What the messages said before, as (message, number, body), and who reacted, as (message, person, emoji).
        self.edits: list[tuple[str, int, str]] = []
        self.reactions: list[tuple[str, str, str]] = []
        #: The audit log: its entries, the links of its chain, and the entries that wait for it.
        self.entries: list[EntryRow] = []
        self.links: list[tuple[int, str, str]] = []
        self.waiting: list[str] = []
        self.is_over = False

    def note(self, at: float, fact: Fact) -> None:
        """Something happened; after the end nothing does."""
        if not self.is_over:
            self.facts.append((at, fact))

    def every(self, kind: type[Kind]) -> Iterator[Kind]:
        """All facts of a kind."""
        return (fact for _, fact in self.facts if isinstance(fact, kind))

    def lines(self) -> list[str]:
        """The whole run as text; ids that are made at random have no place in it."""
        names = {stored.id: stored.name for stored in self.stored}
        return [f"{at:10.6f} {_line(fact, names)}" for at, fact in self.facts]


def _line(fact: Fact, names: dict[str, str]) -> str:
    words = [f"{field.name}={_word(getattr(fact, field.name), names)}" for field in fields(fact)]
    return f"{type(fact).__name__} {' '.join(words)}"


def _word(value: object, names: dict[str, str]) -> str:
    if isinstance(value, tuple):
        words = (_word(entry, names) if isinstance(entry, str) else _line(entry, names) for entry in value)
        return f"[{', '.join(words)}]"
    return names.get(value, value) if isinstance(value, str) else str(value)
