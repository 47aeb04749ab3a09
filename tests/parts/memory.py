"""Where tests write: into memory, where the machine keeps a folder in it, since nothing of theirs outlives them.

They make thousands of databases. A disk that others use as well takes longer for each than the test.
"""

import shutil
from functools import cache
from pathlib import Path

SHARED = Path("/dev/shm")
#: Bytes that must be free. All that a run has at a time takes a quarter of it.
ROOM = 2 * 2**30


@cache
def folder_in_memory() -> Path | None:
    """The folder; None where there is none, or too little room in it: there, temporary files are on the disk."""
    if not SHARED.is_dir() or shutil.disk_usage(SHARED).free < ROOM:
        return None
    return SHARED
