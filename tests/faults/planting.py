"""Faults planted into a copy of the product: each must be caught by the checker, and the clean copy must pass.

A mutant is a patch in `mutants/`, with the play that brings it to light.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.company import Cast
from tests.faults.fleet import ROOT
from tests.faults.ground import Ground
from tests.faults.play import Outcome, play
from tests.faults.scenarios import RARE_MARKS, scenario_of

PATCHES = Path(__file__).parent / "mutants"
FLOORS = ("graph", "chat", "db", "core")
#: A mutant may hang, and what hangs is caught by waiting; seconds.
PATIENCE = 6.0

#: It heals a lost bell within half a second, and hides who lost it.
NO_BACKSTOP = {"PALAVER_BACKSTOP_SECONDS": "3600"}

USUAL = Cast()
BUSY = Cast(writers=6, listings=1, rest=0.0, doorman_rests=0.15, onlookers=2, pairs=0)
SPREAD = Cast(writers=8, listings=4, rest=0.0, inboxes=3, slow=False, onlookers=1, pairs=0)
#: Whoever comes is the first of their kind in most conversations, finds no feed to rest in, and hears no bell soon.
SCATTERED = Cast(writers=3, listings=20, rest=0.04, onlookers=0, slow=False, restless=False, booking=False, pairs=0)
BOOKED = Cast(writers=6, listings=0, rest=0.0, doorman_rests=0.1, onlookers=0, pairs=0)
#: So few words that those who follow rest in feeds between them.
BOOKED_AT_REST = Cast(writers=2, listings=0, rest=0.05, doorman_rests=0.2, onlookers=0, pairs=0)
#: Most of what happens is that somebody changes something.
CHANGING = Cast(writers=1, listings=1, rest=0.3, onlookers=0, slow=False, booking=False, pairs=8)

#: On PostgreSQL the unique keys would turn it into an error; that they do is their merit, not the lock's.
WITHOUT_KEYS = (
    """do $$ declare key record; begin
    for key in select conrelid::regclass as place, conname from pg_constraint
      where contype = 'u' and conrelid in ('messages'::regclass, 'events'::regclass)
    loop execute format('alter table %s drop constraint %I', key.place, key.conname); end loop;
    end $$""",
)
#: Goes on to shortly before the ids of transactions get a digit more.
NEAR_A_POWER_OF_TEN = (
    """do $$ declare known bigint := pg_current_xact_id()::text::bigint; begin
    for i in 1 .. (10 ^ length(known::text))::bigint - known - 40 loop perform pg_current_xact_id(); commit; end loop;
    end $$""",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted fault: its patch, where and in which play it shows, and what is done to the database before."""

    name: str
    ground: str
    scenario: str
    times: int
    cast: Cast | None = None
    sql: tuple[str, ...] = ()
    without_backstop: bool = False

    @property
    def patch(self) -> Path:
        """The patch."""
        return PATCHES / f"{self.name}.patch"


MUTANTS = (
    Mutant("ack_before_commit", "sqlite", "kill", 8, BUSY),
    Mutant("turn_acknowledged", "sqlite", "points", 8, BUSY),
    Mutant("failed_commit_acknowledged", "sqlite", "disk-fails", 3),
    Mutant("bell_before_commit", "sqlite", "late-commits", 4),
    Mutant("commit_unshielded", "sqlite", "late-commits", 5, without_backstop=True),
    Mutant("key_unchecked", "sqlite", "points", 4),
    Mutant("event_in_second_act", "sqlite", "points", 6),
    Mutant("mark_in_second_act", "sqlite", "points", 8),
    Mutant("last_message_in_second_act", "sqlite", "calm", 4, BUSY),
    Mutant("read_before_attach", "sqlite", "newcomers", 20, SCATTERED),
    Mutant("drop_on_full_queue", "sqlite", "calm", 2, without_backstop=True),
    Mutant("feed_drops", "sqlite", "calm", 2),
    Mutant("feed_of_everybody", "sqlite", "calm", 6, BOOKED_AT_REST),
    Mutant("stale_forgotten", "postgres", "burst", 40, SPREAD),
    Mutant("ring_never_stale", "sqlite", "calm", 1),
    Mutant("leaving_without_effect", "sqlite", "calm", 2),
    Mutant("absence_told_in_inbox", "sqlite", "calm", 3),
    Mutant("removal_moves_on", "postgres", "calm", 5, BOOKED),
    Mutant("sight_lost", "postgres", "hold", 5, BOOKED),
    Mutant("resume_one_early", "sqlite", "shake", 2),
    Mutant("resume_one_late", "sqlite", "shake", 2),
    Mutant("seq_by_max", "postgres", "calm", 3, BUSY, WITHOUT_KEYS),
    Mutant("no_look_after_rebuild", "postgres", "redis-blinks", 2),
    Mutant("no_backstop", "postgres", "redis-killed", 1),
    Mutant("store_unsettled", "postgres", "late-commits", 8, without_backstop=True),
    Mutant("running_counts_as_told", "postgres", "calm", 6, SPREAD),
    Mutant("ids_as_texts", "postgres", "calm", 3, USUAL, NEAR_A_POWER_OF_TEN),
    Mutant("snapshot_of_two_moments", "postgres", "calm", 4, BUSY),
    Mutant("links_of_nothing", "sqlite", "calm", 1),
    Mutant("edit_in_second_act", "sqlite", "late-commits", 2, CHANGING),
    Mutant("edit_repeated", "sqlite", "points", 16, CHANGING),
    Mutant("reaction_untold", "sqlite", "late-commits", 2, CHANGING),
    Mutant("deletion_told_first", "sqlite", "calm", 2),
    Mutant("block_in_batches", "postgres", "calm", 2, CHANGING),
)


@contextmanager
def copy_with(*patches: Path) -> Iterator[Path]:
    """A copy of the product's code, patched, as long as the block lasts. CalledProcessError when one does not apply."""
    folder = Path(tempfile.mkdtemp(prefix="palaver-mutant-"))
    try:
        for floor in FLOORS:
            ignored = shutil.ignore_patterns("__pycache__", "graphiql")
            shutil.copytree(ROOT / floor, folder / floor, ignore=ignored)
        for patch in patches:
            # Where its lines have changed it may fit somewhere else, and be no fault there.
            command = ["patch", "--strip=1", "--quiet", "--forward", "--fuzz=0", f"--input={patch}"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def play_mutant(ground: Ground, mutant: Mutant, *, is_planted: bool = True) -> Outcome:
    """The play of a mutant, on a copy with its fault, or on a clean one."""
    scenario = scenario_of(mutant.scenario)
    scenario = replace(scenario, cast=mutant.cast or scenario.cast, sql=mutant.sql)
    scenario = replace(scenario, settings={**scenario.settings, **RARE_MARKS})
    if mutant.without_backstop:
        scenario = replace(scenario, settings={**scenario.settings, **NO_BACKSTOP})
    with copy_with(*([mutant.patch] if is_planted else [])) as code:
        patience = PATIENCE if is_planted else 4 * PATIENCE
        return await play(ground, scenario, times=mutant.times, code=code, is_planted=is_planted, patience=patience)
