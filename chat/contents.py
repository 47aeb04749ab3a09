"""What is in a file that somebody gives: found out by its bytes, a picture made anew, or refused."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from chat.refusals import NoRoomLeft, TooLarge, UnsupportedMediaType
from core.inspector import Finding, Inspector, NoRoom, TooMuchWork, Unreadable
from core.scratch import Scratch
from core.sniffing import FileKind, sniff

log = structlog.get_logger()
#: They are all there is to know about these: nothing in them is decoded.
_PLAIN = ("text/plain", "application/pdf")


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a file: as it was given, or a picture made anew with a small one."""

    file: Path
    thumbnail: Path | None
    mime_type: str
    kind: str
    byte_size: int
    sha256: str
    thumbnail_size: int | None = None
    size: tuple[int, int] | None = None
    seconds: float | None = None


def no_room(*path: str) -> NoRoomLeft:
    """The disk is full, which whoever runs the server is told too."""
    log.error("files.full")
    return NoRoomLeft(*path)


@asynccontextmanager
async def examine(inspector: Inspector, owner_id: str, source: Scratch, *path: str) -> AsyncIterator[Content]:
    """What is in a person's file, as long as the block lasts. UnsupportedMediaType, or TooLarge for a picture that is
    too large or takes too much work, and when there is no room."""
    found = await asyncio.to_thread(sniff, source.path)
    if found is None:
        raise UnsupportedMediaType(*path)
    if found.mime_type in _PLAIN:
        yield await asyncio.to_thread(_content_of, source.path, None, found, None)
        return
    with Scratch() as target, Scratch() as thumbnail:
        try:
            finding = await inspector.look(owner_id, source, found.mime_type, target, thumbnail)
        except Unreadable as error:
            raise UnsupportedMediaType(*path) from error
        except TooMuchWork as error:
            raise _too_much(inspector, *path) from error
        except NoRoom as error:
            raise no_room(*path) from error
        is_image = found.kind == "IMAGE"
        kept, small = (target.path, thumbnail.path) if is_image else (source.path, None)
        yield await asyncio.to_thread(_content_of, kept, small, found, finding)


def _too_much(inspector: Inspector, *path: str) -> TooLarge:
    limits = inspector.limits
    most = f"A picture has at most {limits.pixels} pixels in at most {limits.frames} frames"
    return TooLarge(*path, reason=f"{most}, and a file must be simple enough to be looked into.")


def _content_of(file: Path, thumbnail: Path | None, found: FileKind, finding: Finding | None) -> Content:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        size = opened.tell()
    return Content(
        file=file,
        thumbnail=thumbnail,
        mime_type=finding.mime_type if finding else found.mime_type,
        kind=found.kind,
        byte_size=size,
        sha256=digest,
        thumbnail_size=None if thumbnail is None else thumbnail.stat().st_size,
        size=finding.size if finding else None,
        seconds=finding.seconds if finding else None,
    )
