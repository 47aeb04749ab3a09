"""Databases of a PostgreSQL, made from a migrated template; the statements run on a thread of their own."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import asyncpg

from db import migrate
from db.engine import Database
from tests.parts.postgres import Postgres

TEMPLATE = "palaver_template"


async def migrate_empty(url: str) -> None:
    """Bring an empty database up to the newest tables."""
    database = Database(url)
    await migrate.upgrade(database)
    await database.close()


@dataclass(slots=False)
class Databases:
    """What tests may ask of a PostgreSQL: a database of their own, made and dropped as a file is copied and removed."""

    postgres: Postgres
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _connection: asyncpg.Connection | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._loop.run_forever, name="databases", daemon=True)
        self._thread.start()

    def create(self, name: str, template: str | None = None) -> None:
        """Make a database: by default a migrated, empty one."""
        template = template or self._template
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY').result()

    def create_bare(self, name: str) -> None:
        """Make a database that was never migrated."""
        self._run(f'CREATE DATABASE "{name}"').result()

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected; nobody waits for it."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def replace(self, name: str, by: str) -> None:
        """Put a copy of another database in the place of one."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)').result()
        self.create(name, by)

    def close(self) -> None:
        """Let go of the connection."""
        self._submit(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @cached_property
    def _template(self) -> str:
        self.create_bare(TEMPLATE)
        self._submit(migrate_empty(self.postgres.url(TEMPLATE))).result()
        return TEMPLATE

    def _run(self, statement: str) -> "Future[Any]":
        turn = self._turn

        async def run() -> None:
            async with turn:  # One connection, and the drops wait for nobody.
                if self._connection is None or self._connection.is_closed():
                    # Tests end backends, and under load may hit this one.
                    self._connection = await asyncpg.connect(self.postgres.url(driver=""))
                await self._connection.execute(statement)

        return self._submit(run())

    @cached_property
    def _turn(self) -> asyncio.Lock:
        return asyncio.Lock()

    async def _close(self) -> None:
        async with self._turn:
            if self._connection is not None:
                await self._connection.close()

    def _submit(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)
