"""What must be so of changes: words that are gone stay so, edits are kept, blocks and closings hold, and a search finds
what is there."""

from collections import defaultdict
from collections.abc import Iterator

from tests.simulation.cast import CONVERSATIONS, IDS
from tests.simulation.history import Changed, Committed, Found, History, Hushed, Stored
from tests.simulation.truth import Truth
from tests.simulation.words import Words


def check_changes(history: History, truth: Truth, words: Words) -> Iterator[str]:
    """Everything about changes."""
    yield from check_deleted(history, words)
    yield from check_edits(history, words)
    yield from check_silence(history, truth, words)
    yield from check_hushed(history, truth, words)
    yield from check_staff_members(history, truth)
    yield from check_archived(history, words)
    yield from check_found(history, truth, words)


def check_deleted(history: History, words: Words) -> Iterator[str]:
    """What was acknowledged as deleted or removed is gone for good, with all that hung on it."""
    gone = {one.id for one in history.stored if one.body is None}
    for told in history.every(Changed):
        if told.what in ("delete", "remove") and not words.is_gone(told.message_id, told.number):
            yield f"a message was acknowledged as gone after commit {told.number}, and is not"
    for message_id, said in words.of.items():
        bodies = [body for _, body in said]
        if None in bodies and any(body is not None for body in bodies[bodies.index(None) :]):
            yield f"a message came back: {bodies}"
        if (bodies[-1] is None) != (message_id in gone):
            yield f"a message that ended as {bodies[-1]!r} is stored otherwise"
    left = {message_id for message_id, *_ in (*history.edits, *history.reactions)}
    yield from (f"something of a deleted message is left: {one.key}" for one in history.stored if one.id in left & gone)


def check_edits(history: History, words: Words) -> Iterator[str]:
    """The history of a message is all that it said, in order, and what was acknowledged is among it."""
    kept: dict[str, list[str]] = defaultdict(list)
    for message_id, number, body in history.edits:
        kept[message_id].append(body)
        if number != len(kept[message_id]):
            yield f"an edit has number {number} and is the {len(kept[message_id])}th"
    acknowledged: dict[str, set[str]] = defaultdict(set)
    for told in history.every(Changed):
        if told.what == "edit":
            acknowledged[told.message_id].add(told.body)
    for stored in history.stored:
        if stored.body is None:
            continue
        bodies = [*kept[stored.id], stored.body]
        seen = [body for _, body in words.of[stored.id]]
        # Of several edits that came with one commit only the last was seen.
        rest: Iterator[str | None] = iter(bodies)
        if not all(body in rest for body in dict.fromkeys(seen)):
            yield f"{stored.key} said {seen}, and its history is {bodies}"
        if missing := acknowledged[stored.id] - {*bodies}:
            yield f"{stored.key} was edited to {missing}, which is not in its history {bodies}"


def check_silence(history: History, truth: Truth, words: Words) -> Iterator[str]:
    """Nothing was said where a block bound the only two, or where staff had closed, before and after a commit."""
    stored = {one.id: one for one in history.stored}
    for committed in history.every(Committed):
        before, after = words.kept(committed.number - 1), words.kept(committed.number)
        held = before & after
        changed = {entry.conversation for entry in committed.entries if entry.kind == "CONVERSATION_UPDATED"}
        closed = {kept.one for kept in held if kept.what == "closed"} - changed
        bound = {frozenset((kept.one, kept.other)) for kept in held if kept.what == "blocked"}
        for entry in committed.entries:
            one = stored.get(entry.message_id or "") if entry.kind == "MESSAGE_ADDED" else None
            if one is None or one.author == "system":
                continue
            if one.conversation in closed:
                yield f"{one.key} was sent into a closed conversation"
            members = _members(truth, one, committed.number)
            if members == _members(truth, one, committed.number - 1) and members in bound:
                yield f"{one.key} was sent in spite of a block"


def _members(truth: Truth, one: Stored, number: int) -> frozenset[str]:
    """Who was in a conversation but staff."""
    people = (IDS[name] for name in IDS if name != "sue")
    return frozenset(user for user in people if truth.joined_at(user, one.conversation, number) is not None)


def check_hushed(history: History, truth: Truth, words: Words) -> Iterator[str]:
    """Whoever was told that they may not could not, at some moment from their asking on."""
    for told in history.every(Hushed):
        match told.why:
            case "ConversationClosed":
                closed = words.ever_kept("closed", told.asked, told.number)
                is_so = any(kept.one == told.conversation for kept in closed)
            case "Blocked":
                blocks = words.ever_kept("blocked", told.asked, told.number)
                is_so = any(told.author in (kept.one, kept.other) for kept in blocks)
            case "Invalid":
                is_so = words.is_gone(told.message_id, told.number)
            case _:
                places = [told.conversation] if told.conversation else CONVERSATIONS
                is_so = any(truth.was_ever_out(told.author, place, told.asked, told.number) for place in places)
        if not is_so:
            yield f"{told} without a reason"


def check_staff_members(history: History, truth: Truth) -> Iterator[str]:
    """Who was told that they are in a conversation, or out of it, was so at some moment from their asking on; and who
    was told to be staff no more was out of each. At some moment only: what they asked before may be done later."""
    for told in history.every(Changed):
        places = (told.conversation,) if told.conversation else CONVERSATIONS
        if told.what in ("leave", "lose"):
            stays = [place for place in places if truth.was_always_in(told.author, place, told.asked, told.number)]
            yield from (f"{told} and is in {place} all the time" for place in stays)
        moments = range(told.asked, told.number + 1)
        if told.what == "join" and all(truth.joined_at(told.author, told.conversation, at) is None for at in moments):
            yield f"{told} and never was in"


def check_archived(history: History, words: Words) -> Iterator[str]:
    """What somebody put away comes back with the next message."""
    for committed in history.every(Committed):
        told = {entry.conversation for entry in committed.entries if entry.kind == "MESSAGE_ADDED"}
        for kept in words.kept(committed.number - 1) & words.kept(committed.number):
            if kept.what == "archived" and kept.one in told:
                yield f"{kept} stayed away at commit {committed.number}"


def check_found(history: History, truth: Truth, words: Words) -> Iterator[str]:
    """A search gives all that held the word the whole time, of conversations in which its asker was; nothing else."""
    for found in history.every(Found):
        for one in history.stored:
            said = words.between(one.id, found.asked, found.number)
            holds = {body is not None and f" {found.word} " in f" {body} " for body in said}
            was_in = truth.was_always_in(found.author, one.conversation, found.asked, found.number)
            is_found, known = one.id in found.message_ids, words.of[one.id]
            was_there = bool(known) and known[0][0] <= found.asked
            if is_found and True not in holds:
                yield f"{found.word} found {one.key}, which said {said}"
            if not is_found and was_in and was_there and holds == {True}:
                yield f"{found.word} did not find {one.key}, which said {said}"
            moments = range(found.asked, found.number + 1)
            if is_found and all(truth.joined_at(found.author, one.conversation, at) is None for at in moments):
                yield f"{found.word} found {one.key} for somebody who is out"
