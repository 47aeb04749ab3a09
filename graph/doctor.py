"""Looks at an installation: what is wrong, and the mend."""

from dataclasses import dataclass

from core.files import FileStore
from core.hub import Hub
from core.settings import Settings
from db import epochs, migrate
from db.engine import Database


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_good: bool
    words: str


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything that a server needs."""
    return [
        _settings(settings),
        *await _database(settings),
        await _broker(settings),
        _files(settings),
    ]


def _settings(settings: Settings) -> Finding:
    if settings.uses_development_secret:
        words = "the development secret signs tokens; set PALAVER_JWT_SECRET or PALAVER_JWKS_URL for production."
        return Finding("settings", True, words)
    return Finding("settings", True, f"{settings.env}.")


async def _database(settings: Settings) -> list[Finding]:
    try:
        database = Database(settings.database_url, wait_seconds=settings.database_wait)
    except Exception as error:  # noqa: BLE001 - whatever a driver throws is a finding
        return [Finding("database", False, f"PALAVER_DATABASE_URL cannot be used ({type(error).__name__}).")]
    try:
        revision = await migrate.current(database)
        known = Finding("database", True, f"{database.url.get_backend_name()} answers.")
        if revision != migrate.head():
            words = f"at {revision or 'nothing'}, wanted {migrate.head()}: run `palaver migrate`."
            return [known, Finding("migrations", False, words)]
        async with database.reading() as db:
            await epochs.get(db)
        return [known, Finding("migrations", True, f"at {revision}, the newest.")]
    except Exception as error:  # noqa: BLE001 - whatever a driver throws is a finding
        words = f"does not answer ({type(error).__name__}): look at PALAVER_DATABASE_URL."
        return [Finding("database", False, words)]
    finally:
        await database.close()


async def _broker(settings: Settings) -> Finding:
    try:
        hub = Hub(settings.broker_url)
        await hub.start()
        await hub.stop()
    except Exception as error:  # noqa: BLE001 - whatever a broker throws is a finding
        words = f"cannot be reached ({type(error).__name__}): look at PALAVER_BROKER_URL."
        return Finding("broker", False, words)
    return Finding("broker", True, f"{settings.broker_url.partition(':')[0]} answers.")


def _files(settings: Settings) -> Finding:
    try:
        store = FileStore(settings.files_url)
    except (OSError, ValueError) as error:
        return Finding("files", False, f"PALAVER_FILES_URL cannot be used: {error}")
    return Finding("files", True, f"kept in {store.folder}.")
