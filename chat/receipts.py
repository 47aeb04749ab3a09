"""Receipts: two marks for each participant, delivered and read, that only move forward."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from chat.access import get_membership
from chat.refusals import NotFound
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.tasks import end
from db import messages, participants
from db.away import DatabaseAway
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.participants import ParticipantRow

SENT = "SENT"
DELIVERED = "DELIVERED"
READ = "READ"

log = structlog.get_logger()


def status_of(message: MessageRow, everybody: Sequence[ParticipantRow]) -> str:
    """How far a message has come: READ or DELIVERED once every other person has it.

    Those count who are no staff, had joined by this message, and are still there. When nobody of them is left, the
    furthest that any other person came counts, whoever left and is in again included: a status never goes back.
    A system message is SENT.
    """
    if message.sender_id is None:
        return SENT
    others = [row for row in everybody if row.user_id != message.sender_id and not row.is_staff]
    present = [row for row in others if row.left_event is None and row.joined_seq < message.seq]
    counted, furthest = (present, min) if present else (others, max)
    if not counted:
        return SENT
    if furthest(row.read_seq for row in counted) >= message.seq:
        return READ
    return DELIVERED if furthest(row.delivered_seq for row in counted) >= message.seq else SENT


@dataclass(frozen=True, slots=True)
class UpTo:
    """How far: a message by its database id, None for one that names nothing; or everything there is."""

    message_id: str | None = None
    is_everything: bool = False


async def mark_read(work: Work, viewer: Viewer, conversation_id: str | None, up_to: UpTo) -> ConversationRow:
    """Read up to a message, or all of it. One row is written whatever the number of messages."""
    async with work.begin() as unit:
        membership = await get_membership(unit, viewer.id, conversation_id, "conversationId")
        seq = await _seq_of(unit, viewer, membership.conversation, up_to)
        if await participants.move_read(unit.db, membership.participant.id, seq=seq, now=unit.now):
            unit.tell_receipts(membership.conversation.id, membership.member_ids)
        return membership.conversation


async def mark_delivered(work: Work, viewer: Viewer, conversation_id: str | None, up_to: UpTo) -> ConversationRow:
    """A device of the viewer has everything up to a message, or all of it."""
    async with work.begin() as unit:
        membership = await get_membership(unit, viewer.id, conversation_id, "conversationId")
        seq = await _seq_of(unit, viewer, membership.conversation, up_to)
        if await participants.move_delivered(unit.db, membership.conversation.id, viewer.id, seq=seq, now=unit.now):
            unit.tell_receipts(membership.conversation.id, membership.member_ids)
        return membership.conversation


async def _seq_of(unit: UnitOfWork, viewer: Viewer, conversation: ConversationRow, up_to: UpTo) -> int:
    if up_to.is_everything:
        return conversation.last_seq
    found = await messages.find_visible(unit.db, viewer.id, [up_to.message_id] if up_to.message_id else [])
    message = found.get(up_to.message_id or "")
    if message is None or message.conversation_id != conversation.id:
        raise NotFound("upToMessageId")
    return message.seq


class Deliveries:
    """Gathers what was written to people's sockets, and stores it once in a while: one write however much came."""

    _most = 10_000

    def __init__(self, work: Work, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._waiting: dict[tuple[str, str], int] = {}
        self._some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to store."""
        self._task = asyncio.create_task(self._run(), name="deliveries")

    async def stop(self) -> None:
        """Store what is left, and end."""
        if self._task is not None:
            await end([self._task])
        try:
            await self.flush()
        except DatabaseAway:
            log.warning("deliveries.lost", count=len(self._waiting))  # They are told again with the next delivery.

    def note(self, conversation_id: str, user_id: str, seq: int) -> None:
        """A socket of a person has taken the message of this seq."""
        key = (conversation_id, user_id)
        if len(self._waiting) < self._most or key in self._waiting:
            self._waiting[key] = max(seq, self._waiting.get(key, 0))
            self._some.set()

    async def flush(self, patience: float = 0) -> None:
        """Store what was noted since the last time; with `patience`, when others are stored, if that is soon."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            await self._store(waiting, patience)
        except BaseException:
            for (conversation_id, user_id), seq in waiting.items():
                self.note(conversation_id, user_id, seq)
            raise

    async def _store(self, waiting: Mapping[tuple[str, str], int], patience: float) -> None:
        async with self._work.begin(patience=patience) as unit:
            # In one order everywhere, so that two processes never wait for each other.
            for (conversation_id, user_id), seq in sorted(waiting.items()):
                if await participants.move_delivered(unit.db, conversation_id, user_id, seq=seq, now=unit.now):
                    members = await participants.find_member_ids(unit.db, conversation_id)
                    unit.tell_receipts(conversation_id, members)

    async def _run(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            await asyncio.sleep(self._seconds)
            try:
                await self.flush(patience=self._seconds)
            except Exception as error:  # noqa: BLE001 - the next turn tries again
                log.warning("deliveries.failed", error=type(error).__name__)
