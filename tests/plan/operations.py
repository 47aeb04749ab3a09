"""Generates valid operations from the schema: fields, fragments, aliases, directives, variables, and arguments that hit
and miss."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from tests.plan.market import Words

UNKNOWN = ("", "nonsense", "VXNlcjow", "Q29udmVyc2F0aW9uOjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw")
#: The lists that pages are of, where they are not lists of conversations.
LISTS = {
    "Query.users": "users",
    "Query.blockedUsers": "users",
    "Query.messagesWith": "messages",
    "Query.searchMessages": "search",
    "Conversation.messages": "messages",
    "Admin.reports": "reports",
    "Admin.auditLog": "audit",
}
SOUGHT = ("it", "it", "still there", '"is it" st*', "2", "desk", "HELLO", "*", "")
#: What a client sends when it means a variable to be left out.
OUT = object()


class Word(str):
    """A value that is written without quotes: an enum's."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the variables that go with it."""

    query: str
    variables: dict[str, Any]


@dataclass(slots=True)
class Generator:
    """Makes one operation of some chance."""

    schema: GraphQLSchema
    words: Words
    chance: Random
    budget: int = 60
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def operation(self) -> Operation:
        """A query."""
        root = self.schema.query_type
        assert root is not None
        selection = self.selection(root, self.chance.choice((3, 5, 7, 9)), root=True)
        head = f"query Q({', '.join(self.declared)})" if self.declared else self.chance.choice(("query", "query Q"))
        return Operation("\n".join([f"{head} {selection}", *self.fragments]), self.variables)

    def about(self, kind: str, name: str, arguments: dict[str, Any]) -> Operation:
        """An operation of one root field with these arguments, and a selection of some chance."""
        roots = {"query": self.schema.query_type, "mutation": self.schema.mutation_type}
        root = roots.get(kind, self.schema.subscription_type)
        assert root is not None
        definition = root.fields[name]
        given = [f"{key}: {self.spell(definition.args[key].type, value)}" for key, value in arguments.items()]
        inner = self.selection(_object(definition.type), self.chance.choice((3, 5, 7)))
        head = f"{kind} Q({', '.join(self.declared)})" if self.declared else kind
        field = f"{name}({', '.join(given)})" if given else name
        return Operation("\n".join([f"{head} {{ {field} {inner} }}", *self.fragments]), self.variables)

    def selection(self, type_: GraphQLObjectType | GraphQLAbstractType, depth: int, *, root: bool = False) -> str:
        """Some of a type's fields, in braces."""
        count = self.chance.choice((1, 2, 2, 3) if root else (1, 2, 3, 4, 6))
        parts = [self.part(type_, depth) for _ in range(count) if self.budget > 0]
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def part(self, type_: GraphQLObjectType | GraphQLAbstractType, depth: int) -> str:
        """A field, or a fragment with fields."""
        dice = self.chance.random()
        if isinstance(type_, GraphQLAbstractType) and dice < 0.7:
            some = self.chance.choice([*self.schema.get_possible_types(type_)])
            return self.fragment(some, depth)
        if dice < 0.85:
            return self.field(type_, depth)
        return self.fragment(type_, depth)

    def fragment(self, type_: GraphQLObjectType | GraphQLAbstractType, depth: int) -> str:
        """A fragment about a type, in its place or by a name."""
        condition = type_.name
        if isinstance(type_, GraphQLObjectType) and type_.interfaces and self.chance.random() < 0.1:
            type_ = type_.interfaces[0]
            condition = type_.name
        inner = self.selection(type_, depth)
        if self.chance.random() < 0.3:
            name = self.name("F")
            self.fragments.append(f"fragment {name} on {condition} {inner}")
            twice = f" ...{name}" if self.chance.random() < 0.2 else ""
            return f"...{name}{self.directives()}{twice}"
        return f"... on {condition}{self.directives()} {inner}"

    def field(self, type_: GraphQLObjectType | GraphQLAbstractType, depth: int) -> str:
        """A field, with what is below it."""
        self.budget -= 1
        fields: dict[str, GraphQLField] = getattr(type_, "fields", {})
        names = [name for name, one in fields.items() if depth > 1 or is_leaf_type(get_named_type(one.type))]
        if not names or self.chance.random() < 0.04:
            return "__typename"
        name = self.chance.choice(names)
        definition = fields[name]
        # What has arguments, and what may be called alike in another type, gets a name of its own in the answer.
        is_own = bool(definition.args) or self.chance.random() < 0.15 or name in ("body", "kind", "state", "title")
        alias = f"{self.name('a')}: " if is_own else ""
        arguments = self.arguments(type_.name, name, definition)
        text = f"{alias}{name}{arguments}{self.directives()}"
        if is_leaf_type(get_named_type(definition.type)):
            return text
        return f"{text} {self.selection(_object(definition.type), depth - 1)}"

    def directives(self) -> str:
        """Sometimes a condition."""
        if self.chance.random() > 0.08:
            return ""
        value = self.chance.random() < 0.8
        name = self.chance.choice(("skip", "include"))
        wanted = value if name == "include" else not value
        return f" @{name}(if: {self.spell(GraphQLNonNull(_type(self.schema, 'Boolean')), wanted)})"

    def arguments(self, parent: str, name: str, definition: GraphQLField) -> str:
        """Some of the arguments, those that are needed always."""
        given = []
        chosen = [key for key, one in definition.args.items() if _is_needed(one) or self.chance.random() < 0.4]
        if "first" in chosen and "last" in chosen and self.chance.random() < 0.9:
            chosen.remove(self.chance.choice(("first", "last")))
        if (parent, name) == ("Admin", "auditLog"):
            # Its end is never the same twice, for each look is in it.
            chosen = [key for key in chosen if key not in ("last", "before")]
            chosen += [] if "first" in chosen else ["first"]
        for key in chosen:
            type_ = definition.args[key].type
            given.append(f"{key}: {self.spell(type_, self.value(type_, f'{parent}.{name}.{key}'))}")
        return f"({', '.join(given)})" if given else ""

    def value(self, type_: GraphQLInputType, place: str) -> Any:
        """A value for a place, mostly one that means something there."""
        if isinstance(type_, GraphQLNonNull):
            return self.value(type_.of_type, place)
        if self.chance.random() < 0.06 and not place.endswith("[]"):
            return None
        if isinstance(type_, GraphQLList):
            return [self.value(type_.of_type, f"{place}[]") for _ in range(self.chance.choice((0, 1, 2, 3, 5)))]
        if isinstance(type_, GraphQLInputObjectType):
            fields = type_.fields
            keys = [key for key in fields if self.chance.random() < 0.4 or isinstance(fields[key].type, GraphQLNonNull)]
            return {key: self.value(type_.fields[key].type, f"{type_.name}.{key}") for key in keys}
        if isinstance(type_, GraphQLEnumType):
            return Word(self.chance.choice([*type_.values]))
        return self.scalar(get_named_type(type_).name, place)

    def scalar(self, type_: str, place: str) -> Any:
        """A number, a truth or a text."""
        if type_ == "Int":
            return self.chance.choice(
                (1, 1, 2, 2, 3, 3, 5, 20, 100, *((0, 101, -1) if self.chance.random() < 0.1 else ()))
            )
        if type_ == "Boolean":
            return self.chance.random() < 0.5
        if self.chance.random() < 0.05:
            return self.chance.choice(UNKNOWN)
        return self.chance.choice(self.texts(place))

    def texts(self, place: str) -> Sequence[str]:
        """Texts that mean something in a place."""
        ids, cursors = self.words.ids, self.words.cursors
        key = place.rsplit(".", 1)[1].removesuffix("[]")
        if key in ("after", "before"):
            return cursors[LISTS.get(place.rsplit(".", 1)[0], "conversations")]
        if place == "Query.searchMessages.query":
            return SOUGHT
        if place in ("Query.conversation.id", "Admin.conversation.id"):
            return ids["Conversation"]
        if key in ("id", "ids"):
            return ids[self.chance.choice([*ids])]
        known = {
            "around": ids["Message"],
            "withUserId": ids["User"],
            "userId": ids["User"],
            "participantId": ids["User"],
            "conversationId": ids["Conversation"],
            "kind": ("listing", "booking"),
            "subjectKind": ("listing", "booking"),
            "externalId": ("bike-0", "bike-2", "desk-1", "booking-1"),
            "role": ("seller", "buyer"),
            "name": ("name", "thing"),
            "value": ("Bob", " ", "x" * 3000),
            "query": ("bi", "B", "ann", "DEE", "%", ""),
        }
        return ("ann", "bob", "cy", "dee") if place == "Query.user.externalId" else known[key]

    def spell(self, type_: GraphQLInputType, value: Any) -> str:
        """A value in the document, or a variable that has it."""
        if self.chance.random() > 0.4:
            return _written(value)
        name = self.name("v")
        wrong = self.chance.random() < 0.01
        default = f" = {_written(value)}" if value is not None and self.chance.random() < 0.3 else ""
        self.declared.append(f"${name}: {type_}{default}")
        if not default or self.chance.random() < 0.3:
            self.variables[name] = {"is": "wrong"} if wrong else value
        return f"${name}"

    def name(self, letter: str) -> str:
        """A name that was not used yet."""
        self.names += 1
        return f"{letter}{self.names}"


def _is_needed(argument: GraphQLArgument) -> bool:
    return isinstance(argument.type, GraphQLNonNull)


def _object(type_: GraphQLOutputType) -> GraphQLObjectType | GraphQLAbstractType:
    named = get_named_type(type_)
    assert isinstance(named, GraphQLObjectType | GraphQLAbstractType)
    return named


def _type(schema: GraphQLSchema, name: str) -> Any:
    return schema.type_map[name]


def _written(value: Any) -> str:
    """A value as GraphQL writes it."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value)
