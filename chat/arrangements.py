"""What people arrange for themselves: put a conversation away, mute it, pin it. Nobody else learns of it.

It is state, as receipts are: the log, which all members read, holds nothing of it. A person's other devices hear a
bell of their own inbox, and who was away is told what was arranged meanwhile.
"""

from collections.abc import Iterable

from chat.access import get_membership
from chat.topics import arranged_bell
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.bells import Bell, decode_hint
from core.clock import now_ms
from db import arrangements
from db.arrangements import ArrangementRow
from db.conversations import ConversationRow

KEPT = 2000


async def archive(work: Work, viewer: Viewer, conversation_id: str | None, *, archived: bool) -> ConversationRow:
    """Put a conversation away until the next message, or take it back."""
    async with work.begin() as unit:
        found = (await get_membership(unit, viewer.id, conversation_id, "conversationId")).conversation
        if await arrangements.save_archived(unit.db, found.id, viewer.id, archived=archived, now=unit.now):
            _tell(unit, viewer, found)
        return found


async def pin(work: Work, viewer: Viewer, conversation_id: str | None, *, pinned: bool) -> ConversationRow:
    """Pin a conversation, or no longer."""
    async with work.begin() as unit:
        found = (await get_membership(unit, viewer.id, conversation_id, "conversationId")).conversation
        if await arrangements.save_pinned(unit.db, found.id, viewer.id, pinned=pinned, now=unit.now):
            _tell(unit, viewer, found)
        return found


async def mute(work: Work, viewer: Viewer, conversation_id: str | None, *, until: int | None) -> ConversationRow:
    """Mute a conversation until a time in milliseconds; with None, or a time that is over, no longer."""
    async with work.begin() as unit:
        found = (await get_membership(unit, viewer.id, conversation_id, "conversationId")).conversation
        wanted = until if until is not None and until > unit.now else None
        if await arrangements.save_muted(unit.db, found.id, viewer.id, until=wanted, now=unit.now):
            _tell(unit, viewer, found)
        return found


def _tell(unit: UnitOfWork, viewer: Viewer, conversation: ConversationRow) -> None:
    unit.ring([arranged_bell(conversation.id, viewer.id)])


def arranged_in(bells: Iterable[Bell]) -> set[str]:
    """The conversations in which bells tell that something was arranged."""
    hints = (decode_hint(bell.hint) for bell in bells if bell.hint is not None)
    return {str(hint.get("conversation")) for hint in hints if hint.get("kind") == "arranged"}


class Arranged:
    """What a stream has told of this; of so many conversations at most. Telling again does no harm."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: dict[str, tuple[ArrangementRow, int]] = {}

    def untold(self, rows: Iterable[ArrangementRow]) -> list[str]:
        """The conversations in which it was not told like this; from now on it is."""
        untold = []
        for row in rows:
            if self._told.get(row.conversation_id, ())[:1] != (row,):
                self._told[row.conversation_id] = (row, now_ms())
                untold.append(row.conversation_id)
        while len(self._told) > KEPT:
            del self._told[next(iter(self._told))]
        return untold

    def copy(self) -> "Arranged":
        """The same, to be changed apart."""
        arranged = Arranged()
        arranged._told = self._told.copy()
        return arranged

    def match(self, other: "Arranged", since: int) -> None:
        """Forget what was told from `since` on and is not known to another one, which heard everything since then."""
        for key, (row, at) in list(self._told.items()):
            if at >= since and other._told.get(key, ())[:1] != (row,):
                del self._told[key]
