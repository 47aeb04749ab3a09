"""The page of tables says what was measured, and what was not."""

from typing import Any

from bench.report import report

MACHINE = {
    "date": "2026-11-28",
    "processor": "a processor",
    "cores": 2,
    "system": "Linux 6",
    "load_average": [0.1, 0.2, 0.3],
    "versions": {"palaver": "0.1.0"},
}


def figures(per_second: float) -> dict[str, float]:
    """What a round gives."""
    return {"per_second": per_second, "p50_ms": 1, "p99_ms": 2, "cpu_us": 500, "load_cpu_us": 20}


def kept(**more: Any) -> dict[str, Any]:
    """Three rounds of two servers."""
    rounds = {
        "palaver": {"Q1": [figures(100), figures(300), figures(200)]},
        "apollo": {"Q1": [figures(50), figures(60), figures(40)]},
    }
    return {"machine": MACHINE, "rounds": rounds, "failures": {}, **more}


def test_medians_are_compared_with_palavers() -> None:
    """A peer's with Palaver's of the same run; with the least and the most."""
    page = report(kept())
    assert "| Palaver | 200 |" in page
    assert "| Apollo Server, graphql-ws | 50 (0.25x) |" in page
    assert "| Apollo Server, graphql-ws | 50 | 40 to 60 | 0.25x | 1 | 2 | 500 | 20 |" in page
    assert "3 rounds" in page


def test_who_failed_has_no_figure_and_a_reason() -> None:
    """It must be seen."""
    page = report(kept(failures={"mercurius": {"Q1": "7 requests failed"}}))
    assert "- mercurius, Q1: 7 requests failed" in page
    assert "| Mercurius" not in page
