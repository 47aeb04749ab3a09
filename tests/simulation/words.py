"""What every message said at each moment of a run, and what was closed, blocked and put away then."""

from collections import defaultdict

from tests.simulation.history import Committed, History, Kept


class Words:
    """Made from the commits of a run."""

    def __init__(self, history: History) -> None:
        #: Of each message its words after commits, as (commit, words), from the first on; None when they are gone.
        self.of: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        self._kept: list[frozenset[Kept]] = [frozenset()]
        for committed in history.every(Committed):
            for said in committed.said:
                self.of[said.message_id].append((committed.number, said.body))
            self._kept.append(frozenset(committed.kept))

    def between(self, message_id: str, first: int, last: int) -> set[str | None]:
        """All that a message said from one commit to another; nothing for one that was not there."""
        said = self.of.get(message_id, [])
        before = [body for number, body in said if number <= first][-1:]
        return {*before, *(body for number, body in said if first < number <= last)}

    def is_gone(self, message_id: str, number: int) -> bool:
        """Was a message deleted when there were so many commits?"""
        return self.between(message_id, number, number) == {None}

    def kept(self, number: int) -> frozenset[Kept]:
        """What held after a commit."""
        return self._kept[number]

    def ever_kept(self, what: str, first: int, last: int) -> set[Kept]:
        """All of one kind that held at some moment from one commit to another."""
        return {kept for number in range(first, last + 1) for kept in self._kept[number] if kept.what == what}
