"""Which fields can be merged: the same verdict as graphql-core's own rule, in work linear in the fields."""

import random
from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, OverlappingFieldsCanBeMergedRule, parse, validate

from graph.merging import Merging
from graph.roots import schema
from tests.client import Person
from tests.http.wire import code_of, post_query

SCHEMA = schema._schema


def verdicts(text: str) -> tuple[bool, bool]:
    """Does ours find a conflict, and does graphql-core's?"""
    document = parse(text)
    theirs = validate(SCHEMA, document, [OverlappingFieldsCanBeMergedRule])
    return Merging(SCHEMA, document).conflict() is not None, bool(theirs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ viewer { id id } viewer { user { id } } }", False),
        ("{ viewer { id id: inboxCursor } }", True),
        ("{ a: viewer { id } a: viewer { b: id } }", False),
        ("{ viewer { b: id } viewer { b: inboxCursor } }", True),
        ('{ node(id: "a") { id } node(id: "b") { id } }', True),
        ('{ node(id: "a") { id } node(id: "a") { id } }', False),
        ("query($a: Int) { users(first: $a) { edges { cursor } } users(first: 3) { edges { cursor } } }", True),
        ('{ users(filter: {role: "a", query: "b"}) { edges { cursor } } ...F } fragment F on Query '
         '{ users(filter: {query: "b", role: "a"}) { edges { cursor } } }', False),
        ('{ node(id: "a") { ... on User { x: name } ... on Message { x: id } } }', True),
        ('{ node(id: "a") { ... on User { x: name } ... on Message { x: body } } }', True),
        ('{ node(id: "a") { ... on Subject { x: kind } ... on Attachment { x: fileName } } }', False),
        ('{ node(id: "a") { ... on User { x: id } ... on Message { x: id } x: id } }', False),
        ('{ node(id: "a") { ... on User { x: id } x: __typename } }', True),
        ('{ node(id: "a") { ... on Message { x: sender { n: name } } ... on Participant { x: user { n: id }}}}', True),
        ("{ viewer { ...F ...G } } fragment F on Viewer { x: id } fragment G on Viewer { x: inboxCursor }", True),
        ("{ viewer { ...F } } fragment F on Viewer { x: id ...G } fragment G on Viewer { x: inboxCursor }", True),
        ("{ x: __typename x: __schema { queryType { name } } }", True),
    ],
)  # fmt: skip
def test_what_can_be_merged(text: str, expected: bool) -> None:
    assert verdicts(text) == (expected, expected)


class Author:
    """Writes documents in which names of the answer meet, some of them in vain."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fragments: list[str] = []

    def document(self) -> str:
        """A document."""
        body = self.selection("Query", 3)
        return " ".join([body, *self.fragments])

    def selection(self, type_name: str, depth: int) -> str:
        """A selection of some type."""
        return "{ " + " ".join(self.parts(type_name, depth)) + " }"

    def parts(self, type_name: str, depth: int) -> Iterator[str]:
        """Some fields, and fragments."""
        type_ = SCHEMA.get_type(type_name)
        fields = getattr(type_, "fields", {})
        for _ in range(self.random.randint(1, 4)):
            chance = self.random.random()
            if chance < 0.15 and depth:
                inner = self.inner(type_name)
                yield f"... on {inner} {self.selection(inner, depth - 1)}"
            elif chance < 0.25 and depth:
                name, inner = f"F{len(self.fragments)}", self.inner(type_name)
                self.fragments.append("")
                place = len(self.fragments) - 1
                self.fragments[place] = f"fragment {name} on {inner} {self.selection(inner, depth - 1)}"
                yield f"...{name}"
            elif fields:
                yield self.field(fields, depth)
            else:
                yield "x: __typename"

    def inner(self, type_name: str) -> str:
        """A type that a fragment may be on."""
        type_ = SCHEMA.get_type(type_name)
        if isinstance(type_, GraphQLObjectType):
            return type_name
        possible = SCHEMA.get_possible_types(type_)  # type: ignore[arg-type]
        return self.random.choice([one.name for one in possible])

    def field(self, fields: dict[str, object], depth: int) -> str:
        """A field, often under a name that others have too."""
        name = self.random.choice(list(fields))
        definition = fields[name]
        alias = self.random.choice(["", "", "x: ", "y: "])
        arguments = []
        for argument, declared in getattr(definition, "args", {}).items():
            if str(declared.type).endswith("!") or self.random.random() < 0.2:
                value = self.random.choice(["1", "2"]) if "Int" in str(declared.type) else '"a"'
                arguments.append(f"{argument}: {value}")
        text = alias + name + (f"({', '.join(arguments)})" if arguments else "")
        inner = str(getattr(definition, "type", "")).strip("[]!")
        is_leaf = not hasattr(SCHEMA.get_type(inner), "fields") and not hasattr(SCHEMA.get_type(inner), "types")
        if is_leaf:
            return text
        return f"{text} {self.selection(inner, depth - 1) if depth else '{ __typename }'}"


def test_generated_documents_have_the_verdict_of_graphql_core() -> None:
    conflicts = 0
    for seed in range(1500):
        text = Author(seed).document()
        ours, theirs = verdicts(text)
        assert ours == theirs, text
        conflicts += theirs
    assert 150 < conflicts < 1350


@pytest.mark.parametrize("times", [50, 100, 200])
def test_each_field_is_compared_with_one_other(times: int) -> None:
    """Twice: for what it asks, and for its shape. Each with each would be 20 times as much for 100."""
    document = parse("{ " + 'node(id: "a") { id } ' * times + "}")
    merging = Merging(SCHEMA, document)
    assert merging.conflict() is None
    assert merging.compared == 4 * (times - 1)


async def test_a_conflict_is_a_validation_error_at_both_places(ann: Person) -> None:
    response = await post_query(ann, "{ viewer { x: id x: inboxCursor } }")
    assert code_of(response) == "GRAPHQL_VALIDATION_FAILED"
    [error] = response.json()["errors"]
    assert '"x"' in error["message"]
    assert [place["column"] for place in error["locations"]] == [12, 18]
