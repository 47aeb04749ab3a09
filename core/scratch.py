"""A file without a name, for what is only passing: it takes no space any more as soon as its process is gone."""

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


class Scratch:
    """Space on the disk until it is closed, however its process ends. `path` is good in this process, and in a child
    that was given `number`."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile(prefix="palaver-upload-", buffering=0)  # noqa: SIM115 - it is closed by `close`
        self.number = self.file.fileno()
        # Not the name that it may have had for a moment: that one is gone.
        self.path = Path(f"/proc/self/fd/{self.number}")

    def write(self, content: bytes) -> None:
        """Add to it, all of it: a disk that is nearly full takes a part first."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self.number, rest) :]

    def give_back(self) -> None:
        """Give the space back before that: what is written is gone."""
        os.ftruncate(self.number, 0)

    def close(self) -> None:
        """Give the space back."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
