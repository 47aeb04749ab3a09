"""PostgreSQL's snapshots as values: what is visible, what a token may hold, and what no event was ever written by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.snapshots import Snapshot


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any snapshot that PostgreSQL could tell."""
    xmin = draw(st.integers(3, 10**6))
    xmax = draw(st.integers(xmin, xmin + 50))
    running = draw(st.sets(st.integers(xmin, xmax - 1))) if xmax > xmin else set()
    return Snapshot(xmin, xmax, tuple(sorted(running)))


@pytest.mark.parametrize(
    ("xid", "is_visible"), [(9, True), (10, False), (11, True), (12, False), (13, True), (14, False), (99, False)]
)
def test_what_is_visible(xid: int, is_visible: bool) -> None:
    """Below xmin everything, from xmax on nothing, between them all but what was running."""
    assert Snapshot(10, 14, (10, 12)).holds(xid) is is_visible


@given(snapshots())
def test_a_token_holds_a_snapshot_whole(snapshot: Snapshot) -> None:
    assert Snapshot.is_snapshot(snapshot.parts)
    assert Snapshot.of(snapshot.parts) == snapshot
    assert snapshot.text == f"{snapshot.xmin}:{snapshot.xmax}:{','.join(map(str, snapshot.running))}"


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (5,),
        (5, 6, ""),
        (5, 0, ""),
        (5, 3, "2"),
        (5, 3, "5"),
        (5, 3, "4,3"),
        (5, 3, "3,3"),
        (5, 3, "x"),
        (5, 3, "3,"),
        (5, 3, "٣"),
        (5, 3, "9" * 30),
        ("5", 3, ""),
        (5, 3, 4),
    ],
)
def test_what_is_no_snapshot_is_refused(parts: tuple[int | str, ...]) -> None:
    assert not Snapshot.is_snapshot(parts)


@given(snapshots(), st.integers(3, 10**6 + 100), st.integers(3, 10**6 + 100))
def test_a_clamped_snapshot_never_holds_what_was_not_committed_with_an_event(
    snapshot: Snapshot, newest: int, xid: int
) -> None:
    """Beyond the newest event's transaction nothing counts as told; up to it nothing changes."""
    clamped = snapshot.clamped(newest)
    assert clamped.holds(xid) is (snapshot.holds(xid) and xid <= newest)
