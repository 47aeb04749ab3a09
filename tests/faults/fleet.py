"""The servers of a run: processes on fixed ports, which are killed, told to die at a point, ended and restarted."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.client import NO_TLS
from tests.faults.ground import Ground
from tests.legs import SECRET
from tests.parts.programs import free_port
from tests.waiting import until

ROOT = Path(__file__).parents[2]
UNLIMITED = resource.RLIM_INFINITY
#: What every server of a run is told; limits that a hundred readers of one person would meet are out of the way.
SETTINGS = {
    "PALAVER_ENV": "production",
    "PALAVER_JWT_SECRET": SECRET,
    "PALAVER_RATE_LIMITS": "off",
    "PALAVER_MAX_SOCKETS_PER_USER": "2000",
    "PALAVER_LOG_LEVEL": "info",
    "PALAVER_SHUTDOWN_SECONDS": "5",
    # So often that processes are killed while they seal the audit log.
    "PALAVER_SEAL_SECONDS": "0.3",
}


@dataclass(slots=True)
class Server:
    """One process, over all its lives."""

    folder: Path
    port: int
    environment: dict[str, str]
    lives: int = 0
    started_at: float = 0.0
    _process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it is, running or not."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    @property
    def output(self) -> Path:
        """What it has printed, over all its lives."""
        return self.folder / f"server-{self.port}.log"

    async def start(self) -> None:
        """Start it. Whether it is ready yet is for its clients to find out."""
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.faults.serve", str(self.port)),
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
            )
        self.lives += 1
        self.started_at = asyncio.get_running_loop().time()

    async def order(self, words: str) -> None:
        """Tell the trap something; see tests/faults/points.py."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())
        await self._process.stdin.drain()

    async def ended(self) -> int:
        """Wait until it has ended; its status."""
        assert self._process is not None
        return await self._process.wait()

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.pid is not None:
            self._signal(signal.SIGKILL)
            await self.ended()

    def terminate(self) -> None:
        """Tell it to end, as a service manager does."""
        self._signal(signal.SIGTERM)

    def hold(self) -> None:
        """Stop it in its tracks."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def limit_files(self, size: int) -> None:
        """Let no file of it grow beyond a size in bytes: a disk that fails to write."""
        assert self.pid is not None
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, UNLIMITED))

    def resident(self) -> int | None:
        """The bytes of memory that it has; None while it does not run."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            return None
        return pages * resource.getpagesize()

    async def is_ready(self) -> bool:
        """Does it say that it can serve?"""
        if self.pid is None:
            raise AssertionError(f"The server at {self.port} has ended:\n{self.output.read_text('utf-8')[-3000:]}")
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            try:
                return (await http.get(f"{self.url}/readyz")).status_code == 200
            except httpx.TransportError:
                return False


@dataclass(slots=True)
class Fleet:
    """All servers of a run."""

    servers: list[Server] = field(default_factory=list)

    async def start(self) -> None:
        """Start them all, and wait until they are ready."""
        for server in self.servers:
            await server.start()
        await self.ready()

    async def ready(self) -> None:
        """Wait until all say that they can serve."""
        for server in self.servers:
            await until(server.is_ready, pause=0.05)

    async def end(self) -> None:
        """Kill what still runs."""
        for server in self.servers:
            if server.pid is not None:
                server.go_on()
                await server.kill()

    @property
    def lives(self) -> int:
        """How often a server was started."""
        return sum(server.lives for server in self.servers)


@asynccontextmanager
async def fleet_on(
    ground: Ground, folder: Path, code: Path = ROOT, *, servers: int = 3, **settings: str
) -> AsyncIterator[Fleet]:
    """The servers of a run on a ground, running: one on SQLite. `code` is the folder of the product's code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
    environment |= SETTINGS | {
        "PALAVER_DATABASE_URL": ground.database_url,
        "PALAVER_BROKER_URL": ground.broker_url,
        "PALAVER_FILES_URL": f"file://{folder}/files",
        "PYTHONPATH": f"{code}:{ROOT}",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    fleet = Fleet([Server(folder, free_port(), environment) for _ in range(servers if ground.is_shared else 1)])
    try:
        await fleet.start()
        yield fleet
    finally:
        await fleet.end()
