"""The GraphiQL page is built with Node and committed: as new as its source, whole, alone, and fit for the schema."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "graph" / "static" / "graphiql"
OPERATIONS = sorted((WEB / "graphiql" / "operations").glob("*.graphql"))
LEFT_OUT = {"node_modules", "dist"}

# Where scripts, styles and fonts come from. Other addresses in the bundle are words in a documentation or a schema.
DELIVERY_HOSTS = re.compile(
    rb"unpkg\.com|jsdelivr|cdnjs|esm\.sh|esm\.run|skypack|googleapis|gstatic|bootstrapcdn|fontawesome|typekit|bunny\.net"
)
FETCHED_BY_SCRIPT = re.compile(
    rb"""(?:\bimport|\bimportScripts|\bfetch|\bWorker|\bWebSocket|\bEventSource|\bfrom)\s*\(?\s*["'`](?:(?:https?|wss?):)?//"""
)
FETCHED_BY_STYLE = re.compile(rb"""(?:url\(|@import)\s*["']?(?:https?:)?//""")


def is_source(name: str) -> bool:
    return name not in LEFT_OUT and (not name.startswith(".") or name == ".npmrc")


def is_built(name: str) -> bool:
    return name != "build.json"


def files_under(folder: Path, is_wanted: Callable[[str], bool]) -> Iterator[Path]:
    for path in folder.iterdir():
        if is_wanted(path.name):
            yield from files_under(path, is_wanted) if path.is_dir() else [path]


def fingerprint(folder: Path, is_wanted: Callable[[str], bool]) -> str:
    """As in web/scripts/fingerprint.mjs."""
    contents = {str(path.relative_to(folder).as_posix()).encode(): path for path in files_under(folder, is_wanted)}
    digest = sha256()
    for name, path in sorted(contents.items()):
        digest.update(name + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def recorded(key: str) -> str:
    record: dict[str, str] = json.loads((STATIC / "build.json").read_text("utf-8"))
    return record[key]


class References(HTMLParser):
    """What a page loads, or leads to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in {"src", "href", "srcset", "data"} and value]


@cache
def schema() -> GraphQLSchema:
    return build_schema((ROOT / "schema.graphql").read_text("utf-8"))


def operation_in(path: Path) -> OperationDefinitionNode:
    (operation,) = parse(path.read_text("utf-8")).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation


def variables_beside(path: Path) -> dict[str, object]:
    variables: dict[str, object] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return variables


def test_the_build_is_as_new_as_its_source() -> None:
    assert recorded("source") == fingerprint(WEB, is_source), "web/ has changed: run `npm ci && npm run build` there"


def test_the_build_is_whole() -> None:
    assert recorded("built") == fingerprint(STATIC, is_built), "a built file is missing, left over or changed"


def test_everything_the_page_refers_to_is_here() -> None:
    references = References(STATIC / "index.html").found
    assert references
    for reference in references:
        assert reference.startswith("./"), reference
        assert (STATIC / reference).is_file(), reference


def test_nothing_is_fetched_from_another_host() -> None:
    for path in files_under(STATIC, is_built):
        content = path.read_bytes()
        if path.suffix in {".js", ".css", ".html", ".svg"}:
            assert not DELIVERY_HOSTS.search(content), path
        if path.suffix == ".js":
            assert not FETCHED_BY_SCRIPT.search(content), path
        if path.suffix == ".css":
            assert not FETCHED_BY_STYLE.search(content), path


def test_no_source_map_is_shipped() -> None:
    for path in files_under(STATIC, is_built):
        assert path.suffix != ".map", path
        assert path.suffix not in {".js", ".css"} or b"sourceMappingURL=" not in path.read_bytes(), path


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_each_example_opens_as_a_tab_of_its_own_name() -> None:
    names = [name.value for path in OPERATIONS if (name := operation_in(path).name)]
    assert len(names) == len(set(names)) == len(OPERATIONS) > 0


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_an_example_says_what_it_is_for(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_an_example_fits_the_schema(path: Path) -> None:
    assert validate(schema(), parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_the_variables_of_an_example_fit_the_schema(path: Path) -> None:
    definitions = operation_in(path).variable_definitions or ()
    variables = variables_beside(path)
    assert {definition.variable.name.value for definition in definitions} == set(variables)
    values = get_variable_values(schema(), definitions, variables)
    assert not isinstance(values, list), values
