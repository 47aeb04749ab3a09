"""Every check sees what it is for: a good run passes, and one thing that is wrong is told by its check."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from chat.sealing import links_of
from db.audit import EntryRow
from tests.faults import checks_of_changes
from tests.faults.checker import CHECKS, check
from tests.faults.history import (
    Acknowledged,
    Attempt,
    Connected,
    Follower,
    Heard,
    History,
    Looked,
    Marked,
    Moved,
    Refused,
    Stuck,
    digest,
)
from tests.faults.log import Counters, Entry, Log, Part, Shown, Stored

PLACE = "c"
#: Ann says three things; Bob follows the conversation and his inbox; Gus is let out after the first, and in again.
BODIES = ("a-1 .", "a-2 .", "a-3 .")
POSITIONS = (1, 3, 5)
Run: TypeAlias = tuple[History, Log]


def heard_of(reader: int, seq: int, at: float, connection: int = 1) -> Heard:
    """A follower hears one of the three things."""
    body = BODIES[seq - 1]
    position = 0 if reader == 1 else POSITIONS[seq - 1]
    return Heard(reader, connection, PLACE, seq, position, f"m{seq}", f"a-{seq}", "ann", digest(body), at, False)


def good_run() -> Run:
    """A run in which all went well."""
    history = History(
        attempts=[Attempt("a", "ann", f"a-{seq}", PLACE, digest(BODIES[seq - 1]), seq) for seq in (1, 2, 3)],
        acknowledged=[Acknowledged(f"a-{seq}", PLACE, f"m{seq}", seq, seq + 0.1) for seq in (1, 2, 3)],
        followers=[
            Follower(0, "bob", "added", PLACE),
            Follower(1, "bob", "inbox", None),
            Follower(2, "gus", "events", PLACE, is_guest=True),
        ],
        connected=[
            Connected(number, connection, False, 0.5 * connection) for number in range(3) for connection in (1, 6)
        ],
        heard=[
            *(heard_of(reader, seq, seq + 0.2) for reader in (0, 1) for seq in (1, 2, 3)),
            heard_of(2, 1, 1.2),
            heard_of(2, 2, 3.15, connection=6),
            heard_of(2, 3, 3.2, connection=6),
        ],
        moved=[Moved("gus", PLACE, False, 1.5, 1.6), Moved("gus", PLACE, True, 2.5, 2.6)],
        marked=[Marked("bob", PLACE, 1, 2.0)],
        looked=[Looked("bob", PLACE, 2.15, 2, ((1, "m1", "ann"), (2, "m2", "ann")), 1, 1, "t2", "t2")],
    )
    log = Log(
        messages=[
            Stored(PLACE, seq, POSITIONS[seq - 1], f"m{seq}", "ann", f"a-{seq}", digest(BODIES[seq - 1]))
            for seq in (1, 2, 3)
        ],
        entries=[
            Entry(PLACE, 1, "MESSAGE_ADDED", "m1", None),
            Entry(PLACE, 2, "LEFT", None, "gus"),
            Entry(PLACE, 3, "MESSAGE_ADDED", "m2", None),
            Entry(PLACE, 4, "JOINED", None, "gus"),
            Entry(PLACE, 5, "MESSAGE_ADDED", "m3", None),
        ],
        counters={PLACE: Counters(5, 3, 30, 30)},
        parts=[Part("ann", PLACE, 3, True), Part("bob", PLACE, 1, True), Part("gus", PLACE, 0, True)],
        shown=[Shown("ann", PLACE, 0, "m3", 3, 3), Shown("bob", PLACE, 2, "m3", 3, 1)],
    )
    log.noted = [EntryRow(f"e{seq}", "ann", "message.sent", "Message", f"m{seq}", None, seq) for seq in (1, 2, 3)]
    log.links = [(link.number, link.id, link.hash) for link in links_of(None, log.noted[:2])]
    log.waiting = ["e3"]
    return history, log


def test_a_good_run_passes() -> None:
    assert check(*good_run()) == []


def forget(run: Run) -> None:
    """The last message, acknowledged and heard, is not there after all."""
    log = run[1]
    del log.messages[2], log.entries[4]
    log.counters[PLACE] = Counters(4, 2, 30, 30)


def store_twice(run: Run) -> None:
    """A repeated key was stored again."""
    run[1].messages.append(replace(run[1].messages[2], seq=4, position=6, id="m4"))


def answer_differently(run: Run) -> None:
    """A repeated key was answered with another message."""
    run[0].acknowledged.append(Acknowledged("a-2", PLACE, "m3", 3, 4.0))


def give_a_place_twice(run: Run) -> None:
    """Two were told of the same seq as different messages."""
    run[0].heard[1] = replace(run[0].heard[1], id="other")


def leave_a_hole(run: Run) -> None:
    """The row counts an event that is not there."""
    run[1].counters[PLACE] = Counters(6, 3, 30, 30)


def lose_an_event(run: Run) -> None:
    """A message has no event."""
    run[1].entries[4] = replace(run[1].entries[4], kind="CONVERSATION_UPDATED", message=None)


def store_what_nobody_sent(run: Run) -> None:
    """A body that was never sent is stored."""
    run[1].messages[1] = replace(run[1].messages[1], body=0)


def hear_the_future(run: Run) -> None:
    """Something was heard before it was sent."""
    run[0].heard[2] = replace(run[0].heard[2], at=2.5)


def never_answer(run: Run) -> None:
    """An attempt is never acknowledged."""
    run[0].attempts.append(Attempt("a", "ann", "a-4", PLACE, 0, 4.0))


def refuse(run: Run) -> None:
    """A good client is refused."""
    run[0].refused.append(Refused("reader 0", "CURSOR_EXPIRED", 2.0))


def swap(run: Run) -> None:
    """What a writer sent later stands before what they sent earlier."""
    history = run[0]
    history.attempts[0], history.attempts[1] = history.attempts[1], history.attempts[0]


def tell_what_is_not_stored(run: Run) -> None:
    """Something was heard that was rolled back."""
    run[0].heard.append(replace(heard_of(0, 3, 5.0), seq=4, id="m4"))


def double(run: Run) -> None:
    """A reader hears something again after it has come back."""
    run[0].heard.append(heard_of(0, 3, 5.0, connection=2))


def skip(run: Run) -> None:
    """A reader misses something in the middle."""
    del run[0].heard[1]


def skip_in_an_inbox(run: Run) -> None:
    """The same in an inbox."""
    del run[0].heard[4]


def fall_silent(run: Run) -> None:
    """A reader does not hear the end."""
    del run[0].heard[2]


def get_stuck(run: Run) -> None:
    """A reader had not heard everything when it was quiet, and did later."""
    run[0].stuck.append(Stuck(0, PLACE, 1, 2, 2.5))


def tell_who_left(run: Run) -> None:
    """Gus hears what was said in his absence before anybody let him in again."""
    run[0].heard[7] = replace(run[0].heard[7], at=2.2)


def let_in_who_left(run: Run) -> None:
    """Gus, who is away, comes with a new connection and hears even what is old."""
    run[0].connected.append(Connected(2, 7, False, 1.7))
    run[0].heard[6] = replace(run[0].heard[6], at=1.8, connection=7)


def point_elsewhere(run: Run) -> None:
    """A cursor is another message's."""
    run[0].heard[1] = replace(run[0].heard[1], position=4)


