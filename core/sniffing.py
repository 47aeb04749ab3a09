"""What a file is, found from its bytes; what the client says of it is never believed."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import puremagic

from core.mp3 import is_mp3
from core.pictures import FORMATS

HEAD = 65_536
#: An archive, which may be an office document; no file is told to be one.
PACKAGE = "application/zip"
_starts = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
}
_sounds = {
    "audio/ogg": (b"OggS\0",),
    "audio/webm": (b"\x1a\x45\xdf\xa3",),
}
#: Text that a browser, a shell or an office program would run is not plain text, whatever its name.
_active = re.compile(
    rb"<!doctype|<!--|<\?(?:xml|php|=)|#!|\{\\rtf|"
    rb"<(?:html|head|body|script|svg|iframe|style|title|meta|link|div|table|h1|font|img|p|a|b|br)[\s/>]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A media type, and IMAGE, DOCUMENT or VOICE."""

    mime_type: str
    kind: str


def sniff(path: Path) -> FileKind | None:
    """What the file begins like, and is when a closer look agrees (core/inspection.py); None when it is of no accepted
    kind. PDF and plain text need no closer look."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return None
    for mime_type, starts in _starts.items():
        if head.startswith(starts) and _agrees(head, mime_type):
            return FileKind(mime_type, "IMAGE" if mime_type in FORMATS else "DOCUMENT")
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
    if _active.match(head.lstrip(b"\xef\xbb\xbf \t\r\n\f")):
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
