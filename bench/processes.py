"""Server processes, each on a core of its own, that end with the bench."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

SERVER_CORE = 0
LOAD_CORE = 1
PR_SET_PDEATHSIG = 1
#: Open files that the servers and the load may have, as far as the system lets them.
MOST_FILES = 65_536


def pin(core: int) -> None:
    """Run this process on one core, as far as there is such a core."""
    if core in os.sched_getaffinity(0) or core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


def raise_limit_of_files() -> int:
    """Let this process and its children open as many files as may be; how many."""
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


def _prepare(core: int | None) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if core is not None:
        pin(core)


@contextmanager
def running(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], output: Path, core: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, on a core, as long as the block lasts. Its output goes to a file."""
    with output.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            preexec_fn=partial(_prepare, core),  # noqa: PLW1509 - it takes no lock that another thread could hold
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def memory_of(pid: int) -> dict[str, int]:
    """Bytes of memory that a process holds: `rss` all of it, `pss` with its share of what it shares."""
    wanted = {"Rss:": "rss", "Pss:": "pss"}
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, *rest = line.split()
        if name in wanted:
            found[wanted[name]] = int(rest[0]) * 1024
    return found
