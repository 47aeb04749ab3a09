"""What must be so in every run, as pure functions of its history: each gives the sentences of what is wrong."""

from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.audit_checks import check_audit_log
from tests.simulation.change_checks import check_changes
from tests.simulation.history import Acknowledged, Attached, Consumed, History, Refused, Stored, Told, Wrong
from tests.simulation.stream_checks import check_streams
from tests.simulation.truth import Truth
from tests.simulation.words import Words


def faults_of(history: History) -> list[str]:
    """Everything that is wrong with a run."""
    truth, words = Truth(history), Words(history)
    return [
        *(wrong.what for wrong in history.every(Wrong)),
        *check_log(history, truth),
        *check_messages(history),
        *check_acknowledged(history, words),
        *check_refused(history, truth),
        *check_senders(history, truth),
        *check_streams(history, truth, words),
        *check_consumed(history, truth),
        *check_changes(history, truth, words),
        *check_audit_log(history),
    ]


def check_log(history: History, truth: Truth) -> Iterator[str]:
    """The log is dense, grew only at its end, and is still what it was when it was committed."""
    if truth.entries != history.logged:
        yield "what was committed is not what is stored"
    for conversation, log in truth.log.items():
        if [entry.position for entry in log] != list(range(1, len(log) + 1)):
            yield f"the log of {conversation} has positions {[entry.position for entry in log]}"


def check_messages(history: History) -> Iterator[str]:
    """Messages are dense by seq, each has its own entry in the log, and one intent is one message."""
    by_conversation: dict[str, list[Stored]] = defaultdict(list)
    for stored in history.stored:
        by_conversation[stored.conversation].append(stored)
    for conversation, messages in by_conversation.items():
        if [stored.seq for stored in messages] != list(range(1, len(messages) + 1)):
            yield f"the messages of {conversation} have seqs {[stored.seq for stored in messages]}"
    places = {(one.conversation, one.position): one.id for one in history.stored}
    told = {(one.conversation, one.position): one.message_id for one in history.logged if one.kind == "MESSAGE_ADDED"}
    if places != told:
        yield "messages and the log tell of different places"
    bodies = [stored.body for stored in history.stored if stored.body and not stored.key.startswith("staff:")]
    yield from (f"{body!r} is stored {bodies.count(body)} times" for body in set(bodies) if bodies.count(body) > 1)


def check_acknowledged(history: History, words: Words) -> Iterator[str]:
    """What was acknowledged is stored, as it was acknowledged, whatever was repeated."""
    stored = {(one.conversation, one.author, one.key): one for one in history.stored}
    for told in history.every(Acknowledged):
        one = stored.get((told.conversation, told.author, told.key))
        if one is None:
            yield f"{told.key} was acknowledged and is not stored"
        elif (one.id, one.seq, one.position) != (told.message_id, told.seq, told.position):
            yield f"{told.key} was acknowledged as {told.seq} at {told.position}, and is {one.seq} at {one.position}"
        elif f"{told.conversation[-2:]} {told.key}" not in (first := _first_words(history, words, one)):
            yield f"{told.key} was stored as {first}"


def _first_words(history: History, words: Words, one: Stored) -> list[str | None]:
    """What a message said first. Where it changed in the commit that brought it, that is in its history, or gone."""
    edits: list[str | None] = [body for key, number, body in history.edits if (key, number) == (one.id, 1)]
    return edits or [body for _, body in words.of[one.id][:1]]


def check_senders(history: History, truth: Truth) -> Iterator[str]:
    """Who wrote a message was in the conversation by then."""
    for one in history.stored:
        if one.author != "system" and not truth.was_in_at(one.author, one.conversation, one.position):
            yield f"{one.key} is from somebody who was out"


def check_refused(history: History, truth: Truth) -> Iterator[str]:
    """Only who was out at some moment was told that they are."""
    for told in history.every(Refused):
        if not truth.was_ever_out(told.author, told.conversation, told.asked, told.number):
            yield f"{told.key} was refused to a member"


def check_consumed(history: History, truth: Truth) -> Iterator[str]:
    """A reader takes in each event once, in order, over all their streams; in one conversation without a gap."""
    taken: dict[str, list[int]] = defaultdict(list)
    told: dict[str, set[int]] = defaultdict(set)
    readers = {asked.stream: asked.reader for asked in history.every(Attached)}
    for event in history.every(Told):
        told[readers[event.stream]].add(event.place)
    for consumed in history.every(Consumed):
        taken[consumed.reader].append(consumed.place)
    for reader, places in taken.items():
        if not told[reader].issuperset(places):
            yield f"{reader} took in {sorted(set(places) - told[reader])}, which nobody told"
        _, what, *only_messages = reader.split("/")
        if what == "inbox":
            due = sorted(set(places))
        else:
            log = next(log for conversation, log in truth.log.items() if conversation.endswith(what))
            kinds = [entry.position for entry in log if not only_messages or entry.kind == "MESSAGE_ADDED"]
            due = [position for position in kinds if places[0] <= position <= places[-1]]
        if places != due:
            yield f"{reader} took in {places} of {due}"
