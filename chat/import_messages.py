"""Importing messages: appended to their conversations' logs as if they were sent now, with their original times."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chat.audit import MESSAGES_IMPORTED, Entry, record
from chat.import_lines import MessageLine
from chat.import_state import ImportState, Thread
from chat.messages import SYSTEM
from chat.refusals import NotFound, Refusal
from chat.send_rules import Content, hash_of
from chat.texts import check_body
from chat.work import UnitOfWork
from db import imports, participants, users
from db.conversations import ConversationRow
from db.ids import new_id
from db.imports import Counters, Marks, MessageKey
from db.messages import MessageRow
from db.participants import ParticipantRow

Messages: TypeAlias = Sequence[tuple[int, MessageLine]]


class _Log:
    """The end of one conversation's log, to which messages are appended, and its people's marks."""

    def __init__(self, row: ConversationRow, everybody: Sequence[ParticipantRow]) -> None:
        self.row = row
        self.roles = {person.user_id: person.role for person in everybody}
        self.members = [person.user_id for person in everybody if person.left_event is None]
        self._position = row.last_event
        self._seq = row.last_seq
        self._last_message_at = row.last_message_at or 0
        self._marks = {
            person.user_id: Marks(person.id, person.read_seq, person.read_at, person.delivered_seq)
            for person in everybody
            if person.left_event is None
        }
        self._before = dict(self._marks)

    def append(self, line: MessageLine, key: MessageKey, sender_id: str | None, thread: Thread) -> MessageRow:
        """The next message."""
        self._position += 1
        self._seq += 1
        self._last_message_at = max(self._last_message_at, line.created_at)
        for user_id, marks in self._marks.items():
            self._marks[user_id] = self._moved(user_id, marks, line, thread, is_own=user_id == sender_id)
        return MessageRow(
            id=new_id(),
            conversation_id=self.row.id,
            seq=self._seq,
            position=self._position,
            sender_id=sender_id,
            sender_role=self.roles[sender_id] if sender_id else None,
            author_key=key.author_key,
            client_key=key.client_key,
            content_hash=_hash_of(line),
            kind="TEXT" if sender_id else "SYSTEM",
            body=line.body,
            created_at=line.created_at,
            edited_at=None,
            deleted_at=None,
        )

    def _moved(self, user_id: str, marks: Marks, line: MessageLine, thread: Thread, *, is_own: bool) -> Marks:
        """Who writes has read. Others have, when they had read all before it and the file's mark is not behind them:
        what was unread in this database stays unread."""
        before = self._seq - 1
        is_read = is_own or (marks.read_seq == before and thread.read.may_move(user_id))
        is_delivered = is_read or (marks.delivered_seq == before and thread.delivered.may_move(user_id))
        if not is_delivered:
            return marks
        if not is_read:
            return Marks(marks.participant_id, marks.read_seq, marks.read_at, self._seq)
        return Marks(marks.participant_id, self._seq, line.created_at, self._seq)

    @property
    def counters(self) -> Counters | None:
        """Where the conversation stands now; None when nothing was appended."""
        if self._seq == self.row.last_seq:
            return None
        at = self._last_message_at
        return Counters(self.row.id, self._position, self._seq, at, at)

    @property
    def moved(self) -> list[Marks]:
        """The marks that moved, in the order of people's ids, as deliveries are stored."""
        return [marks for user_id, marks in sorted(self._marks.items()) if marks != self._before[user_id]]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A message line, its thread, and who wrote it."""

    number: int
    line: MessageLine
    thread: Thread
    log: _Log
    sender_id: str | None

    @property
    def key(self) -> MessageKey:
        """What may be sent only once."""
        return MessageKey(self.log.row.id, self.sender_id or SYSTEM, self.line.id)


async def store_messages(unit: UnitOfWork, state: ImportState, lines: Messages) -> None:
    """Messages that are not there yet, in the order of the file."""
    placed = await _place(unit, state, lines)
    sent = await imports.find_sent(unit.db, [message.key for message in placed])
    rows: list[MessageRow] = []
    for message in placed:
        before = sent.get(message.key)
        if before is not None and not _is_same(before, message.line):
            state.refuse(message.number, _conflict(before, message.line))
            continue
        if before is None:
            before = message.log.append(message.line, message.key, message.sender_id, message.thread)
            sent[message.key] = before
            rows.append(before)
            state.add(message.line, is_new=True)
        else:
            state.add(message.line, is_new=False)
        message.thread.read.pass_by(message.line.id)
        message.thread.delivered.pass_by(message.line.id)
    if rows:
        logs = {message.log.row.id: message.log for message in placed}
        await _store(unit, state, rows, [logs[key] for key in sorted(logs)])


async def _place(unit: UnitOfWork, state: ImportState, lines: Messages) -> list[_Placed]:
    """Find the conversation and the sender of each message."""
    ids = {state.threads[line.conversation].conversation_id for _, line in lines if line.conversation in state.threads}
    held = await imports.hold_conversations(unit.db, ids)
    everybody = await participants.find_all(unit.db, held.keys())
    logs = {key: _Log(row, everybody[key]) for key, row in held.items()}
    senders = await users.find_by_external_ids(unit.db, {line.sender for _, line in lines if line.sender is not None})
    placed = []
    for number, line in lines:
        try:
            thread = state.threads.get(line.conversation)
            if thread is None:
                raise NotFound("conversation", reason=f"No good line of this file is conversation {line.conversation}.")
            check_body(line.body, state.most_characters, "body")
            log = logs.get(thread.conversation_id)
            if log is None:
                raise NotFound("conversation", reason=f"Conversation {line.conversation} was deleted meanwhile.")
            sender = senders.get(line.sender) if line.sender is not None else None
            if line.sender is not None and (sender is None or sender.id not in log.roles):
                raise NotFound("sender", reason=f"{line.sender} is not in the conversation.")
            placed.append(_Placed(number, line, thread, log, sender.id if sender else None))
        except Refusal as refusal:
            state.refuse(number, refusal)
    return placed


def _hash_of(line: MessageLine) -> str:
    return hash_of(Content(line.body, (), line.id))


def _is_same(before: MessageRow, line: MessageLine) -> bool:
    return before.content_hash == _hash_of(line) and before.created_at == line.created_at


def _conflict(before: MessageRow, line: MessageLine) -> str:
    what = "time" if before.content_hash == _hash_of(line) else "text"
    return f"Conflict: message {line.id} of this sender is there already, with another {what}."


async def _store(unit: UnitOfWork, state: ImportState, rows: Sequence[MessageRow], logs: Sequence[_Log]) -> None:
    await imports.insert_messages(unit.db, rows, unit.now)
    await imports.save_counters(unit.db, [log.counters for log in logs if log.counters], unit.now)
    await imports.save_marks(unit.db, [marks for log in logs for marks in log.moved], unit.now)
    await record(unit, None, _entries_of(state, rows))
    for log in logs:
        if log.counters:
            unit.tell(log.row.id, log.counters.last_event, log.members)
            unit.tell_receipts(log.row.id, log.members)


def _entries_of(state: ImportState, rows: Iterable[MessageRow]) -> Iterator[Entry]:
    """For the audit log (decision 19): one entry for what came into each conversation."""
    brought: dict[str, list[MessageRow]] = {}
    for row in rows:
        brought.setdefault(row.conversation_id, []).append(row)
    for conversation_id, some in brought.items():
        words = f"{len(some)} from seq {some[0].seq} on, by {state.by}, SHA-256 {digest_of(some)}"
        yield Entry(MESSAGES_IMPORTED, "Conversation", conversation_id, words)


def digest_of(rows: Iterable[MessageRow]) -> str:
    """The digest of imported messages, in the order of their seqs: what stays of each, whatever becomes of it."""
    kept = [[row.id, row.seq, row.author_key, row.client_key, row.content_hash, row.created_at] for row in rows]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
