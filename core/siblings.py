"""The processes behind one listening socket: each has a number, and tells the others what they ask, through a folder.

Connections fall to any of them, so whoever is asked about all must ask the others. They meet in a private folder, where
each holds the lock of a number and listens on a socket. A process that dies lets go of both without doing anything.
"""

import asyncio
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

#: How long a sibling may take to answer, in seconds.
PATIENCE = 2.0
#: An answer is told after its size.
SIZE_BYTES = 8
GONE = b""
#: Nobody starts more processes for one socket.
MOST = 1000
#: The address of a socket has at most 107 bytes, on Linux; its last two names take 25 of them.
LONGEST_PARENT = 80

log = structlog.get_logger()


class Siblings:
    """This process among them. `answer` makes what it tells the others. Without a folder it is the only one."""

    def __init__(self, folder: Path | None, answer: Callable[[], bytes], *, seconds: float = PATIENCE) -> None:
        self._folder = folder
        self._answer = answer
        self._seconds = seconds
        self._lock: int | None = None
        self._server: asyncio.Server | None = None
        self.number = 1

    async def start(self) -> None:
        """Take the lowest free number, and listen. A folder that is lost costs the others' answers, and no more."""
        if self._folder is None:
            return
        try:
            self._lock, self.number = _take_number(self._folder)
            address = self._address_of(self.number)
            address.unlink(missing_ok=True)  # Of a process that died: its number is ours now.
            self._server = await asyncio.start_unix_server(self._tell, address)
        except OSError as error:
            self.number = 0
            log.error("siblings.lost", error=error.strerror)

    async def stop(self) -> None:
        """Give the number back."""
        if self._server is not None and self._folder is not None:
            self._server.close()
            await self._server.wait_closed()
            self._address_of(self.number).unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)

    async def ask(self) -> dict[int, bytes | None]:
        """What each of the others answers, by number; None for one that is there and does not answer in time."""
        if self._folder is None:
            return {}
        numbers = sorted(int(path.stem) for path in self._folder.glob("*.sock"))
        others = [number for number in numbers if number != self.number]
        answers = await asyncio.gather(*(self._ask(number) for number in others))
        return {number: answer for number, answer in zip(others, answers, strict=True) if answer != GONE}

    async def _ask(self, number: int) -> bytes | None:
        try:
            async with asyncio.timeout(self._seconds):
                reader, writer = await asyncio.open_unix_connection(self._address_of(number))
                try:
                    size = int.from_bytes(await reader.readexactly(SIZE_BYTES))
                    return await reader.readexactly(size)
                finally:
                    writer.close()
        except (FileNotFoundError, ConnectionRefusedError):
            return GONE
        except (OSError, EOFError):  # A timeout is one of the first, half an answer one of the second.
            return None

    async def _tell(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            async with asyncio.timeout(self._seconds):
                answer = self._answer()
                writer.write(len(answer).to_bytes(SIZE_BYTES) + answer)
                await writer.drain()
        writer.close()

    def _address_of(self, number: int) -> Path:
        return (self._folder or Path()) / f"{number}.sock"


def _take_number(folder: Path) -> tuple[int, int]:
    """The lock and the number. OSError when the folder is not there."""
    for number in range(1, MOST):
        lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return lock, number
    raise OSError("There are too many processes.")


@contextmanager
def meeting_place() -> Iterator[Path]:
    """A folder that only this user can open, until the block ends."""
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > LONGEST_PARENT:
        parent = "/tmp"  # noqa: S108 - the folder in it is private
    with tempfile.TemporaryDirectory(prefix="palaver-", dir=parent) as folder:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)  # systemd-tmpfiles does not tidy away what is locked.
            yield Path(folder)
        finally:
            os.close(handle)
