"""What a file is, found from its bytes; what the client says of it is never believed."""

import codecs
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import puremagic
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import DecompressionBombError
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

HEAD = 65_536
_images: dict[str, type[ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
}
_starts = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF-",),
}
#: Text that a browser, a shell or an office program would run is not plain text, whatever its name.
_active = re.compile(
    rb"<!doctype|<!--|<\?(?:xml|php|=)|#!|\{\\rtf|"
    rb"<(?:html|head|body|script|svg|iframe|style|title|meta|link|div|table|h1|font|img|p|a|b|br)[\s/>]",
    re.IGNORECASE,
)
#: What Pillow raises over pictures that are none.
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    EOFError,
    OverflowError,
    struct.error,
    DecompressionBombError,
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A media type, and IMAGE or DOCUMENT."""

    mime_type: str
    kind: str


def sniff(path: Path) -> FileKind | None:
    """What the file is, when it is of an accepted kind: JPEG, PNG, WebP, GIF, PDF or plain text; None otherwise."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return None
    for mime_type, starts in _starts.items():
        if head.startswith(starts) and _agrees(head, mime_type):
            return FileKind(mime_type, "IMAGE" if mime_type in _images else "DOCUMENT")
    return FileKind("text/plain", "DOCUMENT") if _is_plain_text(path, head) else None


def _agrees(head: bytes, mime_type: str) -> bool:
    """A second opinion, by puremagic's tables; RIFF alone, for one, says little."""
    try:
        return any(match.mime_type == mime_type for match in puremagic.magic_string(head))
    except puremagic.PureError:
        return False


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


def size_of_image(path: Path, mime_type: str) -> tuple[int, int] | None:
    """Width and height in pixels, from the header, without decoding the picture; None when it is no such picture."""
    try:
        with path.open("rb") as file, _images[mime_type](file) as image:
            return image.size
    except _UNREADABLE:
        return None
