"""Checks of what subscribers heard, over all their connections."""

import bisect
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.history import Follower, Heard, History
from tests.faults.log import Log

Heards = dict[tuple[int, str], list[Heard]]


def heard_by(history: History) -> Heards:
    """What each reader heard of each conversation, in the order of hearing."""
    heards: Heards = defaultdict(list)
    for heard in history.heard:
        heards[heard.reader, heard.conversation].append(heard)
    return heards


def followers_of(history: History) -> dict[int, Follower]:
    """The followers by number."""
    return {follower.number: follower for follower in history.followers}


def heard_is_stored(history: History, log: Log) -> Iterator[str]:
    """What was heard is in the log."""
    stored = {message.id for message in log.messages}
    for heard in history.heard:
        if heard.id not in stored:
            yield f"reader {heard.reader} heard {heard.key}, seq {heard.seq}, at {heard.at:.3f}, and it is not stored"


def nothing_doubled(history: History, _: Log) -> Iterator[str]:
    """A reader hears each message once, whatever became of their connections."""
    for (reader, conversation), heards in heard_by(history).items():
        seen: dict[int, Heard] = {}
        for heard in heards:
            before = seen.setdefault(heard.seq, heard)
            if before is not heard:
                yield (
                    f"reader {reader} heard seq {heard.seq} of {conversation} twice: on connection "
                    f"{before.connection} at {before.at:.3f} and on {heard.connection} at {heard.at:.3f}"
                )


def next_by_next(history: History, log: Log) -> Iterator[str]:
    """A reader hears the seqs of a conversation one after another, and leaves out only what it may not see."""
    followers, returns = followers_of(history), returns_of(log)
    positions = {(message.conversation, message.seq): message.position for message in log.messages}
    for (reader, conversation), heards in heard_by(history).items():
        last_return = returns.get((followers[reader].person, conversation), 0)
        for before, heard in pairwise(heards):
            if heard.seq <= before.seq:
                if heard.seq != before.seq:
                    yield f"reader {reader} heard seq {heard.seq} of {conversation} after {before.seq}"
                continue
            is_excused = followers[reader].stream == "inbox" and all(
                positions.get((conversation, seq), 0) < last_return for seq in range(before.seq + 1, heard.seq)
            )
            if heard.seq > before.seq + 1 and not is_excused:
                yield (
                    f"reader {reader} ({followers[reader].stream}) heard seq {heard.seq} of {conversation} after "
                    f"{before.seq} at {heard.at:.3f}, on connection {heard.connection} after {before.connection}"
                )


def returns_of(log: Log) -> dict[tuple[str, str], int]:
    """Where a person last came back to a conversation. An inbox tells what was said since."""
    return {
        (entry.person, entry.conversation): entry.position
        for entry in log.entries
        if entry.kind == "JOINED" and entry.person is not None
    }


def everything_heard(history: History, log: Log) -> Iterator[str]:
    """Whenever it was quiet, every reader had heard what there was; in the end, all from the first on."""
    for stuck in history.stuck:
        yield (
            f"reader {stuck.reader} had heard seq {stuck.heard} of {stuck.conversation} and not {stuck.head} "
            f"when it was quiet at {stuck.at:.3f}"
        )
    live = {connected.reader for connected in history.connected if connected.is_live}
    for (reader, conversation), heards in heard_by(history).items():
        if reader not in live and not followers_of(history)[reader].is_guest and heards[0].seq != 1:
            yield f"reader {reader} heard of {conversation} from seq {heards[0].seq} on"
        if heards[-1].seq != log.counters[conversation].last_seq:
            yield f"reader {reader} heard of {conversation} up to seq {heards[-1].seq} in the end"


def nothing_after_leaving(history: History, log: Log) -> Iterator[str]:
    """Who has left hears nothing that was said afterwards, and nothing at all on a connection made afterwards."""
    absences = absences_of(history, log)
    subscribed = {(done.reader, done.connection): done.at for done in history.connected}
    followers = followers_of(history)
    for heard in history.heard:
        follower = followers[heard.reader]
        for left, back, gone_at, asked_back_at in absences.get((follower.person, heard.conversation), ()):
            position = position_of(heard, log)
            if left < position < back and heard.at < asked_back_at:
                yield f"reader {heard.reader} heard seq {heard.seq}, said after {follower.person} had left"
            elif left < position < back and follower.stream == "inbox":
                yield f"reader {heard.reader} heard seq {heard.seq} in an inbox, said while {follower.person} was away"
            elif gone_at < subscribed[heard.reader, heard.connection] and heard.at < asked_back_at:
                yield f"reader {heard.reader} heard seq {heard.seq} on a connection made after leaving"


def absences_of(history: History, log: Log) -> dict[tuple[str, str], list[tuple[int, float, float, float]]]:
    """For each person and conversation: the positions of leaving and return, when the one was acknowledged, and when
    the other was asked for. Moves and events go in pairs, since the host waits for each."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in log.entries:
        if entry.kind in ("LEFT", "JOINED") and entry.person is not None:
            places[entry.person, entry.conversation].append(entry.position)
    absences: dict[tuple[str, str], list[tuple[int, float, float, float]]] = defaultdict(list)
    never = float("inf")
    for key in {(move.person, move.conversation) for move in history.moved}:
        moves = [move for move in history.moved if (move.person, move.conversation) == key]
        # Who is in from the opening on has no event of joining.
        where = places[key][-len(moves) :]
        for number, (move, place) in enumerate(zip(moves, where, strict=False)):
            if not move.is_in:
                is_last = number + 1 >= len(where)
                back = (2**62, never) if is_last else (where[number + 1], moves[number + 1].asked_at)
                absences[key].append((place, back[0], move.acknowledged_at, back[1]))
    return absences


def position_of(heard: Heard, log: Log) -> int:
    """Where a message stands in its log; seqs are dense, so its index is known."""
    messages = log.messages
    index = bisect.bisect_left(messages, (heard.conversation, heard.seq), key=lambda row: (row.conversation, row.seq))
    if index < len(messages) and messages[index].id == heard.id:
        return messages[index].position
    return 0


def cursors_are_positions(history: History, log: Log) -> Iterator[str]:
    """The cursor that comes with a message names the message's place in the log, whoever gets it."""
    places = {message.id: message.position for message in log.messages}
    for heard in history.heard:
        if heard.position and places.get(heard.id, heard.position) != heard.position:
            yield f"reader {heard.reader} heard seq {heard.seq} with the cursor of {heard.position}"
