"""Checks of what was sent, what was acknowledged and what is stored."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.history import Attempt, History
from tests.faults.log import Log, Stored


def nothing_lost(history: History, log: Log) -> Iterator[str]:
    """What was acknowledged is in the log: this id, at this seq, with this key and body."""
    by_id = {message.id: message for message in log.messages}
    sent = first_attempts(history)
    for done in history.acknowledged:
        message = by_id.get(done.id)
        if message is None:
            yield f"{done.key} was acknowledged at {done.at:.3f} as {done.id}, seq {done.seq}, and is not there"
        elif (message.conversation, message.seq, message.key) != (done.conversation, done.seq, done.key):
            yield f"{done.key} was acknowledged with seq {done.seq}, and is {message.key} with seq {message.seq}"
        elif done.key in sent and message.body != sent[done.key].body:
            yield f"{done.key} has another body than was sent"


def one_message_per_key(history: History, log: Log) -> Iterator[str]:
    """A key is one message, however often it was sent, and each acknowledgement of it says the same."""
    stored: dict[tuple[str, str, str], list[Stored]] = defaultdict(list)
    for message in log.messages:
        stored[message.conversation, message.sender, message.key].append(message)
    for (_, _, key), messages in stored.items():
        if len(messages) > 1:
            yield f"{key} is stored {len(messages)} times, with the seqs {[message.seq for message in messages]}"
    answers: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for done in history.acknowledged:
        answers[done.key].add((done.id, done.seq))
    for key, said in answers.items():
        if len(said) > 1:
            yield f"{key} was acknowledged as different messages: {sorted(said)}"


def one_id_per_seq(history: History, log: Log) -> Iterator[str]:
    """A place in a conversation is one message, for whoever is told of it."""
    ids: dict[tuple[str, int], set[str]] = defaultdict(set)
    for message in log.messages:
        ids[message.conversation, message.seq].add(message.id)
    for done in history.acknowledged:
        ids[done.conversation, done.seq].add(done.id)
    for heard in history.heard:
        ids[heard.conversation, heard.seq].add(heard.id)
    for (conversation, seq), different in ids.items():
        if len(different) > 1:
            yield f"seq {seq} of {conversation} is {sorted(different)}"


def log_without_holes(_: History, log: Log) -> Iterator[str]:
    """Seqs and positions go 1, 2, 3 ..., each message has its event, and the row's counters say the last of each."""
    positions: dict[str, list[int]] = defaultdict(list)
    events: dict[tuple[str, int], str | None] = {}
    for entry in log.entries:
        positions[entry.conversation].append(entry.position)
        events[entry.conversation, entry.position] = entry.message
    messages = log.by_conversation()
    for conversation, counters in log.counters.items():
        seqs = [message.seq for message in messages[conversation]]
        if seqs != list(range(1, counters.last_seq + 1)):
            yield f"{conversation} counts {counters.last_seq} messages and holds the seqs {ends(seqs)}"
        if positions[conversation] != list(range(1, counters.last_event + 1)):
            yield f"{conversation} counts {counters.last_event} events and holds {ends(positions[conversation])}"
        places = [message.position for message in messages[conversation]]
        if places != sorted(places):
            yield f"{conversation} has seqs in another order than positions"
        for message in messages[conversation]:
            if events.get((conversation, message.position)) != message.id:
                yield f"seq {message.seq} of {conversation} has no event at {message.position}"


def ends(numbers: list[int]) -> str:
    """A long list of numbers in few words: its length, its ends, and the first step that is not by one."""
    odd = [(left, right) for left, right in pairwise(numbers) if right != left + 1]
    return f"{len(numbers)} from {numbers[:1]} to {numbers[-1:]}" + (f", first {odd[0]}" if odd else "")


def nothing_unsent(history: History, log: Log) -> Iterator[str]:
    """What is stored, and what was heard, was sent before: by this person, with this body."""
    sent = first_attempts(history)
    for message in log.messages:
        attempt = sent.get(message.key)
        if attempt is None or not is_what_was_sent(attempt, message.conversation, message.sender, message.body):
            yield f"{message.key}, seq {message.seq} of {message.conversation}, is stored and was never sent so"
    for heard in history.heard:
        attempt = sent.get(heard.key)
        if attempt is None or not is_what_was_sent(attempt, heard.conversation, heard.sender, heard.body):
            yield f"reader {heard.reader} heard {heard.key} with seq {heard.seq}, which was never sent so"
        elif heard.at < attempt.at:
            yield f"reader {heard.reader} heard {heard.key} before it was sent"


def first_attempts(history: History) -> dict[str, Attempt]:
    """The first attempt of each key."""
    first: dict[str, Attempt] = {}
    for attempt in history.attempts:
        first.setdefault(attempt.key, attempt)
    return first


def is_what_was_sent(attempt: Attempt, conversation: str, sender: str, body: int) -> bool:
    """Is this an attempt's message?"""
    return (attempt.conversation, attempt.sender, attempt.body) == (conversation, sender, body)


def everything_answered(history: History, _: Log) -> Iterator[str]:
    """Every message was acknowledged in the end, and nobody was refused."""
    answered = {done.key for done in history.acknowledged}
    for key, attempt in first_attempts(history).items():
        if key not in answered:
            yield f"{key}, first sent at {attempt.at:.3f}, was never acknowledged"
    for refused in history.refused:
        yield f"{refused.what} was refused with {refused.code} at {refused.at:.3f}"


def senders_order(history: History, log: Log) -> Iterator[str]:
    """A writer waits for each acknowledgement; so their messages stand in the order in which they were sent."""
    order = {key: (attempt.writer, number) for number, (key, attempt) in enumerate(first_attempts(history).items())}
    for conversation, messages in log.by_conversation().items():
        last: dict[str, int] = {}
        for message in messages:
            writer, number = order.get(message.key, (message.key, 0))
            if number < last.get(writer, -1):
                yield f"{message.key} stands behind what {writer} sent later, in {conversation}"
            last[writer] = number
