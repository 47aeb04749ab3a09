"""S1a, S1b and S1c: how soon a message is heard, how many hear it, and what it costs to wait for one."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from bench.dialects import KEY
from bench.figures import percentile
from bench.load.audience import Audience
from bench.load.tellers import BareTeller, HttpTeller, NotTold, Teller
from bench.market.rows import Thread
from bench.processes import memory_of
from bench.stage import BenchError, Served, id_of, token_of
from bench.works.requests import WORDS

#: Messages that are under way at once in S1b.
WINDOW = 4
TELLERS = 16


class Stage1:
    """A server's conversations, whom they are told to, and who tells."""

    def __init__(self, served: Served, threads: Sequence[Thread], tellers: Sequence[Teller]) -> None:
        self.served = served
        self.tellers = tellers
        viewer = token_of(served.market.viewer)
        self.audience = Audience(served.port, served.dialect, viewer, [id_of(thread) for thread in threads])
        self.is_bare = served.contender.kept_in == "nothing"
        self._requests = [self._request_of(thread) for thread in threads]
        self._numbers = count()

    def _request_of(self, thread: Thread) -> bytes:
        if self.is_bare:
            return f"tell {id_of(thread)}".encode()
        return self.served.dialect.send(token_of(thread.buyer), id_of(thread), WORDS)

    def next_request(self, place: int) -> bytes:
        """The next message to a conversation, with a key of its own."""
        key = f"live-{next(self._numbers):0{len(KEY) - 5}}".encode()
        return self._requests[place].replace(KEY.encode(), key)

    async def tell(self, place: int) -> None:
        """Tell a conversation something, by the first who tells."""
        await self.tellers[0].tell(self.next_request(place))


@asynccontextmanager
async def live(served: Served, threads: Sequence[Thread], tellers: int) -> AsyncIterator[Stage1]:
    """Who tells, and nobody listening yet."""
    opened: list[Teller] = []
    for _ in range(tellers):
        is_bare = served.contender.kept_in == "nothing"
        opened.append(await (BareTeller if is_bare else HttpTeller).open(served.port))
    made = Stage1(served, threads, opened)
    try:
        yield made
    except (NotTold, TimeoutError, ConnectionError) as error:
        raise BenchError(f"{served.contender.name} failed: {str(error) or type(error).__name__}") from error
    finally:
        made.audience.close()
        for teller in opened:
            teller.close()


async def measure_latency(served: Served, seconds: float, rate: float, sockets: int) -> dict[str, float]:
    """S1a: milliseconds from sending to receiving at a fixed rate, each of some conversations followed by a socket."""
    threads = served.market.mine[:sockets]
    async with live(served, threads, TELLERS) as made:
        await made.audience.open(sockets)
        await made.audience.wake(made.tell)
        heard = made.audience.heard
        under_way: list[deque[float]] = [deque() for _ in threads]
        found: list[float] = []
        made.audience.on_event = lambda place: found.append(time.perf_counter() - under_way[place].popleft())
        idle: asyncio.Queue[Teller] = asyncio.Queue()
        for teller in made.tellers:
            idle.put_nowait(teller)
        total = max(1, round(rate * seconds))
        started = time.perf_counter()

        async def send(number: int) -> None:
            due = started + number / rate
            await asyncio.sleep(due - time.perf_counter())
            # From when it was due: who has to wait for a slow server has waited.
            under_way[number % sockets].append(due)
            teller = await idle.get()
            await teller.tell(made.next_request(number % sockets))
            idle.put_nowait(teller)

        await asyncio.gather(*(send(number) for number in range(total)))
        took = time.perf_counter() - started
        await made.audience.reach(heard + total)
        if len(found) != total:
            raise BenchError(f"{served.contender.name} told of {len(found)} of {total} messages.")
    return {
        "p50_ms": percentile(found, 0.5) * 1000,
        "p99_ms": percentile(found, 0.99) * 1000,
        "sent_per_second": total / took,
    }


async def measure_fan_out(served: Served, seconds: float, warm: float, sockets: int) -> dict[str, float]:
    """S1b: deliveries a second of one conversation's messages to many sockets, some messages under way at once."""
    async with live(served, [served.market.main], WINDOW) as made:
        audience = made.audience
        await audience.open(sockets)
        await audience.wake(made.tell)
        may_tell, is_over, told = asyncio.Semaphore(WINDOW), asyncio.Event(), 0
        audience.heard = 0

        def on_event(_: int) -> None:
            if audience.heard % sockets == 0:
                audience.heard_at = time.perf_counter()
                may_tell.release()

        audience.on_event = on_event

        async def talk(teller: Teller) -> None:
            nonlocal told
            while not is_over.is_set():
                await may_tell.acquire()
                if not is_over.is_set():
                    told += 1
                    await teller.tell(made.next_request(0))

        async with asyncio.TaskGroup() as group:
            for teller in made.tellers:
                group.create_task(talk(teller))
            await asyncio.sleep(warm)
            before, cpu, own, started = (
                audience.heard,
                served.cpu(),
                time.process_time(),
                time.perf_counter(),
            )
            await asyncio.sleep(seconds)
            is_over.set()
            for _ in made.tellers:
                may_tell.release()
        # A slow server is still telling: it is measured to the last delivery.
        await audience.reach(told * sockets)
        heard, took = audience.heard - before, audience.heard_at - started
        used, own = served.cpu() - cpu, time.process_time() - own
        if audience.heard != told * sockets or audience.lost:
            raise BenchError(
                f"{served.contender.name} told {audience.heard} times of {told} messages to {sockets} sockets; "
                f"{audience.lost} sockets were closed."
            )
    return {
        "per_second": heard / took,
        "sent_per_second": heard / took / sockets,
        "cpu_us": used / heard * 1e6,
        "load_cpu_us": own / heard * 1e6,
    }


async def measure_memory(served: Served, sockets: int) -> dict[str, float]:
    """S1c: kB of memory for each socket with one subscription that waits, in a process that has served a little."""
    threads = served.market.mine
    async with live(served, threads, 1) as first:
        await first.audience.open(2 * len(threads) // 10)
        await first.audience.wake(first.tell)
    await asyncio.sleep(1)
    before = memory_of(served.pid)
    async with live(served, threads, 1) as made:
        await made.audience.open(sockets)
        await asyncio.sleep(2)
        after = memory_of(served.pid)
        await made.audience.wake(made.tell, 300)
        told = memory_of(served.pid)
        if made.audience.lost:
            raise BenchError(f"{served.contender.name} closed {made.audience.lost} of {sockets} sockets.")
    return {
        "pss_kb": (after["pss"] - before["pss"]) / sockets / 1024,
        "rss_kb": (after["rss"] - before["rss"]) / sockets / 1024,
        "told_pss_kb": (told["pss"] - before["pss"]) / sockets / 1024,
        "sockets": sockets,
    }
