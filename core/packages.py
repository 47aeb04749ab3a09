"""Which office document a ZIP archive is: of Office or OpenDocument, and without programs in it."""

import re
import zipfile
from pathlib import Path

#: Of the directory at the archive's end, which is read into memory.
MOST_DIRECTORY = 1_048_576
MOST_TYPES = 262_144
_END, _END_LENGTH = b"PK\x05\x06", 22
_OPENXML = {
    f"application/vnd.openxmlformats-officedocument.{word}".encode(): (
        f"application/vnd.openxmlformats-officedocument.{word.removesuffix('.main+xml')}"
    )
    for word in (
        "wordprocessingml.document.main+xml",
        "spreadsheetml.sheet.main+xml",
        "presentationml.presentation.main+xml",
        "presentationml.slideshow.main+xml",
    )
}
_OPENDOCUMENT = {
    f"application/vnd.oasis.opendocument.{word}".encode()
    for word in ("text", "spreadsheet", "presentation", "graphics")
}
#: Where programs are: Visual Basic, controls, Basic and scripts; and what has no business in a document.
_PROGRAM = re.compile(
    r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|activex/.*|basic/.+|scripts/.+)$|\.(?:exe|dll|com|scr|js|vbs|jar|class)$",
    re.IGNORECASE,
)


def kind_of_package(path: Path) -> str | None:
    """The media type of an office document; None for any other archive, and for one with programs in it."""
    if not _has_small_directory(path):
        return None
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if any(_PROGRAM.search(name) for name in names):
            return None
        if "[Content_Types].xml" in names:
            return _kind_of_openxml(archive)
        if names and names[0] == "mimetype":
            return _kind_of_opendocument(archive)
    return None


def _has_small_directory(path: Path) -> bool:
    """Is the directory one that can be read in memory? Archives of the 64-bit kind are refused: files are small."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_535 - _END_LENGTH - 20))
        tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_LENGTH or b"PK\x06\x07" in tail[max(0, place - 20) : place]:
        return False
    return int.from_bytes(tail[place + 12 : place + 16], "little") <= MOST_DIRECTORY


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The beginning of a member, never more: what it says of its size is not believed."""
    with archive.open(name) as member:
        return member.read(most)


def _kind_of_openxml(archive: zipfile.ZipFile) -> str | None:
    types = _read(archive, "[Content_Types].xml", MOST_TYPES)
    if b"macroenabled" in types.lower():
        return None
    found = [kind for word, kind in _OPENXML.items() if b'"' + word + b'"' in types]
    return found[0] if len(found) == 1 else None


def _kind_of_opendocument(archive: zipfile.ZipFile) -> str | None:
    said = _read(archive, "mimetype", 100)
    is_plain = archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
    is_whole = is_plain and "META-INF/manifest.xml" in archive.namelist()
    return said.decode() if is_whole and said in _OPENDOCUMENT else None
