"""The long form: `make fuzz` (ARGS="--operations 1000 --sessions 1000 --database postgres --seed 1"); 1 when something
was found."""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import httpx

from graph.roots import schema
from tests.client import NO_TLS, Person
from tests.fuzz.bodies import Bodies
from tests.fuzz.operations import each_operation
from tests.fuzz.sessions import Grammar, run_session
from tests.fuzz.uploads import Upload
from tests.fuzz.verdict import Found, judge_response
from tests.house import open_house
from tests.legs import NAMES, Home, Leg, PostgresLeg, SqliteLeg, home_in
from tests.parts.databases import migrate_empty
from tests.plan.market import Words, open_market
from tests.served import Served, serve

#: Sessions at a time.
ABREAST = 8
ROLES = {"ann": ("buyer",), "bob": ("seller",), "cy": ("buyer",), "market": ("service",), "ada": ("admin",)}
#: Nobody is refused for how much they do, and introspection is answered.
SETTINGS = {
    "PALAVER_ENV": "development",
    "PALAVER_MAX_SOCKETS_PER_USER": "1000",
    "PALAVER_SOCKET_MESSAGES": "100000 per second",
}


class Tally:
    """What came of it, told as it goes on."""

    def __init__(self, what: str, count: int) -> None:
        self._what, self._count = what, count
        self._since = time.monotonic()
        self.outcomes: Counter[int] = Counter()
        self.found: list[str] = []

    def add(self, outcome: int) -> None:
        """One more."""
        self.outcomes[outcome] += 1
        if self.outcomes.total() % 500 == 0:
            print(f"\r{self}", end="", flush=True)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{outcome or 'to the end'}: {count}" for outcome, count in sorted(self.outcomes.items()))
        seconds = time.monotonic() - self._since
        total = self.outcomes.total()
        return f"{total} of {self._count} {self._what} in {seconds:.0f} s, {len(self.found)} bad ({outcomes})"


async def run_sessions(served: Served, people: list[Person], words: Words, seeds: range) -> Tally:
    """Sessions over sockets, some at a time."""
    tally = Tally("sessions", len(seeds))
    left = iter(seeds)

    async def run() -> None:
        for seed in left:
            person = people[seed % len(people)]
            said = Grammar(schema._schema, words, person.token, Random(seed)).frames()
            try:
                tally.add((await run_session(served.socket_url, said)).code)
            except Found as found:
                tally.found.append(f"session {seed}: {found}")

    await asyncio.gather(*(run() for _ in range(ABREAST)))
    return tally


def run_requests(served: Served, people: list[Person], bodies: Iterator[tuple[str, bytes]], count: int) -> Tally:
    """Requests by bodies with names, one after the other."""
    tally = Tally("requests", count)
    with httpx.Client(timeout=20, verify=NO_TLS) as http:
        send = _sender(served, people, http, tally)
        for name, body in bodies:
            send(name, body)
    return tally


def run_operations(served: Served, people: list[Person], count: int, seed: int) -> Tally:
    """Operations that schemathesis makes."""
    tally = Tally("operations", count)
    with httpx.Client(timeout=20, verify=NO_TLS) as http:
        send = _sender(served, people, http, tally)
        each_operation(count, seed, lambda query: send(query, json.dumps({"query": query}).encode()))
    return tally


def run_uploads(served: Served, people: list[Person], seeds: range) -> Tally:
    """Files, one after the other."""
    tally = Tally("files", len(seeds))
    known: list[str] = []
    with httpx.Client(timeout=20, verify=NO_TLS) as http:
        for seed in seeds:
            try:
                tally.add(Upload(http, people[seed % len(people)], Random(seed), known).run())
            except (Found, httpx.HTTPError) as found:
                tally.found.append(f"file {seed}: {type(found).__name__} {found}")
    return tally


def _sender(served: Served, people: list[Person], http: httpx.Client, tally: Tally) -> Callable[[str, bytes], None]:
    def send(name: str, body: bytes) -> None:
        person = people[tally.outcomes.total() % len(people)]
        headers = {**person.headers, "Content-Type": "application/json"}
        try:
            tally.add(judge_response(http.post(f"{served.url}/graphql", content=body, headers=headers)))
        except (Found, httpx.HTTPError) as found:
            tally.found.append(f"{name}: {type(found).__name__} {found}")

    return send


def faults_in(output: str) -> list[str]:
    """What the server's log calls a fault of its own."""
    faults = ("operation.failed", "operation.broke", "socket.failed", "plan.failed", "feed.failed", "Traceback")
    marks = (*faults, "[error ", "[critical ")
    return [line for line in output.splitlines() if any(mark in line for mark in marks)]


async def run(home: Home, options: argparse.Namespace) -> int:
    """Everything, at a server process with something of everything in it."""
    async with open_house(home.settings(max_cost=100_000_000, cost_budget=0)) as house, open_market(house) as market:
        words = market.words
    async with serve(home, **SETTINGS) as served, httpx.AsyncClient(verify=NO_TLS) as http:
        people = [served.person(http, sub, *roles, name=sub.title()) for sub, roles in ROLES.items()]
        half = options.operations // 2
        chances = range(options.seed, options.seed + half)
        bodies = ((f"body {seed}", Bodies(schema._schema, words, Random(seed)).body()) for seed in chances)
        tallies = [await run_sessions(served, people, words, range(options.seed, options.seed + options.sessions))]
        print(f"\r{tallies[-1]}", flush=True)
        tallies.append(await asyncio.to_thread(run_requests, served, people, bodies, len(chances)))
        print(f"\r{tallies[-1]}", flush=True)
        tallies.append(await asyncio.to_thread(run_operations, served, people, options.operations - half, options.seed))
        print(f"\r{tallies[-1]}", flush=True)
        files = range(options.seed, options.seed + options.operations // 10)
        tallies.append(await asyncio.to_thread(run_uploads, served, people, files))
        print(f"\r{tallies[-1]}", flush=True)
        await people[0].ask("{ viewer { id } }")
        found = [line for tally in tallies for line in tally.found] + faults_in(served.output)
    if found:
        _keep(found, served.output)
    print(*found[:20], sep="\n")
    print(f"seed {options.seed} on {options.database}: {len(found)} found")
    return 1 if found else 0


def _keep(found: list[str], output: str) -> None:
    Path("fuzz.log").write_text("\n".join([*found, output]), "utf-8")


def main() -> int:
    """Run what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--operations", type=int, default=100_000, help="operations over HTTP; and a tenth of files")
    parser.add_argument("--sessions", type=int, default=10_000, help="sessions over WebSocket")
    parser.add_argument("--seed", type=int, default=None, help="where chance begins; anywhere unless told")
    parser.add_argument("--database", choices=NAMES, default="sqlite", help="what the server stands on")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = secrets.randbelow(10**9)
    with tempfile.TemporaryDirectory(prefix="palaver-fuzz-") as name:
        folder = Path(name)
        leg: Leg
        if options.database == "postgres":
            leg = PostgresLeg()
        else:
            asyncio.run(migrate_empty(f"sqlite+aiosqlite:///{folder}/template.db"))
            leg = SqliteLeg(folder / "template.db")
        (folder / "home").mkdir()
        try:
            with home_in(folder / "home", leg) as home:
                return asyncio.run(run(home, options))
        finally:
            if isinstance(leg, PostgresLeg):
                leg.stop()


sys.exit(main())