def look_back(run: Run) -> None:
    """A query does not know what was acknowledged before."""
    run[0].looked[0] = replace(run[0].looked[0], asked_at=3.5)


def lose_a_mark(run: Run) -> None:
    """A sender's own mark is behind what they sent."""
    run[0].looked.append(replace(run[0].looked[0], person="ann", unread=0))


def mix_moments(run: Run) -> None:
    """The parts of an answer are of different moments."""
    run[0].looked[0] = replace(run[0].looked[0], page=((1, "m1", "ann"),))


def date_wrongly(run: Run) -> None:
    """A conversation has another time of its newest message than the message itself."""
    run[0].looked[0] = replace(run[0].looked[0], last_at="t1")


def unmark(run: Run) -> None:
    """A mark went back."""
    run[1].parts[1] = replace(run[1].parts[1], read_seq=0)


def miscount(run: Run) -> None:
    """Unread is one too many."""
    run[1].shown[1] = replace(run[1].shown[1], unread=3)


def show_an_older_one(run: Run) -> None:
    """The newest message that is shown is not the newest."""
    run[1].shown[0] = replace(run[1].shown[0], last_id="m2", last_seq=2)


def keep_an_old_date(run: Run) -> None:
    """The row's time is not that of the newest message."""
    run[1].counters[PLACE] = Counters(5, 3, 20, 30)


