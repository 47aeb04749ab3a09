"""A host application as its operator runs it: its own processes, its own database, beside a Palaver of its own."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.client import NO_TLS
from tests.hosts.kinds import Kind
from tests.hosts.visitors import Visitor
from tests.legs import SECRET, Home
from tests.parts.programs import free_port
from tests.served import Served, serve
from tests.waiting import until


@dataclass(slots=True)
class Host:
    """An example that can be killed and started again. Its output goes to a file of its folder."""

    kind: Kind
    folder: Path
    port: int
    served: Served
    visits: AsyncExitStack
    _processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is, running or not."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return (self.folder / "host-output").read_text("utf-8")

    @property
    def kept(self) -> bytes:
        """All that it has on its disk of its people and things."""
        return b"".join(path.read_bytes() for path in self.folder.glob("market.db*"))

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        if self.kind.prepare is not None:
            assert await (await self._run(self.kind.prepare)).wait() == 0, self.output
        self._processes = [await self._run(program) for program in self.kind.programs]
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            await until(lambda: self._answers(http), pause=0.05)

    async def kill(self) -> None:
        """End it as a power cut does."""
        for process in self._processes:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def visitor(self, name: str) -> Visitor:
        """Somebody new, who has registered."""
        visitor = await self.visits.enter_async_context(self.browser(name))
        assert (await visitor.submit("/", "/register", name=name, password=visitor.password)).status_code == 200
        return visitor

    @asynccontextmanager
    async def browser(self, name: str) -> AsyncIterator[Visitor]:
        """Somebody's browser, without a session."""
        async with httpx.AsyncClient(base_url=self.url, follow_redirects=True, timeout=30, verify=NO_TLS) as http:
            yield Visitor(http, name, self.url, self.served)

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        assert all(process.returncode is None for process in self._processes), self.output
        try:
            return (await http.get(self.url)).status_code == 200
        except httpx.TransportError:
            return False

    async def _run(self, program: str) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
        environment |= {
            "CHAT_URL": self.served.url,
            "MARKET_DATABASE": str(self.folder / "market.db"),
            "MARKET_KEY_FILE": str(self.folder / "key.pem"),
            "MARKET_SECRET": f"the secret of the host's own: {SECRET}",
            "MARKET_URL": self.url,
            "PALAVER_JWT_SECRET": SECRET,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
        }
        with (self.folder / "host-output").open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *self.kind.words(program, self.port),
                cwd=self.kind.folder,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )


@asynccontextmanager
async def run_host(kind: Kind, home: Home) -> AsyncIterator[Host]:
    """A host and its Palaver, both running, and killed at the end."""
    port = free_port()
    settings = {"PALAVER_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}"}
    if kind.algorithm == "RS256":
        settings |= {"PALAVER_JWKS_URL": f"http://127.0.0.1:{port}/.well-known/jwks.json"}
    async with AsyncExitStack() as visits, serve(home, **settings) as served:
        host = Host(kind, home.folder, port, served, visits)
        try:
            await host.start()
            yield host
        finally:
            await host.kill()
