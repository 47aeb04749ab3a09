"""What a run's servers stand on: an SQLite file, or a PostgreSQL and a broker that the run may kill."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.parts.databases import migrate_empty
from tests.parts.postgres import Postgres
from tests.parts.programs import redis_program
from tests.parts.redis import Redis
from tests.storage import run_sql_at

#: What a run may stand on. `notify` is PostgreSQL whose own LISTEN and NOTIFY carry the bells.
GROUNDS = ("sqlite", "postgres", "notify")


@dataclass(slots=True)
class Ground:
    """A database and a broker for one run after another; each run has a database of its own."""

    name: str
    folder: Path
    postgres: Postgres | None = None
    redis: Redis | None = None
    _made: int = 0
    database_url: str = ""

    @property
    def is_shared(self) -> bool:
        """May several servers stand on it?"""
        return self.postgres is not None

    @property
    def broker_url(self) -> str:
        """How the servers wake each other."""
        if self.redis is not None:
            return self.redis.url
        return "memory://" if self.postgres is None else self.postgres.url(driver="")

    async def renew(self) -> Path:
        """Make a new, empty database for the next run, and whatever was left broken whole; the run's folder."""
        self._made += 1
        folder = self.folder / f"run-{self._made}"
        folder.mkdir()
        if self.postgres is None:
            self.database_url = f"sqlite+aiosqlite:///{folder}/palaver.db"
        else:
            await self._create_database(self.postgres, f"run_{self._made}")
            self.database_url = self.postgres.url(f"run_{self._made}")
        await migrate_empty(self.database_url)
        return folder

    async def _create_database(self, postgres: Postgres, name: str) -> None:
        connection = await asyncpg.connect(postgres.url(driver=""))
        try:
            await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()

    async def run(self, *statements: str) -> None:
        """Run statements on the run's database."""
        for statement in statements:
            await run_sql_at(self.database_url, statement)

    async def terminate_backends(self) -> int:
        """End all connections of the servers to the run's database; how many there were."""
        assert self.postgres is not None
        connection = await asyncpg.connect(self.postgres.url(driver=""))
        try:
            rows = await connection.fetch(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", f"run_{self._made}"
            )
            return len(rows)
        finally:
            await connection.close()

    async def restart_postgres(self, *, by_crash: bool, away: float) -> None:
        """End PostgreSQL, in order or as a crash does, and start it again after some seconds."""
        assert self.postgres is not None
        await asyncio.to_thread(self.postgres.kill if by_crash else self.postgres.stop)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.postgres.start)


@contextmanager
def ground_of(name: str) -> Iterator[Ground]:
    """A ground as long as the block lasts; what it started is ended and removed with it."""
    folder = Path(tempfile.mkdtemp(prefix="palaver-faults-"))
    ground = Ground(name, folder)
    try:
        if name != "sqlite":
            ground.postgres = Postgres.create()
        if name == "postgres" and redis_program() is not None:
            ground.redis = Redis.create()
        yield ground
    finally:
        if ground.redis is not None:
            ground.redis.go_on()
            ground.redis.remove()
        if ground.postgres is not None:
            ground.postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)
