"""Brings a database up to this version's tables, and says where it stands."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db.engine import Database

#: Whom PostgreSQL lets migrate: one at a time. Any number that nobody else uses.
LOCK = 0x50414C41


def configuration() -> Config:
    """Alembic's settings, without a file of its own: the migrations ship inside the package."""
    config = Config()
    with as_file(files("db") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def is_known(revision: str) -> bool:
    """Does this version know the revision? A newer version's database is at one that it does not."""
    return revision in {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def current(database: Database) -> str | None:
    """The revision that the database is at; None for an empty one."""
    async with database.reader.connect() as connection:
        return await connection.run_sync(_current)


async def upgrade(database: Database) -> None:
    """Bring the database up to `head`, in one transaction; of several who want to, the others wait and find it done."""
    config = configuration()

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":  # SQLite has one writer as it is.
            connection.execute(text("set local lock_timeout = 0"))  # A migration may take its time.
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with database.writer.begin() as connection:
        await connection.run_sync(run)
