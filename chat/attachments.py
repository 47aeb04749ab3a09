"""Files: given by one person, found out by their bytes, sent once, and shown to those who may see the message."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from chat.refusals import Invalid, RateLimited, TooLarge, UnsupportedMediaType
from chat.texts import FILE_NAME
from chat.users import Viewer
from chat.work import Work
from core.files import FileStore
from core.limits import Limits, Rate
from core.settings import Settings
from core.sniffing import size_of_image, sniff
from db import attachments
from db.attachments import AttachmentRow
from db.ids import new_id


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrived: in a temporary place, under a name that the client says. `is_cut` when it was too large."""

    path: Path
    file_name: str
    byte_size: int
    is_cut: bool


class Files:
    """Takes files in."""

    def __init__(self, work: Work, store: FileStore, settings: Settings, limits: Limits) -> None:
        self._work = work
        self._store = store
        self._settings = settings
        self._limits = limits
        self._rate = Rate("uploads", settings.uploads)

    async def take(self, viewer: Viewer, incoming: Incoming) -> AttachmentRow:
        """Keep a file. It is stored before it is told of, and only whole."""
        if incoming.is_cut or incoming.byte_size > self._settings.max_file:
            raise TooLarge("file", reason=f"A file has at most {self._settings.max_file} bytes.")
        if incoming.byte_size == 0:
            raise Invalid("file", reason="The file is empty.")
        content = await asyncio.to_thread(_look_into, incoming.path)
        if content is None:
            raise UnsupportedMediaType("file")
        wait = await self._limits.take(self._rate, viewer.id)
        if wait:
            raise RateLimited(wait, "file")
        row = AttachmentRow(
            id=new_id(),
            owner_id=viewer.id,
            message_id=None,
            ordinal=0,
            kind=content.kind,
            file_name=clean_file_name(incoming.file_name),
            mime_type=content.mime_type,
            byte_size=incoming.byte_size,
            sha256=content.sha256,
            width=content.width,
            height=content.height,
            duration_seconds=None,
            created_at=0,
        )
        await self._store.put(row.id, incoming.path)
        try:
            return await self._tell(row)
        except BaseException:
            await self._store.delete(row.id)
            raise

    async def _tell(self, row: AttachmentRow) -> AttachmentRow:
        async with self._work.begin() as unit:
            if await attachments.count_unsent(unit.db, row.owner_id) >= self._settings.max_unsent_files:
                raise TooLarge("file", reason="You have given many files and not sent them; send some first.")
            stored = row._replace(created_at=unit.now)
            await attachments.insert_one(unit.db, stored)
            return stored


def clean_file_name(name: str) -> str:
    """A name that is only a name: the last part of a path, without control, direction or surrogate characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable()).strip(" .")
    if len(kept) > FILE_NAME:
        stem, dot, ending = kept.rpartition(".")
        ending = dot + ending if 0 < len(ending) <= 10 and dot else ""
        kept = (stem if ending else kept)[: FILE_NAME - len(ending)] + ending
    return kept or "file"


@dataclass(frozen=True, slots=True)
class _Content:
    mime_type: str
    kind: str
    sha256: str
    width: int | None
    height: int | None


def _look_into(path: Path) -> _Content | None:
    """What is in a file; None when it is of no accepted kind. Reads all of it, so it runs beside the loop."""
    found = sniff(path)
    if found is None:
        return None
    size = size_of_image(path, found.mime_type) if found.kind == "IMAGE" else None
    if found.kind == "IMAGE" and size is None:
        return None
    width, height = size or (None, None)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _Content(found.mime_type, found.kind, digest, width, height)
