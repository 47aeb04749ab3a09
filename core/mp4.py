"""Sound in MP4 (M4A, and what telephones and browsers record): is it only sound, and how long is it?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_HOLDERS = frozenset((b"moov", b"trak", b"mdia", b"mvex", b"moof", b"traf"))
#: Of the boxes that are read whole; those of sound itself never are.
MOST_BOX = 1_048_576
MOST_BOXES = 100_000


@dataclass(slots=True)
class _Found:
    tracks: list[bytes] = field(default_factory=list)
    timescale: int = 0
    duration: int = 0
    #: Of a recording in pieces, whose head does not know how long it became.
    pieces: int = 0
    usual: int = 0
    usual_here: int = 0


def measure_mp4(file: BinaryIO) -> float | None:
    """Seconds; None when it is not said. ValueError when there is anything but sound."""
    found = _Found()
    for kind, content in _boxes(file, 0, file.seek(0, 2), [0]):
        _note(found, kind, content)
    if set(found.tracks) != {b"soun"}:
        raise ValueError("There is more than sound.")
    length = found.duration or found.pieces
    return length / found.timescale if found.timescale and length else None


def _boxes(file: BinaryIO, start: int, end: int, seen: list[int]) -> Iterator[tuple[bytes, bytes]]:
    """The boxes between two places, those within others too, with what small ones hold."""
    while start + 8 <= end:
        seen[0] += 1
        if seen[0] > MOST_BOXES:
            raise ValueError("There are too many boxes.")
        file.seek(start)
        head = file.read(16)
        size, kind, inner = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop < inner or stop > end:
            raise ValueError("A box ends outside of its place.")
        if kind in _HOLDERS:
            yield kind, b""
            yield from _boxes(file, inner, stop, seen)
        elif kind != b"mdat" and stop - inner <= MOST_BOX:
            file.seek(inner)
            yield kind, file.read(stop - inner)
        start = stop


def _note(found: _Found, kind: bytes, content: bytes) -> None:
    if kind == b"hdlr" and content[8:12] in (b"soun", b"vide", b"subt", b"text", b"pict"):
        found.tracks.append(content[8:12])
    elif kind == b"mdhd":
        wide = 8 if content[:1] == b"\x01" else 4
        place = 4 + 2 * wide
        length = _number(content, place + 4, wide)
        found.timescale = _number(content, place, 4)
        found.duration = 0 if length == (1 << 8 * wide) - 1 else length
    elif kind == b"trex":
        found.usual = _number(content, 12, 4)
    elif kind == b"tfhd":
        found.usual_here = _usual_of(content) or found.usual
    elif kind == b"trun":
        found.pieces += _length_of(content, found.usual_here)


def _usual_of(content: bytes) -> int:
    """How long a sample of this piece is, when it says so."""
    flags = _number(content, 1, 3)
    place = 8 + 8 * bool(flags & 1) + 4 * bool(flags & 2)
    return _number(content, place, 4) if flags & 8 else 0


def _length_of(content: bytes, usual: int) -> int:
    """How long the samples of a run are together."""
    flags, count = _number(content, 1, 3), _number(content, 4, 4)
    if not flags & 0x100:
        return count * usual
    place = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
    step = 4 * (flags & 0xF00).bit_count()
    return sum(_number(content, at, 4) for at in range(place, min(len(content), place + count * step), step))


def _number(content: bytes, place: int, length: int) -> int:
    return int.from_bytes(content[place : place + length], "big")
