"""Finds in a schema every place where a client names something: an id, a cursor, a key, a word that is looked up."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    value_from_ast_untyped,
    visit,
)

#: Scalars that cannot name anything of Palaver's. A scalar that is not here is taken for one that can.
NO_NAMES = {"Int", "Float", "Boolean", "DateTime", "URL", "Upload"}
#: Texts that are stored as they are and look nothing up.
ONLY_WORDS = {"body", "title", "name", "note", "value", "reason"}

REMEDY = (
    "takes an id, a cursor or a name, and the access matrix does not know it: add a Row to tests/access/reads.py, "
    "acts.py, host.py or streams.py with what a member succeeds with and what a stranger gets; or, when it only stores "
    "a text and looks nothing up, add its word to ONLY_WORDS in tests/access/walk.py."
)


def names_in(schema: GraphQLSchema) -> set[str]:
    """Every name that a client can give, such as `Query.conversations(filter.withUserId)`."""
    return {
        f"{kind.name}.{field_name}({path})"
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for field_name, field in kind.fields.items()
        for path in _paths(field.args, ())
    }


def _paths(
    places: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField], above: tuple[str, ...]
) -> Iterator[str]:
    for name, place in places.items():
        kind = get_named_type(place.type)
        if isinstance(kind, GraphQLInputObjectType):
            if name not in above:
                yield from _paths(kind.fields, (*above, name))
        elif isinstance(kind, GraphQLScalarType) and kind.name not in NO_NAMES and name not in ONLY_WORDS:
            yield ".".join((*above, name))


def complaints(schema: GraphQLSchema, known: set[str]) -> list[str]:
    """What the matrix lacks, and what it has of a schema that is gone: a sentence for each."""
    names = names_in(schema)
    lacking = [f"{name} {REMEDY}" for name in sorted(names - known)]
    return lacking + [f"{name} is in the access matrix, and not in the schema: remove it." for name in known - names]


class _Given(Visitor):
    """Collects the arguments of an operation with their values."""

    def __init__(self, types: TypeInfo, variables: dict[str, Any]) -> None:
        super().__init__()
        self._types = types
        self._variables = variables
        self.found: dict[str, Any] = {}

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        """An argument of a field."""
        kind, field = self._types.get_parent_type(), self._types.get_field_def()
        assert kind is not None
        assert field is not None
        name = next(name for name, one in kind.fields.items() if one is field)  # type: ignore[union-attr]
        value = value_from_ast_untyped(node.value, self._variables)
        for path, leaf in _leaves(value, node.name.value):
            self.found[f"{kind.name}.{name}({path})"] = leaf


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from _leaves(value[0], path)
    else:
        yield path, value


def names_given(schema: GraphQLSchema, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The names that an operation gives, with their values; of a list of objects the first counts."""
    types = TypeInfo(schema)
    given = _Given(types, variables)
    visit(parse(operation), TypeInfoVisitor(types, given))
    return given.found
