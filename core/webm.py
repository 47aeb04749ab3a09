"""Sound in WebM, as browsers record it: is it only sound, and how long is it?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack
from typing import BinaryIO

_SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER, _GROUP = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
_DOCTYPE, _SCALE, _DURATION, _TYPE, _TIME, _SIMPLE, _BLOCK = 0x4282, 0x2AD7B1, 0x4489, 0x83, 0xE7, 0xA3, 0xA1
_HOLDERS = frozenset((0x1A45DFA3, _SEGMENT, _INFO, _TRACKS, _TRACK, _CLUSTER, _GROUP))
_READ = frozenset((_DOCTYPE, _SCALE, _DURATION, _TYPE, _TIME, _SIMPLE, _BLOCK))
_SOUND = 2
MOST_ELEMENTS = 1_000_000


@dataclass(slots=True)
class _Found:
    doctype: bytes = b""
    scale: int = 1_000_000
    duration: float = 0.0
    tracks: list[int] = field(default_factory=list)
    time: int = 0
    last: int = 0


def measure_webm(file: BinaryIO) -> float | None:
    """Seconds; a recording that does not say so is as long as its last block is late. ValueError when there is anything
    but sound."""
    found = _Found()
    for name, content in _elements(file):
        _note(found, name, content)
    if found.doctype != b"webm" or set(found.tracks) != {_SOUND}:
        raise ValueError("There is more than sound.")
    length = found.duration or found.last
    return length * found.scale / 1e9 if length else None


def _elements(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The elements in the order of the file, whatever holds them: a recorder does not know how long they become."""
    end = file.seek(0, 2)
    place = 0
    for _ in range(MOST_ELEMENTS):
        if place >= end:
            return
        file.seek(place)
        head = file.read(12)
        name, taken = _number(head, 0, keep_mark=True)
        size, length = _number(head, taken)
        place += taken + length
        if name in _HOLDERS:
            continue
        is_open = size == (1 << 7 * length) - 1
        if is_open or place + size > end:
            # A recording that was cut off is as long as what there is of it.
            return
        if name in _READ:
            file.seek(place)
            yield name, file.read(min(size, 16))
        place += size
    raise ValueError("There are too many elements.")


def _number(head: bytes, place: int, *, keep_mark: bool = False) -> tuple[int, int]:
    """A number whose first bits say how many bytes it has; and how many."""
    first = head[place] if place < len(head) else 0
    length = 9 - first.bit_length()
    if length > 8 or place + length > len(head):
        raise ValueError("There is no element.")
    value = int.from_bytes(head[place : place + length], "big")
    return (value if keep_mark else value - (1 << 7 * length)), length


def _note(found: _Found, name: int, content: bytes) -> None:
    if name == _DOCTYPE:
        found.doctype = content.rstrip(b"\0")
    elif name == _SCALE:
        found.scale = int.from_bytes(content, "big")
    elif name == _DURATION and len(content) in (4, 8):
        found.duration = unpack(">f" if len(content) == 4 else ">d", content)[0]
    elif name == _TYPE:
        found.tracks.append(int.from_bytes(content, "big"))
    elif name == _TIME:
        found.time = int.from_bytes(content, "big")
    elif name in (_SIMPLE, _BLOCK):
        _, taken = _number(content, 0)
        late = int.from_bytes(content[taken : taken + 2], "big", signed=True)
        found.last = max(found.last, found.time + late)
