"""Checks of what queries say: the newest message, unread counts and marks."""

import bisect
from collections import defaultdict
from collections.abc import Iterator

from tests.faults.checks_of_acts import first_attempts
from tests.faults.history import History
from tests.faults.log import Log

#: A person and a conversation.
Place = tuple[str, str]


class Heads:
    """How far something had come at a time: the greatest seq that was told before it."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._seqs: list[int] = []

    def add(self, at: float, seq: int) -> None:
        """Something was told; in the order of time."""
        self._times.append(at)
        self._seqs.append(max(seq, self._seqs[-1] if self._seqs else 0))

    def at(self, time: float) -> int:
        """The greatest before a time; 0 for none."""
        known = bisect.bisect_left(self._times, time)
        return self._seqs[known - 1] if known else 0


def read_your_writes(history: History, _: Log) -> Iterator[str]:
    """A query that began after an acknowledgement knows of it, at any server: anybody's message, and one's own mark."""
    sent, heads, marks = first_attempts(history), defaultdict[str, Heads](Heads), defaultdict[Place, Heads](Heads)
    for done in history.acknowledged:
        heads[done.conversation].add(done.at, done.seq)
        marks[sent[done.key].sender, done.conversation].add(done.at, done.seq)
    for look in history.looked:
        head = heads[look.conversation].at(look.asked_at)
        if look.last_seq < head:
            yield f"{look.person} asked at {look.asked_at:.3f} and saw seq {look.last_seq}, {head} was acknowledged"
        mark = marks[look.person, look.conversation].at(look.asked_at)
        if look.read_seq < mark:
            yield f"{look.person} had sent seq {mark} by {look.asked_at:.3f}, and had read only {look.read_seq}"


def snapshots_agree(history: History, log: Log) -> Iterator[str]:
    """An answer is of one moment: the newest message ends the page, and unread is what is above the mark."""
    senders = {(message.conversation, message.seq): message.sender for message in log.messages}
    for look in history.looked:
        seqs = [seq for seq, _, _ in look.page]
        if seqs != list(range(look.last_seq - len(seqs) + 1, look.last_seq + 1)):
            yield f"{look.person} saw the newest message {look.last_seq} over a page of {seqs}"
        unread = sum(
            senders.get((look.conversation, seq)) != look.person for seq in range(look.read_seq + 1, look.last_seq + 1)
        )
        if look.last_at != look.newest_at:
            yield f"{look.person} was told {look.last_at} as the time of a message of {look.newest_at}"
        if unread != look.unread:
            yield f"{look.person} read {look.read_seq} of {look.last_seq} and was told {look.unread} for {unread}"


def marks_equal_acts(history: History, log: Log) -> Iterator[str]:
    """Everybody has read up to what they last sent or marked, no less and no more."""
    marks: dict[tuple[str, str], int] = defaultdict(int)
    sent = first_attempts(history)
    for done in history.acknowledged:
        if done.key in sent:
            place = sent[done.key].sender, done.conversation
            marks[place] = max(done.seq, marks[place])
    for mark in history.marked:
        marks[mark.person, mark.conversation] = max(mark.seq, marks[mark.person, mark.conversation])
    for part in log.parts:
        if part.read_seq != marks[part.person, part.conversation]:
            expected = marks[part.person, part.conversation]
            yield f"{part.person} has read {part.read_seq} of {part.conversation}, and acted up to {expected}"


def unread_equals_log(_: History, log: Log) -> Iterator[str]:
    """In the end everybody is told as many unread messages as the log holds above their mark."""
    messages = log.by_conversation()
    marks = {(part.person, part.conversation): part.read_seq for part in log.parts}
    for shown in log.shown:
        mark = marks[shown.person, shown.conversation]
        unread = sum(row.seq > mark and row.sender != shown.person for row in messages[shown.conversation])
        if (shown.unread, shown.read_seq) != (unread, mark):
            yield (
                f"{shown.person} is told {shown.unread} unread above {shown.read_seq} in {shown.conversation}; "
                f"the log has {unread} above {mark}"
            )


def last_message_equals_log(_: History, log: Log) -> Iterator[str]:
    """In the end the newest message that everybody is shown is the log's, and so is its time."""
    messages = log.by_conversation()
    for shown in log.shown:
        newest = messages[shown.conversation][-1] if messages[shown.conversation] else None
        expected = (None, 0) if newest is None else (newest.id, newest.seq)
        if (shown.last_id, shown.last_seq) != expected:
            yield f"{shown.person} is shown {shown.last_seq} as the newest of {shown.conversation}, not {expected[1]}"
    for conversation, counters in log.counters.items():
        if counters.last_message_at != counters.newest_at:
            yield f"{conversation} dates its newest message {counters.last_message_at}, not {counters.newest_at}"
