"""GET /files/...: a file, to whoever holds its signed address and may still see the message."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from chat.palaver import Palaver
from chat.staff_files import find_for
from core.clock import now_ms
from core.signing import is_signed
from db.attachments import AttachmentRow

#: Nothing in a file runs, whatever it is: no scripts, no frames, no guessing of types, and a download, not a page.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
}
_gone = PlainTextResponse("There is no such file, or its address has expired.\n", 404, dict(SAFE_HEADERS))


@dataclass(frozen=True, slots=True)
class FileRoute:
    """Serves files from their store."""

    palaver: Palaver

    async def __call__(self, request: Request) -> Response:
        """The file; 404 for a wrong, expired or withdrawn address, all alike."""
        row = await self._find(request.path_params)
        if row is None:
            return _gone
        start, end = _range_of(request.headers.get("range"), row.byte_size)
        is_part = (start, end) != (0, row.byte_size)
        if start >= end:
            headers = {**SAFE_HEADERS, "Content-Range": f"bytes */{row.byte_size}"}
            return PlainTextResponse("There are no such bytes.\n", 416, headers)
        headers = {
            **SAFE_HEADERS,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.file_name, safe='')}",
            "Content-Length": str(end - start),
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, max-age=600",
            "ETag": f'"{row.sha256[:32]}"',
        }
        if is_part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{row.byte_size}"
        parts = self.palaver.file_store.get(row.id, start, end)
        try:
            first = await anext(parts)
        except FileNotFoundError:
            return _gone
        return StreamingResponse(_join(first, parts), 206 if is_part else 200, headers, media_type=row.mime_type)

    async def _find(self, path: dict[str, str]) -> AttachmentRow | None:
        """The file, when the address is signed, has not expired, and its holder may see the file now."""
        key, viewer_id, expires, signature = (path[name] for name in ("key", "viewer", "expires", "signature"))
        if not expires.isascii() or not expires.isdigit() or len(expires) > 12 or int(expires) * 1000 <= now_ms():
            return None
        if not is_signed(self.palaver.signing_key, signature, "file", key, viewer_id, int(expires)):
            return None
        row = await find_for(self.palaver.database, self.palaver.work, viewer_id, key)
        return row if row is not None and row.file_name == path["name"] else None


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
