"""Where files are kept: a folder on disk now, an object store later, both through obstore."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from obstore.store import LocalStore

#: How much of a file is in memory at a time, in bytes.
PART = 262_144


def folder_of(url: str) -> Path:
    """The folder that a file address names. ValueError for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or not (parts.netloc or parts.path):
        raise ValueError("PALAVER_FILES_URL must be file://FOLDER.")
    return Path(f"{parts.netloc}{parts.path}").absolute()


class FileStore:
    """Files by their keys. What `put` returned from is on the disk."""

    def __init__(self, url: str) -> None:
        self.folder = folder_of(url)
        self._store = LocalStore(self.folder, mkdir=True)

    async def put(self, key: str, source: Path) -> None:
        """Keep the content of a file, streamed; durable when this returns."""
        with source.open("rb") as file:
            await self._store.put_async(_path_of(key), file, chunk_size=PART, max_concurrency=2)
        await asyncio.to_thread(self._sync, self.folder / _path_of(key))

    def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to `end` (not included), in parts. FileNotFoundError when the file is gone."""
        return self._parts(key, start, end)

    async def _parts(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        for offset in range(start, end, PART):
            yield bytes(await self._store.get_range_async(_path_of(key), start=offset, end=min(offset + PART, end)))

    async def delete(self, key: str) -> None:
        """Keep it no longer; nothing happens when it is gone already."""
        try:
            await self._store.delete_async(_path_of(key))
        except FileNotFoundError:
            return

    @staticmethod
    def _sync(path: Path) -> None:
        """What was acknowledged survives a loss of power: the file, and its name in the folder."""
        for target in (path, path.parent):
            descriptor = os.open(target, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _path_of(key: str) -> str:
    """Files are spread over 256 folders by the end of their key, which is random."""
    return f"{key[-2:]}/{key}"
