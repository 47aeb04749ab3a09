"""What must be so of the audit log: it has an entry for each act, and no second one, and its chain is unbroken."""

from collections import Counter
from collections.abc import Iterator

from chat.sealing import ROOT, hash_of
from tests.simulation.cast import CONVERSATIONS, IDS
from tests.simulation.history import Changed, Committed, History, Kept, Stored

#: What is written of each act.
ACTIONS = {
    "edit": ("message.edited",),
    "delete": ("message.deleted", "message.removed"),
    "remove": ("message.deleted", "message.removed"),
    "join": ("conversation.joined",),
    "close": ("conversation.closed",),
}


def check_audit_log(history: History) -> Iterator[str]:
    """Everything about the audit log."""
    count = Counter((entry.action, entry.target_id or "") for entry in history.entries)
    yield from check_acknowledged_acts(history, count)
    edits = Counter(message_id for message_id, *_ in history.edits)
    for one in history.stored:
        yield from check_message(one, edits[one.id], count)
    yield from check_staff(history, count)
    yield from check_chain(history)


def check_acknowledged_acts(history: History, count: Counter[tuple[str, str]]) -> Iterator[str]:
    """What was acknowledged has an entry; of what was so already it is somebody else's."""
    for told in history.every(Changed):
        actions = ACTIONS.get(told.what, ())
        if actions and not any(count[action, told.message_id or told.conversation] for action in actions):
            yield f"there is no entry of {told}"


def check_message(one: Stored, edits: int, count: Counter[tuple[str, str]]) -> Iterator[str]:
    """Of a message there are as many entries as there were acts."""
    if count["message.sent", one.id] != 1:
        yield f"{one.key} has {count['message.sent', one.id]} entries of its sending"
    if one.body is not None and count["message.edited", one.id] != edits:
        yield f"{one.key} has {edits} edits and {count['message.edited', one.id]} entries of them"
    ends = count["message.deleted", one.id] + count["message.removed", one.id]
    if ends != (one.body is None):
        yield f"{one.key} ended as {one.body!r} and has {ends} entries of that"


def check_staff(history: History, count: Counter[tuple[str, str]]) -> Iterator[str]:
    """Staff join and leave, close and reopen as often as there are entries of it."""
    for conversation in CONVERSATIONS:
        hers = [
            entry.kind for entry in history.logged if (entry.conversation, entry.user) == (conversation, IDS["sue"])
        ]
        for kind in ("JOINED", "LEFT"):
            if count[f"conversation.{kind.lower()}", conversation] != hers.count(kind):
                yield f"staff {kind.lower()} without an entry"
        is_closed = any(kept.what == "closed" and kept.one == conversation for kept in last_kept(history))
        if count["conversation.closed", conversation] - count["conversation.reopened", conversation] != is_closed:
            yield "a conversation was opened or closed without an entry"


def last_kept(history: History) -> tuple[Kept, ...]:
    """What holds at the end."""
    return [*history.every(Committed)][-1].kept


def check_chain(history: History) -> Iterator[str]:
    """The chain is dense and holds; each entry is in it once, or waits for it."""
    entries = {entry.id: entry for entry in history.entries}
    last = ROOT
    for number, (link, entry_id, hash_) in enumerate(history.links, 1):
        if link != number or entry_id not in entries or hash_of(last, link, entries[entry_id]) != hash_:
            yield f"the chain breaks at {number}"
        last = hash_
    sealed = [entry_id for _, entry_id, _ in history.links]
    if sorted([*sealed, *history.waiting]) != sorted(entries):
        yield "entries are in the chain twice, or not at all"
