"""What can be said of the applications in examples/ without running them: `make hosts` does that."""

import json
import re
from pathlib import Path

import pytest
from graphql import parse, validate

from tests.hosts.kinds import EXAMPLES, FASTAPI, FLASK, KINDS, Kind
from tests.test_docs import LINK, fault_in_link, operations_in, schema

SOURCES = sorted(
    path
    for kind in KINDS
    for path in [*kind.folder.rglob("*.py"), *kind.folder.glob("*.js")]
    if "node_modules" not in path.parts
)
READMES = [EXAMPLES / "README.md", *(kind.folder / "README.md" for kind in KINDS)]


def name_of(path: Path) -> str:
    """A file as the tests name it."""
    return path.relative_to(EXAMPLES).as_posix()


def code_lines(text: str) -> int:
    """Lines that are neither empty nor only a comment or a docstring."""
    text = re.sub(r'^ *(?:"""[^"]*"""|/\*\*(?:(?!\*/)[\s\S])*\*/)$', "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *(?:#|//).*$", "", text, flags=re.MULTILINE)
    return sum(1 for line in text.splitlines() if line.strip())


def test_all_examples_are_run() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert {kind.name for kind in KINDS} == folders
    assert sorted(kind.algorithm for kind in KINDS) == ["HS256", "HS256", "RS256", "RS256"]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_has_less_than_two_hundred_lines_of_code(path: Path) -> None:
    assert code_lines(path.read_text("utf-8")) < 200


def test_lines_of_code_are_counted_without_words() -> None:
    assert code_lines('"""One.\n\nTwo.\n"""\n\nx = 1  # Why.\n# Why not.\ny = """\n2\n"""\n') == 4
    assert code_lines("/** One. */\n/**\n * Two.\n */\nconst x = 1;\n// Why.\n") == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_operation_fits_the_schema(kind: Kind) -> None:
    texts = [path.read_text("utf-8") for path in SOURCES if path.is_relative_to(kind.folder)]
    documents = [document for text in texts for document in operations_in(text)]
    assert len(documents) >= 4
    assert [fault.message for document in documents for fault in validate(schema(), parse(document))] == []


def test_what_knows_of_palaver_is_the_same_file_for_fastapi_and_flask() -> None:
    assert (FASTAPI.folder / "chat.py").read_bytes() == (FLASK.folder / "chat.py").read_bytes()


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_a_readme_is_short_and_its_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 16
    assert [fault for target in LINK.findall(text) if (fault := fault_in_link(path, target))] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_readme_says_how_palaver_begins_without_the_demo_markets_people(kind: Kind) -> None:
    assert "PALAVER_DEMO=off" in (kind.folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_installed_is_locked_and_from_no_address(kind: Kind) -> None:
    if kind.name == "express":
        package = json.loads((kind.folder / "package.json").read_text("utf-8"))
        lock = json.loads((kind.folder / "package-lock.json").read_text("utf-8"))
        assert [version for version in package["dependencies"].values() if not re.fullmatch(r"[\d.]+", version)] == []
        locked = [one for name, one in lock["packages"].items() if name]
        assert [one for one in locked if "resolved" in one or "integrity" not in one] == []
        return
    lock_text = (kind.folder / "requirements.lock").read_text("utf-8")
    assert "://" not in lock_text
    wanted = re.findall(r"^([\w-]+)", (kind.folder / "requirements.in").read_text("utf-8"), re.MULTILINE)
    for package_name in wanted:
        assert re.search(rf"^{package_name.lower()}==.* \\\n    --hash=", lock_text, re.MULTILINE)
