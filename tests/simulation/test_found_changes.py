"""Bugs of changes, blocks, closings, search and the audit log are planted, and found; and so are lies about them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from db import audit, changes, participants, search, sending
from tests.simulation.audit_checks import check_chain
from tests.simulation.change_checks import check_edits, check_found
from tests.simulation.checks import faults_of
from tests.simulation.doctored import (
    BlindSender,
    FindingNothing,
    LeavingOut,
    Plant,
    plant,
    remember_words,
    without_trigger,
)
from tests.simulation.history import Acknowledged, Changed, Fact, Found, History, Hushed, Told
from tests.simulation.stage import Stage
from tests.simulation.truth import Truth
from tests.simulation.words import Words

MOST_SEEDS = 120
BUGS: dict[str, tuple[Plant, str]] = {
    "an edit without its history": (plant(LeavingOut(changes._INSERT)), "its history is"),
    "a deletion that leaves the words": (plant(LeavingOut(changes._ERASE)), "acknowledged as gone"),
    "a deletion that leaves the history": (plant(LeavingOut(changes._FORGET_EDITS)), "of a deleted message is left"),
    "a deletion that leaves reactions": (plant(LeavingOut(changes._FORGET_REACTIONS)), "of a deleted message is left"),
    "old words in streams": (remember_words, "when it said"),
    "a block that senders do not see": (plant(BlindSender(sending._second)), "in spite of a block"),
    "a closing that senders do not see": (
        plant(BlindSender(sending._Conversation._fields.index("closed_by_staff"))),
        "into a closed conversation",
    ),
    "an archive that stays": (without_trigger("inbox_entries_move"), "stayed away"),
    "deleted words that are found": (without_trigger("message_words_change"), " found "),
    "words that are not saved": (plant(LeavingOut(search._SAVE)), "did not find"),
    "a role whose end nobody looks into": (plant(FindingNothing(participants._AS_STAFF)), "all the time"),
    "staff who stay": (plant(FindingNothing(participants._MEMBER)), "all the time"),
    "a link for which its entry still waits": (plant(LeavingOut(audit._SETTLE)), "in the chain twice"),
    **{
        f"no entry {action}": (plant(LeavingOut(audit._INSERT, action=action)), words)
        for action, words in (
            ("message.sent", "entries of its sending"),
            ("message.edited", "entries of them"),
            ("message.deleted", "entries of that"),
            ("message.removed", "entries of that"),
            ("conversation.joined", "joined without an entry"),
            ("conversation.left", "left without an entry"),
            ("conversation.closed", "without an entry"),
        )
    },
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Where runs take place."""
    with Stage.opened() as opened:
        yield opened


@pytest.mark.parametrize(("bug", "words"), BUGS.values(), ids=BUGS)
def test_a_planted_bug_is_found(stage: Stage, bug: Plant, words: str) -> None:
    """By the check that is there for it."""
    found = (stage.play(seed, bug).faults for seed in range(1, MOST_SEEDS))
    assert any(words in fault for faults in found for fault in faults)


@pytest.fixture(scope="module")
def busy(stage: Stage) -> History:
    """What happened in a run in which somebody edited, deleted, and looked for words, and the audit log was sealed."""
    for seed in range(1, 400):
        outcome = stage.play(seed)
        history = outcome.history
        whats = {told.what for told in history.every(Changed)}
        found = any(found.message_ids for found in history.every(Found))
        updates = any(told.what == "MessageUpdated" for told in history.every(Told))
        is_whole = bool(history.edits and history.links)
        if {"edit", "delete"} <= whats and found and updates and is_whole and not outcome.faults:
            return history
    raise LookupError("Nothing ever happens.")


def copy_of(history: History, lie: Callable[[Fact], Fact] = lambda fact: fact) -> History:
    """The same history, with a lie."""
    copy = History(history.members)
    copy.stored, copy.logged = history.stored, history.logged
    copy.edits, copy.reactions = history.edits, history.reactions
    copy.entries, copy.links, copy.waiting = history.entries, history.links, history.waiting
    for at, fact in history.facts:
        copy.note(at, lie(fact))
    return copy


def test_a_good_run_has_no_faults(busy: History) -> None:
    assert faults_of(copy_of(busy)) == []


def test_a_stream_that_tells_what_was_never_said_is_refused(busy: History) -> None:
    def lie(fact: Fact) -> Fact:
        return replace(fact, body="never") if isinstance(fact, Told) and fact.what == "MessageUpdated" else fact

    assert any("when it said" in fault for fault in faults_of(copy_of(busy, lie)))


def test_an_edit_that_is_not_kept_is_refused(busy: History) -> None:
    copy = copy_of(busy)
    copy.edits = [(message_id, number, f"{body}?") for message_id, number, body in busy.edits]
    assert list(check_edits(copy, Words(copy)))


@pytest.mark.parametrize("is_more", [True, False])
def test_a_search_that_finds_something_else_is_refused(busy: History, *, is_more: bool) -> None:
    everything = tuple(one.id for one in busy.stored)

    def lie(fact: Fact) -> Fact:
        return replace(fact, message_ids=everything if is_more else ()) if isinstance(fact, Found) else fact

    copy = copy_of(busy, lie)
    assert list(check_found(copy, Truth(copy), Words(copy)))


def test_a_refusal_without_a_reason_is_refused(busy: History) -> None:
    sent = next(busy.every(Acknowledged))
    for why in ("Invalid", "NotFound", "Blocked", "ConversationClosed"):
        copy = copy_of(busy)
        copy.note(0, Hushed(why, sent.conversation, "f" * 32, sent.message_id, 1, 1))
        assert any("without a reason" in fault for fault in faults_of(copy)) == (why != "NotFound")


@pytest.mark.parametrize("part", ["actor_id", "action", "target_id", "reason", "at"])
def test_a_log_that_was_changed_is_refused(busy: History, part: str) -> None:
    copy = copy_of(busy)
    assert list(check_chain(copy)) == []
    sealed = {entry_id for _, entry_id, _ in busy.links}
    assert sealed, "nothing was sealed"
    other: Any = 7 if part == "at" else "other"
    copy.entries = [entry._replace(**{part: other}) if entry.id in sealed else entry for entry in busy.entries]
    assert list(check_chain(copy))
