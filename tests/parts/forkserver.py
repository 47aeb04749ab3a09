"""Starts `palaver` without reading its code anew each time: a process that has imported all of it, and forks.

Python takes a second to import a server, and the tests start hundreds of them. What runs is the same program in a
process of its own; only its memory is begun as a copy.
"""

import asyncio
import ctypes
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.parts.programs import PR_SET_PDEATHSIG

#: Bytes of a request: an environment is much shorter.
LONGEST = 1_000_000
PRELOADED = ("graph.cli", "graph.serving", "graph.worker", "graph.app", "uvloop", "httptools", "asyncpg", "aiosqlite")


@dataclass(slots=True)
class Forked:
    """A process that was forked, used as one of asyncio's."""

    pid: int
    _status: int
    _code: int | None = None

    @property
    def returncode(self) -> int | None:
        """Its status when it has ended, negative for the signal that ended it."""
        if self._code is None:
            with suppress(BlockingIOError):
                # Nothing at the end: whoever forked it is gone, and it with them.
                self._code = int(os.read(self._status, 20) or -signal.SIGKILL)
                os.close(self._status)
        return self._code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it has ended; its status."""
        while (code := self.returncode) is None:
            ended = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_reader(self._status, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._status)
        return code


@cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The line to the process that forks, and that process, which ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
    environment |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "tests.parts.forkserver", str(theirs.fileno())]
    process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    theirs.close()
    return ours, process


def fork(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: int) -> Forked:
    """Run `palaver` with these words."""
    line, _ = _server()
    status, told = os.pipe()
    os.set_blocking(status, False)
    request = json.dumps({"words": words, "cwd": str(cwd), "env": dict(env)}).encode()
    socket.send_fds(line, [request], [output, told])
    os.close(told)
    return Forked(int(line.recv(20)), status)


def serve(line: socket.socket) -> int:
    """Fork for each request until there are no more. In a child it returns, when the program has ended."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # A child's collector would copy all of it.
    awake, rung = os.pipe()
    os.set_blocking(rung, False)
    signal.set_wakeup_fd(rung)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    statuses: dict[int, int] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(line, selectors.EVENT_READ)
        ready.register(awake, selectors.EVENT_READ)
        while True:
            happened = [key.fileobj for key, _ in ready.select()]
            if awake in happened:
                os.read(awake, 4096)
                _tell_who_ended(statuses)
            if line not in happened:
                continue
            request, [*files], _, _ = socket.recv_fds(line, LONGEST, 2)
            if not request:
                return 0
            output, told = files
            pid = os.fork()
            if pid == 0:
                return _become(json.loads(request), output)
            statuses[pid] = told
            os.close(output)
            line.send(str(pid).encode())


def _tell_who_ended(statuses: dict[int, int]) -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            told = statuses.pop(ended[0])
            with suppress(BrokenPipeError):  # Nobody wants to know any more.
                os.write(told, str(os.waitstatus_to_exitcode(ended[1])).encode())
            os.close(told)


def _become(request: dict[str, object], output: int) -> int:
    """Be the program, as if it had been started anew."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, 1024)
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    sys.argv = ["palaver", *request["words"]]  # type: ignore[misc]
    random.seed()
    from graph.cli import main

    main()
    return 0


if __name__ == "__main__":
    sys.exit(serve(socket.socket(fileno=int(sys.argv[1]))))
