"""Checks of the audit log: each message has its entry, whatever died while it was sent, and the chain is whole."""

from collections import Counter
from collections.abc import Iterator

from chat.sealing import ROOT, hash_of
from tests.faults.history import History
from tests.faults.log import Log


def sends_are_noted(_: History, log: Log) -> Iterator[str]:
    """Each message has one entry of its sending: it is written in the same transaction."""
    noted = Counter(entry.target_id for entry in log.noted if entry.action == "message.sent")
    for message in log.messages:
        if noted[message.id] != 1:
            yield f"{message.key} has {noted[message.id]} entries of its sending"


def chain_is_whole(_: History, log: Log) -> Iterator[str]:
    """The chain is dense and holds; each entry is in it once, or waits for it."""
    entries = {entry.id: entry for entry in log.noted}
    last = ROOT
    for place, (number, entry_id, hash_) in enumerate(log.links, 1):
        if number != place or entry_id not in entries or hash_of(last, number, entries[entry_id]) != hash_:
            yield f"the chain breaks at {place}"
        last = hash_
    if sorted([*(entry_id for _, entry_id, _ in log.links), *log.waiting]) != sorted(entries):
        yield "entries are in the chain twice, or not at all"
