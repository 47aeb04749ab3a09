"""What a file is, found from its bytes; what the client says of it is never believed."""

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

import puremagic

from core.active_text import is_active
from core.mp3 import is_mp3

HEAD = 65_536
#: An archive, which may be an office document; no file is told to be one.
PACKAGE = "application/zip"
_starts = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
#: ISO 32000 has the versions 1.0 to 1.7 and 2.0, and readers look for the end within the last kilobyte or so.
_PDF = b"%PDF-"
_pdf_version = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END, _PDF_TAIL = b"%%EOF", 2048
_sounds = {
    "audio/ogg": (b"OggS\0",),
    "audio/webm": (b"\x1a\x45\xdf\xa3",),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A media type, and IMAGE, DOCUMENT or VOICE."""

    mime_type: str
    kind: str


def sniff(path: Path) -> FileKind | None:
    """What the file begins like, and is when a closer look agrees (core/inspection.py); None when it is of no accepted
    kind. PDF and plain text need no closer look: they have had it here."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return None
    for mime_type, starts in _starts.items():
        if head.startswith(starts) and _agrees(head, mime_type):
            return FileKind(mime_type, "IMAGE")
    if head.startswith(_PDF):
        return FileKind("application/pdf", "DOCUMENT") if _is_pdf(path, head) else None
    if head.startswith(b"PK\x03\x04"):
        return FileKind(PACKAGE, "DOCUMENT")
    sound = _sound_of(path, head)
    if sound is not None:
        return FileKind(sound, "VOICE")
    return FileKind("text/plain", "DOCUMENT") if _is_plain_text(path, head) else None


def _agrees(head: bytes, mime_type: str) -> bool:
    """A second opinion, by puremagic's tables; RIFF alone, for one, says little."""
    try:
        return any(match.mime_type == mime_type for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return False


def _is_pdf(path: Path, head: bytes) -> bool:
    """It has a version and an end; only the last bytes are read for that."""
    if not _pdf_version.match(head) or not _agrees(head, "application/pdf"):
        return False
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _PDF_TAIL))
        return _PDF_END in file.read(_PDF_TAIL)


def _sound_of(path: Path, head: bytes) -> str | None:
    """The media type of what begins like sound; it may still hold moving pictures."""
    for mime_type, starts in _sounds.items():
        if head.startswith(starts):
            return mime_type
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    return "audio/mpeg" if is_mp3(path, head) else None


def _is_plain_text(path: Path, head: bytes) -> bool:
    """UTF-8 throughout, without control characters, and nothing that a program would run."""
    if is_active(head, is_whole=len(head) < HEAD):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while part := file.read(HEAD):
                text = decoder.decode(part)
                if any(character < " " and character not in "\t\r\n\f" for character in text):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
