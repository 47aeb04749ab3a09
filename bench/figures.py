"""The arithmetic of measurements: medians, spreads, percentiles, ratios."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """What several rounds gave: the median, and the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """The spread of at least one figure. ValueError for none, or for one that is no number."""
        if not figures or not all(math.isfinite(figure) for figure in figures):
            raise ValueError(f"There is no median of {figures}.")
        return cls(median(figures), min(figures), max(figures))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least such a share (0 to 1) of the values do not exceed. ValueError for none."""
    if not values or not 0 <= share <= 1:
        raise ValueError(f"There is no {share} percentile of {len(values)} values.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(figure: float, to: float) -> float | None:
    """How many times the other figure it is; None where the other is nothing."""
    return figure / to if to else None


def shown(figure: float) -> str:
    """A figure in three places, as people read it: 1,840; 17.3; 0.76."""
    if figure >= 100:
        step = 10 ** max(0, len(str(int(figure))) - 3)
        return f"{round(figure / step) * step:,}"
    return f"{figure:.3g}"
