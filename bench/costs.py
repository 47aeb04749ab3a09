"""What a message, a delivery and a socket cost, in CPU time and bytes: python -m bench.costs --messages N --sockets N.

One server does the work, another one on the same database hears its bells and follows nothing. CPU time is the
system's own account of each process, so that a busy machine disturbs it little.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import websockets

from bench.meters import Used, bells_of, cpu_of_family, resident, wal_of
from tests import acts
from tests.client import Person
from tests.legs import Home, PostgresLeg, home_in, versions
from tests.parts.postgres import Postgres
from tests.parts.redis import Redis
from tests.served import Served, serve
from tests.waiting import until

WRITERS = 4
RESULTS = Path(__file__).parent / "results"
FOLLOW = (
    "subscription($id: ID!) { messageAdded(conversationId: $id) { cursor message { id seq body sender { name } } } }"
)
SETTINGS = {
    "PALAVER_MAX_SOCKETS_PER_USER": "100000",
    "PALAVER_PRESENCE_SECONDS": "600",
    "PALAVER_DELIVERED_SECONDS": "10",
    "PALAVER_LOG_LEVEL": "warning",
}


@dataclass(frozen=True, slots=True)
class Costs:
    """Microseconds of CPU time and bytes, for one each."""

    send_server_us: float
    send_postgres_us: float
    send_redis_us: float
    send_other_server_us: float
    send_wal_bytes: float
    send_bell_bytes: float
    sends_per_second: float
    delivery_server_us: float
    deliveries_per_second: float
    socket_bytes: float
    idle_server_share: float
    idle_postgres_share: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that is measured."""

    server: Served
    other: Served
    postgres: Postgres
    redis: Redis

    async def used(self) -> Used:
        """What was used so far."""
        return Used(
            cpu_of_family(self.server.pid),
            cpu_of_family(self.other.pid),
            cpu_of_family(self.postgres.pid),
            cpu_of_family(self.redis.pid),
            await wal_of(self.postgres),
            bells_of(self.redis),
        )


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """Two servers on one PostgreSQL and Redis of their own."""
    leg = PostgresLeg()
    try:
        with tempfile.TemporaryDirectory() as folder, home_in(Path(folder), leg) as home:
            (Path(folder) / "other").mkdir()
            async with serve(home, **SETTINGS) as server, serve(_beside(home), **SETTINGS) as other:
                if leg.redis is None:
                    raise LookupError("There is no wheel of Redis for this machine.")
                yield Ground(server, other, leg.databases.postgres, leg.redis)
    finally:
        leg.stop()


def _beside(home: Home) -> "Home":
    """Another folder with the same database."""

    class Beside(Home):
        @property
        def places(self) -> dict[str, str]:
            return {**home.places, "files_url": f"file://{home.folder}/other/files"}

    return Beside(home.folder / "other", home.leg)


async def open_threads(served: Served, http: httpx.AsyncClient) -> tuple[Person, list[str]]:
    """Ann, and conversations of hers with Bob."""
    host = served.person(http, "market", "service", name="The market")
    ann = served.person(http, "ann", "buyer", name="Ann")
    threads = []
    for number in range(WRITERS):
        await acts.list_thing(host, f"thing-{number}")
        threads.append(await acts.open_about(ann, f"thing-{number}"))
    return ann, threads


async def send_all(ann: Person, threads: Sequence[str], count: int) -> float:
    """Send so many messages, a writer to each conversation; the seconds that took."""

    async def write(thread: str) -> None:
        for number in range(count // len(threads)):
            await acts.send(ann, thread, f"Is it still for sale? I could come by on Saturday. ({number})")

    started = time.monotonic()
    await asyncio.gather(*(write(thread) for thread in threads))
    return time.monotonic() - started


@dataclass(slots=True)
class Follower:
    """A socket that counts what it is told."""

    socket: websockets.ClientConnection
    heard: int = 0

    @classmethod
    async def open(cls, served: Served, person: Person, thread: str) -> "Follower":
        """Connect, and follow a conversation."""
        protocol = [websockets.Subprotocol("graphql-transport-ws")]
        socket = await websockets.connect(served.socket_url, subprotocols=protocol, compression=None)
        await socket.send(json.dumps({"type": "connection_init", "payload": person.headers}))
        await socket.recv()
        payload = {"query": FOLLOW, "variables": {"id": thread}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        return cls(socket)

    async def listen(self) -> None:
        """Count until the socket is closed."""
        async for frame in self.socket:
            self.heard += '"next"' in frame[:200]


async def follow(served: Served, person: Person, thread: str, count: int) -> list[Follower]:
    """Open so many sockets, some at a time."""
    followers: list[Follower] = []
    while len(followers) < count:
        some = [Follower.open(served, person, thread) for _ in range(min(50, count - len(followers)))]
        followers += await asyncio.gather(*some)
        print(f"\r{len(followers)} sockets", end="", flush=True)
    print()
    return followers


async def measure(messages: int, sockets: int) -> Costs:
    """Measure one thing after another, and say so."""
    async with ground() as made, httpx.AsyncClient(timeout=60) as http:
        ann, threads = await open_threads(made.server, http)
        await send_all(ann, threads, 200)
        print("Idle for five seconds")
        before = await made.used()
        await asyncio.sleep(5)
        idle = (await made.used()).minus(before)
        print(f"{messages} messages")
        before = await made.used()
        seconds = await send_all(ann, threads, messages)
        sent = (await made.used()).minus(before)
        rest = seconds / 5  # What both would have used without any message.
        before_memory = resident(made.server.pid)
        bob = made.server.person(http, "bob", "seller", name="Bob")
        followers = await follow(made.server, bob, threads[0], sockets)
        listening = [asyncio.create_task(follower.listen()) for follower in followers]
        await asyncio.sleep(2)
        memory = resident(made.server.pid) - before_memory
        told = max(20, messages // 50)
        print(f"{told} messages to {sockets} sockets")
        before, started = await made.used(), time.monotonic()
        await send_all(ann, threads[:1], told)
        await until(lambda: all(follower.heard >= told for follower in followers), pause=0.05)
        delivering, took = (await made.used()).minus(before), time.monotonic() - started
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        send_server = (sent.server - rest * idle.server) / messages
        return Costs(
            send_server_us=round(send_server * 1e6),
            send_postgres_us=round((sent.postgres - rest * idle.postgres) / messages * 1e6),
            send_redis_us=round((sent.redis - rest * idle.redis) / messages * 1e6, 1),
            send_other_server_us=round((sent.other - rest * idle.other) / messages * 1e6, 1),
            send_wal_bytes=round(sent.wal / messages),
            send_bell_bytes=round(sent.bells / messages),
            sends_per_second=round(messages / seconds),
            delivery_server_us=round((delivering.server - told * send_server) / told / sockets * 1e6),
            deliveries_per_second=round(told * sockets / took),
            socket_bytes=round(memory / sockets),
            idle_server_share=round(idle.server / 5, 4),
            idle_postgres_share=round(idle.postgres / 5, 4),
        )


def main() -> None:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--sockets", type=int, default=500)
    asked = parser.parse_args()
    costs = asyncio.run(measure(asked.messages, asked.sockets))
    kept = {"versions": versions(), "messages": asked.messages, "sockets": asked.sockets, **asdict(costs)}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "costs.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    for name, value in asdict(costs).items():
        print(f"{name:24} {value:>10,}")


if __name__ == "__main__":
    main()
