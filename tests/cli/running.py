"""Runs `palaver` in a process of its own, with nothing of this process's environment but what a shell would have."""

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.forking import Order, forks
from tests.parts.forkserver import Forked, fork
from tests.waiting import soon, until

ROOT = Path(__file__).resolve().parents[2]
#: The line with which it begins to serve: in words in development, in JSON in production.
SERVES = re.compile(r"(?:Palaver serves |\"url\": ?\")(http[^\s\"]+)/graphql")
#: The end of what it says then: in development that is several lines, the last of them a link or why there is none.
HAS_SAID_ALL = re.compile(
    r"\"url\": ?\"http.*\n|^  host's server .*#token=.*\n|no page to try it\.\n|that you have set\.\n|signs tokens\.\n",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its status, and what it wrote."""

    status: int
    output: str
    errors: str


def environment(**settings: str) -> dict[str, str]:
    """What a shell would have, the settings, and the packages of this checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200", **settings}


async def palaver(folder: Path, *words: str, **settings: str) -> Ended:
    """Run a command in a folder, and wait until it has ended."""
    with tempfile.TemporaryDirectory() as place:
        output, errors = f"{place}/output", f"{place}/errors"
        order = Order(str(folder), words, environment(**settings), output, errors)
        status = await soon(asyncio.to_thread(forks(ROOT).run, order))
        return Ended(status, Path(output).read_text("utf-8"), Path(errors).read_text("utf-8"))  # noqa: ASYNC240


def names_in(folder: Path) -> list[str]:
    """What a command has left in a folder."""
    return sorted(path.name for path in folder.iterdir())


@dataclass(frozen=True, slots=True)
class Serving:
    """A `palaver serve` that says that it serves."""

    url: str
    folder: Path

    @property
    def said(self) -> str:
        """What it has written so far."""
        return (self.folder / "said").read_text("utf-8")

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens in the links, by whom they are for."""
        return dict(re.findall(r"^  (\S.*?) +http\S+/graphiql/#token=(\S+)$", self.said, re.MULTILINE))


@asynccontextmanager
async def serving(folder: Path, *words: str, command: Sequence[str] = (), **settings: str) -> AsyncIterator[Serving]:
    """Run `palaver serve` on a free port until the block ends; by another command, when one is given."""
    words, env = ("serve", "--port", "0", *words), environment(**settings)
    process: asyncio.subprocess.Process | Forked
    with (folder / "said").open("wb") as said:
        if command:
            process = await asyncio.create_subprocess_exec(
                *command, *words, cwd=folder, env=env, stdout=said.fileno(), stderr=said.fileno()
            )
        else:
            process = fork(words, cwd=folder, env=env, output=said.fileno())
    try:
        served = Serving("", folder)

        def is_serving() -> bool:
            assert process.returncode is None, served.said
            return HAS_SAID_ALL.search(served.said) is not None

        await until(is_serving)
        found = SERVES.search(served.said)
        yield Serving(found[1] if found else "", folder)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await soon(process.wait())
