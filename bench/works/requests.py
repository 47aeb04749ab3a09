"""Q1, Q2 and M1: how many requests a second a server answers, and how long each takes."""

import asyncio
import time
from itertools import count, cycle

from bench.dialects import KEY
from bench.figures import percentile
from bench.load.http import Crowd, IsGood, NextRequest
from bench.stage import BenchError, Served, id_of, token_of

CONNECTIONS = 16
PAUSE = 0.02
#: Conversations that are sent to in turn; the main one is not among them, so that its page stays as it is.
SENT_TO = 50
WORDS = "Is it still for sale? I could come by on Saturday, would that be good for you?"


def page_request(served: Served) -> bytes:
    """The last page of the main conversation."""
    return served.dialect.page(token_of(served.market.viewer), id_of(served.market.main), 50)


def inbox_request(served: Served) -> bytes:
    """The viewer's inbox."""
    return served.dialect.inbox(token_of(served.market.viewer), 20)


def sends(served: Served, prefix: str) -> NextRequest:
    """Messages of the viewer's to many conversations in turn, each with a key of its own."""
    token = token_of(served.market.viewer)
    threads = served.market.mine[: min(SENT_TO, len(served.market.mine) - 1)]
    templates = cycle([served.dialect.send(token, id_of(thread), WORDS) for thread in threads])
    numbers, place = count(), KEY.encode()

    def next_request() -> bytes:
        key = f"{prefix}{next(numbers):0{len(KEY) - len(prefix)}}".encode()
        return next(templates).replace(place, key)

    return next_request


def _unchanging(request: bytes) -> NextRequest:
    return lambda: request


def _same_length() -> IsGood:
    """Is an answer as long as the first, and without errors?"""
    length = 0

    def is_good(body: bytes) -> bool:
        nonlocal length
        length = length or len(body)
        return len(body) == length and b'"errors"' not in body

    return is_good


def load_of(served: Served, work: str) -> tuple[NextRequest, IsGood]:
    """What is asked in a work, and what a good answer is."""
    if work == "M1":
        return sends(served, "m1-"), served.dialect.has_sent
    request = page_request(served) if work == "Q1" else inbox_request(served)
    return _unchanging(request), _same_length()


async def measure_requests(
    served: Served, work: str, seconds: float, warm: float, *, connections: int = CONNECTIONS
) -> dict[str, float]:
    """Requests a second, milliseconds (p50, p99), and the server's CPU time for each. BenchError when one failed."""
    next_request, is_good = load_of(served, work)
    crowd = Crowd(served.port, connections, next_request, is_good)
    await crowd.open()
    try:
        await asyncio.sleep(warm)
        warmed = crowd.restart()
        cpu, own, started = served.cpu(), time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        await _until_answered(crowd, seconds)
        tally, took, used = crowd.restart(), time.perf_counter() - started, served.cpu() - cpu
        own = time.process_time() - own
    finally:
        crowd.close()
    failures = warmed.failures + tally.failures
    if failures or not tally.seconds:
        what = warmed.first_failure or tally.first_failure
        raise BenchError(f"{failures} requests failed in {work} at {served.contender.name}: {what!r}")
    return {
        "per_second": len(tally.seconds) / took,
        "p50_ms": percentile(tally.seconds, 0.5) * 1000,
        "p99_ms": percentile(tally.seconds, 0.99) * 1000,
        "cpu_us": used / len(tally.seconds) * 1e6,
        "load_cpu_us": own / len(tally.seconds) * 1e6,
    }


async def _until_answered(crowd: Crowd, seconds: float) -> None:
    """A server that has answered nothing yet gets ten times as long to answer once."""
    for _ in range(round(9 * seconds / PAUSE)):
        if crowd.tally.seconds or crowd.tally.failures:
            return
        await asyncio.sleep(PAUSE)
