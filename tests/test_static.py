"""The pages are built with Node and committed: as new as their source, whole, alone, small, and fit for the schema."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from gzip import compress
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "graph" / "static"
#: Each page, and with what the addresses of its files begin.
PAGES = {"graphiql": "./", "inbox": "/inbox/"}
#: All that is built: the pages, and the elements, which have none.
BUILT = [*PAGES, "elements"]
#: What a visitor of the inbox loads at most, gzipped; and beside it who is of staff and comes to staff's pages.
LIGHT, LIGHT_FOR_STAFF = 150_000, 15_000
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


def recorded(page: str, key: str) -> str:
    record: dict[str, str] = json.loads((STATIC / page / "build.json").read_text("utf-8"))
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


@pytest.mark.parametrize("page", BUILT)
def test_the_build_is_as_new_as_its_source(page: str) -> None:
    assert recorded(page, "source") == fingerprint(WEB, is_source), (
        "web/ has changed: run `npm ci && npm run build` there"
    )


@pytest.mark.parametrize("page", BUILT)
def test_the_build_is_whole(page: str) -> None:
    assert recorded(page, "built") == fingerprint(STATIC / page, is_built), (
        "a built file is missing, left over or changed"
    )


@pytest.mark.parametrize("page", PAGES)
def test_everything_the_page_refers_to_is_here(page: str) -> None:
    references = References(STATIC / page / "index.html").found
    assert references
    for reference in references:
        assert reference.startswith(PAGES[page]), reference
        assert (STATIC / page / reference.removeprefix(PAGES[page])).is_file(), reference


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


def test_the_inbox_is_light() -> None:
    """All of it together: page, scripts, styles and pictures; staff's pages are loaded by staff only."""
    built = {path for path in files_under(STATIC / "inbox", is_built) if path.suffix != ".md"}
    of_staff = {path for path in built if path.name.startswith("staff-")}
    page = (STATIC / "inbox" / "index.html").read_text("utf-8")
    assert {path.suffix for path in of_staff} == {".js", ".css"}
    assert not any(path.name in page for path in of_staff)
    for files, most in ((built - of_staff, LIGHT), (of_staff, LIGHT_FOR_STAFF)):
        assert 0 < sum(len(compress(path.read_bytes())) for path in files) < most


def test_the_elements_are_one_light_script() -> None:
    """With the styles in it, and by those it is as wide as the element is, not as the window."""
    (script,) = (path for path in files_under(STATIC / "elements", is_built) if path.suffix != ".md")
    assert script.name == "palaver.js"
    content = script.read_bytes()
    assert len(compress(content)) < LIGHT
    assert b"__PALAVER_STYLES__" not in content
    assert b"@container palaver" in content
    assert not re.search(rb"@media[^{]*width", content)


def test_what_the_inbox_asks_fits_the_schema() -> None:
    """All of its documents together, as the generator reads them: fragments are shared."""
    texts = [path.read_text("utf-8") for path in sorted((WEB / "inbox" / "src").rglob("*.graphql"))]
    assert texts
    assert validate(schema(), parse("\n".join(texts))) == []


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    packages = lock["packages"].items()
    # A link is a package of our own.
    assert [name for name, package in packages if "resolved" in package and not package.get("link")] == []


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
