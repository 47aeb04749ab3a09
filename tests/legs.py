"""What a test's servers stand on: SQLite and memory, or PostgreSQL and Redis. Every test of a server runs on both."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from core.settings import Settings
from tests.parts.databases import Databases
from tests.parts.postgres import Postgres
from tests.parts.programs import postgres_folder, redis_program, version_of
from tests.parts.redis import Redis

SECRET = "a secret of the tests, of more than 32 bytes"
NAMES = ("sqlite", "postgres")


class Given(Settings):
    """Settings that are what a test says: nothing is looked for in the environment, or in its `.env`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is said."""
        return (init_settings,)


class Leg(Protocol):
    """A kind of database with a kind of broker."""

    @property
    def name(self) -> str:
        """One of `NAMES`."""

    @property
    def broker_url(self) -> str:
        """The address of its broker."""

    def url_of(self, folder: Path) -> str:
        """The address of a folder's database, there or not."""

    def create(self, folder: Path) -> None:
        """Make a folder's database, migrated and empty, unless it is there."""

    def copy(self, folder: Path, origin: Path) -> None:
        """Make a folder's database as a copy of another folder's, while nobody uses that one."""

    def drop(self, folder: Path) -> None:
        """The folder's database is not needed any more."""

    def back_up(self, folder: Path) -> None:
        """Keep a copy of a folder's database, while nobody uses it."""

    def restore(self, folder: Path) -> None:
        """Put the copy in its place, while nobody uses it."""


@dataclass(frozen=True, slots=True)
class SqliteLeg:
    """A file for each folder, and a process that hears itself."""

    template: Path
    name: str = "sqlite"
    broker_url: str = "memory://"

    def url_of(self, folder: Path) -> str:
        """A file in the folder."""
        return f"sqlite+aiosqlite:///{folder}/palaver.db"

    def create(self, folder: Path) -> None:
        """A copy of the template."""
        if not (folder / "palaver.db").exists():
            shutil.copyfile(self.template, folder / "palaver.db")

    def copy(self, folder: Path, origin: Path) -> None:
        """Copy the file."""
        shutil.copyfile(origin / "palaver.db", folder / "palaver.db")

    def drop(self, folder: Path) -> None:
        """It goes with the folder."""

    def back_up(self, folder: Path) -> None:
        """Copy the file."""
        shutil.copyfile(folder / "palaver.db", folder / "backup.db")

    def restore(self, folder: Path) -> None:
        """Copy it back."""
        shutil.copyfile(folder / "backup.db", folder / "palaver.db")


@dataclass(slots=False)
class PostgresLeg:
    """A database for each folder; bells cross a Redis, or the database's own NOTIFY where Redis has no wheel."""

    name: str = "postgres"
    _made: set[str] = field(default_factory=set)

    @cached_property
    def databases(self) -> Databases:
        """The server, started when the first test needs it."""
        return Databases(Postgres.create())

    @cached_property
    def redis(self) -> Redis | None:
        """The broker, likewise."""
        return None if redis_program() is None else Redis.create()

    @property
    def broker_url(self) -> str:
        """Redis's address, or a database that carries nothing but bells."""
        return self.databases.postgres.url(driver="") if self.redis is None else self.redis.url

    def url_of(self, folder: Path) -> str:
        """A database named after the folder."""
        return self.databases.postgres.url(_name_of(folder))

    def create(self, folder: Path) -> None:
        """A copy of the template."""
        name = _name_of(folder)
        if name not in self._made:
            self.databases.create(name)
            self._made.add(name)

    def create_bare(self, folder: Path) -> None:
        """A database that was never migrated."""
        self.databases.create_bare(_name_of(folder))
        self._made.add(_name_of(folder))

    def copy(self, folder: Path, origin: Path) -> None:
        """Copy the database."""
        self.databases.create(_name_of(folder), _name_of(origin))
        self._made.add(_name_of(folder))

    def drop(self, folder: Path) -> None:
        """Drop it with its copy: thousands of databases do not fit on a disk."""
        name = _name_of(folder)
        if name in self._made:
            self._made.remove(name)
            self.databases.drop(name)
            self.databases.drop(f"{name}_backup")

    def back_up(self, folder: Path) -> None:
        """Copy the database."""
        self.databases.create(f"{_name_of(folder)}_backup", _name_of(folder))

    def restore(self, folder: Path) -> None:
        """Copy it back."""
        self.databases.replace(_name_of(folder), f"{_name_of(folder)}_backup")

    def stop(self) -> None:
        """End the servers, if they were started."""
        if "databases" in self.__dict__:
            self.databases.close()
            self.databases.postgres.remove()
        if self.__dict__.get("redis") is not None:
            self.__dict__["redis"].remove()


def _name_of(folder: Path) -> str:
    return "test_" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a server of a test lives: a folder, and the database that belongs to it."""

    folder: Path
    leg: Leg

    @property
    def places(self) -> dict[str, str]:
        """The settings that say so, made ready: the database is there and migrated."""
        self.leg.create(self.folder)
        return {
            "database_url": self.leg.url_of(self.folder),
            "broker_url": self.leg.broker_url,
            "files_url": f"file://{self.folder}/files",
        }

    def furnish_as(self, other: "Home") -> None:
        """Begin with all that is kept in another home, where no server runs."""
        self.leg.copy(self.folder, other.folder)
        if (other.folder / "files").exists():
            shutil.copytree(other.folder / "files", self.folder / "files")

    @property
    def environment(self) -> dict[str, str]:
        """The same for a process."""
        return {f"PALAVER_{name.upper()}": value for name, value in self.places.items()}

    def settings(self, **changes: Any) -> Settings:
        """Settings of a server that lives here."""
        values: dict[str, Any] = {
            **self.places,
            "jwt_secret": SECRET,
            "rate_limits": "off",
            "delivered_seconds": 0.02,
            "presence_seconds": 1.5,
            # The log is sealed whenever it is read; by itself only where a test wants it, so that rows can be counted.
            "seal_seconds": 600,
        }
        return Given(**{**values, **changes})


@contextmanager
def home_in(folder: Path, leg: Leg) -> Iterator[Home]:
    """A home as long as the block lasts."""
    try:
        yield Home(folder, leg)
    finally:
        leg.drop(folder)


def versions() -> dict[str, str]:
    """What each leg stands on, by its name."""
    redis = redis_program()
    broker = f"Redis {version_of(redis)}" if redis else "LISTEN/NOTIFY (there is no wheel of Redis for this machine)"
    return {
        "sqlite": f"SQLite {sqlite3.sqlite_version} + memory",
        "postgres": f"PostgreSQL {version_of(postgres_folder() / 'postgres')} + {broker}",
    }
