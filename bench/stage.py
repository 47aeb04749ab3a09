"""Where contenders run one after another: the market on disk, and a fresh copy of it for each of them."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
import jwt

from bench.contenders import SECRET, Contender, Place
from bench.dialects import Dialect
from bench.market.palaver import fill_palaver
from bench.market.peers import fill_postgres, fill_sqlite
from bench.market.rows import Market, Person, Thread
from bench.meters import cpu_of_family
from bench.processes import SERVER_CORE, running
from core.ids import encode_id
from tests.parts.databases import Databases, migrate_empty
from tests.parts.postgres import Postgres
from tests.parts.programs import free_port

PATIENCE = 60.0
HOURS = 4


class BenchError(Exception):
    """The bench cannot go on; the text says why."""


def token_of(person: Person) -> str:
    """A token of somebody's, good for some hours."""
    now = int(time.time())
    claims = {"sub": person.sub, "iat": now - 60, "exp": now + HOURS * 3600, "name": person.name}
    return jwt.encode({**claims, "picture": person.picture, "roles": ["member"]}, SECRET, algorithm="HS256")


def id_of(thread: Thread) -> str:
    """The global id of a conversation, the same at every server."""
    return encode_id("Conversation", thread.key)


@dataclass(frozen=True, slots=True)
class Served:
    """A contender that serves."""

    contender: Contender
    port: int
    pid: int
    market: Market
    database_pids: tuple[int, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """How it is spoken to."""
        return self.contender.dialect

    def cpu(self) -> float:
        """Seconds of CPU time that it used so far, with its PostgreSQL."""
        return sum(cpu_of_family(pid) for pid in (self.pid, *self.database_pids))


@dataclass(slots=True)
class Stage:
    """A folder with the market in it, as each kind of tables keeps it."""

    folder: Path
    market: Market
    core: int | None = SERVER_CORE
    _databases: Databases | None = None
    _count: int = field(default=0)

    @property
    def bodies(self) -> Path:
        """What Palaver answered: the bare servers answer the same."""
        return self.folder / "bodies"

    async def prepare(self, *, with_postgres: bool, with_peers: bool = True) -> None:
        """Write the market, once."""
        self.bodies.mkdir(exist_ok=True)
        palaver = self.folder / "palaver-market.db"
        url = f"sqlite+aiosqlite:///{palaver}"
        await migrate_empty(url)
        await fill_palaver(url, self.market)
        if with_peers:
            fill_sqlite(self.folder / "peers-market.db", self.market)
        if with_postgres:
            await self._prepare_postgres(with_peers=with_peers)

    async def _prepare_postgres(self, *, with_peers: bool) -> None:
        postgres = Postgres.create(is_durable=True, core=self.core)
        self._databases = databases = Databases(postgres)
        databases.create("palaver_market")
        await fill_palaver(postgres.url("palaver_market"), self.market)
        connection = await asyncpg.connect(postgres.url("palaver_market", driver=""))
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        if with_peers:
            databases.create_bare("peers_market")
            await fill_postgres(self.peers_url, self.market)

    @asynccontextmanager
    async def serve(self, contender: Contender) -> AsyncIterator[Served]:
        """A contender with a fresh copy of the market. BenchError when it does not come up."""
        with self._place(contender) as place:
            start, output = contender.start(place), place.folder / "output"
            with running(start.command, place.folder, start.environment, output, self.core) as process:
                await self._until_ready(contender, place.port, process.poll, output)
                yield Served(contender, place.port, process.pid, self.market, self._postgres_pids(contender))

    async def run(self, contender: Contender, *words: str) -> str:
        """What a contender says that is no server, and ends by itself. BenchError when it fails."""
        with self._place(contender) as place:
            start, output = contender.start(place), place.folder / "output"
            with running([*start.command, *words], place.folder, start.environment, output, self.core) as process:
                await asyncio.to_thread(process.wait)
            if process.returncode:
                raise BenchError(f"{contender.name} failed.\n{_last_words(output)}")
            return _last_words(output)

    @contextmanager
    def _place(self, contender: Contender) -> Iterator[Place]:
        self._count += 1
        number = self._count
        folder = self.folder / f"{number}-{contender.name}"
        folder.mkdir()
        (folder / "bodies").symlink_to(self.bodies)
        try:
            yield Place(folder, self._copy(contender, folder), free_port())
        finally:
            if contender.database == "postgres" and self._databases is not None:
                self._databases.drop(f"run_{number}")
            shutil.rmtree(folder, ignore_errors=True)

    def _copy(self, contender: Contender, folder: Path) -> str:
        if contender.kept_in == "nothing":
            return ""
        if contender.database == "sqlite":
            shutil.copyfile(self.folder / f"{contender.kept_in}-market.db", folder / "market.db")
            return str(folder / "market.db")
        if self._databases is None:
            raise BenchError("There is no PostgreSQL: the stage was prepared without it.")
        self._databases.create(f"run_{self._count}", f"{contender.kept_in}_market")
        return self._databases.postgres.url(f"run_{self._count}")

    def _postgres_pids(self, contender: Contender) -> tuple[int, ...]:
        if contender.database == "postgres" and self._databases is not None:
            return (self._databases.postgres.pid,)
        return ()

    async def _until_ready(self, contender: Contender, port: int, poll: Callable[[], int | None], output: Path) -> None:
        until = time.monotonic() + PATIENCE
        async with httpx.AsyncClient() as http:
            while time.monotonic() < until:
                if poll() is not None:
                    break
                with suppress(httpx.TransportError):
                    response = await http.get(f"http://127.0.0.1:{port}/readyz")
                    if response.status_code == 200 or contender.kept_in == "nothing":
                        return
                await asyncio.sleep(0.05)
        raise BenchError(f"{contender.name} did not come up.\n{_last_words(output)}")

    @property
    def peers_url(self) -> str:
        """Where PostgreSQL keeps the market for the peers. BenchError without it."""
        if self._databases is None:
            raise BenchError("There is no PostgreSQL: the stage was prepared without it.")
        return self._databases.postgres.url("peers_market", driver="")

    def close(self) -> None:
        """Leave nothing behind."""
        if self._databases is not None:
            self._databases.close()
            self._databases.postgres.remove()


def _last_words(output: Path) -> str:
    return output.read_text("utf-8", "replace")[-3000:]
