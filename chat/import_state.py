"""What an import knows while it runs: what it made, what was there already, what was wrong, and who had read what."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from chat.import_lines import Line
from chat.refusals import Refusal
from db.imports import Overtaken


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not taken in, and why; the number counts from 1."""

    number: int
    reason: str


@dataclass(slots=True)
class Count:
    """Of one kind of line: how many were new, and how many were there already."""

    new: int = 0
    known: int = 0


@dataclass(slots=True)
class Goals:
    """How far people had come in a conversation: a message's id each, or None for nowhere.

    Who is not named had come to the end.
    """

    goals: Mapping[str, str | None]
    reached: set[str] = field(default_factory=set)

    def may_move(self, user_id: str) -> bool:
        """Does the next message lie before or at this person's goal?"""
        return user_id not in self.goals or (self.goals[user_id] is not None and user_id not in self.reached)

    def pass_by(self, key: str) -> None:
        """The message of this id is there."""
        self.reached.update(user_id for user_id, goal in self.goals.items() if goal == key)

    @property
    def missed(self) -> set[str]:
        """Ids of messages that never came."""
        return {goal for user_id, goal in self.goals.items() if goal is not None and user_id not in self.reached}


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation that the file names, and the line that does."""

    number: int
    conversation_id: str
    read: Goals
    delivered: Goals


@dataclass(slots=True)
class ImportState:
    """One run of an import."""

    most_characters: int
    #: Who runs it, as the audit log is to name them.
    by: str
    threads: dict[str, Thread] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=dict)
    bad_lines: list[BadLine] = field(default_factory=list)
    bad: int = 0

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Forget what a batch that is overtaken has counted, refused and named: it will be tried again.

        Only what may be overtaken is undone. Messages, which alone move goals on, are stored while their conversations
        are held.
        """
        counts = {kind: (count.new, count.known) for kind, count in self.counts.items()}
        threads, bad, bad_lines = len(self.threads), self.bad, len(self.bad_lines)
        try:
            yield
        except Overtaken:
            self.counts = {kind: Count(*numbers) for kind, numbers in counts.items()}
            while len(self.threads) > threads:
                self.threads.popitem()
            self.bad = bad
            del self.bad_lines[bad_lines:]
            raise

    def add(self, line: Line, *, is_new: bool) -> None:
        """A line was taken in, or was there already."""
        count = self.counts.setdefault(line.type, Count())
        if is_new:
            count.new += 1
        else:
            count.known += 1

    def refuse(self, number: int, reason: str | Refusal) -> None:
        """A line was not taken in."""
        if isinstance(reason, Refusal):
            field_name = ".".join(reason.path[1:])
            reason = f"{field_name}: {reason.reason}" if field_name else reason.reason
        self.bad += 1
        self.bad_lines.append(BadLine(number, reason))

    def take_bad_lines(self) -> list[BadLine]:
        """The bad lines since the last call."""
        taken, self.bad_lines = self.bad_lines, []
        return taken

    @property
    def new(self) -> int:
        """How many lines of all kinds were new."""
        return sum(count.new for count in self.counts.values())

    @property
    def known(self) -> int:
        """How many lines of all kinds were there already."""
        return sum(count.known for count in self.counts.values())
