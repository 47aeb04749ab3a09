"""What a document must be before it is executed: parsed, of a bounded shape, valid. Remembered by its text, in a cache
that nobody can empty by sending ever new ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)
from graphql.language import Node, Visitor, visit

from core.fair_cache import FairCache
from core.settings import Settings
from graph.costs import Cost, Pricing
from graph.errors import BAD_REQUEST, PARSE_FAILED, TOO_COMPLEX, VALIDATION_FAILED, problem, too_dear
from graph.lines import Text, count_lines
from graph.merging import Merging
from graph.shapes import Measure

REMEMBERED = 1000
LONGEST_REMEMBERED = 20_000
#: Characters of all that are remembered. What was parsed takes up to 200 times as many bytes.
REMEMBERED_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be executed, or why not."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    #: What each of its operations costs, by their names.
    costs: Mapping[str | None, Cost] = field(default_factory=dict)

    def cost_of(self, operation: OperationDefinitionNode) -> Cost:
        """What one of its operations costs."""
        return self.costs[operation.name.value if operation.name else None]


class Guard:
    """Checks documents against the schema and the settings' limits."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._schema = schema
        self._settings = settings
        hidden = (NoSchemaIntrospectionCustomRule,) if settings.is_production else ()
        # Fields that cannot be merged are looked for afterwards, in less work.
        self._rules = (*(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule), *hidden)
        self._known: FairCache[str, Checked] = FairCache(REMEMBERED, REMEMBERED_CHARACTERS)

    def __len__(self) -> int:
        return len(self._known)

    def knows(self, text: str) -> bool:
        """Is it remembered what a text is?"""
        return text in self._known

    def check(self, text: str, person: str = "") -> Checked:
        """The document of a text that a person asks for, or the errors that it is answered with."""
        known = self._known.get(text, person)
        if known is not None:
            return known
        checked = self.examine(text)
        if len(text) <= LONGEST_REMEMBERED:
            self._known.put(text, checked, len(text), person)
        return checked

    def examine(self, text: str) -> Checked:
        """The same, and nothing is remembered."""
        if len(text) > (most := self._settings.max_document):
            return Checked(None, (_beyond("characters", f"The document has more than {most} characters."),))
        if count_lines(text) > (most := self._settings.max_lines):
            return Checked(None, (_beyond("lines", f"The document has more than {most} lines."),))
        try:
            document = parse(Text(text), max_tokens=self._settings.max_tokens)
            excess = self._excess(document)
        except GraphQLError as error:
            return Checked(None, (self._unread(error),))
        except RecursionError:  # Parsing bounds how deep each fragment nests, not how deep they nest together.
            return Checked(None, (_too_deep(),))
        if excess is not None:
            return Checked(None, (excess,))
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._settings.max_validation_errors,
            hide_suggestions=self._settings.is_production,
        )
        if not errors and (conflict := Merging(self._schema, document).conflict()):
            errors = [conflict]
        if errors:  # When there are more, graphql-core tells one beyond the most: that it has looked for no others.
            told = errors[: self._settings.max_validation_errors]
            return Checked(document, tuple(_with_code(error, VALIDATION_FAILED) for error in told))
        return self._priced(document)

    def _unread(self, error: GraphQLError) -> GraphQLError:
        """The refusal of a document that was not read to its end: it is no GraphQL, or too much of it."""
        if error.message.endswith(f"more than {self._settings.max_tokens} tokens. Parsing aborted."):
            return _beyond("tokens", f"The document has more than {self._settings.max_tokens} tokens.")
        if error.message == "Syntax Error: Document is nested too deeply. Parsing aborted.":
            return _too_deep()
        return _with_code(error, PARSE_FAILED)

    def _priced(self, document: DocumentNode) -> Checked:
        """A valid document with its costs; refused at once when one of them is too high whatever the variables are."""
        pricing = Pricing(self._schema, document)
        costs = {
            item.name.value if item.name else None: pricing.of(item)
            for item in document.definitions
            if isinstance(item, OperationDefinitionNode)
        }
        for cost in costs.values():
            if cost.is_fixed and (error := too_dear(cost.of(None), self._settings.max_cost)):
                return Checked(None, (error,))
        return Checked(document, (), costs)

    def _excess(self, document: DocumentNode) -> GraphQLError | None:
        """The refusal by the first limit that the document is beyond; None when it keeps all of them."""
        limits = self._settings
        if _count_directives(document) > limits.max_directives:
            return _beyond("directives", f"The document has more than {limits.max_directives} directives.")
        most = self._settings.max_operations
        if sum(isinstance(one, OperationDefinitionNode) for one in document.definitions) > most:
            return _beyond("operations", f"The document has more than {most} operations.")
        measure, together = Measure(document), 0
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                shape = measure.of(definition.selection_set)
                together += shape.fields + shape.variables
                if together > limits.max_tokens:  # Only fragments that are spread many times can make so many.
                    words = f"The operations have more than {limits.max_tokens} fields and uses of variables together."
                    return _beyond("fields", words)
                if shape.depth > limits.max_depth:
                    return _beyond("depth", f"The operation is deeper than {limits.max_depth}.")
                if shape.fields > limits.max_fields:
                    return _beyond("fields", f"The operation has more than {limits.max_fields} fields.")
                if shape.aliases > limits.max_aliases:
                    return _beyond("aliases", f"The operation has more than {limits.max_aliases} aliases.")
        return None


def _too_deep() -> GraphQLError:
    return _beyond("nesting", "The document is nested too deeply.")


def _beyond(limit: str, words: str) -> GraphQLError:
    return problem(TOO_COMPLEX, words, limit=limit)


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code}  # A copy would look for its place in the text once more.
    return error


class _Directives(Visitor):
    count = 0

    def enter_directive(self, *_: Node) -> None:
        """One more."""
        self.count += 1


def _count_directives(document: DocumentNode) -> int:
    counter = _Directives()
    visit(document, counter)
    return counter.count


def choose_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation to execute. BAD_REQUEST when the document does not say which, or there is none of that name."""
    operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
    if name is None:
        if len(operations) == 1:
            return operations[0]
        raise problem(BAD_REQUEST, "Say with `operationName` which operation to execute.")
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise problem(BAD_REQUEST, "There is no operation of this name in the document.")


def root_field_of(document: DocumentNode, operation: OperationDefinitionNode) -> str:
    """The name of a subscription's root field. Validation has seen to it that there is one, perhaps in a fragment."""
    fragments = {item.name.value: item for item in document.definitions if isinstance(item, FragmentDefinitionNode)}
    selections = operation.selection_set.selections
    while not isinstance(selections[0], FieldNode):
        first = selections[0]
        holder = fragments[first.name.value] if isinstance(first, FragmentSpreadNode) else first
        selections = cast("InlineFragmentNode", holder).selection_set.selections
    return selections[0].name.value
