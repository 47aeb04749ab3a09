"""Looks at an installation without changing it: what is wrong, and the mend."""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.files import folder_of
from core.settings import Settings
from db.sqlite import is_sound_for_several
from graph.checks import (
    fault_in_broker,
    fault_in_cluster,
    fault_in_documents,
    fault_in_files,
    fault_in_tables,
    file_of,
    open_database,
)
from graph.settings import Unusable, read_settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_good: bool
    words: str


async def examine() -> AsyncIterator[Finding]:
    """Look at everything that a server needs; without settings there is nothing else to look at."""
    try:
        settings = read_settings()
    except Unusable as error:
        for line in str(error).splitlines():
            yield Finding("settings", False, line)
        return
    yield _settings(settings)
    by_host = "what clients call it (the header Host); behind a proxy PALAVER_PUBLIC_URL says it for sure."
    yield Finding("address", True, by_host if settings.public_url is None else f"{settings.public_url}.")
    for name in unknown_settings():
        yield Finding("settings", False, f"{name} is set, and there is no such setting: docs/settings.md has them all.")
    async for finding in _database(settings):
        yield finding
    fault = await fault_in_broker(settings, must_answer=True)
    yield _finding("broker", fault, f"{settings.broker_url.partition(':')[0]} answers.")
    fault = await fault_in_files(settings)
    yield _finding("files", fault, f"kept in {_place_of_files(settings)}.")
    for finding in _documents(settings):
        yield finding


def _place_of_files(settings: Settings) -> str:
    """In words; where it is a folder, from the root on."""
    url = settings.files_url
    return str(folder_of(url)) if url.startswith("file://") else url


def unknown_settings() -> list[str]:
    """Variables of the environment that look like settings and are none, as a slip of the pen makes them."""
    known = {f"PALAVER_{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith("PALAVER_") and name not in known)


def _documents(settings: Settings) -> Iterator[Finding]:
    if settings.trusted_documents is not None:
        fault = fault_in_documents(settings)
        words = f"all of {settings.trusted_documents} fit, and nothing else is run."
        for line in (fault or words).splitlines():
            yield Finding("documents", fault is None, line)


def _finding(subject: str, fault: str | None, words: str) -> Finding:
    return Finding(subject, fault is None, fault or words)


def _settings(settings: Settings) -> Finding:
    if settings.uses_development_secret:
        words = "the development secret signs tokens; set PALAVER_JWT_SECRET or PALAVER_JWKS_URL for production."
        return Finding("settings", True, f"{settings.env}; {words}")
    how = "tokens are checked by PALAVER_JWKS_URL" if settings.jwks_url else "tokens are checked by PALAVER_JWT_SECRET"
    return Finding("settings", True, f"{settings.env}; {how}.")


def _words_of(file: Path) -> str:
    """A file of SQLite's, and how many may write to it."""
    version = sqlite3.sqlite_version
    if is_sound_for_several(sqlite3.sqlite_version_info):
        return f"{file}, by SQLite {version}."
    return f"{file}, by SQLite {version}: let one process serve, or take 3.51.3, in which several lose nothing either."


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with open_database(settings) as database:
            file = file_of(database)
            fault = await fault_in_tables(database)
            yield Finding("database", True, f"{database.url.get_backend_name()}." if file is None else _words_of(file))
            yield _finding("migrations", fault, "the newest.")
            if fault is None and not database.is_sqlite:
                yield _finding("cluster", await fault_in_cluster(database), "the one that filled the database.")
    except Unusable as error:
        yield Finding("database", False, str(error))
