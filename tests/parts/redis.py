"""A Redis of the tests' own, which can be killed, held up and started again."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts.programs import free_port, redis_program, start

PATIENCE = 30.0


@dataclass(slots=True)
class Redis:
    """One server in a folder of its own; it stores nothing."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @classmethod
    def create(cls) -> "Redis":
        """Start one on a free port."""
        redis = cls(Path(tempfile.mkdtemp(prefix="palaver-redis-")), free_port())
        redis.start()
        return redis

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The id of its first process. LookupError while it does not run."""
        if self._process is None:
            raise LookupError("It does not run.")
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = redis_program()
        if program is None:
            raise LookupError("There is no wheel of Redis for this machine.")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self._process = start(program, *options, output=self.folder / "log")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise TimeoutError((self.folder / "log").read_text())
            time.sleep(0.02)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(5) == b"+PONG"
        return False

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    def hold(self) -> None:
        """Stop it in its tracks: it takes connections, and answers nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
