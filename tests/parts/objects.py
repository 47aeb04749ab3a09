"""An object store that speaks S3, of the tests' own: moto's server, from an environment beside that of the tests."""

import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

import httpx

from tests.parts.programs import free_port, start

PATIENCE = 60.0
KEY_ID, SECRET = "a key of the tests", "a secret of the tests"
_PROGRAM = Path(sys.prefix) / "s3-tools" / "bin" / "moto_server"
#: The Python of that environment, which has AWS's own library.
PYTHON = _PROGRAM.with_name("python")


@dataclass(slots=True)
class ObjectStore:
    """One server. It keeps everything in memory."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None)
    # One for all that is asked: to make one takes longer than to ask.
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    @classmethod
    def create(cls) -> "ObjectStore":
        """Start one on a free port."""
        store = cls(Path(tempfile.mkdtemp(prefix="palaver-s3-")), free_port())
        store.start()
        return store

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        if not _PROGRAM.exists():
            raise LookupError("The tests of files need moto's server: make .venv/.s3")
        options = ("-H", "127.0.0.1", "-p", str(self.port))
        self._process = start(_PROGRAM, *options, output=self.folder / "log")
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise TimeoutError((self.folder / "log").read_text())
            time.sleep(0.05)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def make_bucket(self, name: str) -> None:
        """An empty bucket."""
        self._http.put(f"{self.url}/{name}").raise_for_status()

    def keys(self, bucket: str) -> list[str]:
        """What is in a bucket."""
        answer = self._http.get(f"{self.url}/{bucket}?list-type=2").raise_for_status()
        return sorted(found.text or "" for found in ElementTree.fromstring(answer.text).iterfind(".//{*}Key"))

    def remove(self) -> None:
        """End it."""
        self._http.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)


class Objects:
    """The object store of a test process, started by the first who needs it."""

    @cached_property
    def store(self) -> ObjectStore:
        """The object store."""
        return ObjectStore.create()

    def close(self) -> None:
        """End it, when it was started."""
        if "store" in self.__dict__:
            self.store.remove()
