"""A PostgreSQL of the tests' own, which can be killed, stopped and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts.memory import folder_in_memory
from tests.parts.programs import free_port, other_user, postgres_folder, start

#: Durable against the death of its processes, which is all that tests do to it; not against a loss of power.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "max_prepared_transactions": "10",
    # Its log stays small, for it may be in memory.
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
}
#: Durable against a loss of power too, for who measures what that costs.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "min_wal_size": "80MB",
    "max_wal_size": "1GB",
}
PATIENCE = 60.0
#: None is offered, and asking for it makes noise when whoever connects is cancelled meanwhile.
TLS = {"+asyncpg": "ssl=disable", "": "sslmode=disable"}


@dataclass(slots=True)
class Postgres:
    """One cluster in a folder of its own."""

    folder: Path
    port: int
    options: Mapping[str, str] = field(default_factory=lambda: OPTIONS)
    core: int | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @classmethod
    def create(cls, *, is_durable: bool = False, core: int | None = None) -> "Postgres":
        """Make an empty cluster, and start it; all of its processes run on a core, when one is named."""
        folder = Path(tempfile.mkdtemp(prefix="palaver-postgres-", dir=None if is_durable else folder_in_memory()))
        user = other_user()
        if user is not None:
            shutil.chown(folder, user)
        command: list[str | Path] = [
            postgres_folder() / "initdb",
            "-D",
            folder / "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*command, "--no-sync", "--no-instructions", "--locale=C.UTF-8"],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
        )
        postgres = cls(folder, free_port(), {**OPTIONS, **DURABLE} if is_durable else OPTIONS, core)
        postgres.start()
        return postgres

    def url(self, database: str = "postgres", driver: str = "+asyncpg") -> str:
        """The address of one of its databases."""
        return f"postgresql{driver}://postgres@127.0.0.1:{self.port}/{database}?{TLS[driver]}"

    @property
    def pid(self) -> int:
        """The id of its first process. LookupError while it does not run."""
        if self._process is None:
            raise LookupError("It does not run.")
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers. After a kill its memory is let go of a little later."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
            command: list[str | Path] = [
                postgres_folder() / "postgres",
                "-D",
                self.folder / "data",
                "-p",
                str(self.port),
                *options,
            ]
            self._process = start(*command, output=self.folder.parent / f"{self.folder.name}.log", user=other_user())
            if self.core is not None:
                os.sched_setaffinity(self._process.pid, {self.core})
            while self._process.poll() is None and time.monotonic() < until:
                if self._answers():
                    return
                time.sleep(0.02)
            time.sleep(0.1)
        raise TimeoutError((self.folder.parent / f"{self.folder.name}.log").read_text())

    def _answers(self) -> bool:
        asked: list[str | Path] = [postgres_folder() / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(asked, check=False).returncode == 0

    def stop(self) -> None:
        """End it in order; whoever is connected is cut off."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a crash does: the next start recovers from its log."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        """End it, and leave nothing behind."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.log").unlink(missing_ok=True)
