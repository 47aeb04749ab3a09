"""deploy/compose.yaml holds together: what is named is there, and its settings are ones that Palaver takes."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.settings import Settings
from tests.deploy.composed import VARIABLE, compose, servers, services
from tests.deploy.images import stages_of
from tests.deploy.places import DEPLOY, ROOT, defaults, is_short_image, options_of, seconds_of, time_to_end

TOP = {"name", "services", "networks", "volumes", "secrets"}
#: What the Compose specification has for a service, as far as we use it. A word that is misspelt is not here.
WORDS = re.compile(
    "build|cap_drop|command|depends_on|environment|expose|healthcheck|image|init|logging|networks|ports|restart|secrets"
    "|security_opt|shm_size|stop_grace_period|stop_signal|tmpfs|ulimits|volumes"
)
SECRET = {"jwt_secret": "s" * 64, "metrics_token": "m" * 32, "database_password": "p" * 48, "certificate": "a chain"}
FLAGS = ("--rm", "--no-deps", "--no-TTY", "--entrypoint", "tar")
GUIDE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


def database_url() -> str:
    """The address that the guide has people write into the secret, with a password."""
    (written,) = re.findall(r"printf '(postgresql[^']*)'", GUIDE)
    return str(written).replace("%s", SECRET["database_password"])


def settings_of(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What Palaver makes of a service's environment, with secrets as the guide makes them."""
    for secret, value in {**SECRET, "database_url": database_url()}.items():
        (folder / secret).write_text(f"{value}\n", encoding="utf-8")
    for variable, value in services()[name].environment_in(folder).items():
        monkeypatch.setenv(variable, value)
    return Settings(_env_file=None)


def test_every_word_is_one_of_the_specification() -> None:
    assert {word for word in compose() if not word.startswith("x-")} == TOP
    words = {word for service in services().values() for word in service.written}
    assert [word for word in words if not WORDS.fullmatch(word)] == []


def test_every_service_has_an_image_without_a_registry() -> None:
    images = {name: str(service.written["image"]) for name, service in services().items()}
    assert [name for name, image in images.items() if not is_short_image(image)] == []
    built = [service.written["build"] for service in services().values() if service.is_palaver]
    assert len(built) == 3
    for build in built:
        context = (DEPLOY / build["context"]).resolve()
        assert context == ROOT
        assert (context / build["dockerfile"]).is_file()


def test_who_depends_on_another_waits_for_what_it_can_say() -> None:
    """For its health where it has a look at it, for its end where it ends."""
    waits = [(each.name, *wait) for each in services().values() for wait in each.written.get("depends_on", {}).items()]
    assert len(waits) == 7
    for name, other, condition in waits:
        service = services()[other]
        ends = service.is_once
        assert condition == {"condition": "service_completed_successfully" if ends else "service_healthy"}, name
        assert ends or "test" in service.written.get("healthcheck", {}) or service.is_palaver


def test_whoever_runs_on_is_looked_at() -> None:
    _, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    assert kept.all("HEALTHCHECK")
    for service in services().values():
        own = service.written.get("healthcheck", {})
        assert service.is_once == (own.get("disable") is True)
        assert service.is_once or service.is_palaver or own["test"][0] == "CMD"


@pytest.mark.parametrize("kind", ["volumes", "secrets", "networks"])
def test_what_is_declared_is_used_and_what_is_used_is_declared(kind: str) -> None:
    if kind == "volumes":
        used = {source for each in services().values() for source in each.mounts.values() if "/" not in source}
    else:
        used = {name for each in services().values() for name in each.written.get(kind, [])}
    assert used == set(compose()[kind])


def test_the_files_that_are_mounted_are_there_and_the_secrets_are_not() -> None:
    paths = [source for each in services().values() for source in each.mounts.values() if source.startswith("./")]
    assert paths == ["./haproxy.cfg"]
    assert (DEPLOY / paths[0]).is_file()
    folders = {Path(secret["file"]).parent for secret in compose()["secrets"].values()}
    assert folders == {Path("secrets")}
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_service_gets_the_secrets_that_it_names_and_no_other() -> None:
    for service in services().values():
        if service.name != "proxy":  # Its own file names the certificate.
            assert set(service.written.get("secrets", [])) == service.named


