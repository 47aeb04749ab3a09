"""Settings: what they are by default, where they are read, and what is refused at start."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from core.settings import DEVELOPMENT_SECRET, SECRETS, Settings
from core.settings_table import settings_table
from tests.settings_page import PAGE, renewed

SECRET = "0123456789abcdef0123456789abcdef"  # 32 bytes
SAFE = {"PALAVER_ENV": "production", "PALAVER_JWT_SECRET": SECRET}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in, and nothing of ours in the environment."""
    for name in [name for name in os.environ if name.upper().startswith("PALAVER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Sets variables: `env.setenv(name, value)`."""
    return monkeypatch


def of(env: pytest.MonkeyPatch, **variables: str) -> Settings:
    """The settings of an environment."""
    for name, value in variables.items():
        env.setenv(name, value)
    return Settings()


def fault_of(env: pytest.MonkeyPatch, **variables: str) -> str:
    """What is wrong with an environment."""
    with pytest.raises(ValidationError) as fault:
        of(env, **variables)
    [error] = fault.value.errors()
    place = "".join(f"PALAVER_{str(part).upper()}: " for part in error["loc"][:1])
    return place + error["msg"]


def test_without_anything_it_is_a_development_server_on_local_files() -> None:
    settings = Settings()
    assert not settings.is_production
    assert settings.uses_development_secret
    assert settings.database_url == "sqlite+aiosqlite:///palaver.db"
    assert settings.broker_url == "memory://"
    assert settings.files_url == "file://./files"
    assert settings.allowed_origins == []
    assert settings.directory_roles == ["seller", "provider", "driver"]
    assert (settings.typing_seconds, settings.max_sockets_per_user, settings.rate_limits) == (6, 10, "on")
    assert (settings.max_file, settings.message_length) == (25 * 1024 * 1024, 4000)


def test_each_setting_is_read_by_its_name_with_the_prefix(env: pytest.MonkeyPatch) -> None:
    settings = of(
        env, PALAVER_TYPING_SECONDS="1", PALAVER_MAX_BODY="2048", PALAVER_RATE_LIMITS="off", PALAVER_JWT_ISSUER="me"
    )
    assert (settings.typing_seconds, settings.max_body, settings.rate_limits) == (1, 2048, "off")
    assert settings.jwt_issuer == "me"


def test_a_name_without_the_prefix_is_nothing_to_us(env: pytest.MonkeyPatch) -> None:
    assert of(env, TYPING_SECONDS="1", DATABASE_URL="postgresql://elsewhere", ENV="production") == Settings()


def test_a_file_in_the_folder_is_read_and_the_environment_wins(env: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / ".env").write_text("PALAVER_MAX_BODY=2048\nPALAVER_MAX_TOKENS=300\nOTHER=1\n", encoding="utf-8")
    settings = of(env, PALAVER_MAX_BODY="4096")
    assert (settings.max_body, settings.max_tokens) == (4096, 300)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://a.example", ["https://a.example"]),
        (" https://a.example , https://b.example,", ["https://a.example", "https://b.example"]),
        ("https://a.example/", ["https://a.example"]),
        ("*", ["*"]),
        ("", []),
        (" , ", []),
    ],
)
def test_lists_are_separated_by_commas(env: pytest.MonkeyPatch, written: str, read: list[str]) -> None:
    assert of(env, PALAVER_ALLOWED_ORIGINS=written).allowed_origins == read


def test_an_empty_list_is_a_list_of_nothing(env: pytest.MonkeyPatch) -> None:
    assert of(env, PALAVER_DIRECTORY_ROLES="").directory_roles == []


@pytest.mark.parametrize("name", ["JWT_SECRET", "JWKS_URL", "JWT_ISSUER", "PUBLIC_URL", "LOG_FORMAT", "MAX_BODY"])
def test_a_variable_without_a_value_is_not_set(env: pytest.MonkeyPatch, name: str) -> None:
    assert of(env, **{f"PALAVER_{name}": ""}) == Settings(_env_file=None)
    assert Settings().uses_development_secret


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_read_from_a_file(env: pytest.MonkeyPatch, folder: Path, name: str) -> None:
    (folder / "secret").write_text("  sqlite+aiosqlite:///of-a-file.db\n", encoding="utf-8")
    value = getattr(of(env, **{f"PALAVER_{name.upper()}_FILE": str(folder / "secret")}), name)
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    assert shown == "sqlite+aiosqlite:///of-a-file.db"


