"""A server as operators run it: `palaver serve`, a process of its own, which can be killed and started again."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx

from tests.client import Person, sign
from tests.house import SECRET, House
from tests.waiting import soon, until

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Served:
    """A server that lives in a folder, on one port through all its lives. What it prints goes to a file there."""

    folder: Path
    port: int
    settings: dict[str, str]
    _process: asyncio.subprocess.Process | None = None

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
        """What it has printed in all its lives."""
        return (self.folder / "output").read_text("utf-8")

    async def start(self) -> None:
        """Start it, and wait until it is ready."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
        environment |= {"PYTHONPATH": str(ROOT), **self.settings}
        words = ["-m", "graph.cli", "serve", "--port", str(self.port)]
        with (self.folder / "output").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *words, cwd=self.folder, env=environment, stdout=output, stderr=output
            )
        async with httpx.AsyncClient() as http:
            await until(lambda: self._is_ready(http), pause=0.03)

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        assert self._process is not None
        assert self._process.returncode is None, self.output
        try:
            return (await http.get(f"{self.url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    async def kill(self) -> None:
        """End it as a power cut does: nothing is finished, nobody is told."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def terminate(self) -> None:
        """Tell it to end, as a service manager does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    async def status(self) -> int:
        """Wait until it has ended; its status."""
        assert self._process is not None
        return await soon(self._process.wait())

    def person(self, http: httpx.AsyncClient, sub: str, *roles: str, name: str) -> Person:
        """Somebody at this server. A Person needs no more of a house than its addresses."""
        return Person(cast("House", self), http, sub, sign(sub, *roles, name=name))


def free_port() -> int:
    """A port below those that outgoing connections get, so that no client takes it while the server is away."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


@asynccontextmanager
async def serve(folder: Path, **settings: str) -> AsyncIterator[Served]:
    """A running server in a folder that exists, killed at the end."""
    here = {
        "PALAVER_ENV": "production",
        "PALAVER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/palaver.db",
        "PALAVER_FILES_URL": f"file://{folder}/files",
        "PALAVER_JWT_SECRET": SECRET,
        "PALAVER_RATE_LIMITS": "off",
    }
    served = Served(folder, free_port(), here | settings)
    try:
        await served.start()
        yield served
    finally:
        await served.kill()
