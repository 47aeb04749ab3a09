"""Checks of what pairs changed: what was acknowledged holds, in what is shown, found, told and stored."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from chat.audit import CONVERSATION_CLOSED, CONVERSATION_REOPENED, MESSAGE_DELETED, MESSAGE_EDITED, MESSAGE_REMOVED
from tests.faults.changes import Changes, Done, Saw, Searched, Told
from tests.faults.history import History
from tests.faults.log import Log

GONE = {"delete", "remove"}
#: What silences a pair, what ends that, and how whoever speaks is refused.
SILENCES = {"block": ("unblock", "BLOCKED"), "close": ("reopen", "CONVERSATION_CLOSED")}
NOTED = {
    "edit": MESSAGE_EDITED,
    "delete": MESSAGE_DELETED,
    "remove": MESSAGE_REMOVED,
    "close": CONVERSATION_CLOSED,
    "reopen": CONVERSATION_REOPENED,
}
#: The event that an act is told by: of a block and of its end both learn, so that each follows again who is there.
EVENTS = {
    "say": "MESSAGE_ADDED",
    **dict.fromkeys(("edit", "delete", "remove", "react", "take back"), "MESSAGE_UPDATED"),
    **dict.fromkeys(("block", "unblock", "close", "reopen"), "CONVERSATION_UPDATED"),
}


@dataclass(slots=True)
class State:
    """A message, as far as its pair has come."""

    body: str | None = None
    edits: tuple[str, ...] = ()
    emoji: frozenset[str] = field(default_factory=frozenset)

    def take(self, done: Done) -> None:
        """Something was done to it."""
        match done.what:
            case "say":
                self.body = done.text
            case "edit":
                self.edits, self.body = (*self.edits, self.body or ""), done.text
            case "react" | "take back":
                self.emoji ^= {done.text}
            case _:
                self.body, self.edits, self.emoji = None, (), frozenset()

    @property
    def shown(self) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
        """Its words, what it said before, and its emoji."""
        return self.body, self.edits, tuple(sorted(self.emoji))


def states_at(changes: Changes, looks: list[Saw] | list[Searched]) -> Iterator[tuple[Saw | Searched, State]]:
    """Each look, with what its message was when it was asked for."""
    states: dict[str, State] = defaultdict(State)
    done = iter([*changes.done, None])
    following = next(done)
    for look in looks:
        while following is not None and following.at <= look.asked_at:
            states[following.message].take(following)
            following = next(done)
        yield look, states[look.message]


def changes_are_seen(history: History, _: Log) -> Iterator[str]:
    """Whoever looks is shown what was acknowledged: the words of the last edit, none of what is deleted."""
    for saw, state in states_at(history.changes, history.changes.saw):
        if isinstance(saw, Saw) and not (saw.is_there and (saw.body, saw.edits, saw.emoji) == state.shown):
            yield f"{saw.person} saw {saw} at {saw.asked_at:.3f}, and it was {state.shown}"


def words_are_found(history: History, _: Log) -> Iterator[str]:
    """A search finds a message by the words that it has, and not by those that it had."""
    for look, state in states_at(history.changes, history.changes.searched):
        if isinstance(look, Searched) and look.is_found != (state.body == look.word):
            verb = "found" if look.is_found else "did not find"
            yield f"{look.person} {verb} {look.word} at {look.asked_at:.3f} in what said {state.body}"


def silence_holds(history: History, log: Log) -> Iterator[str]:
    """After an acknowledged block or closing nobody is heard, until it ends; before and after, everybody is."""
    keys = {message.key for message in log.kept.messages}
    silences = list(silences_of(history.changes))
    for tried in history.changes.tried:
        allowed = {""}
        for place, code, asked_at, from_at, to_at, over_at in silences:
            if place != tried.place or tried.at < asked_at or tried.asked_at > over_at:
                continue
            is_silent = tried.asked_at >= from_at and tried.at <= to_at
            allowed = {code} if is_silent else allowed | {code}
        if tried.code not in allowed:
            yield f"{tried.key or 'an edit'} was answered {tried.code or 'yes'!r} at {tried.at:.3f}, not {allowed}"
        if tried.key and (tried.key in keys) != (not tried.code):
            yield f"{tried.key} was answered {tried.code or 'yes'!r}, and is stored: {tried.key in keys}"


def silences_of(changes: Changes) -> Iterator[tuple[str, str, float, float, float, float]]:
    """Of each: the place, the code, when it was asked for and acknowledged, and when its end was."""
    begun: dict[tuple[str, str], tuple[Done, str]] = {}
    for done in changes.done:
        if done.what in SILENCES:
            what, code = SILENCES[done.what]
            begun[done.place, what] = done, code
        elif (done.place, done.what) in begun:
            first, code = begun.pop((done.place, done.what))
            yield done.place, code, first.asked_at, first.at, done.asked_at, done.at
    for first, code in begun.values():
        yield first.place, code, first.asked_at, first.at, float("inf"), float("inf")


def changes_are_kept(history: History, log: Log) -> Iterator[str]:
    """In the end each message is what its pair made of it; nothing is left of one that is deleted."""
    states: dict[str, State] = defaultdict(State)
    for done in history.changes.done:
        if done.message:
            states[done.message].take(done)
    for message in log.kept.messages:
        state = states.pop(message.id, State()).shown
        if (message.body, message.edits, message.emoji) != state:
            yield f"{message} is kept, and was made {state}"
    for message_id in states:
        yield f"{message_id} is not there"


def changes_are_logged_once(history: History, log: Log) -> Iterator[str]:
    """Each act has one event and one entry of the audit log, however often it was asked for."""
    events = Counter((place, kind, message) for place, _, kind, message in log.kept.entries)
    events.subtract((place, "CONVERSATION_UPDATED", None) for place in history.changes.places)  # Its opening.
    noted = Counter((entry.action, entry.target_id) for entry in log.noted if entry.action in NOTED.values())
    for done in history.changes.done:
        if done.what in EVENTS:
            events[done.place, EVENTS[done.what], done.message or None] -= 1
        if done.what in NOTED:
            noted[NOTED[done.what], done.message or done.place] -= 1
    for what, count in [*events.items(), *noted.items()]:
        if count:
            yield f"{what} is there {count:+} times more than it was done"


def events_are_told_once(history: History, log: Log) -> Iterator[str]:
    """Each follower is told each event of the log once and in order, over all connections, up to the last."""
    entries = {(place, position): (kind, message) for place, position, kind, message in log.kept.entries}
    last = {place: position for place, position, *_ in log.kept.entries}
    for told in (each for tolds in told_by(history.changes).values() for each in tolds):
        if (told.kind, told.message) != entries.get((told.place, told.position)):
            yield f"reader {told.reader} was told {told.kind} of {told.message} at {told.position}, and it is not so"
    for (reader, place), tolds in told_by(history.changes).items():
        positions = [told.position for told in tolds]
        expected = list(range(2, last.get(place, 0) + 1))
        if positions != expected:
            odd = [pair for pair in zip(positions, expected, strict=False) if pair[0] != pair[1]][:1]
            yield f"reader {reader} was told {len(positions)} events for {len(expected)}; first odd: {odd}"


def told_by(changes: Changes) -> dict[tuple[int, str], list[Told]]:
    """What each follower was told, in the order of telling."""
    tolds: dict[tuple[int, str], list[Told]] = defaultdict(list)
    for told in changes.told:
        tolds[told.reader, told.place].append(told)
    return tolds


def deleted_is_told_no_more(history: History, log: Log) -> Iterator[str]:
    """From the event of its deletion on nobody is told the words of a message."""
    gone = {done.message for done in history.changes.done if done.what in GONE}
    places = {message: position for _, position, _, message in log.kept.entries if message in gone}
    for told in history.changes.told:
        if told.body is not None and told.position >= places.get(told.message or "", told.position + 1):
            yield f"reader {told.reader} was told what {told.message} said at {told.position}, where it was gone"


CHECKS: tuple[Callable[[History, Log], Iterator[str]], ...] = (
    changes_are_seen,
    words_are_found,
    silence_holds,
    changes_are_kept,
    changes_are_logged_once,
    events_are_told_once,
    deleted_is_told_no_more,
)
