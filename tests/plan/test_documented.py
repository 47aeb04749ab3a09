"""What the documentation and the examples ask for has a plan, every query of it."""

import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, OperationType

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
    return found


DOCUMENTS = documents()


def queries_of(text: str) -> list[tuple[object, OperationDefinitionNode]]:
    """The queries of a document; none of one that is no document by itself."""
    document = Guard(schema._schema, Settings()).check(text).document
    operations = document.definitions if document is not None else ()
    return [
        (document, operation)
        for operation in operations
        if isinstance(operation, OperationDefinitionNode) and operation.operation is OperationType.QUERY
    ]


@pytest.mark.parametrize("name", [name for name, text in DOCUMENTS.items() if queries_of(text)])
def test_a_documented_query_has_a_plan(name: str) -> None:
    """With whatever values its variables have; those that must have one get any."""
    for document, operation in queries_of(DOCUMENTS[name]):
        values = {
            variable.variable.name.value: example_of(str(variable.type.to_dict()))
            for variable in operation.variable_definitions or ()
        }
        assert Plans(schema, row_types).find(document, operation, values) is not None, name  # type: ignore[arg-type]


def example_of(type_: str) -> object:
    """Some value of a type."""
    if "'Int'" in type_:
        return 1
    if "Filter" in type_:
        return {}
    value: object = True if "'Boolean'" in type_ else "x"
    return [value] if "list_type" in type_ else value


def test_there_are_documented_queries() -> None:
    """So that looking for them does not find nothing one day."""
    assert len([text for text in DOCUMENTS.values() if queries_of(text)]) >= 8