def note_nothing(run: Run) -> None:
    """A message has no entry, and nothing waits for the chain."""
    del run[1].noted[2], run[1].waiting[:]


def note_twice(run: Run) -> None:
    """A send that was repeated has an entry again."""
    run[1].noted.append(run[1].noted[2]._replace(id="e4"))
    run[1].waiting.append("e4")


def seal_twice(run: Run) -> None:
    """Two processes put the same entry into the chain."""
    log = run[1]
    log.links += [(link.number, link.id, link.hash) for link in links_of((2, log.links[1][2]), log.noted[1:2])]


def forge(run: Run) -> None:
    """Somebody changed an entry."""
    run[1].noted[0] = run[1].noted[0]._replace(actor_id="bob")


def pass_over(run: Run) -> None:
    """An entry is not in the chain, and does not wait for it."""
    run[1].waiting.clear()


WRONGS: dict[Callable[[Run], None], str] = {
    forget: "nothing_lost",
    store_twice: "one_message_per_key",
    answer_differently: "one_message_per_key",
    give_a_place_twice: "one_id_per_seq",
    leave_a_hole: "log_without_holes",
    lose_an_event: "log_without_holes",
    store_what_nobody_sent: "nothing_unsent",
    hear_the_future: "nothing_unsent",
    never_answer: "everything_answered",
    refuse: "everything_answered",
    swap: "senders_order",
    tell_what_is_not_stored: "heard_is_stored",
    double: "nothing_doubled",
    skip: "next_by_next",
    skip_in_an_inbox: "next_by_next",
    fall_silent: "everything_heard",
    get_stuck: "everything_heard",
    tell_who_left: "nothing_after_leaving",
    let_in_who_left: "nothing_after_leaving",
    point_elsewhere: "cursors_are_positions",
    look_back: "read_your_writes",
    lose_a_mark: "read_your_writes",
    mix_moments: "snapshots_agree",
    date_wrongly: "snapshots_agree",
    unmark: "marks_equal_acts",
    miscount: "unread_equals_log",
    show_an_older_one: "last_message_equals_log",
    keep_an_old_date: "last_message_equals_log",
    note_nothing: "sends_are_noted",
    note_twice: "sends_are_noted",
    seal_twice: "chain_is_whole",
    forge: "chain_is_whole",
    pass_over: "chain_is_whole",
}


@pytest.mark.parametrize(("spoil", "name"), [*WRONGS.items()], ids=[wrong.__name__ for wrong in WRONGS])
def test_what_is_wrong_is_told_by_its_check(spoil: Callable[[Run], None], name: str) -> None:
    run = good_run()
    spoil(run)
    assert name in {violation.check for violation in check(*run)}


def test_every_check_is_shown_to_see_something() -> None:
    others = {each.__name__ for each in checks_of_changes.CHECKS}  # They are shown beside this.
    assert {each.__name__ for each in CHECKS} - others == set(WRONGS.values())
