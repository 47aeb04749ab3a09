"""Several processes behind one address: whichever is asked tells of all, each under its number."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from core.siblings import meeting_place
from graph.app import create_app
from graph.metrics import merged, written
from tests.client import sign
from tests.legs import Home
from tests.metrics.scraping import Scrape, read
from tests.socket.wire import WHO

ONE = b"""# HELP palaver_sends_total Messages.
# TYPE palaver_sends_total counter
palaver_sends_total{kind="TEXT"} 3.0
# HELP palaver_delivery_seconds Lateness.
# TYPE palaver_delivery_seconds histogram
palaver_delivery_seconds_bucket{le="1.0"} 2.0
palaver_delivery_seconds_bucket{le="+Inf"} 2.0
palaver_delivery_seconds_count 2.0
palaver_delivery_seconds_sum 0.5
"""
TWO = ONE.replace(b" 3.0", b" 4.0")
EVERYBODY = b"""# HELP palaver_worker_up 1 when the process answered this scrape.
# TYPE palaver_worker_up gauge
palaver_worker_up{worker="1"} 1.0
palaver_worker_up{worker="2"} 1.0
palaver_worker_up{worker="3"} 0.0
# HELP palaver_sends_total Messages.
# TYPE palaver_sends_total counter
palaver_sends_total{kind="TEXT",worker="1"} 3.0
palaver_sends_total{kind="TEXT",worker="2"} 4.0
# HELP palaver_delivery_seconds Lateness.
# TYPE palaver_delivery_seconds histogram
palaver_delivery_seconds_bucket{le="1.0",worker="1"} 2.0
palaver_delivery_seconds_bucket{le="+Inf",worker="1"} 2.0
palaver_delivery_seconds_count{worker="1"} 2.0
palaver_delivery_seconds_sum{worker="1"} 0.5
palaver_delivery_seconds_bucket{le="1.0",worker="2"} 2.0
palaver_delivery_seconds_bucket{le="+Inf",worker="2"} 2.0
palaver_delivery_seconds_count{worker="2"} 2.0
palaver_delivery_seconds_sum{worker="2"} 0.5
"""


def test_reports_are_one_text_with_a_series_for_each_process() -> None:
    assert written(merged({2: TWO, 1: ONE, 3: None})) == EVERYBODY


@asynccontextmanager
async def worker(home: Home, meeting: Path) -> AsyncIterator[httpx.AsyncClient]:
    """An application as a process of several has it, and a client of this one."""
    app = create_app(home.settings(), meeting)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://palaver.test") as http,
    ):
        yield http


async def scrape(http: httpx.AsyncClient) -> Scrape:
    """What it tells."""
    return read((await http.get("/metrics")).text)


async def ask(http: httpx.AsyncClient, times: int) -> None:
    """Ann asks who she is, so many times."""
    headers = {"Authorization": f"Bearer {sign('ann')}"}
    for _ in range(times):
        assert (await http.post("/graphql", json={"query": WHO}, headers=headers)).status_code == 200


async def test_whichever_is_asked_tells_of_all(home: Home) -> None:
    with meeting_place() as meeting:
        async with worker(home, meeting) as first, worker(home, meeting) as second:
            await ask(first, 2)
            await ask(second, 3)
            for http in (first, second):
                found = await scrape(http)
                asked = "palaver_operation_seconds_count"
                assert [found.of(asked, worker=number) for number in "12"] == [2, 3]
                assert [found.of("palaver_worker_up", worker=number) for number in "12"] == [1, 1]
                assert found.of("process_resident_memory_bytes", worker="2") > 0


async def test_one_that_ends_is_told_of_no_longer_and_its_successor_begins_at_zero(home: Home) -> None:
    with meeting_place() as meeting:
        async with worker(home, meeting) as first, AsyncExitStack() as exits:
            second = await exits.enter_async_context(worker(home, meeting))
            await ask(second, 3)
            await exits.aclose()
            assert (await scrape(first)).of("palaver_worker_up") == 1
            await exits.enter_async_context(worker(home, meeting))
            found = await scrape(first)
            assert found.of("palaver_operation_seconds_count", worker="2") == 0
            assert found.of("palaver_worker_up") == 2
