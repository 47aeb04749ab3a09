"""What the README and docs/ say is checked where a machine can: operations, links, settings, files, codes."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from chat.refusals import Code
from core.settings import SECRETS, Settings
from graph import errors

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OPERATION = re.compile(r"\b(?:query|mutation|subscription) \w+\s*[({]")
#: `graph/socket.py`, but not `graph-ws` and not a word that only has a slash in it.
PATH = re.compile(r"`((?:graph|chat|db|core|tests|web|docs|requirements)/[\w./-]*)`")


def name_of(path: Path) -> str:
    """A page as the tests name it."""
    return path.relative_to(ROOT).as_posix()


@cache
def schema() -> GraphQLSchema:
    """The contract."""
    return build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))


def text_of(page: Path) -> str:
    """A page as it is written."""
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """A page without its code."""
    return FENCED.sub("", text_of(page))


def operations_in(code: str) -> Iterator[str]:
    """The operations inside another language's code: from the keyword to the brace that closes it."""
    for found in OPERATION.finditer(code):
        depth, start = 0, code.index("{", found.start())
        for place in range(start, len(code)):
            depth += {"{": 1, "}": -1}.get(code[place], 0)
            if depth == 0:
                yield code[found.start() : place + 1]
                break


def documents_of(page: Path) -> Iterator[str]:
    """Every GraphQL document of a page: its blocks of GraphQL, and what stands in its other code."""
    for language, code in FENCED.findall(text_of(page)):
        if language == "graphql":
            yield code
        else:
            yield from operations_in(code)


def slug_of(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page."""
    return {slug_of(heading) for heading in re.findall(r"^#+ (.*)$", prose_of(page), re.MULTILINE)}


def fault_in_link(page: Path, target: str) -> str | None:
    """What is wrong with a link to another page, or to a place of a page; None for nothing."""
    place, _, anchor = target.partition("#")
    file = (page.parent / place).resolve() if place else page
    if not file.exists():
        return f"{target}: there is no such file"
    if anchor and anchor not in anchors_of(file):
        return f"{target}: there is no such heading"
    return None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_operation_fits_the_schema(page: Path) -> None:
    faults = [(code, error.message) for code in documents_of(page) for error in validate(schema(), parse(code))]
    assert faults == []


def test_operations_are_found_in_other_code_too() -> None:
    found = list(operations_in("ask \"$ANN\" 'query Me($id: ID!) { node(id: $id) { id } }' '{\"id\": 1}'; mutation"))
    assert found == ["query Me($id: ID!) { node(id: $id) { id } }"]
    assert sum(1 for page in PAGES for _ in documents_of(page)) > 20


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(prose_of(page)) if not re.match(r"[a-z]+:", target)]
    assert [fault for target in targets if (fault := fault_in_link(page, target))] == []


def test_a_link_to_nowhere_is_found() -> None:
    page = ROOT / "README.md"
    assert fault_in_link(page, "docs/nothing.md")
    assert fault_in_link(page, "docs/api.md#nothing")
    assert fault_in_link(page, "docs/api.md#the-socket") is None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_setting_that_is_named_is_one(page: Path) -> None:
    settings = {name.upper() for name in Settings.model_fields} | {f"{name.upper()}_FILE" for name in SECRETS}
    named = set(re.findall(r"\bPALAVER_([A-Z_]*[A-Z])\b", text_of(page)))
    assert named - settings == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    named = set(PATH.findall(text_of(page)))
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_guide_has_every_code_of_an_error() -> None:
    guide = text_of(ROOT / "docs" / "api.md")
    top_level = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)}
    assert {code for code in top_level | {code.value for code in Code} if f"`{code}`" not in guide} == set()


def test_the_guide_has_every_code_that_closes_a_socket() -> None:
    guide = text_of(ROOT / "docs" / "api.md")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "graph").glob("*.py"))
    used = set(re.findall(r"\b(?:Close|close)\((\d{4})\b", sources))
    assert len(used) > 8
    assert {code for code in used if f"| {code} |" not in guide} == set()


def test_the_table_of_features_names_every_operation() -> None:
    """So that a new one gets its place there, with a link to the guide."""
    table = text_of(ROOT / "README.md").partition("| feature | operations | guide |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([^`]+)`", table))
    roots = [schema().query_type, schema().mutation_type, schema().subscription_type]
    assert {field for root in roots if root is not None for field in root.fields} - named == set()