@pytest.mark.parametrize("name", ["palaver-1", "palaver-2", "migrate"])
def test_palaver_takes_the_settings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(name, tmp_path, monkeypatch)
    assert settings.is_production
    assert settings.jwt_secret.get_secret_value() == SECRET["jwt_secret"]
    assert settings.metrics_token is not None
    assert settings.public_url == "https://localhost"
    database, broker = urlsplit(settings.database_url), urlsplit(settings.broker_url)
    assert (database.scheme, broker.scheme) == ("postgresql+asyncpg", "redis")
    assert {database.hostname, broker.hostname} <= set(services())
    wanted = services()[str(database.hostname)].environment
    assert (database.username, database.path[1:]) == (wanted["POSTGRES_USER"], wanted["POSTGRES_DB"])
    assert database.password == SECRET["database_password"]


def test_the_servers_differ_in_their_name_only_and_share_their_files() -> None:
    one, two = servers().values()
    assert one.written == two.written
    _, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    assert kept.one("VOLUME").rest in one.mounts


def test_the_commands_are_palavers() -> None:
    lines = [service.written["command"] for service in services().values() if service.is_palaver]
    assert sorted(line[0] for line in lines) == ["migrate", "serve", "serve"]
    _, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    for line in lines:
        served = {"--host": "0.0.0.0", "--port": kept.one("EXPOSE").rest}
        assert options_of(line) == (served if line[0] == "serve" else {})


def test_tables_come_before_servers() -> None:
    for server in servers().values():
        assert server.written["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services()["migrate"].written["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_a_server_has_time_to_end_files_to_open_and_connections_to_take() -> None:
    for server in servers().values():
        assert seconds_of(server.written["stop_grace_period"]) > time_to_end()
        assert server.written["ulimits"]["nofile"] >= defaults().max_sockets + 1000
        assert server.written["init"] is True
    # PostgreSQL takes 100, and keeps three of them for its administrator; a migration needs a pool too.
    assert (len(servers()) + 1) * defaults().database_pool < 100 - 3


def test_only_the_proxy_is_reached_from_outside_and_it_reaches_the_servers_only() -> None:
    assert [name for name, service in services().items() if "ports" in service.written] == ["proxy"]
    assert compose()["networks"]["inside"] == {"internal": True}
    on = {name: set(service.written["networks"]) for name, service in services().items()}
    assert (on["postgres"], on["redis"], on["proxy"]) == ({"inside"}, {"inside"}, {"outside"})
    assert [on[name] for name in servers()] == [{"inside", "outside"}] * 2


def test_logs_do_not_grow_for_ever() -> None:
    for service in services().values():
        assert set(service.written["logging"]["options"]) == {"max-size", "max-file"}


def test_the_guide_tells_of_every_variable_and_of_every_secret() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert {name for name, _ in VARIABLE.findall(text)} == {"SITE", "ORIGINS", "TAG"}
    assert [name for name in ("SITE", "ORIGINS", "TAG") if f"`{name}`" not in GUIDE] == []
    assert [name for name in compose()["secrets"] if f"secrets/{name}" not in GUIDE] == []


def test_the_guide_speaks_of_services_and_commands_that_there_are() -> None:
    """The flags aside, a line says `run` or `exec`, the service, and what it shall do."""
    lines = [
        [word for word in line.split() if word not in FLAGS] for line in re.findall(r"docker compose ([^`\n]*)", GUIDE)
    ]
    runs = [words for words in lines if words[0] in ("run", "exec")]
    assert len(runs) > 8
    assert {words[1] for words in runs} <= set(services())
    commands = [words[2:] for words in runs if words[0] == "run" and words[2:] and not words[2].startswith("-")]
    commands += [words[3:] for words in runs if words[2:3] == ["palaver"]]
    assert {words[0] for words in commands} == {"doctor", "restored"}
    for words in commands:
        options_of(words)
