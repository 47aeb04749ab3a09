"""The process that looks into one file, with limits of memory and time, so that a hostile one harms nothing else.

It reads the file that it is given by number, may write only into two others, answers in JSON, and ends.
"""

import errno
import json
import resource
import sys
from pathlib import Path
from typing import Any

from core import packages, pictures, sounds
from core.disks import is_full
from core.sniffing import PACKAGE


def main() -> None:
    """Look into the file that the first argument names, in JSON; the answer goes to the standard output."""
    asked = json.loads(sys.argv[1])
    _limit(resource.RLIMIT_CPU, asked["seconds"])
    _limit(resource.RLIMIT_AS, asked["memory"])
    _limit(resource.RLIMIT_FSIZE, asked["written"])
    _limit(resource.RLIMIT_CORE, 0)
    json.dump(answer_of(asked), sys.stdout)


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def answer_of(asked: dict[str, Any]) -> dict[str, Any]:
    """What a file is, or a word for why it is not taken."""
    try:
        return _look(asked)
    except (pictures.TooMuch, MemoryError):
        return {"fault": "too much"}
    except Exception as error:  # noqa: BLE001 - libraries raise anything over hostile files, and this process ends here
        if getattr(error, "errno", None) == errno.EFBIG:
            return {"fault": "too much"}
        return {"fault": "no room" if isinstance(error, OSError) and is_full(error) else "unreadable"}


def _look(asked: dict[str, Any]) -> dict[str, Any]:
    source, mime_type = Path(asked["source"]), asked["mime_type"]
    if mime_type in pictures.FORMATS:
        limits = pictures.PictureLimits(asked["pixels"], asked["frames"], asked["side"])
        size = pictures.remake(source, mime_type, Path(asked["target"]), Path(asked["thumbnail"]), limits)
        return {"mime_type": mime_type, "size": size}
    if mime_type == PACKAGE:
        kind = packages.kind_of_package(source)
        return {"fault": "unreadable"} if kind is None else {"mime_type": kind}
    return {"mime_type": mime_type, "seconds": sounds.measure(source, mime_type)}
