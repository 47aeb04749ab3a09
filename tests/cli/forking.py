"""Runs commands of `palaver`, each in a process of its own that is forked when everything is imported already.

Importing takes a second, and tests run dozens of commands. A fork has its own folder, environment, arguments and
output, as a new process has. `python -m tests.cli.forking` reads orders, one a line, and answers with exit statuses.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Order:
    """A command: where, with what, and the files that take what it writes."""

    folder: str
    words: tuple[str, ...]
    environment: dict[str, str]
    output: str
    errors: str


class Forks:
    """The process that forks; one command at a time."""

    def __init__(self, root: Path) -> None:
        words = [sys.executable, "-m", "tests.cli.forking"]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        self._process = subprocess.Popen(
            words, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._turn = threading.Lock()
        atexit.register(self._end)

    def run(self, order: Order) -> int:
        """Run a command to its end; its status."""
        with self._turn:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(asdict(order)) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate()


@cache
def forks(root: Path) -> Forks:
    """The one of this process."""
    return Forks(root)


def _obey(order: Order) -> int:
    """In the fork: become the command."""
    from graph.cli import main

    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)
    for number, name in ((0, os.devnull), (1, order.output), (2, order.errors)):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["palaver", *order.words]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _read_orders() -> None:
    # So that a fork finds them imported.
    import graph.audits
    import graph.cli
    import graph.doctor
    import graph.sdl
    import graph.serving
    import graph.tending  # noqa: F401

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = _obey(Order(**json.loads(line)))
            except BaseException:  # noqa: BLE001 - as Python itself does at the end of a process
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        _, ended = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _read_orders()
