"""deploy/Dockerfile builds from what is there, runs as nobody, and starts what there is."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import PurePosixPath
from threading import Thread
from typing import Any

import pytest

from core.files import folder_of
from core.settings import Settings
from tests.deploy.images import Stage, is_ignored, stages_of
from tests.deploy.places import DEPLOY, ROOT, is_short_image, options_of
from tests.parts.programs import free_port

IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
PATTERNS = [line for line in IGNORED if line and not line.startswith("#")]


def stages() -> tuple[Stage, Stage]:
    """The stage that builds, and the one that is kept."""
    building, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return building, kept


def copied() -> set[str]:
    """Everything of the repository that the build copies."""
    lines = [each.words for stage in stages() for each in stage.all("COPY") if not each.rest.startswith("--from")]
    return {source for words in lines for source in words[:-1]}


def test_what_is_copied_is_there_and_reaches_the_build() -> None:
    assert len(copied()) > 5
    assert [source for source in copied() if not (ROOT / source).exists() or is_ignored(PATTERNS, source)] == []


def test_everything_that_the_package_is_made_of_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], project["project"]["readme"]}
    needed |= {"pyproject.toml", "requirements/runtime.lock", *project["project"]["license-files"]}
    assert needed - copied() == set()


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".venv/bin/python",
        "palaver.db",
        "palaver.db-wal",
        "files/aa/1",
        "deploy/secrets/jwt_secret",
    ],
)
def test_nothing_of_a_working_folder_reaches_the_build(path: str) -> None:
    assert is_ignored(PATTERNS, path)


def test_what_python_has_compiled_stays_out_and_what_it_reads_does_not() -> None:
    assert is_ignored(PATTERNS, "graph/schema/__pycache__/users.cpython-312.pyc")
    assert not is_ignored(PATTERNS, "graph/static/graphiql/index.html")
    assert not is_ignored(PATTERNS, "db/migrations/versions/0001_first_tables.py")


def test_what_is_installed_is_locked_and_never_compiled() -> None:
    building, kept = stages()
    installs = [each.rest for each in building.all("RUN") if "pip install" in each.rest]
    assert [("--require-hashes" in each, "--no-deps" in each) for each in installs] == [(True, False), (False, True)]
    assert "--only-binary :all:" in installs[0]
    assert "-r requirements/runtime.lock" in installs[0]
    # The package is built by what the lock has brought.
    assert "--no-build-isolation" in installs[1]
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    assert {"hatchling", "asyncpg", "redis"} <= set(re.findall(r"^([\w-]+)==", lock, re.MULTILINE))
    everything = " ".join(each.rest for stage in (building, kept) for each in stage.all("RUN"))
    assert not re.search(r"\b(apt|apt-get|gcc|build-essential|curl)\b", everything)


def test_it_runs_as_a_user_of_a_fixed_number() -> None:
    _, kept = stages()
    names = [each.name for each in kept.instructions]
    user = kept.one("USER").rest
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    making = " ".join(each.rest for each in kept.all("RUN"))
    assert (f"--uid {user.split(':')[0]} " in making, f"--gid {user.split(':')[1]} " in making) == (True, True)
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "RUN" not in names[names.index("USER") :]


def test_it_starts_a_command_that_there_is_and_signals_reach_it() -> None:
    _, kept = stages()
    assert kept.one("ENTRYPOINT").array == ["palaver"]
    assert kept.one("STOPSIGNAL").rest == "SIGTERM"
    assert options_of(kept.one("CMD").array) == {"--host": "0.0.0.0", "--port": kept.one("EXPOSE").rest}


def test_a_command_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="No such"):
        options_of(["server"])
    with pytest.raises(ValueError, match="No such"):
        options_of(["serve", "--address", "0.0.0.0"])


def test_it_is_a_production_server_whose_data_is_in_its_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    _, kept = stages()
    for name, value in kept.environment.items():
        if name.startswith("PALAVER_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("PALAVER_JWT_SECRET", "s" * 32)
    settings = Settings(_env_file=None)
    assert settings.is_production
    volume = PurePosixPath(kept.one("VOLUME").rest)
    assert volume in PurePosixPath(folder_of(settings.files_url)).parents
    # SQLite's default is a file in the folder where the server runs.
    assert kept.one("WORKDIR").rest == str(volume)


def test_the_python_is_one_that_the_package_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for stage in stages():
        image = stage.one("FROM").words[0]
        assert is_short_image(image)
        version = re.fullmatch(r"python:(\d+\.\d+)-slim", image)
        assert version is not None
        assert f"Programming Language :: Python :: {version[1]}" in project["classifiers"]


def test_an_instruction_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="ENTRYPONT"):
        stages_of('FROM python\nENTRYPONT ["palaver"]')
    with pytest.raises(json.JSONDecodeError):
        stages_of("FROM python\nENTRYPOINT [ palaver ]")[0].one("ENTRYPOINT").array  # noqa: B018


class Health(BaseHTTPRequestHandler):
    """Says that all is well, or not."""

    status = 200

    def do_GET(self) -> None:
        """Answer /healthz, and nothing else."""
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server whose health is this."""
    server = HTTPServer(("127.0.0.1", 0), type("Answering", (Health,), {"status": status}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def health_from(port: int) -> int:
    """What the image's own look at its health ends with, when the server is at this port."""
    _, kept = stages()
    program, flag, code = kept.one("HEALTHCHECK").array
    assert (program, flag) == ("python", "-c")
    assert code.count(kept.one("EXPOSE").rest) == 1
    code = code.replace(kept.one("EXPOSE").rest, str(port))
    return subprocess.run([sys.executable, "-c", code], check=False, stderr=subprocess.DEVNULL).returncode


def test_the_look_at_its_health_tells_a_good_server_from_a_bad_one_and_from_none() -> None:
    with answering(200) as port:
        assert health_from(port) == 0
    with answering(500) as port:
        assert health_from(port) != 0
    assert health_from(free_port()) != 0
