"""What a server and a command need, looked at before it is used: what is wrong, the setting, and the mend."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

from core.files import StoreAway, folder_of
from core.hub import Hub
from core.scratch import Scratch
from core.settings import Settings
from core.stores import store_of
from db import clusters, migrate
from db.away import DatabaseAway, is_away
from db.engine import Database
from graph.settings import Unusable, words_of

#: Seconds until a broker that does not answer is given up.
PATIENCE = 10.0


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, not looked at yet. Unusable when its address makes no sense, or a driver fails in the block."""
    try:
        database = Database(settings.database_url, wait_seconds=settings.database_wait)
    except Exception as error:
        raise Unusable(
            f"PALAVER_DATABASE_URL cannot be used ({words_of(error)}): write sqlite+aiosqlite:///FILE, or "
            "postgresql+asyncpg://USER@HOST/NAME, which needs palaver[postgres]."
        ) from error
    try:
        with _telling_of(database):
            file = file_of(database)
            if file is not None and not file.parent.is_dir():
                raise Unusable(f"PALAVER_DATABASE_URL names {file}: make the folder {file.parent} first.")
            yield database
    finally:
        await database.close()


@contextmanager
def _telling_of(database: Database) -> Iterator[None]:
    """A driver's own error, or the network's, is the database's; anything else is ours and stays as it is."""
    try:
        yield
    except Exception as raised:
        error = raised.__cause__ if isinstance(raised, DatabaseAway) and raised.__cause__ else raised
        if getattr(error, "orig", None) is None and not isinstance(error, ImportError) and not is_away(error):
            raise
        place = file_of(database) or f"the {database.url.get_backend_name()} server"
        raise Unusable(
            f"PALAVER_DATABASE_URL: the database cannot be used ({words_of(error)}). "
            f"Look at {place} and what this user may do there, or name another database."
        ) from error


def file_of(database: Database) -> Path | None:
    """The file of an SQLite database; None for a server. Unusable for one in memory, which each connection has anew."""
    if not database.is_sqlite:
        return None
    name = database.url.database
    if name is None or name in ("", ":memory:"):
        raise Unusable("PALAVER_DATABASE_URL must name a file: sqlite+aiosqlite:///FILE.")
    return Path(name).absolute()


async def fault_in_tables(database: Database) -> str | None:
    """What is wrong with where the database stands."""
    file = file_of(database)
    if file is not None and not file.exists():
        return f"There is no database yet in {file}: `palaver serve` and `palaver migrate` make it."
    revision = await migrate.current(database)
    if revision == migrate.head():
        return None
    if revision is not None and not migrate.is_known(revision):
        return f"The database is of a newer version of Palaver (revision {revision}): run that version."
    return f"The database is at revision {revision or 'none'}, wanted {migrate.head()}: run `palaver migrate`."


async def require_tables(database: Database) -> None:
    """Unusable unless the database is at this version's tables."""
    fault = await fault_in_tables(database)
    if fault is not None:
        raise Unusable(fault)


async def prepare_tables(settings: Settings, database: Database) -> None:
    """Migrate, in development and on SQLite; a production fleet's server is migrated by `palaver migrate` only."""
    if settings.is_production and not database.is_sqlite:
        await database.wait()
        await require_tables(database)
    else:
        await upgrade(database)
    fault = await fault_in_cluster(database)
    if fault is not None:
        raise Unusable(fault)


async def fault_in_cluster(database: Database) -> str | None:
    """What is wrong with where the database came from."""
    if await clusters.is_foreign(database):
        return "The database was filled by another PostgreSQL cluster: run `palaver restored`, and clients fetch anew."
    return None


async def upgrade(database: Database) -> None:
    """Bring the tables up to this version, unless the database is of a newer one."""
    if not database.is_sqlite:
        await database.wait()
    revision = await migrate.current(database)
    if revision is not None and not migrate.is_known(revision):
        raise Unusable(f"The database is of a newer version of Palaver (revision {revision}): run that version.")
    await migrate.upgrade(database)


async def fault_in_broker(settings: Settings, *, must_answer: bool = False) -> str | None:
    """What is wrong with the broker. One that is away holds nobody up, so whether it answers is asked for apart."""
    try:
        async with asyncio.timeout(PATIENCE):
            hub = Hub(settings.broker_url)
            try:
                await hub.start()
                is_there = hub.is_connected
            finally:
                await hub.stop()
    except Exception as error:  # noqa: BLE001 - whatever a broker throws, it cannot be used
        return (
            f"PALAVER_BROKER_URL cannot be used ({words_of(error)}): write redis://HOST, which needs palaver[redis], "
            "postgresql://USER@HOST/NAME, or memory://, which needs nothing and serves one process."
        )
    if must_answer and not is_there:
        return (
            "PALAVER_BROKER_URL: the broker does not answer. Palaver serves without it, and bells between processes "
            "come late: start it, or look at the address."
        )
    return None


def fault_in_documents(settings: Settings) -> str | None:
    """What is wrong with the documents that were registered, a line for each; nothing when any may be sent."""
    if settings.trusted_documents is None:
        return None
    # Building the schema takes longer than all else that is looked at, and only these must fit it.
    from graph.documents import documents_of  # noqa: PLC0415
    from graph.guard import Guard  # noqa: PLC0415
    from graph.manifest import UnusableManifest  # noqa: PLC0415
    from graph.roots import schema  # noqa: PLC0415

    try:
        documents_of(Guard(schema._schema, settings), settings)
    except UnusableManifest as error:
        return str(error)
    return None


async def fault_in_files(settings: Settings) -> str | None:
    """What is wrong with the place for files; nothing when it is a folder that can be made, or a bucket that takes
    one."""
    if settings.files_url.startswith("s3:"):
        return await _fault_in_bucket(settings)
    try:
        folder = folder_of(settings.files_url)
    except ValueError as error:
        return str(error)
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        return f"PALAVER_FILES_URL names the folder {folder}, but {there} is a file: name another folder."
    if not os.access(there, os.W_OK | os.X_OK):
        return f"PALAVER_FILES_URL names the folder {folder}, and this user may not write in {there}: name another one."
    return None


async def _fault_in_bucket(settings: Settings) -> str | None:
    """A file is put and removed, since a key may be good for less."""
    probe = f"{uuid4().hex}.probe"
    try:
        store = store_of(settings)
        with Scratch() as scratch:
            scratch.write(b"probe")
            await store.put(probe, scratch.path)
        await store.delete(probe)
    except ModuleNotFoundError:
        return "PALAVER_FILES_URL names an object store, which needs palaver[s3]: install it."
    except ValueError as error:
        return str(error)
    except (StoreAway, FileNotFoundError) as error:
        return (
            f"PALAVER_FILES_URL names {settings.files_url}, which takes no file ({error}): look at "
            "PALAVER_S3_ENDPOINT, PALAVER_S3_REGION, PALAVER_S3_KEY_ID and PALAVER_S3_SECRET, "
            "and whether there is such a bucket."
        )
    return None
