"""What is said in a file: is it only sound, and how long is it?"""

import math
from pathlib import Path

from tinytag import TinyTag

from core.mp4 import measure_mp4
from core.webm import measure_webm

#: How a stream in Ogg begins that is sound; Skeleton only describes the others.
_STREAMS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"fishead\0")
_HEAD = 65_536
#: Longer than anybody speaks: a file that says so is wrong.
MOST_SECONDS = 86_400.0


def measure(path: Path, mime_type: str) -> float | None:
    """Seconds, when it can be known. ValueError when it is not sound, or not sound alone."""
    with path.open("rb") as file:
        if mime_type == "audio/mp4":
            seconds = measure_mp4(file)
        elif mime_type == "audio/webm":
            seconds = measure_webm(file)
        else:
            if mime_type == "audio/ogg":
                _check_streams(file.read(_HEAD))
                file.seek(0)
            seconds = TinyTag.get(file_obj=file, tags=False).duration
    if seconds is None or not math.isfinite(seconds) or not 0 < seconds <= MOST_SECONDS:
        return None
    return round(seconds, 3)


def _check_streams(head: bytes) -> None:
    """Each stream begins on a page of its own, all of them before anything else."""
    place, sounds = 0, 0
    while head[place : place + 4] == b"OggS" and head[place + 5] & 2:
        segments = head[place + 26]
        start = place + 27 + segments
        if not head.startswith(_STREAMS, start):
            raise ValueError("There is more than sound.")
        sounds += not head.startswith(b"fishead", start)
        place = start + sum(head[place + 27 : start])
    if not sounds:
        raise ValueError("There is no sound.")
