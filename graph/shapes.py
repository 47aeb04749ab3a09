"""How much an operation holds, fragments expanded, in one walk that visits each node once, whatever nests in what."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

#: Introspection has depth of its own, and graphql-core bounds it.
_INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How much a selection holds, fragments expanded."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    #: How often variables are used: graphql-core looks at each use for each operation that comes to it.
    variables: int = 0


class Measure:
    """Measures selections; each fragment once, however often it is spread. `visited` counts the nodes looked at."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._shapes: dict[str, Shape] = {}
        self.visited = 0

    def of(self, selection_set: SelectionSetNode | None) -> Shape:
        """The shape of a selection. A fragment that holds itself counts as empty there: validation refuses it."""
        depth = fields = aliases = variables = 0
        for selection in selection_set.selections if selection_set else ():
            self.visited += 1
            variables += self._uses_in(selection)
            if isinstance(selection, FieldNode):
                inner = self._of_field(selection)
            elif isinstance(selection, InlineFragmentNode):
                inner = self.of(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                inner = self._of_fragment(selection.name.value)
            else:
                continue
            depth = max(depth, inner.depth)
            fields += inner.fields
            aliases += inner.aliases
            variables += inner.variables
        return Shape(depth, fields, aliases, variables)

    def _of_field(self, node: FieldNode) -> Shape:
        inner = self.of(node.selection_set)
        depth = 1 if node.name.value in _INTROSPECTION else inner.depth + 1
        return Shape(depth, inner.fields + 1, inner.aliases + (node.alias is not None), inner.variables)

    def _uses_in(self, node: SelectionNode) -> int:
        """How often variables are used in the arguments of a field and of directives."""
        arguments = [*(node.arguments or ())] if isinstance(node, FieldNode) else []
        for directive in node.directives or ():
            arguments += directive.arguments or ()
        ahead: list[ValueNode] = [argument.value for argument in arguments]
        found = 0
        while ahead:
            value = ahead.pop()
            if isinstance(value, VariableNode):
                found += 1
            elif isinstance(value, ListValueNode):
                ahead += value.values
            elif isinstance(value, ObjectValueNode):
                ahead += [field.value for field in value.fields]
        self.visited += found
        return found

    def _of_fragment(self, name: str) -> Shape:
        if name not in self._shapes:
            self._shapes[name] = Shape()
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._shapes[name] = self.of(fragment.selection_set)
        return self._shapes[name]
