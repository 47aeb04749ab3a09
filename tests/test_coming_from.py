"""docs/coming-from.md: what it names is there, its five systems are those of the scenarios, and its files go in."""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    parse,
)
from graphql.language import FieldNode

from core.settings import Settings
from graph import errors
from tests.cli.files import take_in
from tests.house import House
from tests.test_docs import FENCED, ROOT, operations_in, prose_of, schema

PAGE = ROOT / "docs" / "coming-from.md"
SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("test_*.py"))
CODE = re.compile(r"`([^`]+)`")
#: What is named beside the schema: the token's claims, and the protocol's first frame.
OTHERS = {"sub", "connection_init", "teacher"}
ROWS = """
INSERT INTO people VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO books VALUES ('978-1', 'Dune', 2, 0), ('978-2', 'Emma', 2, 1);
INSERT INTO threads VALUES (3, '978-1', 1, '2025-01-01T10:00:00Z'), (4, '978-2', 1, '2025-01-02T10:00:00Z');
INSERT INTO messages VALUES
  (12, 3, 2, 'It is.', '2025-01-01T10:05:00Z'), (11, 3, 1, 'Is it the "hardcover"?', '2025-01-01T10:00:00Z'),
  (13, 4, 1, 'Is it signed?', '2025-01-02T10:00:00Z');
"""


@cache
def members() -> dict[str, dict[str, set[str]]]:
    """The schema: the members of each type by its name, with the arguments of each."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, kind in schema().type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            found[name] = {field: set(value.args) for field, value in kind.fields.items()}
        elif isinstance(kind, GraphQLInputObjectType):
            found[name] = {field: set() for field in kind.fields}
    return found


@cache
def words() -> set[str]:
    """What may be named by itself: operations and their arguments, types, values of enums, codes and settings."""
    roots = [members()[root] for root in ("Query", "Mutation", "Subscription")]
    enums = [kind for kind in schema().type_map.values() if isinstance(kind, GraphQLEnumType)]
    return {
        *OTHERS,
        *members(),
        *(word for root in roots for field, arguments in root.items() for word in (field, *arguments)),
        *(value for kind in enums for value in kind.values),
        *(value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)),
        *(f"PALAVER_{name.upper()}" for name in Settings.model_fields),
    }


def is_there(name: str) -> bool:
    """Does the schema have it? `markRead`, `Viewer.user`, `Conversation.messages(around:)` or `CLOSED`."""
    found = re.fullmatch(r"(?:(\w+)\.)?(\w+)(?:\((\w+):\))?", name)
    if found is None:
        return False
    kind, field, argument = found.groups()
    if argument is not None:
        kinds = [kind] if kind else ["Query", "Mutation", "Subscription"]
        return any(argument in members().get(one, {}).get(field, ()) for one in kinds)
    return field in members().get(kind, {}) if kind else field in words()


def rows(text: str) -> Iterator[list[str]]:
    """The tables' rows that compare: theirs, ours, and what changes."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) > 1 and cells[1] not in ("here", "built of") and "test_" not in line and set(line) - set("|- "):
            yield cells


def named(text: str) -> set[str]:
    """What the tables say is here."""
    return {name for cells in rows(text) for cell in cells[1:] for name in CODE.findall(cell)}


def section_of(scenario: Path) -> str:
    """The part of the page that belongs to a scenario, by the link in the first table."""
    text = PAGE.read_text("utf-8")
    found = re.search(rf"\(#([\w-]+)\).*`tests/scenarios/{scenario.name}`", text)
    assert found is not None, "it is not in the table of systems"
    parts = {
        re.sub(r"[^\w\- ]", "", part.splitlines()[0].lower()).replace(" ", "-"): part for part in text.split("\n## ")
    }
    return parts[found[1]]


def operations_of(scenario: Path) -> set[str]:
    """The operations that a scenario plays."""
    definitions = [one for text in operations_in(scenario.read_text("utf-8")) for one in parse(text).definitions]
    operations = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    return {
        part.name.value for one in operations for part in one.selection_set.selections if isinstance(part, FieldNode)
    }


def test_everything_that_is_here_is_in_the_schema() -> None:
    ours = named(prose_of(PAGE))
    theirs = {"get_or_create", "ack", "type", "__typename", "GET"}
    assert len(ours) > 80
    assert {name for name in ours - theirs if not is_there(name)} == set()


def test_a_name_that_is_not_there_is_found() -> None:
    assert is_there("sendMessage")
    assert is_there("Conversation.messages(around:)")
    assert is_there("messageAdded(after:)")
    assert is_there("OpenConversationInput.userId")
    assert is_there("CLOSED")
    for wrong in ("sendMail", "Conversation.mail", "messageAdded(since:)", "Mail.messages(around:)", "SOLD"):
        assert not is_there(wrong)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_each_scenario_has_its_system_with_every_operation_that_it_plays(scenario: Path) -> None:
    operations = operations_of(scenario)
    assert len(operations) > 6
    assert operations - named(section_of(scenario)) == set()


def old_lines() -> list[str]:
    """The page's examples of old data, and what its SQL makes of some rows."""
    blocks = FENCED.findall(PAGE.read_text("utf-8"))
    examples = [code for language, code in blocks if language == "jsonl"]
    tables, select = [code for language, code in blocks if language == "sql"]
    db = sqlite3.connect(":memory:")
    db.executescript(tables + ROWS)
    made = [line for (line,) in db.execute(select)]
    db.close()
    assert len(examples) == len(SCENARIOS) - 1
    return [*"".join(examples).splitlines(), *made]


async def test_the_old_data_goes_in_without_a_bad_line(house: House, tmp_path: Path) -> None:
    lines = old_lines()
    ended = await take_in(house, tmp_path, *lines)
    assert ended.status == 0, ended.errors
    counted = {
        kind: sum(f'"type": "{kind}"' in line.replace('":"', '": "') for line in lines) for kind in ("message", "user")
    }
    assert re.search(rf"messages\s+{counted['message']} new", ended.output)
    assert counted["message"] == 8 + 3
