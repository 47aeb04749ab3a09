"""What was true at each moment of a run: the log, commit by commit, and who was in which conversation."""

from collections import defaultdict

from tests.simulation.cast import IDS
from tests.simulation.history import Committed, History, Logged


class Truth:
    """Made from the commits that there have been so far."""

    def __init__(self, history: History) -> None:
        self.entries: list[Logged] = []
        #: The commit that an entry came with, by its id.
        self.commit_of: dict[int, int] = {}
        self.log: dict[str, list[Logged]] = defaultdict(list)
        #: For each conversation and person: when they came and went, as (commit, position, is in).
        self._steps: dict[tuple[str, str], list[tuple[int, int, bool]]] = defaultdict(list)
        self._last: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for conversation, names in history.members.items():
            for name in names:
                self._steps[conversation, IDS[name]].append((0, 1, True))
        for committed in history.every(Committed):
            for entry in committed.entries:
                self._add(entry, committed.number)

    def _add(self, entry: Logged, number: int) -> None:
        self.entries.append(entry)
        self.commit_of[entry.id] = number
        self.log[entry.conversation].append(entry)
        if entry.kind in ("JOINED", "LEFT") and entry.user is not None:
            step = (number, entry.position, entry.kind == "JOINED")
            self._steps[entry.conversation, entry.user].append(step)

    def joined_at(self, user: str, conversation: str, number: int) -> int | None:
        """The position from which on somebody was in when there were so many commits; None when they were not."""
        joined = None
        for commit, position, is_in in self._steps[conversation, user]:
            if commit <= number:
                joined = position if is_in else None
        return joined

    def was_in_at(self, user: str, conversation: str, position: int) -> bool:
        """Was somebody in at a position of the log? Several acts may have come with one commit."""
        before = [is_in for _, step, is_in in self._steps[conversation, user] if step < position]
        return bool(before) and before[-1]

    def was_always_in(self, user: str, conversation: str, first: int, last: int) -> bool:
        """Was somebody in from one commit to another, without a break?"""
        steps = self._steps[conversation, user]
        return self.joined_at(user, conversation, first) is not None and not any(
            first < commit <= last for commit, _, _ in steps
        )

    def was_ever_out(self, user: str, conversation: str, first: int, last: int) -> bool:
        """Was somebody out at any moment from one commit to another?"""
        return not self.was_always_in(user, conversation, first, last)

    def head(self, conversation: str, number: int) -> int:
        """How long a log was when there were so many commits."""
        return sum(1 for entry in self.log[conversation] if self.commit_of[entry.id] <= number)

    def last_id(self, number: int) -> int:
        """The id of the newest entry when there were so many commits."""
        return max((entry.id for entry in self.entries if self.commit_of[entry.id] <= number), default=0)

    def owed(self, user: str, conversation: str | None, *, only_messages: bool) -> int | None:
        """How far a reader is who misses nothing now; None when they have no right to be anywhere."""
        now = max(self.commit_of.values())
        if conversation is not None:
            if self.joined_at(user, conversation, now) is None:
                return None
            told = [entry for entry in self.log[conversation] if not only_messages or entry.kind == "MESSAGE_ADDED"]
            return told[-1].position if told else 0
        return max((entry.id for entry in self.entries if self.is_mine(user, entry, now)), default=0)

    def is_mine(self, user: str, entry: Logged, number: int) -> bool:
        """Does an entry belong into somebody's inbox when there were so many commits?"""
        joined = self.joined_at(user, entry.conversation, number)
        return (joined is not None and entry.position >= joined) or (entry.kind == "LEFT" and entry.user == user)
