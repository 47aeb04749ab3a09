"""Where files are kept: a folder on disk, or a bucket of an object store (core/buckets.py)."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

#: How much of a file is in memory at a time, in bytes.
PART = 262_144


class FileStore(Protocol):
    """Files by their keys: 32 hexadecimal digits, of which the last are random, perhaps with an ending."""

    async def put(self, key: str, source: Path) -> None:
        """Keep the content of a file, streamed; durable when this returns, and until then it is not there."""

    def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to `end` (not included), in parts. FileNotFoundError when the file is gone."""

    async def size_of(self, key: str) -> int | None:
        """How many bytes a file has; None when there is none."""

    async def delete(self, key: str) -> None:
        """Keep it no longer, nor anything that a process left of it which died; nothing happens when it is gone."""

    async def place_for(self, key: str, byte_size: int, seconds: int) -> str | None:
        """An address to PUT a file of so many bytes to, good for so long; None when the server has to take it in
        itself."""


class StoreAway(Exception):
    """The object store does not answer, or refuses."""


def folder_of(url: str) -> Path:
    """The folder that a file address names. ValueError for any other address."""
    parts = urlsplit(url)
    if parts.scheme != "file" or not (parts.netloc or parts.path):
        raise ValueError("PALAVER_FILES_URL must be file://FOLDER, or s3://BUCKET/PREFIX, which needs palaver[s3].")
    return Path(f"{parts.netloc}{parts.path}").absolute()


def place_of(key: str) -> str:
    """Files are spread over 256 folders by the end of their key, which is random."""
    return f"{key[30:32]}/{key}"


class Folder:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def put(self, key: str, source: Path) -> None:
        """Written beside its place, then moved there."""
        await asyncio.to_thread(self._put, self.folder / place_of(key), source)

    def _put(self, path: Path, source: Path) -> None:
        part = path.with_name(f"{path.name}.{uuid4().hex}.part")
        path.parent.mkdir(exist_ok=True)
        try:
            with source.open("rb") as file, part.open("xb") as copy:
                _copy(file, copy)
                copy.flush()
                os.fsync(copy.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        # What was acknowledged survives a loss of power: the file, its name in its folder, and that one's.
        for folder in (path.parent, self.folder):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    async def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Read part by part: between two of them the file may be removed, and is read to its end all the same."""
        file = await asyncio.to_thread((self.folder / place_of(key)).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            while start < end:
                part = await asyncio.to_thread(file.read, min(PART, end - start))
                if not part:
                    raise FileNotFoundError(errno.ENOENT, "The file is shorter than it was.")
                start += len(part)
                yield part
        finally:
            file.close()

    async def size_of(self, key: str) -> int | None:
        """As the folder says."""
        try:
            return (await asyncio.to_thread((self.folder / place_of(key)).stat)).st_size
        except FileNotFoundError:
            return None

    async def delete(self, key: str) -> None:
        """The file, and parts of it."""
        await asyncio.to_thread(self._delete, self.folder / place_of(key))

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        for part in path.parent.glob(f"{path.name}.*.part"):
            part.unlink(missing_ok=True)

    async def place_for(self, key: str, byte_size: int, seconds: int) -> str | None:
        """A folder has no address."""
        return None


def _copy(file: BinaryIO, copy: BinaryIO) -> None:
    while part := file.read(PART):
        copy.write(part)
