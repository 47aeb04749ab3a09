"""docs/operating.md and the alarms speak of metrics and log lines that there are, and of all of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.house import House
from tests.metrics.scraping import Scrape, scrape

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
PAGE = ROOT / "docs" / "operating.md"
TEXTS = [PAGE.read_text("utf-8"), ALERTS.read_text("utf-8")]
NAME = re.compile(r"\b(?:palaver|process)_[a-z_]+\b")
SELECTOR = re.compile(r"\b((?:palaver|process)_[a-z_]+)\{([^}]*)\}")
#: What Prometheus adds itself, and what stands in the page's example of its settings.
PROMETHEUS = {"job", "instance"}
#: By structlog, and by graph/journal.py itself.
LOGGED = (
    re.compile(r"(?:log|get_logger\(\))\.(?:debug|info|warning|error|exception)\(\s*\"([a-z_.]+)\""),
    re.compile(r"\"event\": \"([a-z_.]+)\""),
)


def rules() -> list[dict[str, Any]]:
    """The alarms."""
    [group] = yaml.safe_load(TEXTS[1])["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def unknown_selectors(text: str, found: Scrape) -> Iterator[str]:
    """The series that a text asks for and that there are none of."""
    series = [sample for family in found.families for sample in family.samples]
    for name, selector in SELECTOR.findall(text):
        wanted = {label: value for label, value in re.findall(r'(\w+)="([^"]*)"', selector) if label not in PROMETHEUS}
        if not any(sample.name == name and wanted.items() <= sample.labels.items() for sample in series):
            yield f"{name}{{{selector}}}"


async def test_every_metric_that_is_named_is_there(house: House) -> None:
    found = await scrape(house)
    families = {family.name for family in found.families}
    for text in TEXTS:
        assert set(NAME.findall(text)) - found.names - families == set()
        assert list(unknown_selectors(text, found)) == []


async def test_every_metric_that_is_there_is_explained(house: House) -> None:
    table = set(re.findall(r"`([a-z_]+)`", TEXTS[0].partition("## Every metric")[2].partition("## Log lines")[0]))
    for family in (await scrape(house)).families:
        name = f"{family.name}_total" if family.type == "counter" else family.name
        assert name in table


async def test_a_series_that_is_not_there_is_found_out(house: House) -> None:
    found = await scrape(house)
    assert list(unknown_selectors('palaver_refusals_total{code="NOTHING"}', found))
    assert list(unknown_selectors('palaver_refusals{code="INTERNAL"}', found))
    assert not list(unknown_selectors('palaver_refusals_total{code="INTERNAL", job="palaver"}', found))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alarm_is_whole(rule: dict[str, Any]) -> None:
    assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"].endswith(".")
    assert NAME.search(rule["expr"]) or rule["expr"].startswith("up{")


def test_the_page_says_of_every_alarm_what_to_do() -> None:
    explained = re.findall(r"Palaver[A-Z]\w+", " ".join(re.findall(r"^### (.*)$", TEXTS[0], re.MULTILINE)))
    alarms = [rule["alert"] for rule in rules()]
    assert sorted(explained) == sorted(alarms)
    assert len(set(alarms)) == len(alarms)
    assert set(re.findall(r"\bPalaver[A-Z]\w+", TEXTS[0])) == set(alarms)


def test_the_page_has_every_line_that_is_logged() -> None:
    sources = [path for floor in ("graph", "chat", "db", "core") for path in (ROOT / floor).rglob("*.py")]
    logged = {event for path in sources for pattern in LOGGED for event in pattern.findall(path.read_text("utf-8"))}
    rows = re.findall(r"^\| (`[^|]*) \|", TEXTS[0].partition("## Log lines")[2], re.MULTILINE)
    assert len(logged) > 10
    assert {event for row in rows for event in re.findall(r"`([a-z_.]+)`", row)} == logged
