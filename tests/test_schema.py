"""schema.graphql is generated, current, described throughout, and breaks no client of the last release unannounced."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
)

from graph.sdl import write_schema

ROOT = Path(__file__).parent.parent
SCALARS_OF_THE_LANGUAGE = {"String", "Int", "Float", "Boolean", "ID"}


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    """Every place of a schema without a description."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in SCALARS_OF_THE_LANGUAGE:
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                if not field.description:
                    yield f"{name}.{field_name}"
                yield from (f"{name}.{field_name}({arg})" for arg, given in field.args.items() if not given.description)
        elif isinstance(kind, GraphQLInputObjectType):
            yield from (f"{name}.{item}" for item, given in kind.fields.items() if not given.description)
        elif isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{item}" for item, given in kind.values.items() if not given.description)


def unannounced(released: GraphQLSchema, present: GraphQLSchema, changelog: str) -> list[str]:
    """The breaking changes since a release that the changelog's unreleased part does not name word for word."""
    unreleased = re.split(r"^## ", changelog, flags=re.MULTILINE)[1]
    found = [change.description for change in find_breaking_changes(released, present)]
    return [description for description in found if f"Breaking: {description}" not in unreleased]


def last_release() -> Path:
    """The schema of the newest release."""
    releases = (ROOT / "docs" / "releases").glob("*.graphql")
    return max(releases, key=lambda path: [int(part) for part in path.stem.split(".")])


def test_the_committed_schema_is_what_the_code_says() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == write_schema()


def test_everything_is_described() -> None:
    assert list(undescribed(build_schema(write_schema()))) == []


@pytest.mark.parametrize(
    ("sdl", "place"),
    [
        ('"""."""\ntype Query { bare: Int }', "Query.bare"),
        ('"""."""\ntype Query { """."""\nfield(bare: Int): Int }', "Query.field(bare)"),
        ('enum Bare { """."""\nA }', "Bare"),
        ('"""."""\nenum E { BARE }', "E.BARE"),
        ('"""."""\ninput I { bare: Int }', "I.bare"),
    ],
)
def test_a_place_without_a_description_is_found(sdl: str, place: str) -> None:
    assert list(undescribed(build_schema(sdl))) == [place]


def test_no_client_of_the_last_release_breaks_unannounced() -> None:
    released = build_schema(last_release().read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert unannounced(released, build_schema(write_schema()), changelog) == []


def test_a_breaking_change_is_found_until_the_changelog_names_it() -> None:
    old, new = build_schema("type Query { a: Int b: Int }"), build_schema("type Query { a: Int }")
    assert unannounced(old, new, "# Changes\n\n## Unreleased\n\n## 0.1.0\n") == ["Field Query.b was removed."]
    assert (
        unannounced(old, new, "# Changes\n\n## Unreleased\n\n- Breaking: Field Query.b was removed.\n\n## 0.1.0\n")
        == []
    )
