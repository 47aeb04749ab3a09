"""What the examples name of Palaver's is there: its settings, its commands, its routes."""

import re
from pathlib import Path

import pytest

from core.settings import SECRETS, Settings
from tests.deploy.places import DEPLOY

FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "secrets" not in path.parts)


def name_of(path: Path) -> str:
    """A file as the tests name it."""
    return path.relative_to(DEPLOY).as_posix()


def test_every_example_is_found() -> None:
    assert {"Dockerfile", "compose.yaml", "haproxy.cfg", "palaver.env", "palaver@.service"} <= {
        name_of(path) for path in FILES
    }


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    settings = {name.upper() for name in Settings.model_fields} | {f"{name.upper()}_FILE" for name in SECRETS}
    named = set(re.findall(r"\bPALAVER_([A-Z_]*[A-Z])\b", path.read_text(encoding="utf-8")))
    assert named - settings == set()
    # PALAVER_SOMETHING without an underscore would be read by nobody, and noticed by nobody.
    assert re.findall(r"\bPALAVER(?!_)[A-Z]+\b", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_secret_is_written_into_an_example(path: Path) -> None:
    named = re.findall(r"(?:SECRET|TOKEN|PASSWORD|DATABASE_URL)(?:=|: )(\S+)", path.read_text(encoding="utf-8"))
    assert named == []
