"""The house rules that a machine can see and import-linter cannot."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("graph", "chat", "db", "core")
SOURCES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts]
#: A file that says all of one thing may be longer.
LONGEST = {"db/tables.py": 300}


def names(path: Path) -> str:
    """The file as the tests name it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_a_module_is_small_and_says_what_it_is_for(path: Path) -> None:
    """graph/schema/__init__.py alone stays empty: whatever it imported would come before the types it imports."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST.get(names(path), 260)
    assert ast.get_docstring(ast.parse(text)) or names(path) == "graph/schema/__init__.py"


def commits(path: Path) -> bool:
    """Does the module end a transaction itself?"""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_only_the_unit_of_work_commits() -> None:
    assert [names(path) for path in SOURCES if commits(path)] == ["chat/work.py"]


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_public_functions_and_classes_say_what_they_do(path: Path) -> None:
    bare = [
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    # Functions inside functions are their author's business.
    top = {
        item.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for item in [node, *(node.body if isinstance(node, ast.ClassDef) else [])]
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert [name for name in bare if name in top] == []


def test_the_check_runs_every_test_of_clients_pages_and_hosts() -> None:
    """It names where they are, so that not every process that runs them reads all tests first."""
    (places,) = re.findall(r"^WAITING := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    tests = [*(ROOT / "tests").glob("test_*.py"), *(ROOT / "tests").glob("*/test_*.py")]
    marked = [path for path in tests if re.search(r"mark\.(clients|browser|hosts)\b", path.read_text("utf-8"))]
    assert len(marked) > len(places.split())
    known = {ROOT / place for place in places.split()}
    assert [names(path) for path in marked if not known & {path, *path.parents}] == []
