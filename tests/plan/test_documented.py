"""What the documentation and the examples ask for has a plan, every operation of it."""

import re
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
    separate_operations,
    type_from_ast,
)

from core.settings import Settings
from graph.guard import Guard
from graph.plan.plans import Plans
from graph.roots import row_types, schema
from tests import test_statements
from tests.plan.market import EVERYTHING

ROOT = Path(__file__).parents[2]


def documents() -> dict[str, str]:
    """Everything that is written somewhere as a GraphQL document, by where it stands."""
    found: dict[str, str] = {"EVERYTHING": EVERYTHING, "PAGE": test_statements.PAGE, "INBOX": test_statements.INBOX}
    for path in sorted((ROOT / "web" / "graphiql" / "operations").glob("*.graphql")):
        found[path.name] = path.read_text(encoding="utf-8")
    for path in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]):
        for number, block in enumerate(
            re.findall(r"```graphql\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
        ):
            found[f"{path.name}, {number + 1}"] = block
    for path in sorted((ROOT / "tests" / "clients").rglob("*.mjs")):
        if "node_modules" not in path.parts and "dist" not in path.parts:
            for number, block in enumerate(
                re.findall(r"(?:gql|graphql)`(.*?)`", path.read_text(encoding="utf-8"), re.DOTALL)
            ):
                found[f"{path.name}, {number + 1}"] = block
    for path in sorted(path for path in (ROOT / "examples").rglob("chat.*") if path.suffix in (".py", ".js")):
        for number, block in enumerate(
            re.findall(r'(?:"""|`)(.*?)(?:"""|`)', path.read_text(encoding="utf-8"), re.DOTALL)
        ):
            if re.match(r"\s*(?:query|mutation|subscription)\b", block):
                found[f"{path.parent.name}/{path.name}, {number + 1}"] = block
    return {**found, **of_the_inbox()}


def of_the_inbox() -> dict[str, str]:
    """What our own pages ask, each operation with the fragments that it needs: these are shared by all of them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "web" / "inbox" / "src").rglob("*.graphql"))]
    return {f"inbox, {name}": print_ast(one) for name, one in separate_operations(parse("\n".join(texts))).items()}


GUARD = Guard(schema._schema, Settings())
DOCUMENTS = documents()


@cache
def operations_of(text: str) -> list[tuple[DocumentNode, OperationDefinitionNode]]:
    """The operations of a document; none of one that is no document by itself."""
    document = GUARD.examine(text).document
    return [
        (document, operation)
        for operation in (document.definitions if document is not None else ())
        if document is not None and isinstance(operation, OperationDefinitionNode)
    ]


@pytest.mark.parametrize("name", [name for name, text in DOCUMENTS.items() if operations_of(text)])
def test_a_documented_operation_has_a_plan(name: str) -> None:
    """With whatever values its variables have; those that must have one get any."""
    for document, operation in operations_of(DOCUMENTS[name]):
        values = {
            variable.variable.name.value: example_of(type_from_ast(schema._schema, variable.type))
            for variable in operation.variable_definitions or ()
        }
        assert Plans(schema, row_types).find(document, operation, values) is not None, name


def example_of(type_: object) -> object:
    """Some value of a type."""
    match type_:
        case GraphQLNonNull():
            return example_of(type_.of_type)
        case GraphQLList():
            return [example_of(type_.of_type)]
        case GraphQLInputObjectType():
            needed = {name: field for name, field in type_.fields.items() if isinstance(field.type, GraphQLNonNull)}
            return {name: example_of(field.type) for name, field in needed.items()}
        case GraphQLEnumType():
            return next(iter(type_.values))
    known = {"Int": 1, "Boolean": True, "DateTime": "2999-01-01T00:00:00.000Z"}
    return known.get(str(type_), "x")


@pytest.mark.parametrize("kind", OperationType)
def test_there_are_documented_operations(kind: OperationType) -> None:
    """So that looking for them does not find nothing one day."""
    found = [operation for text in DOCUMENTS.values() for _, operation in operations_of(text)]
    assert len([operation for operation in found if operation.operation is kind]) >= 5


@pytest.mark.parametrize("where", ["inbox, ", "fastapi/", "flask/", "bookings/", "express/"])
def test_pages_and_examples_are_among_them(where: str) -> None:
    assert [name for name in DOCUMENTS if name.startswith(where) and operations_of(DOCUMENTS[name])]
