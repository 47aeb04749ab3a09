"""deploy/palaver@.service starts a command that there is, with settings that Palaver takes and time to end."""

import shlex
from pathlib import Path, PurePosixPath

from core.files import folder_of
from core.settings import Settings
from tests.deploy.places import DEPLOY, defaults, options_of, time_to_end

KINDS = ("Unit", "Service", "Install")


def lines_of(kind: str) -> list[tuple[str, str]]:
    """The names and values of a section; a unit may have a name several times, so configparser does not do."""
    found: dict[str, list[tuple[str, str]]] = {}
    section = ""
    for line in (DEPLOY / "palaver@.service").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            assert equals, line
            found[section].append((name, value))
    assert tuple(found) == KINDS
    return found[kind]


def all_of(name: str) -> list[str]:
    """Every value of a name in the section Service."""
    return [value for each, value in lines_of("Service") if each == name]


def test_palaver_takes_the_settings(tmp_path: Path) -> None:
    """From the file beside the unit, with the secrets in its own folder."""
    secrets = {"jwt_secret": "s" * 64, "metrics_token": "m" * 32, "database_url": "postgresql+asyncpg://p:q@db/palaver"}
    for name, value in secrets.items():
        (tmp_path / name).write_text(value, encoding="utf-8")
    (folder,) = all_of("WorkingDirectory")
    written = (DEPLOY / "palaver.env").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(written.replace(f"{folder}/", f"{tmp_path}/"), encoding="utf-8")
    settings = Settings(_env_file=tmp_path / ".env")
    assert settings.is_production
    assert settings.database_url == secrets["database_url"]
    assert settings.jwt_secret.get_secret_value() == secrets["jwt_secret"]
    assert settings.metrics_token is not None
    assert settings.public_url is not None
    assert settings.broker_url.startswith("redis://")
    state = PurePosixPath("/var/lib") / all_of("StateDirectory")[0]
    assert state in PurePosixPath(folder_of(settings.files_url)).parents


def test_it_starts_a_server_at_the_port_of_its_name() -> None:
    program, *words = shlex.split(all_of("ExecStart")[0].replace("%i", "8001"))
    assert PurePosixPath(program).name == "palaver"
    assert options_of(words) == {"--host": "127.0.0.1", "--port": "8001"}


def test_it_has_time_to_end_and_files_to_open() -> None:
    assert int(all_of("TimeoutStopSec")[0]) > time_to_end()
    assert int(all_of("LimitNOFILE")[0]) >= defaults().max_sockets + 1000
    assert all_of("Restart") == ["always"]
    # SIGTERM to the first process alone: it ends its workers in order.
    assert all_of("KillMode") == ["mixed"]
    assert all_of("KillSignal") == []
