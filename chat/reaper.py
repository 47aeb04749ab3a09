"""Removes what nobody has any more: places that were never filled, files that were never sent, and those of messages
that are gone. Every process does it; that two do the same at once harms nothing."""

import asyncio

import structlog

from chat.file_keys import GRACE, keys_of
from chat.work import Work
from core.clock import now_ms
from core.files import FileStore, StoreAway
from core.settings import Settings
from core.tasks import end
from db import attachments, leftovers, uploads
from db.engine import Database

log = structlog.get_logger()
#: Of one kind, in one look; what is left is found by the next.
MOST = 200


class Reaper:
    """Looks once in a while."""

    def __init__(self, database: Database, work: Work, store: FileStore, settings: Settings) -> None:
        self._database = database
        self._work = work
        self._store = store
        self._seconds = settings.reap_seconds
        self._unsent = round(settings.unsent_seconds * 1000)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="reaper")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            await end([self._task])

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                while await self.sweep(now_ms()):
                    pass
            except Exception as error:  # noqa: BLE001 - the next look finds it
                log.warning("reaper.failed", error=type(error).__name__)

    async def sweep(self, now: int) -> bool:
        """Remove what is due at a moment, in milliseconds since 1970. Is there more? StoreAway, or OSError, when
        something could not be removed; the rest is."""
        # In this order: who still completes an upload either has done so before, or finds it gone.
        await self._expire(now)
        await self._forget(now)
        keys = await self._database.read(lambda db: leftovers.find_due(db, now, MOST))
        gone, fault = await self._remove(keys)
        if gone:
            async with self._work.begin() as unit:
                await leftovers.forget(unit.db, gone)
        if fault is not None:
            raise fault
        return len(keys) == MOST

    async def _remove(self, keys: list[str]) -> tuple[list[str], Exception | None]:
        """Those that are gone from the store, and what went wrong first."""
        gone: list[str] = []
        fault: Exception | None = None
        for key in keys:
            try:
                await self._store.delete(key)
                gone.append(key)
            except StoreAway as error:
                return gone, fault or error  # The others would wait for it too.
            except OSError as error:
                fault = fault or error
        return gone, fault

    async def _expire(self, now: int) -> None:
        if await self._database.read(lambda db: uploads.is_any_expired(db, now - GRACE)):
            async with self._work.begin() as unit:
                await uploads.delete_expired(unit.db, now - GRACE)

    async def _forget(self, now: int) -> None:
        before = now - self._unsent
        if await self._database.read(lambda db: attachments.find_forgotten(db, before, 1)):
            async with self._work.begin() as unit:
                for attachment_id in await attachments.find_forgotten(unit.db, before, MOST):
                    if await attachments.delete_unsent(unit.db, attachment_id):
                        await leftovers.plan(unit.db, keys_of(attachment_id), now)
