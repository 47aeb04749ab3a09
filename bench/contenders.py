"""Who takes part: Palaver, its peers, and the bare servers that bound them all; and how each is started."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bench.dialects import Bare, Dialect, GraphQL, Rest

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "bench" / "peers"
SECRET = "a secret of the bench, of more than 32 bytes"
SIGNING_KEY = "42" * 32
READS = ("Q1", "Q2", "M1")
LIVE = ("S1a", "S1b", "S1c")
ALL = (*READS, *LIVE)
PALAVER_SETTINGS = {
    "PALAVER_ENV": "production",
    "PALAVER_JWT_SECRET": SECRET,
    "PALAVER_RATE_LIMITS": "off",
    # The peers write no line for an operation either.
    "PALAVER_LOG_OPERATIONS": "off",
    "PALAVER_MAX_SOCKETS_PER_USER": "100000",
    "PALAVER_MAX_SOCKETS": "100000",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server finds its data, and where it listens. `database` is a file, or an address of PostgreSQL."""

    folder: Path
    database: str
    port: int


@dataclass(frozen=True, slots=True)
class Start:
    """A command, and what its environment has besides ours."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]


MakeStart: TypeAlias = Callable[[Place], Start]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that is measured. `kept_in` is palaver, peers or nothing: whose tables it reads."""

    name: str
    title: str
    start: MakeStart
    dialect: Dialect
    kept_in: str = "peers"
    database: str = "sqlite"
    works: Sequence[str] = ALL
    #: It bounds what the others can reach, and is compared with nobody.
    is_bound: bool = False
    #: It is no server, but does the work by itself.
    serves: bool = True

    @property
    def is_palaver(self) -> bool:
        """Is it what the others are compared with?"""
        return self.kept_in == "palaver"

    @property
    def is_node(self) -> bool:
        """Does it need Node.js, and the packages in bench/peers?"""
        return self.name.partition("-")[0] in ("mercurius", "apollo", "socketio")


def _palaver(place: Place) -> Start:
    is_file = not place.database.startswith("postgresql")
    url = f"sqlite+aiosqlite:///{place.database}" if is_file else place.database
    environment = {
        **PALAVER_SETTINGS,
        "PALAVER_DATABASE_URL": url,
        "PALAVER_FILES_URL": f"file://{place.folder}/files",
        "PYTHONPATH": str(ROOT),
    }
    return Start([sys.executable, "-m", "graph.cli", "serve", "--port", str(place.port)], environment)


def _environment(place: Place) -> dict[str, str]:
    return {
        "PORT": str(place.port),
        "DATABASE": place.database.replace("+asyncpg", "").partition("?")[0],
        "SECRET": SECRET,
        "SIGNING_KEY": SIGNING_KEY,
        "NODE_ENV": "production",
        "PYTHONPATH": str(ROOT),
    }


def _node(script: str) -> MakeStart:
    return lambda place: Start(["node", PEERS / f"{script}.mjs"], _environment(place))


def _naive(place: Place) -> Start:
    command = [sys.executable, "-m", "uvicorn", "--port", str(place.port), "--no-access-log", "--log-level", "warning"]
    return Start([*command, "bench.peers.naive.app:app"], _environment(place))


def _bare(kind: str) -> MakeStart:
    def start(place: Place) -> Start:
        environment = {**_environment(place), "BODIES": str(place.folder / "bodies")}
        return Start([sys.executable, "-m", "bench.peers.bare", kind], environment)

    return start


def _statements(place: Place) -> Start:
    return Start([sys.executable, "-m", "bench.peers.statements"], _environment(place))


CONTENDERS = (
    Contender("palaver", "Palaver", _palaver, GraphQL(), "palaver"),
    Contender("mercurius", "Mercurius with JIT", _node("mercurius"), GraphQL()),
    Contender("apollo", "Apollo Server, graphql-ws", _node("apollo"), GraphQL()),
    Contender("socketio", "REST and Socket.IO", _node("socketio"), Rest()),
    Contender("naive", "Strawberry with ORM and DataLoader", _naive, GraphQL()),
    Contender(
        "uvicorn",
        "bare uvicorn, the same bytes",
        _bare("http"),
        Bare(),
        "nothing",
        works=(*READS, "S1c"),
        is_bound=True,
    ),
    Contender(
        "websockets", "bare websockets, the same bytes", _bare("sockets"), Bare(), "nothing", works=LIVE, is_bound=True
    ),
    Contender(
        "statements",
        "the statements alone on sqlite3, no server",
        _statements,
        Bare(),
        works=READS,
        is_bound=True,
        serves=False,
    ),
    Contender("palaver-postgres", "Palaver", _palaver, GraphQL(), "palaver", "postgres", READS),
    Contender("apollo-postgres", "Apollo Server with pg", _node("apollo"), GraphQL(), "peers", "postgres", READS),
)


def versions_of_peers() -> dict[str, str]:
    """The versions of what the peers are made of, as they are locked."""
    wanted: dict[str, str] = json.loads((PEERS / "package.json").read_text("utf-8"))["dependencies"]
    return wanted


def has_node() -> bool:
    """Were the peers' packages installed?"""
    return (PEERS / "node_modules").is_dir() and any(
        os.access(Path(folder) / "node", os.X_OK) for folder in os.environ.get("PATH", "").split(os.pathsep)
    )
