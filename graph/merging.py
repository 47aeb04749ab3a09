"""Can the fields of an operation be merged? GraphQL's rule for fields of one name in the answer, in linear work.

graphql-core compares each field with each other of its name: a document of 2,000 tokens can hold it up for a fifth of a
second. Here every field is compared with the first of its group, since being alike is the same in all pairs. The
document must be valid otherwise, and its fragments bounded when they are expanded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    print_ast,
)
from graphql.language import Node


@dataclass(frozen=True, slots=True)
class Found:
    """A field where it stands."""

    parent: Any
    node: FieldNode
    definition: GraphQLField


#: Fields by their names in the answer.
Named: TypeAlias = dict[str, list[Found]]


class Merging:
    """Looks for fields that cannot be merged. `compared` counts the fields that were compared with another."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)
        }
        self._asked: dict[int, Any] = {}
        self.compared = 0

    def conflict(self) -> GraphQLError | None:
        """The first conflict in the operations of a document; None when there is none."""
        for operation in self._operations:
            root = self._schema.get_root_type(operation.operation)
            fields = self._collect([(root, operation.selection_set)])
            found = self._find_different(fields) or self._find_misshapen(fields)
            if found is not None:
                return found
        return None

    def _collect(self, sets: Iterable[tuple[Any, SelectionSetNode | None]]) -> Named:
        found: Named = {}
        seen: set[str] = set()
        for parent, selection_set in sets:
            self._collect_into(found, seen, parent, selection_set)
        return found

    def _collect_into(self, found: Named, seen: set[str], parent: Any, selections: SelectionSetNode | None) -> None:
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                definition = self._schema.get_field(parent, selection.name.value)
                if definition is not None:
                    name = selection.alias.value if selection.alias else selection.name.value
                    found.setdefault(name, []).append(Found(parent, selection, definition))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                self._collect_into(found, seen, inner, selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self._fragments[selection.name.value]
                inner = self._schema.get_type(fragment.type_condition.name.value)
                self._collect_into(found, seen, inner, fragment.selection_set)

    def _below(self, fields: Iterable[Found]) -> Named:
        return self._collect((get_named_type(one.definition.type), one.node.selection_set) for one in fields)

    def _find_different(self, named: Named) -> GraphQLError | None:
        """Fields of one object that share a name must ask for the same."""
        for name, fields in named.items():
            for group in _groups_of(fields):
                asked = self._asked_by(group[0].node)
                for other in group[1:]:
                    self.compared += 1
                    if self._asked_by(other.node) != asked:
                        return _conflict(name, "they ask for different things", group[0], other)
                found = self._find_different(self._below(group))
                if found is not None:
                    return found
        return None

    def _find_misshapen(self, named: Named) -> GraphQLError | None:
        """Whatever the objects are, values of one name must be of one shape."""
        for name, fields in named.items():
            first = fields[0]
            for other in fields[1:]:
                self.compared += 1
                if not _is_shaped_alike(first.definition.type, other.definition.type):
                    return _conflict(name, "they return values of different types", first, other)
            found = self._find_misshapen(self._below(fields))
            if found is not None:
                return found
        return None

    def _asked_by(self, node: FieldNode) -> Any:
        asked = self._asked.get(id(node))
        if asked is None:
            arguments = {argument.name.value: _text_of(argument.value) for argument in node.arguments or ()}
            asked = self._asked[id(node)] = (node.name.value, arguments)
        return asked


def _groups_of(fields: list[Found]) -> list[list[Found]]:
    """Fields that may stand in one object: those of each object type, with all that are asked of an abstract one."""
    abstract = [one for one in fields if not isinstance(one.parent, GraphQLObjectType)]
    if len(abstract) == len(fields):
        return [fields]
    groups: dict[str, list[Found]] = {}
    for one in fields:
        if isinstance(one.parent, GraphQLObjectType):
            groups.setdefault(one.parent.name, []).append(one)
    return [group + abstract for group in groups.values()]


def _is_shaped_alike(one: Any, other: Any) -> bool:
    for wrapper in (GraphQLNonNull, GraphQLList):
        if isinstance(one, wrapper) or isinstance(other, wrapper):
            return (
                isinstance(one, wrapper) and isinstance(other, wrapper) and _is_shaped_alike(one.of_type, other.of_type)
            )
    return one is other if is_leaf_type(one) or is_leaf_type(other) else True


def _text_of(value: Node) -> str:
    """A value as text; the order of an object's fields is nothing."""
    if isinstance(value, ListValueNode):
        return f"[{','.join(map(_text_of, value.values))}]"
    if isinstance(value, ObjectValueNode):
        fields = sorted(f"{field.name.value}:{_text_of(field.value)}" for field in value.fields)
        return f"{{{','.join(fields)}}}"
    return print_ast(value)


def _conflict(name: str, why: str, *fields: Found) -> GraphQLError:
    words = f"Fields {name!r} conflict because {why}. Use different aliases to ask for both.".replace("'", '"')
    return GraphQLError(words, [one.node for one in fields])
