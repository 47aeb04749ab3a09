"""What a selection asks of a type: fragments opened, fields of one name in the answer put together, @skip and @include
decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)
from graphql.language import SKIP, Node, Visitor, visit

#: The fields of a selection, by their names in the answer.
Selected: TypeAlias = dict[str, list[FieldNode]]


class Unplanned(Exception):
    """There is no plan for it, or its plan cannot go on: graphql-core decides."""


@dataclass(frozen=True, slots=True)
class Selections:
    """Opens the selections of a document, for certain values of the variables that directives look at."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, Any]

    @classmethod
    def of(cls, schema: GraphQLSchema, document: DocumentNode, conditions: Mapping[str, Any]) -> "Selections":
        """The selections of a document."""
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        return cls(schema, fragments, conditions)

    def fields_of(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]) -> Selected:
        """What is asked of a type by some selections together."""
        selected: Selected = {}
        seen: set[str] = set()
        for selection_set in sets:
            if selection_set is not None:
                self._collect(type_, selection_set, selected, seen)
        return selected

    def _collect(
        self, type_: GraphQLObjectType, selection_set: SelectionSetNode, selected: Selected, seen: set[str]
    ) -> None:
        for selection in selection_set.selections:
            if not self._is_wanted(selection):
                continue
            if isinstance(selection, FieldNode):
                name = selection.alias.value if selection.alias else selection.name.value
                selected.setdefault(name, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if selection.type_condition is None or self._applies(selection.type_condition, type_):
                    self._collect(type_, selection.selection_set, selected, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self.fragments[selection.name.value]
                if self._applies(fragment.type_condition, type_):
                    self._collect(type_, fragment.selection_set, selected, seen)

    def _applies(self, condition: NamedTypeNode, type_: GraphQLObjectType) -> bool:
        """Is a fragment about this type?"""
        named = self.schema.get_type(condition.name.value)
        if named is type_:
            return True
        return (
            isinstance(named, GraphQLAbstractType) and is_abstract_type(named) and self.schema.is_sub_type(named, type_)
        )

    def _is_wanted(self, selection: SelectionNode) -> bool:
        wanted = True
        for directive in selection.directives or ():
            name = directive.name.value
            if name not in ("skip", "include"):
                raise Unplanned(f"@{name}")
            value = self._truth_of((directive.arguments or ())[0].value)
            wanted = wanted and value is (name == "include")
        return wanted

    def _truth_of(self, node: Node) -> bool:
        value: Any = None
        if isinstance(node, BooleanValueNode):
            value = node.value
        elif isinstance(node, VariableNode):
            value = self.conditions.get(node.name.value)
        if not isinstance(value, bool):
            raise Unplanned("a condition without a value")
        return value


@dataclass
class _Conditions(Visitor):
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def enter_directive(self, node: Any, *_: Any) -> None:
        """Note its variables."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


@dataclass
class _Below(Visitor):
    """Notes the variables of everything but the arguments of fields at the top of operations."""

    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def enter_variable_definition(self, *_: Any) -> Any:
        """What is declared is not used yet."""
        return SKIP

    def enter_argument(self, _: Any, __: Any, ___: Any, ____: Any, ancestors: Sequence[Any]) -> Any:
        """Whether it belongs to a field at the top: below it stand the field, its selection and the operation."""
        nodes = [node for node in ancestors if isinstance(node, Node)]
        is_at_top = sum(isinstance(node, FieldNode) for node in nodes) == 1 and isinstance(
            nodes[1], OperationDefinitionNode
        )
        return SKIP if is_at_top and isinstance(nodes[-1], FieldNode) else None

    def enter_variable(self, node: Any, *_: Any) -> None:
        """Note it."""
        self.names.add(node.name.value)


def variables_below(document: DocumentNode) -> tuple[str, ...]:
    """The names of the variables that are used below the fields at the top of operations, or in directives.

    Those of a field at the top in a fragment count too, which is more than needed, and rare.
    """
    visitor = _Below()
    visit(document, visitor)
    return tuple(sorted(visitor.names))


@dataclass
class _Fields(Visitor):
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def enter_field(self, node: Any, *_: Any) -> None:
        """Note its name."""
        self.names.add(node.name.value)


def fields_in(document: DocumentNode) -> set[str]:
    """The names of all fields in a document."""
    visitor = _Fields()
    visit(document, visitor)
    return visitor.names


def conditions_in(document: DocumentNode) -> tuple[str, ...]:
    """The names of the variables that directives look at."""
    visitor = _Conditions()
    visit(document, visitor)
    return tuple(sorted(visitor.names))
