"""Every check of changes sees what it is for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chat.audit import CONVERSATION_CLOSED, CONVERSATION_REOPENED, MESSAGE_DELETED, MESSAGE_EDITED
from db.audit import EntryRow
from tests.faults.changes import Changed, Changes, Done, Kept, Saw, Searched, Told, Tried
from tests.faults.checker import check
from tests.faults.checks_of_changes import CHECKS
from tests.faults.history import History
from tests.faults.log import Log

PLACE = "p"
Run = tuple[History, Log]


def done(what: str, at: float, message: str = "", text: str = "") -> Done:
    """An act that was asked for a little before it was acknowledged."""
    return Done(what, PLACE, message, text, at - 0.1, at)


def good_run() -> Run:
    """Two messages: one is edited and gets an emoji, one is deleted; then it is closed, and opened again."""
    kinds: list[tuple[str, str | None, str | None]] = [
        ("MESSAGE_ADDED", "a", "one"),
        ("MESSAGE_UPDATED", "a", "two"),
        ("MESSAGE_UPDATED", "a", "two"),
        ("MESSAGE_ADDED", "b", "three"),
        ("MESSAGE_UPDATED", "b", None),
        *[("CONVERSATION_UPDATED", None, None)] * 2,
    ]
    changes = Changes(
        places={PLACE},
        done=[
            done("say", 1, "a", "one"),
            done("edit", 2, "a", "two"),
            done("react", 3, "a", "+"),
            done("say", 4, "b", "three"),
            done("delete", 5, "b"),
            done("close", 6),
            done("reopen", 8),
        ],
        tried=[
            Tried(PLACE, "one", "", 0.9, 1),
            Tried(PLACE, "three", "", 3.9, 4),
            Tried(PLACE, "four", "CONVERSATION_CLOSED", 6.5, 6.6),
        ],
        saw=[Saw("ann", "a", "two", ("one",), (), 2.5), Saw("ann", "b", None, (), (), 5.5)],
        searched=[Searched("ann", "a", "one", False, 2.5), Searched("ann", "a", "two", True, 2.5)],
        told=[Told(0, 1, PLACE, 2 + place, *kind, 2 + place) for place, kind in enumerate(kinds)],
    )
    kept = Kept(
        [Changed(PLACE, "a", "one", "two", ("one",), ("+",)), Changed(PLACE, "b", "three", None, (), ())],
        [(PLACE, 1, "CONVERSATION_UPDATED", None)]
        + [(PLACE, 2 + place, kind, message) for place, (kind, message, _) in enumerate(kinds)],
    )
    acts = [(MESSAGE_EDITED, "a"), (MESSAGE_DELETED, "b"), (CONVERSATION_CLOSED, PLACE), (CONVERSATION_REOPENED, PLACE)]
    noted = [EntryRow(f"e{place}", "ann", action, "", target, None, 1) for place, (action, target) in enumerate(acts)]
    return History(changes=changes), Log(kept=kept, noted=noted)


def test_a_good_run_passes() -> None:
    assert check(*good_run(), CHECKS) == []


def forget_an_edit(run: Run) -> None:
    """What was said before is shown after an edit was acknowledged."""
    run[0].changes.saw[0] = Saw("ann", "a", "one", (), (), 2.5)


def show_nothing(run: Run) -> None:
    """A message that was acknowledged is not there."""
    run[0].changes.saw[1] = replace(run[0].changes.saw[1], is_there=False)


def show_what_is_gone(run: Run) -> None:
    """A deleted message is shown with its words."""
    run[0].changes.saw[1] = replace(run[0].changes.saw[1], body="three")


def find_old_words(run: Run) -> None:
    """A search finds what a message says no more."""
    run[0].changes.searched[0] = replace(run[0].changes.searched[0], is_found=True)


def find_nothing(run: Run) -> None:
    """A search does not find what a message says."""
    run[0].changes.searched[1] = replace(run[0].changes.searched[1], is_found=False)


def hear_the_silenced(run: Run) -> None:
    """Somebody is heard in a closed conversation."""
    run[0].changes.tried[2] = replace(run[0].changes.tried[2], code="")


def refuse_before(run: Run) -> None:
    """Somebody is refused before anybody closed it."""
    run[0].changes.tried[2] = replace(run[0].changes.tried[2], asked_at=5.2, at=5.3)


def keep_what_was_refused(run: Run) -> None:
    """What was refused is stored."""
    run[1].kept.messages.append(Changed(PLACE, "c", "four", "four", (), ()))


def keep_edits_of_what_is_gone(run: Run) -> None:
    """Something is left of a deleted message."""
    run[1].kept.messages[1] = replace(run[1].kept.messages[1], edits=("tree",))


def lose_a_message(run: Run) -> None:
    """A message is not there."""
    del run[1].kept.messages[1]


def log_twice(run: Run) -> None:
    """An edit that was asked for again has a second event."""
    run[1].kept.entries.append((PLACE, 9, "MESSAGE_UPDATED", "a"))


def note_nothing(run: Run) -> None:
    """A closing is not in the audit log."""
    del run[1].noted[2]


def tell_twice(run: Run) -> None:
    """A follower is told an event again on the next connection."""
    run[0].changes.told.insert(2, replace(run[0].changes.told[1], connection=2))


def leave_out(run: Run) -> None:
    """A follower is not told of an edit."""
    del run[0].changes.told[1]


def end_early(run: Run) -> None:
    """A follower is not told of the end."""
    del run[0].changes.told[-1]


def tell_what_is_gone(run: Run) -> None:
    """The event of a deletion comes with the words."""
    run[0].changes.told[4] = replace(run[0].changes.told[4], body="three")


WRONGS: dict[Callable[[Run], None], str] = {
    forget_an_edit: "changes_are_seen",
    show_nothing: "changes_are_seen",
    show_what_is_gone: "changes_are_seen",
    find_old_words: "words_are_found",
    find_nothing: "words_are_found",
    hear_the_silenced: "silence_holds",
    refuse_before: "silence_holds",
    keep_what_was_refused: "silence_holds",
    keep_edits_of_what_is_gone: "changes_are_kept",
    lose_a_message: "changes_are_kept",
    log_twice: "changes_are_logged_once",
    note_nothing: "changes_are_logged_once",
    tell_twice: "events_are_told_once",
    leave_out: "events_are_told_once",
    end_early: "events_are_told_once",
    tell_what_is_gone: "deleted_is_told_no_more",
}


@pytest.mark.parametrize(("spoil", "name"), [*WRONGS.items()], ids=[wrong.__name__ for wrong in WRONGS])
def test_what_is_wrong_is_told_by_its_check(spoil: Callable[[Run], None], name: str) -> None:
    run = good_run()
    spoil(run)
    assert name in {violation.check for violation in check(*run, CHECKS)}


def test_every_check_is_shown_to_see_something() -> None:
    assert {each.__name__ for each in CHECKS} == set(WRONGS.values())
