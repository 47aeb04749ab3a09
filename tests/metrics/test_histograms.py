"""An amount that is observed many times at once counts as it does one by one."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from graph.histograms import Histogram
from graph.meters import BUCKETS

#: Between the bounds, on them, and beyond the last.
AMOUNTS = (0.0, 0.004, 0.005, 0.006, *BUCKETS[1:], 99.0)


def told(registry: CollectorRegistry) -> list[str]:
    """What a scraper reads, its numbers rounded; not when the series was made."""
    lines = [line for line in generate_latest(registry).decode().splitlines() if line.startswith("told_seconds_")]
    return [f"{name} {float(value):.6g}" for name, value in (line.split() for line in lines if "_created" not in line)]


@pytest.mark.parametrize("times", [1, 2, 500])
def test_many_at_once_are_as_many_one_by_one(times: int) -> None:
    pages = []
    for at_once in (True, False):
        registry = CollectorRegistry()
        seconds = Histogram("told_seconds", "How long.", ["field"], buckets=BUCKETS, registry=registry).labels("added")
        for amount in AMOUNTS:
            if at_once:
                seconds.observe_times(amount, times)
            else:
                for _ in range(times):
                    seconds.observe(amount)
        pages.append(told(registry))
    assert pages[0] == pages[1]
    assert f'told_seconds_count{{field="added"}} {len(AMOUNTS) * times}' in pages[0]
