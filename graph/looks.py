"""What staff were shown in one operation, to be in the audit log before they have it."""

from collections.abc import Iterable

from chat.audit import Entry, record
from chat.work import Work


class Looks:
    """Notes each thing once, and stores what was noted."""

    __slots__ = ("_noted",)

    def __init__(self) -> None:
        self._noted: dict[Entry, None] = {}

    def note(self, action: str, target_type: str | None = None, ids: Iterable[str | None] = (None,)) -> None:
        """Things of one type were shown, by their database ids; or something without an id."""
        for key in ids:
            self._noted[Entry(action, None if key is None else target_type, key)] = None

    def __bool__(self) -> bool:
        """Is there anything to store?"""
        return bool(self._noted)

    async def store(self, work: Work, viewer_id: str) -> None:
        """Write all of it into the log. Without it the answer must not leave."""
        async with work.begin() as unit:
            await record(unit, viewer_id, self._noted)
        self._noted.clear()
