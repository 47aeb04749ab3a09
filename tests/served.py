"""A server as operators run it: a process of its own on a fixed port, which can be killed and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx

from tests.client import NO_TLS, Person, sign
from tests.house import House
from tests.legs import SECRET, Home
from tests.parts.forkserver import Forked, fork
from tests.parts.programs import free_port
from tests.waiting import soon, until


@dataclass(slots=True)
class Served:
    """`palaver serve` in a folder of its own. Its output goes to a file there."""

    folder: Path
    port: int
    settings: dict[str, str]
    words: tuple[str, ...] = ()
    _process: asyncio.subprocess.Process | Forked | None = None

    @property
    def url(self) -> str:
        """Where it is, running or not."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Where its WebSocket is."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    @property
    def output(self) -> str:
        """What it has printed so far, over all its lives."""
        return (self.folder / "output").read_text("utf-8")

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        with (self.folder / "output").open("ab") as output:
            self._process = await self._run(["serve", "--port", str(self.port), *self.words], output.fileno())
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            await until(lambda: self._is_ready(http), pause=0.03)

    async def kill(self) -> None:
        """End it as a power cut does: nothing is finished, nobody is told."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def terminate(self) -> None:
        """Tell it to end, as a service manager does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    async def status(self) -> int:
        """Wait until it has ended; its status."""
        assert self._process is not None
        return await soon(self._process.wait())

    async def command(self, *words: str) -> None:
        """Run another command of `palaver`'s on the same data."""
        with (self.folder / "output").open("ab") as output:
            process = await self._run(list(words), output.fileno())
        assert await process.wait() == 0, self.output

    async def _run(self, words: list[str], output: int) -> "asyncio.subprocess.Process | Forked":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
        environment |= {"PYTHONUNBUFFERED": "1", **self.settings}
        root = Path(__file__).parents[1]
        environment["PYTHONPATH"] = str(root)
        if "--workers" not in words:
            return fork(words, cwd=self.folder, env=environment, output=output)
        # Its own processes are started by the program that it was started with.
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "graph.cli", *words, cwd=self.folder, env=environment, stdout=output, stderr=output
        )

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, f"{self.output}\nIt ended with {self._process.returncode}."
        try:
            return (await http.get(f"{self.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    def person(self, http: httpx.AsyncClient, sub: str, *roles: str, name: str) -> Person:
        """Somebody who asks from Python. A Person needs no more of a house than its address."""
        return Person(cast("House", self), http, sub, sign(sub, *roles, name=name))


@asynccontextmanager
async def serve(home: Home, *words: str, **settings: str) -> AsyncIterator[Served]:
    """A running server of a home, as in production, killed at the end. The tests can sign its tokens."""
    production = {"PALAVER_ENV": "production", "PALAVER_JWT_SECRET": SECRET, "PALAVER_RATE_LIMITS": "off"}
    async with _serving(home.folder, {**production, **home.environment, **settings}, *words) as served:
        yield served


@asynccontextmanager
async def serve_as_developer(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """A server with the defaults of development in a folder: its own secret, the demo market, and printed links."""
    places = {
        "PALAVER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/palaver.db",
        "PALAVER_FILES_URL": f"file://{folder}/files",
    }
    async with _serving(folder, places | settings) as served:
        yield served


@asynccontextmanager
async def _serving(folder: Path, settings: dict[str, str], *words: str) -> AsyncIterator[Served]:
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a test may wait for its own disk
    served = Served(folder, free_port(), settings, words)
    try:
        await served.start()
        yield served
    finally:
        await served.kill()
