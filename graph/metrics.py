"""GET /metrics: what this process and its siblings have counted, in the text format of Prometheus."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.settings import Settings
from core.siblings import Siblings


def new_registry() -> CollectorRegistry:
    """The registry of one application, with what the system knows of the process in it. Nothing is global."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


def report(registry: CollectorRegistry) -> bytes:
    """What one process has counted, as text."""
    return written(_without_created(registry.collect()))


@dataclass(frozen=True, slots=True)
class Metrics:
    """Answers GET /metrics."""

    settings: Settings
    registry: CollectorRegistry
    siblings: Siblings

    async def __call__(self, request: Request) -> Response:
        """The text; 404 to whoever has not the token, and in production to everybody while there is none."""
        if not self._may_read(request.headers.get("authorization")):
            return PlainTextResponse("Not Found", 404)
        others = await self.siblings.ask()
        reports = {self.siblings.number: report(self.registry), **others}
        return Response(written(merged(reports)), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    def _may_read(self, authorization: str | None) -> bool:
        token = self.settings.metrics_token
        if token is None:
            return not self.settings.is_production
        scheme, _, given = (authorization or "").partition(" ")
        wanted = token.get_secret_value().encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode("latin-1"), wanted)


def merged(reports: Mapping[int, bytes | None]) -> list[Metric]:
    """The reports of some processes as one, each series with its process's number as the label `worker`.

    They are not added up: a process that was started again counts from zero, which Prometheus can only tell from a
    series of its own. None is the report of a process that does not answer.
    """
    answers = GaugeMetricFamily("palaver_worker_up", "1 when the process answered this scrape.", labels=["worker"])
    families: dict[str, Metric] = {answers.name: answers}
    for number, text in sorted(reports.items()):
        answers.add_metric([str(number)], float(text is not None))
        for metric in text_string_to_metric_families((text or b"").decode()):
            family = families.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
            for sample in metric.samples:
                family.add_sample(sample.name, {**sample.labels, "worker": str(number)}, sample.value)
    return list(families.values())


def written(metrics: Iterable[Metric]) -> bytes:
    """Metrics as text."""
    return generate_latest(_Report(metrics))


def _without_created(metrics: Iterable[Metric]) -> Iterator[Metric]:
    """When a series began is not asked for, and would double the text."""
    for metric in metrics:
        metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
        yield metric


@dataclass(frozen=True, slots=True)
class _Report(Collector):
    metrics: Iterable[Metric]

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        return self.metrics
