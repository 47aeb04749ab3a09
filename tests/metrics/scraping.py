"""/metrics as Prometheus reads it, with its own parser."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.client import NO_TLS
from tests.house import House
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Scrape:
    """All that was told at one moment."""

    families: tuple[Metric, ...]

    def of(self, name: str, **labels: str) -> float:
        """The sum of the series of a name that have these labels; there is at least one."""
        values = [
            sample.value
            for family in self.families
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        assert values, f"There is no {name} with {labels}."
        return sum(values)

    @property
    def names(self) -> set[str]:
        """The names of all series."""
        return {sample.name for family in self.families for sample in family.samples}


def read(text: str) -> Scrape:
    """A page of metrics."""
    return Scrape(tuple(text_string_to_metric_families(text)))


async def get(house: House, **headers: str) -> httpx.Response:
    """Ask for the page."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        return await http.get(f"{house.url}/metrics", headers=headers)


async def scrape(house: House) -> Scrape:
    """What the server tells now."""
    response = await get(house)
    assert response.status_code == 200
    return read(response.text)


@dataclass(slots=True)
class Watch:
    """What has moved since it began."""

    house: House
    before: Scrape

    async def moved(self, name: str, **labels: str) -> float:
        """By how much a value has moved."""
        return (await scrape(self.house)).of(name, **labels) - self.before.of(name, **labels)

    async def moves(self, name: str, by: float, **labels: str) -> None:
        """Wait until a value has moved by so much: some things are counted after the client knows of them."""
        await until(lambda: self._has_moved(name, by, labels))

    async def _has_moved(self, name: str, by: float, labels: dict[str, str]) -> bool:
        return await self.moved(name, **labels) == by

    async def stands(self, *names: str) -> bool:
        """Have these not moved at all?"""
        now = await scrape(self.house)
        return all(now.of(name) == self.before.of(name) for name in names)


async def watch(house: House) -> Watch:
    """Begin to watch."""
    return Watch(house, await scrape(house))


def labels_of(families: Iterable[Metric], name: str) -> dict[str, Any]:
    """The labels of the only series of a name."""
    [labels] = [sample.labels for family in families for sample in family.samples if sample.name == name]
    return dict(labels)
