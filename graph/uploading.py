"""PUT /files/...: takes in a file at the place that `requestUpload` gave, where the store of files is a folder."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from chat.contents import no_room
from chat.palaver import Palaver
from chat.uploads import UPLOAD_WAIT
from core.disks import is_full
from core.scratch import Scratch
from core.signing import is_signed
from db.uploads import UploadRow
from graph.files import is_ahead


@dataclass(frozen=True, slots=True)
class UploadRoute:
    """Takes in files."""

    palaver: Palaver

    async def __call__(self, request: Request) -> Response:
        """204 once all of the file is stored; 404 for a wrong, expired or used address, all alike.

        409 while another one arrives there, and 429 while many of the person's do: before anything is read.
        """
        upload = await self._find(request.path_params)
        if upload is None:
            return _refused(404, "There is no such place, or it has expired, or its file is taken already.")
        said = request.headers.get("content-length")
        if said is not None and said != str(upload.byte_size):
            return _refused(413 if _is_more(said, upload.byte_size) else 400, _wrong(upload))
        uploads = self.palaver.uploads
        with uploads.filling.begin(upload.id) as is_alone, uploads.arriving.begin(upload.owner_id) as may_begin:
            if not is_alone:
                return _refused(409, "A file is arriving here already; wait for it, or ask for another place.")
            if not may_begin:
                wait = {"Retry-After": str(UPLOAD_WAIT // 1000)}
                return _refused(429, "Many of your files are on their way; try again when they are here.", wait)
            return await self._take(request, upload)

    async def _take(self, request: Request, upload: UploadRow) -> Response:
        with Scratch() as scratch:
            try:
                async with asyncio.timeout(self.palaver.settings.upload_seconds):
                    received = await _receive(request, scratch, upload.byte_size)
                if received != upload.byte_size:
                    return _refused(413 if received > upload.byte_size else 400, _wrong(upload))
                await self.palaver.uploads.fill(upload, scratch)
            except ClientDisconnect:
                return _refused(400, "The body ended early.")
            except TimeoutError:
                return _refused(408, "The file took too long to arrive.")
            except OSError as error:
                if not is_full(error):
                    raise
                return _refused(507, no_room().reason)
        return Response(status_code=204)

    async def _find(self, path: dict[str, str]) -> UploadRow | None:
        upload_id, expires, signature = (path[name] for name in ("upload", "expires", "signature"))
        is_ours = is_ahead(expires) and is_signed(
            self.palaver.signing_key, signature, "upload", upload_id, int(expires)
        )
        return await self.palaver.uploads.find_place(upload_id) if is_ours else None


async def _receive(request: Request, scratch: Scratch, most: int) -> int:
    """Write the body to the disk as it comes, never more than was announced; how many bytes there were, or one more."""
    received = 0
    async for part in request.stream():
        received += len(part)
        if received > most:
            return most + 1
        await asyncio.to_thread(scratch.write, part)
    return received


def _is_more(said: str, most: int) -> bool:
    return len(said) > 15 or (said.isascii() and said.isdigit() and int(said) > most)


def _wrong(upload: UploadRow) -> str:
    return f"The file was announced to have {upload.byte_size} bytes."


def _refused(status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{why}\n", status, {"X-Content-Type-Options": "nosniff", **(headers or {})})
