"""Places for files on their way: promised within a person's quota, filled by a PUT, and made into attachments once.

Whatever is written into the store is first written into `leftovers`, with a time far enough ahead; becoming an
attachment takes it out again. So what a process leaves behind that dies in between is removed in time.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from chat.contents import Content, examine, no_room
from chat.file_keys import GRACE, keys_of, raw_key, thumbnail_key
from chat.file_names import clean_file_name, safe_file_name
from chat.quotas import check_growth, check_promise
from chat.refusals import Invalid, NoRoomLeft, NotFound, RateLimited, Refusal, TooLarge, TooLong
from chat.users import Viewer
from chat.work import Work
from core.abreast import Abreast
from core.clock import now_ms
from core.disks import is_full
from core.files import FileStore
from core.inspector import Inspector
from core.limits import Limits, Rate
from core.scratch import Scratch
from core.settings import Settings
from core.tasks import finish
from db import attachments, leftovers, uploads
from db.attachments import AttachmentRow
from db.engine import Database
from db.ids import new_id
from db.uploads import UploadRow

MOST_MIME_TYPE = 255
#: After how many milliseconds to try again, when many of a person's files are on their way.
UPLOAD_WAIT = 1000


class _Lost(Exception):
    """Somebody else completed the same upload first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to PUT a file. Without `url` the server itself takes it in."""

    upload: UploadRow
    url: str | None


class Uploads:
    """Takes files in, in whichever way they come."""

    def __init__(
        self,
        database: Database,
        work: Work,
        store: FileStore,
        inspector: Inspector,
        settings: Settings,
        limits: Limits,
    ) -> None:
        self._database = database
        self._work = work
        self._store = store
        self._settings = settings
        self._limits = limits
        self._rate = Rate("uploads", settings.uploads)
        #: A file on its way takes room on the disk, before anything of it is known: each person has so many.
        self.arriving = Abreast(settings.max_uploads_per_user)
        #: And one at each place.
        self.filling = Abreast(1)
        self.inspector = inspector

    async def request(self, viewer: Viewer, file_name: str, mime_type: str, byte_size: int) -> Place:
        """Promise a place for a file. What the client says of its kind counts for nothing."""
        if len(mime_type) > MOST_MIME_TYPE:
            raise TooLong("mimeType")
        self.check_size(byte_size, "byteSize")
        await self.take_turn(viewer)
        seconds = self._settings.upload_url_seconds
        upload = await self.promise(viewer, file_name, byte_size, "byteSize", seconds=seconds, is_put=True)
        return Place(upload, await self._store.place_for(raw_key(upload.id), byte_size, seconds))

    def check_size(self, byte_size: int, *path: str) -> None:
        """Invalid for nothing, TooLarge for too much."""
        if byte_size < 1:
            raise Invalid(*path, reason="The file is empty.")
        if byte_size > self._settings.max_file:
            raise TooLarge(*path, reason=f"A file has at most {self._settings.max_file} bytes.")

    async def take_turn(self, viewer: Viewer, *path: str) -> None:
        """RateLimited for who gives files too often."""
        wait = await self._limits.take(self._rate, viewer.id)
        if wait:
            raise RateLimited(wait, *path)

    async def promise(
        self, viewer: Viewer, file_name: str, byte_size: int, *path: str, seconds: float, is_put: bool
    ) -> UploadRow:
        """Promise a place within the person's quota. TooLarge beyond it."""
        async with self._work.begin() as unit:
            await check_promise(unit, self._settings, viewer.id, byte_size, *path)
            expires_at = unit.now + round(seconds * 1000)
            name = clean_file_name(file_name)
            upload = UploadRow(new_id(), viewer.id, name, byte_size, None, unit.now, expires_at)
            await uploads.insert_one(unit.db, upload)
            if is_put:
                await leftovers.plan(unit.db, [raw_key(upload.id)], expires_at + GRACE)
            return upload

    async def find_place(self, upload_id: str) -> UploadRow | None:
        """The promise of a place that is still to be filled."""
        upload = await self._database.read(lambda db: uploads.find_open(db, upload_id))
        return upload if upload is not None and upload.expires_at > now_ms() else None

    async def fill(self, upload: UploadRow, source: Scratch) -> None:
        """Put what arrived at its place, instead of what was there before. OSError when there is no room."""
        await self._store.put(raw_key(upload.id), source.path)

    async def complete(self, viewer: Viewer, upload_id: str | None) -> AttachmentRow:
        """Make what was PUT into an attachment, once: later, and at the same time, the answer is the same one."""
        owner_id, wanted = viewer.id, upload_id or ""
        upload = await self._database.read(lambda db: uploads.find_of(db, owner_id, wanted))
        if upload is None:
            raise NotFound("uploadId")
        if upload.attachment_id is not None:
            return await self._find(viewer, upload.attachment_id)
        if upload.expires_at <= now_ms():
            raise NotFound("uploadId")
        try:
            with self.arriving.begin(viewer.id) as may_begin:
                if not may_begin:
                    raise RateLimited(UPLOAD_WAIT, "uploadId")
                row = await self._complete(upload)
        except _Lost:
            return await self._find(viewer, await self._attachment_of(upload))
        await self._store.delete(raw_key(upload.id))
        return row

    async def _complete(self, upload: UploadRow) -> AttachmentRow:
        with Scratch() as scratch:
            await self._fetch(upload, scratch)
            try:
                async with examine(self.inspector, upload.owner_id, scratch, "uploadId") as content:
                    return await self.keep(upload, content, "uploadId")
            except NoRoomLeft:
                raise
            except Refusal:
                # It will never be taken, so it takes nothing of the person's quota either.
                await self.forget(upload)
                await self._store.delete(raw_key(upload.id))
                raise

    async def _attachment_of(self, upload: UploadRow) -> str:
        """What somebody else made of it at the same time."""
        now = await self._database.read(lambda db: uploads.find_of(db, upload.owner_id, upload.id))
        if now is None or now.attachment_id is None:
            raise NotFound("uploadId")
        return now.attachment_id

    async def _find(self, viewer: Viewer, attachment_id: str) -> AttachmentRow:
        found = await self._database.read(lambda db: attachments.find_visible(db, viewer.id, [attachment_id]))
        if attachment_id not in found:
            raise NotFound("uploadId")
        return found[attachment_id]

    async def _fetch(self, upload: UploadRow, scratch: Scratch) -> None:
        """What was PUT, when it is as large as it was announced to be."""
        key = raw_key(upload.id)
        size = await self._store.size_of(key)
        if size is None:
            raise await self._nothing_there(upload)
        if size != upload.byte_size:
            await self._store.delete(key)
            said = f"It has {size} bytes, and {upload.byte_size} were announced: PUT it again."
            raise Invalid("uploadId", reason=said)
        try:
            async for part in self._store.get(key, 0, size):
                await asyncio.to_thread(scratch.write, part)
        except FileNotFoundError as error:
            raise await self._nothing_there(upload) from error
        except OSError as error:
            raise (no_room("uploadId") if is_full(error) else error) from error

    async def _nothing_there(self, upload: UploadRow) -> Exception:
        """It never arrived; or somebody else completed it a moment ago, and took it away."""
        now = await self._database.read(lambda db: uploads.find_of(db, upload.owner_id, upload.id))
        if now is not None and now.attachment_id is not None:
            return _Lost()
        return Invalid("uploadId", reason="Nothing has arrived: PUT the file first.")

    async def keep(self, upload: UploadRow, content: Content, *path: str) -> AttachmentRow:
        """Store a file, and only then tell of it. TooLarge for a picture that grew too much."""
        most = self._settings.max_file
        if content.byte_size > most:
            said = f"Made anew, the picture would have {content.byte_size} bytes, and a file has at most {most}."
            raise TooLarge(*path, reason=said)
        row = _attachment_of(upload, content)
        keys = keys_of(row.id)
        async with self._work.begin() as unit:
            await leftovers.plan(unit.db, keys, unit.now + GRACE)
        try:
            await self._store.put(row.id, content.file)
            if content.thumbnail is not None:
                await self._store.put(thumbnail_key(row.id), content.thumbnail)
            return await self._tell(upload, row, *path)
        except OSError as error:
            await finish(self._drop(keys))
            raise (no_room(*path) if is_full(error) else error) from error
        except BaseException:
            await finish(self._drop(keys))
            raise

    async def _tell(self, upload: UploadRow, row: AttachmentRow, *path: str) -> AttachmentRow:
        async with self._work.begin() as unit:
            await check_growth(unit, self._settings, upload, row.byte_size, *path)
            stored = row._replace(created_at=unit.now)
            await attachments.insert_one(unit.db, stored)
            if not await uploads.complete(unit.db, upload.id, row.id):
                raise _Lost
            await leftovers.forget(unit.db, keys_of(row.id))
            return stored

    async def _drop(self, keys: list[str]) -> None:
        """Remove soon what has become nothing; when that cannot be written either, it is removed later."""
        with suppress(Exception):
            async with self._work.begin() as unit:
                await leftovers.plan(unit.db, keys, unit.now)

    async def forget(self, upload: UploadRow) -> None:
        """The place is promised no more; nothing happens when it has become an attachment."""
        async with self._work.begin() as unit:
            await uploads.delete_open(unit.db, upload.id)


def _attachment_of(upload: UploadRow, content: Content) -> AttachmentRow:
    width, height = content.size or (None, None)
    return AttachmentRow(
        id=new_id(),
        owner_id=upload.owner_id,
        message_id=None,
        ordinal=0,
        kind=content.kind,
        file_name=safe_file_name(upload.file_name, content.mime_type),
        mime_type=content.mime_type,
        byte_size=content.byte_size,
        sha256=content.sha256,
        width=width,
        height=height,
        duration_seconds=content.seconds,
        created_at=0,
        thumbnail_size=content.thumbnail_size,
    )
