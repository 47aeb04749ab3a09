"""A shell that goes on from one block of commands to the next, with its variables, its folder and its jobs."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import soon


@dataclass(slots=True)
class Terminal:
    """One process of bash. What it and its jobs print goes to one file, as on a screen.

    It says on `done` that a block has ended, by its own descriptor `writing`, where nothing else writes.
    """

    screen: Path
    process: asyncio.subprocess.Process
    done: asyncio.StreamReader
    writing: int
    _seen: int = 0

    async def run(self, block: str) -> None:
        """Run commands. AssertionError when one fails: the shell ends then."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{{\n{block}\n}} < /dev/null\necho >&{self.writing}\n".encode())
        line = await asyncio.wait_for(self.done.readline(), 120)
        assert line, f"These commands failed:\n{block}\n{self.screen.read_text('utf-8')}"

    def news(self) -> list[str]:
        """The lines that nobody has called seen."""
        return self.screen.read_text("utf-8").splitlines()[self._seen :]

    def see(self) -> None:
        """What is there was seen."""
        self._seen = len(self.screen.read_text("utf-8").splitlines())


@asynccontextmanager
async def open_terminal(folder: Path, environment: dict[str, str]) -> AsyncIterator[Terminal]:
    """A shell that stops at the first failure; at the end it is killed with all that it started."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a test may wait for its own disk
    screen = folder / "screen"
    reading, writing = os.pipe()
    with screen.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *("bash", "-eu", "-o", "pipefail", "-s"),
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[writing],
            start_new_session=True,
        )
    os.close(writing)
    done = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(done)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(reading, "rb"))
    try:
        yield Terminal(screen, process, done, writing)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await soon(process.wait())
        transport.close()
