"""GET /files/...: a file or its small picture, to whoever holds the signed address and may still see the message."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from chat.file_keys import thumbnail_key
from chat.palaver import Palaver
from chat.staff_files import Address
from core.clock import now_ms
from core.files import StoreAway
from core.pictures import THUMBNAIL_TYPE
from core.signing import is_signed
from db.attachments import AttachmentRow
from graph.conditions import is_known, range_for
from graph.schema.attachments import THUMBNAIL_NAME

#: Nothing in a file runs, whatever it is: no scripts, no frames, no guessing of types, and a download, not a page.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
}
_gone = PlainTextResponse("There is no such file, or its address has expired.\n", 404, dict(SAFE_HEADERS))


_away = PlainTextResponse("The store of files does not answer; try again later.\n", 503, {"Retry-After": "5"})


@dataclass(frozen=True, slots=True)
class Stored:
    """What is served: a file, or the small picture of one."""

    key: str
    name: str
    mime_type: str
    size: int
    tag: str


def _file(row: AttachmentRow) -> Stored | None:
    return Stored(row.id, row.file_name, row.mime_type, row.byte_size, row.sha256[:32])


def _thumbnail(row: AttachmentRow) -> Stored | None:
    size = row.thumbnail_size
    tag = f"{row.sha256[:31]}t"
    return None if size is None else Stored(thumbnail_key(row.id), THUMBNAIL_NAME, THUMBNAIL_TYPE, size, tag)


@dataclass(frozen=True, slots=True)
class FileRoute:
    """Serves files from their store, or small pictures: what the word says, which is signed with the address."""

    palaver: Palaver
    word: Literal["file", "thumbnail"]

    async def __call__(self, request: Request) -> Response:
        """The file; 404 for a wrong, expired or withdrawn address, all alike."""
        stored = await self._find(request.path_params)
        if stored is None:
            return _gone
        tag = f'"{stored.tag}"'
        kept = {**SAFE_HEADERS, "Cache-Control": "private, max-age=600", "ETag": tag}
        if is_known(request.headers, tag):
            return Response(status_code=304, headers=kept)
        start, end = _range_of(range_for(request.headers, tag), stored.size)
        if start >= end:
            headers = {**SAFE_HEADERS, "Content-Range": f"bytes */{stored.size}"}
            return PlainTextResponse("There are no such bytes.\n", 416, headers)
        is_part = (start, end) != (0, stored.size)
        headers = {
            **kept,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}",
            "Content-Length": str(end - start),
            "Accept-Ranges": "bytes",
        }
        if is_part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
        parts = self.palaver.file_store.get(stored.key, start, end)
        try:
            first = await anext(parts)
        except FileNotFoundError:
            return _gone
        except StoreAway:
            return _away
        return StreamingResponse(_join(first, parts), 206 if is_part else 200, headers, media_type=stored.mime_type)

    async def _find(self, path: dict[str, str]) -> Stored | None:
        """The file, when the address is signed, has not expired, and its holder may see the file now."""
        key, viewer_id, expires, signature = (path[name] for name in ("key", "viewer", "expires", "signature"))
        if not is_ahead(expires) or not is_signed(
            self.palaver.signing_key, signature, self.word, key, viewer_id, int(expires)
        ):
            return None
        row = await self.palaver.staff_files.find_for(Address(viewer_id, key, signature))
        stored = row and (_file(row) if self.word == "file" else _thumbnail(row))
        return stored if stored and stored.name == path["name"] else None


def is_ahead(expires: str) -> bool:
    """Is it a moment in whole seconds, that has not come yet?"""
    return expires.isascii() and expires.isdigit() and len(expires) <= 12 and int(expires) * 1000 > now_ms()


async def _join(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


def _range_of(header: str | None, size: int) -> tuple[int, int]:
    """The one range of bytes that is asked for, as start and end; all of it when there is none, or several."""
    if not header or not header.startswith("bytes=") or "," in header:
        return 0, size
    first, dash, last = header[6:].strip().partition("-")
    if not dash or not (first or last) or not (first + last).isascii() or not (first + last).isdigit():
        return 0, size
    if len(first) > 15 or len(last) > 15:
        return size, size
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return 0, size
    return int(first), min(size, int(last) + 1) if last else size
