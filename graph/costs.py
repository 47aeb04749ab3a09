"""What an operation may cost at most: the objects that its answer can hold, at the page sizes that it asks for.

It follows from the document, and from the variables that size pages; so the document's part is worked out once. What
stands below `@skip` or in fragments of several types counts as if all of it were answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)
from graphql.utilities import value_from_ast_untyped

from graph.schema.pages import DEFAULT_SIZE, LARGEST_SIZE

#: How many objects a list without pages counts as: a pair's participants are two, and most messages have no files. In
#: another such list it counts as the longest that there can be, since together they would be its square; but not where
#: it leads no further, as those who have reacted to a message do.
UNPAGED = 2
LONGEST = 51
#: Lists without pages that may be long, by their fields: as many as they have at most, by default.
LONG_LISTS = {"messageTemplates": 100}
#: The answer itself, so that nothing is for nothing.
ANSWER = 1
#: It comes with a page, and is no reading of its own.
FREE = "PageInfo"
#: graphql-core bounds it, and nothing is read for it.
INTROSPECTION = frozenset({"__schema", "__type"})
#: Sets of sizes whose costs are remembered for one operation.
REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Times:
    """How often what is below a field comes: the largest size that a value or a variable gives; else `otherwise`."""

    given: int = 0
    variables: tuple[str, ...] = ()
    otherwise: int = 1

    def of(self, sizes: Mapping[str, int]) -> int:
        """The number, for the sizes that variables give."""
        return max(self.given, *(sizes[name] for name in self.variables), 0) or self.otherwise


@dataclass(frozen=True, slots=True)
class Term:
    """A cost: a number, and what depends on variables."""

    fixed: int = 0
    parts: tuple[tuple[Times, "Term"], ...] = ()

    def of(self, sizes: Mapping[str, int]) -> int:
        """The cost, for the sizes that variables give."""
        total = self.fixed
        for times, term in self.parts:
            total += times.of(sizes) * term.of(sizes)
        return total

    def times(self, times: Times) -> "Term":
        """So much several times."""
        if times.variables:
            return Term(0, ((times, self),))
        number = times.of({})
        if not self.parts:
            return Term(number * self.fixed)
        return Term(number * self.fixed, ((times, Term(0, self.parts)),))


def total_of(terms: Iterable[Term]) -> Term:
    """Terms together."""
    fixed = 0
    parts: list[tuple[Times, Term]] = []
    for term in terms:
        fixed += term.fixed
        parts.extend(term.parts)
    return Term(fixed, tuple(parts))


@dataclass(slots=True)
class Cost:
    """The cost of one operation."""

    term: Term
    #: The variables that size pages, with what they are when they are not given.
    defaults: Mapping[str, int] = field(default_factory=dict)
    _known: dict[tuple[int, ...], int] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """Is it the same whatever the variables are?"""
        return not self.defaults

    def of(self, variables: Mapping[str, Any] | None) -> int:
        """The cost for some variables, which may be of any type: wrong ones are refused when they are coerced."""
        if not self.defaults:
            return self.term.fixed
        given = variables or {}
        sizes = {name: size_of(given[name]) if name in given else default for name, default in self.defaults.items()}
        key = tuple(sizes.values())
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[key] = self.term.of(sizes)
        return known


def size_of(value: Any) -> int:
    """How many a value asks for: a number, or a list of ids. None at all when it is wrong, or no more than a page."""
    if value.__class__ is int or (value.__class__ is float and value.is_integer()):  # 100.0 is taken for 100.
        return int(min(max(value, 0), LARGEST_SIZE))
    if isinstance(value, list):
        return min(len(value), LARGEST_SIZE)
    return 1 if isinstance(value, str) else 0


class Pricing:
    """Works out the costs of a checked document's operations; each fragment once, however often it is spread.

    `visited` counts the nodes looked at.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._terms: dict[tuple[str, bool], Term] = {}
        self.visited = 0

    def of(self, operation: OperationDefinitionNode) -> Cost:
        """The cost of an operation."""
        root = self._schema.get_root_type(operation.operation)
        term = total_of([Term(ANSWER), self._of_selection(root, operation.selection_set, in_list=False)])
        sizing = _variables_in(term)
        defaults = {
            definition.variable.name.value: size_of(value_from_ast_untyped(definition.default_value))
            if definition.default_value is not None
            else 0
            for definition in operation.variable_definitions or ()
            if definition.variable.name.value in sizing
        }
        return Cost(term, defaults)

    def _of_selection(self, type_: Any, selection_set: SelectionSetNode | None, *, in_list: bool) -> Term:
        terms = []
        for selection in selection_set.selections if selection_set else ():
            self.visited += 1
            if isinstance(selection, FieldNode):
                terms.append(self._of_field(type_, selection, in_list=in_list))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else type_
                terms.append(self._of_selection(inner, selection.selection_set, in_list=in_list))
            elif isinstance(selection, FragmentSpreadNode):
                terms.append(self._of_fragment(selection.name.value, in_list=in_list))
        return total_of(terms)

    def _of_fragment(self, name: str, *, in_list: bool) -> Term:
        key = name, in_list
        if key not in self._terms:
            fragment = self._fragments[name]
            type_ = self._schema.get_type(fragment.type_condition.name.value)
            self._terms[key] = self._of_selection(type_, fragment.selection_set, in_list=in_list)
        return self._terms[key]

    def _of_field(self, type_: Any, node: FieldNode, *, in_list: bool) -> Term:
        if node.name.value in INTROSPECTION:
            return Term(1)
        definition: GraphQLField | None = getattr(type_, "fields", {}).get(node.name.value)
        if definition is None:
            return Term()  # __typename
        inner: Any = get_named_type(definition.type)
        if is_leaf_type(inner):
            return Term(1 if node.alias else 0)  # Under its own name a value is part of its object, and once.
        # The edges of a connection are counted by its page.
        is_unpaged = _is_list(definition.type) and "pageInfo" not in type_.fields
        below = self._of_selection(inner, node.selection_set, in_list=in_list or is_unpaged)
        own = Term(0 if inner.name == FREE else 1)
        if "first" in definition.args and "last" in definition.args:
            return total_of([own, below.times(_times_of(node, ("first", "last"), DEFAULT_SIZE))])
        if not is_unpaged:
            return total_of([own, below])
        lists = tuple(name for name, argument in definition.args.items() if _is_list(argument.type))
        may_be_long = in_list and self._leads_to_lists(inner)
        most = LONG_LISTS.get(node.name.value, LONGEST if may_be_long else UNPAGED)
        return total_of([own, below]).times(_times_of(node, lists, most))

    def _leads_to_lists(self, type_: Any) -> bool:
        """Is there a way from objects of a type to a list? From where there is none, lists do not multiply."""
        seen: set[str] = set()
        ahead = [type_]
        while ahead:
            here = ahead.pop()
            if here.name in seen or is_leaf_type(here):
                continue
            seen.add(here.name)
            ahead += self._schema.get_possible_types(here) if is_abstract_type(here) else ()
            for field_ in getattr(here, "fields", {}).values():
                inner = get_named_type(field_.type)
                if _is_list(field_.type) and not is_leaf_type(inner):
                    return True
                ahead.append(inner)
        return False


def _times_of(node: FieldNode, names: tuple[str, ...], otherwise: int) -> Times:
    given, variables = 0, []
    for argument in node.arguments or ():
        if argument.name.value in names:
            value = argument.value
            if isinstance(value, VariableNode):
                variables.append(value.name.value)
            elif isinstance(value, ListValueNode):
                given = max(given, min(len(value.values), LARGEST_SIZE))
            elif isinstance(value, IntValueNode):
                # Of its many digits the first ones say enough.
                given = max(given, size_of(int(value.value[:10])))
            elif not isinstance(value, NullValueNode):
                given = max(given, 1)
    return Times(given, tuple(variables), otherwise)


def _variables_in(term: Term) -> set[str]:
    found: set[str] = set()
    for times, below in term.parts:
        found.update(times.variables)
        found |= _variables_in(below)
    return found


def _is_list(type_: Any) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
