"""The arithmetic of measurements."""

import pytest

from bench.figures import Spread, percentile, ratio, shown


def test_a_spread_is_the_median_the_least_and_the_most() -> None:
    """Of an odd number, of an even one, and of one."""
    assert Spread.of([3, 1, 2]) == Spread(2, 1, 3)
    assert Spread.of([4, 1, 2, 3]) == Spread(2.5, 1, 4)
    assert Spread.of([7]) == Spread(7, 7, 7)


@pytest.mark.parametrize("figures", [[], [float("nan")], [1, float("inf")]])
def test_there_is_no_spread_of_nothing_and_of_what_is_no_number(figures: list[float]) -> None:
    """A round that measured nothing must not look like a figure."""
    with pytest.raises(ValueError, match="no median"):
        Spread.of(figures)


@pytest.mark.parametrize(
    ("share", "value"), [(0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1, 100)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    """The smallest that so large a part does not exceed, whatever the order in which they came."""
    assert percentile([*range(100, 0, -1)], share) == value
    assert percentile([5], share) == 5


def test_there_is_no_percentile_of_nothing() -> None:
    """And none beyond all."""
    with pytest.raises(ValueError, match="percentile"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="percentile"):
        percentile([1], 99)


def test_a_ratio_says_how_many_times() -> None:
    """Of nothing there is none."""
    assert ratio(50, 100) == 0.5
    assert ratio(100, 50) == 2
    assert ratio(1, 0) is None


@pytest.mark.parametrize(
    ("figure", "text"),
    [(0.7642, "0.764"), (17.345, "17.3"), (99.96, "100"), (100.4, "100"), (1843.9, "1,840"), (112_650, "113,000")],
)
def test_figures_are_shown_in_three_places(figure: float, text: str) -> None:
    """More would be noise."""
    assert shown(figure) == text
