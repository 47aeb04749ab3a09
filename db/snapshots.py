"""PostgreSQL's snapshots, as values: which transactions are visible in one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from db.engine import Reading
from db.statements import Statement


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Transactions below `xmin` are visible; from `xmax` on none; between them all but the `running`."""

    xmin: int
    xmax: int
    running: tuple[int, ...]

    @property
    def text(self) -> str:
        """As PostgreSQL writes it."""
        return f"{self.xmin}:{self.xmax}:{','.join(str(xid) for xid in self.running)}"

    @property
    def parts(self) -> tuple[int | str, ...]:
        """As a token holds it, the number that grows first."""
        return (self.xmax, self.xmin, ",".join(str(xid) for xid in self.running))

    @staticmethod
    def is_snapshot(parts: Sequence[int | str]) -> bool:
        """Could these be the parts of a snapshot?"""
        match list(parts):
            case [int(xmax), int(xmin), str(running)]:
                words = running.split(",") if running else []
                numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 20]
                ordered = [xmin - 1, *numbers, xmax]
                return 0 < xmin <= xmax and len(numbers) == len(words) and ordered == sorted(set(ordered))
        return False

    @classmethod
    def of(cls, parts: Sequence[int | str]) -> "Snapshot":
        """The snapshot of a token's parts."""
        xmax, xmin, running = parts
        return cls(int(xmin), int(xmax), tuple(int(word) for word in str(running).split(",") if word))

    def holds(self, xid: int) -> bool:
        """Is a transaction visible?"""
        return xid < self.xmin or (xid < self.xmax and xid not in self.running)

    def clamped(self, newest: int) -> "Snapshot":
        """The same, without what no event was ever written by.

        After a crash PostgreSQL may give a transaction's id again when nothing of it was committed: a token must not
        call such an id told.
        """
        xmax = min(self.xmax, newest + 1)
        return Snapshot(min(self.xmin, xmax), xmax, tuple(xid for xid in self.running if xid < xmax))


_SNAPSHOT = Statement(
    text(
        "select pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text,"
        " array(select x::text from pg_snapshot_xip(s) x),"
        # Of the table's column: a bare `xid` would be the text before it, by which 999 is newer than 1000.
        " coalesce((select xid::text from events order by events.xid desc limit 1), '2')"
        " from pg_current_snapshot() s"
    )
)


async def read_snapshot(db: Reading) -> Snapshot:
    """What this reading sees of the log."""
    row = await db.first(_SNAPSHOT)
    if row is None:
        raise LookupError("PostgreSQL told no snapshot.")
    xmin, xmax, running, newest = row
    return Snapshot(int(xmin), int(xmax), tuple(sorted(map(int, running)))).clamped(int(newest))
