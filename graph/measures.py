"""What is read when somebody looks: the counters that the hub, the rings, the backstop and the rest keep themselves."""

from collections.abc import Iterator
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from chat.palaver import Palaver
from graph.documents import OUTCOMES, Documents
from graph.feeds import Feeds
from graph.schema.messages import MessageKind
from graph.sockets import Sockets


class Measures(Collector):
    """Reads the running server."""

    def __init__(self, palaver: Palaver, sockets: Sockets, feeds: Feeds, documents: Documents) -> None:
        self._palaver = palaver
        self._documents = documents
        self._sockets = sockets
        self._feeds = feeds

    def collect(self) -> Iterator[Metric]:
        """Everything, as it is now."""
        yield _gauge("build_info", "1, with the version.", {version("palaver"): 1.0}, "version")
        yield from self._of_sockets()
        yield from self._of_messages()
        yield from self._of_broker()
        yield from self._of_backstop()
        yield from self._of_reads()
        yield from self._of_documents()

    def _of_sockets(self) -> Iterator[Metric]:
        yield _gauge("sockets", "Open sockets of people who were admitted.", self._sockets.count)
        yield _gauge("sockets_max", "Sockets that a process admits.", self._palaver.settings.max_sockets)
        yield _counter("sockets_opened", "Sockets that were admitted.", self._sockets.opened)

    def _of_messages(self) -> Iterator[Metric]:
        work = self._palaver.work
        stored = {kind: work.stored[kind] for kind in MessageKind.__members__}
        yield _counter("sends", "Messages stored, by kind; SYSTEM are the host's.", stored, "kind")
        yield _counter("send_repeats", "Messages sent again with the same key, and answered as before.", work.repeats)
        line = self._palaver.database.line
        yield _counter("acts", "Acts that were committed: sends, marks, openings, heartbeats, all others.", work.acts)
        commits = work.acts if line is None else line.commits
        yield _counter("commits", "Commits that stored them; on SQLite one may hold several.", commits)

    def _of_broker(self) -> Iterator[Metric]:
        hub = self._palaver.hub
        yield _gauge("broker_connected", "1 when the last probe came back through the broker.", int(hub.is_connected))
        yield _gauge("broker_probe_seconds", "How long the last probe that came back took.", hub.probe_seconds)
        yield _counter("broker_builds", "Links built to the broker; 1 is the start, each more a rebuild.", hub.builds)
        yield _counter(
            "broker_failed_publishes",
            "Frames that rang in this process only.",
            hub.failed_publishes,
        )
        yield _counter("broker_refused_frames", "Frames on our channels that were not ours.", hub.refused_frames)
        yield _counter("dropped_bells", "Bells dropped because too many waited; all looked again.", hub.dropped_bells)
        yield _gauge("listeners", "Places at the hub: running subscriptions that wait for bells.", hub.listener_count)
        yield _gauge("feeds", "Streams that are followed for the subscriptions that rest in them.", len(self._feeds))
        yield _gauge("resting", "Subscriptions that rest in a feed: they have told everything.", self._feeds.resting)

    def _of_backstop(self) -> Iterator[Metric]:
        backstop = self._palaver.backstop
        found = {"bell": backstop.by_bell, "poll": backstop.by_poll}
        yield _counter("backstop_looks", "Looks behind the bells that the database answered.", backstop.looks)
        yield _counter("backstop_failures", "Looks behind the bells that failed.", backstop.failures)
        yield _counter(
            "backstop_changes",
            "Conversations that had changed at a look, by what told of it: a bell, or only the look (poll).",
            found,
            "found_by",
        )

    def _of_reads(self) -> Iterator[Metric]:
        rings, pools = self._palaver.rings, self._palaver.database.pools()
        yield _counter("log_reads", "Reads of a conversation's log from the database, for followers.", rings.reads)
        yield _counter("ring_hits", "Followers who found the news in the process's memory.", rings.hits)
        yield _gauge("rings", "Conversations that somebody follows.", len(rings))
        in_use = {name: pool.in_use for name, pool in pools.items()}
        yield _gauge("database_connections", "Connections of the database in use, by pool.", in_use, "pool")
        sizes = {name: pool.size for name, pool in pools.items()}
        yield _gauge("database_pool_size", "Connections that a pool of the database can have.", sizes, "pool")

    def _of_documents(self) -> Iterator[Metric]:
        named = {outcome: self._documents.named[outcome] for outcome in OUTCOMES}
        yield _counter("documents_named", "Documents named by a hash or an id, by what came of it.", named, "outcome")
        yield _gauge("documents", "Documents that can be named.", len(self._documents))


def _gauge(name: str, words: str, value: float | dict[str, float] | dict[str, int], label: str = "") -> Metric:
    return _filled(GaugeMetricFamily(f"palaver_{name}", words, labels=[label] if label else ()), value)


def _counter(name: str, words: str, value: float | dict[str, int], label: str = "") -> Metric:
    return _filled(CounterMetricFamily(f"palaver_{name}", words, labels=[label] if label else ()), value)


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, value: float | dict[str, float] | dict[str, int]
) -> Metric:
    values = value.items() if isinstance(value, dict) else [((), value)]
    for key, number in values:
        family.add_metric([key] if isinstance(key, str) else [], number)
    return family