def test_the_name_of_a_secret_file_may_stand_in_the_file_of_settings(folder: Path) -> None:
    (folder / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    (folder / ".env").write_text(f"PALAVER_JWT_SECRET_FILE={folder / 'secret'}\n", encoding="utf-8")
    assert Settings().jwt_secret.get_secret_value() == SECRET


def test_the_variable_itself_wins_over_the_file(env: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "secret").write_text("another", encoding="utf-8")
    settings = of(env, PALAVER_JWT_SECRET=SECRET, PALAVER_JWT_SECRET_FILE=str(folder / "secret"))
    assert settings.jwt_secret.get_secret_value() == SECRET


def test_a_secret_file_that_says_nothing_is_refused(env: pytest.MonkeyPatch, folder: Path) -> None:
    """Falling back on the development secret in silence would open the door."""
    (folder / "empty").write_text(" \n", encoding="utf-8")
    (folder / "bytes").write_bytes(b"\xff\xfe\x00")
    for name in ("empty", "bytes", "missing", "."):
        assert "PALAVER_JWT_SECRET_FILE" in fault_of(env, PALAVER_JWT_SECRET_FILE=str(folder / name))


def test_production_refuses_the_development_secret(env: pytest.MonkeyPatch) -> None:
    for variables in ({}, {"PALAVER_JWT_SECRET": DEVELOPMENT_SECRET}, {"PALAVER_JWT_SECRET": ""}):
        fault = fault_of(env, PALAVER_ENV="production", **variables)
        assert "PALAVER_JWT_SECRET" in fault
        assert "PALAVER_JWKS_URL" in fault
        assert "set one of your own" in fault


@pytest.mark.parametrize("secret", ["secret", "x" * 31, "ä" * 15])
def test_production_refuses_a_short_secret(env: pytest.MonkeyPatch, secret: str) -> None:
    fault = fault_of(env, PALAVER_ENV="production", PALAVER_JWT_SECRET=secret)
    assert "PALAVER_JWT_SECRET" in fault
    assert "openssl rand -hex 32" in fault


@pytest.mark.parametrize("origins", ["*", "https://a.example,*"])
def test_production_refuses_every_origin(env: pytest.MonkeyPatch, origins: str) -> None:
    fault = fault_of(env, **SAFE, PALAVER_ALLOWED_ORIGINS=origins)
    assert "PALAVER_ALLOWED_ORIGINS" in fault
    assert "name the origins" in fault


def test_production_starts_with_what_is_safe(env: pytest.MonkeyPatch) -> None:
    settings = of(env, **SAFE, PALAVER_ALLOWED_ORIGINS="https://market.example")
    assert settings.is_production
    assert not settings.uses_development_secret
    env.setenv("PALAVER_JWT_SECRET", "")
    settings = of(env, PALAVER_JWKS_URL="https://market.example/keys", PALAVER_JWT_ALGORITHM="EdDSA")
    assert not settings.uses_development_secret


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("MAX_BODY", "many"),
        ("MAX_BODY", "-1"),
        ("MAX_DEPTH", "1"),
        ("TYPING_SECONDS", "0"),
        ("OPERATION_SECONDS", "0"),
        ("JWT_ALGORITHM", "HS256"),
        ("JWT_ALGORITHM", "none"),
        ("JWKS_URL", "market.example/keys"),
        ("JWKS_URL", "file:///etc/passwd"),
        ("PUBLIC_URL", "chat.market.example"),
        ("RATE_LIMITS", "perhaps"),
        ("SENDS", "many"),
        ("UPLOADS", "120 per fortnight"),
        ("SOCKET_MESSAGES", "60"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_TOKEN", "fifteen letters"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(env: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"PALAVER_{name}: " in fault_of(env, **{f"PALAVER_{name}": value})


def test_a_secret_is_not_shown_with_the_settings(env: pytest.MonkeyPatch) -> None:
    settings = of(env, PALAVER_JWT_SECRET=SECRET, PALAVER_METRICS_TOKEN=SECRET)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())


def test_the_table_tells_of_every_setting() -> None:
    table = settings_table()
    for name, field in Settings.model_fields.items():
        assert field.description
        assert field.description.endswith(".")
        assert f"| `PALAVER_{name.upper()}` |" in table
        assert field.description in table
    assert DEVELOPMENT_SECRET not in table
    assert all(line.count("|") == 4 for line in table.splitlines())


def test_what_a_newcomer_sets_stands_first() -> None:
    names = [line.split("`")[1] for line in settings_table().splitlines()[2:]]
    assert names[:4] == ["PALAVER_ENV", "PALAVER_JWT_SECRET", "PALAVER_DATABASE_URL", "PALAVER_ALLOWED_ORIGINS"]
    assert len(set(names)) == len(names) == len(Settings.model_fields)


def test_the_page_of_settings_is_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert settings_table() in text, "docs/settings.md is not current: run `.venv/bin/python -m tests.settings_page`."
    assert renewed(text) == text
