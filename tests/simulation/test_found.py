"""What the simulation is for: bugs that are planted in the product are found, and histories that lie are refused."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from chat.cursors import Cursors
from chat.palaver import Palaver
from chat.work import UnitOfWork, Work
from core.ring import Rings
from core.tasks import finish
from db.events import EventRow
from tests.simulation.cast import IDS
from tests.simulation.checks import faults_of
from tests.simulation.history import Acknowledged, Began, Consumed, Ended, Fact, History, Looked, Refused, Told
from tests.simulation.stage import Stage

#: Each planted bug is found long before.
MOST_SEEDS = 60


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Where runs take place."""
    with Stage.opened() as opened:
        yield opened


class HastyWork(Work):
    """Rings before it has committed."""

    async def finish(self, unit: UnitOfWork) -> None:
        for act in unit.acts:
            self._hub.ring(act)
        await finish(unit.db.commit())


def ring_too_early(palaver: Palaver) -> Palaver:
    """A bell that comes before what it tells of."""
    return replace(palaver, work=HastyWork(palaver.database, palaver.hub))


@dataclass(frozen=True, slots=True)
class HastyCursors(Cursors):
    """Names the place after the next event."""

    def of_log(self, conversation_id: str, position: int) -> str:
        """One too far."""
        return Cursors.of_log(self, conversation_id, position + 1)


def point_too_far(palaver: Palaver) -> Palaver:
    """A cursor with which the next event is missed."""
    return replace(palaver, cursors=HastyCursors(palaver.cursors.epoch))


class DeafRings(Rings[EventRow]):
    """Believes that what it has read is all there is."""

    def mark_stale(self, log: str) -> None:
        """Never mind."""


def believe_the_ring(palaver: Palaver) -> Palaver:
    """A memory that no bell reaches."""
    return replace(palaver, rings=DeafRings(palaver.rings._load, 3))


@pytest.mark.parametrize("plant", [ring_too_early, point_too_far, believe_the_ring])
def test_a_planted_bug_is_found(stage: Stage, plant: Callable[[Palaver], Palaver]) -> None:
    assert any(stage.play(seed, plant).faults for seed in range(1, MOST_SEEDS))


@pytest.fixture(scope="module")
def told(stage: Stage) -> History:
    """What happened in a run in which enough happened to lie about."""
    for seed in range(1, 200):
        outcome = stage.play(seed)
        enough = [fact for fact in outcome.history.every(Told) if fact.what == "MessageAdded"]
        if len(enough) > 5 and not outcome.faults and len(list(outcome.history.every(Acknowledged))) > 3:
            return outcome.history
    raise LookupError("Nothing ever happens.")


def with_lie(history: History, lie: Callable[[Fact], Sequence[Fact]]) -> History:
    """The same history, but for one message: the first fact that `lie` tells otherwise."""
    copy = History(history.members)
    copy.stored, copy.logged = history.stored, history.logged
    has_lied = False
    for at, fact in history.facts:
        others = (fact,) if has_lied else lie(fact)
        has_lied |= list(others) != [fact]
        for other in others:
            copy.note(at, other)
    assert has_lied
    return copy


def is_message(fact: Fact) -> bool:
    """Is a message told?"""
    return isinstance(fact, Told) and fact.what == "MessageAdded"


def twice(fact: Fact) -> Sequence[Fact]:
    """Told twice."""
    return (fact, fact) if is_message(fact) else (fact,)


def changed(kind: type[Fact], **fields: object) -> Callable[[Fact], Sequence[Fact]]:
    """A fact of a kind with other fields, such as another body."""

    def lie(fact: Fact) -> Sequence[Fact]:
        is_meant = isinstance(fact, kind) and (kind is not Told or is_message(fact))
        return (replace(fact, **fields),) if is_meant else (fact,)  # type: ignore[arg-type]

    return lie


LIES = {
    "told twice": twice,
    "another body": changed(Told, body="something else"),
    "another message": changed(Told, message_id="f" * 32),
    "another seq": changed(Told, seq=99),
    "a place that is not there": changed(Told, place=99),
    "a message as an update": changed(Told, what="ConversationUpdated"),
    "checked before it was there": changed(Looked, number=0),
    "acknowledged at another seq": changed(Acknowledged, seq=99),
    "acknowledged under another key": changed(Acknowledged, key="none"),
    "acknowledged as another message": changed(Acknowledged, message_id="f" * 32),
    "begun somewhere else": changed(Began, place=99),
    "taken in out of order": changed(Consumed, place=99),
    "a message that nobody told": lambda fact: () if is_message(fact) else (fact,),
    "a refusal without a reason": lambda fact: (
        (fact, Refused(fact.conversation, IDS["ann"], fact.key, 1, 1)) if isinstance(fact, Acknowledged) else (fact,)
    ),
    "the wrong end": lambda fact: (replace(fact, why="NotFound"),) if isinstance(fact, Ended) else (fact,),
}


def test_the_history_of_a_good_run_has_no_faults(told: History) -> None:
    assert faults_of(told) == []


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_history_with_one_lie_is_refused(told: History, lie: Callable[[Fact], Sequence[Fact]]) -> None:
    assert faults_of(with_lie(told, lie)) != []


@pytest.mark.parametrize("field", ["id", "seq", "position", "body", "key"])
def test_a_database_that_holds_something_else_is_refused(told: History, field: str) -> None:
    copy = with_lie(told, twice)
    copy.facts = told.facts
    last = copy.stored[-1]
    copy.stored = [*copy.stored[:-1], replace(last, **{field: 99 if field in ("seq", "position") else "other"})]  # type: ignore[arg-type]
    assert faults_of(copy) != []
