"""Our own files, compressed once for whoever takes them so. Answers about people never are: their sizes would tell."""

import asyncio
from gzip import compress
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response

#: What gets smaller; fonts and pictures are compressed already.
SUFFIXES = frozenset({".css", ".html", ".js", ".json", ".md", ".svg"})
#: Headers that are about the bytes as they are on the disk.
OF_THE_BYTES = frozenset({"accept-ranges", "content-length"})
#: Another answer would be given to who takes other encodings.
VARY = {"Vary": "Accept-Encoding"}


def takes_gzip(headers: Headers) -> bool:
    """May an answer be compressed? As `Accept-Encoding` has it: a weight of 0 forbids."""
    for one in headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = one.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def weak(etag: str) -> str:
    """An ETag for the same content in other bytes."""
    return etag if etag.startswith("W/") else f"W/{etag}"


class Compressed:
    """The files of a folder, compressed when they are first asked for: as many as there are, and they never change."""

    def __init__(self) -> None:
        self._known: dict[Path, bytes] = {}

    async def of(self, response: Response, headers: Headers) -> Response:
        """The answer with a file, compressed where that is taken and worth it."""
        path = Path(response.path) if isinstance(response, FileResponse) else None
        if path is None or path.suffix not in SUFFIXES:
            return response
        response.headers.update(VARY)
        # A part of a file is a part of its own bytes.
        if response.status_code != 200 or "range" in headers or not takes_gzip(headers):
            return response
        if path not in self._known:
            self._known[path] = await asyncio.to_thread(lambda: compress(path.read_bytes()))
        kept = {name: value for name, value in response.headers.items() if name not in OF_THE_BYTES}
        small = {**kept, "content-encoding": "gzip", "etag": weak(response.headers["etag"])}
        return Response(self._known[path], headers=small, media_type=response.media_type)
