"""The marks of participants that a stream has told."""

from collections.abc import Iterable

from core.clock import now_ms
from db.participants import ParticipantRow

KEPT = 2000


class Marks:
    """Which marks were told, and when (milliseconds); of so many participants at most. Telling again does no harm."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, int, int]] = {}

    def untold(self, rows: Iterable[ParticipantRow]) -> list[ParticipantRow]:
        """Those of the rows that were not told like this; from now on they are."""
        untold = []
        for row in rows:
            marks = (row.read_seq, row.delivered_seq)
            if self._told.get(row.id, ())[:2] != marks:
                self._told[row.id] = (*marks, now_ms())
                untold.append(row)
        while len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        return untold

    def copy(self) -> "Marks":
        """The same, to be changed apart."""
        marks = Marks()
        marks._told = self._told.copy()
        return marks

    def match(self, other: "Marks", since: int) -> None:
        """Forget what was told from `since` on and is not known to another one, which heard everything since then."""
        for key, told in list(self._told.items()):
            if told[2] >= since and other._told.get(key, ())[:2] != told[:2]:
                del self._told[key]
