"""The cost of an operation: what it counts, and that counting it is work linear in the document."""

from typing import Any

import pytest
from graphql import parse

from bench.operations import FOLLOW, INBOX, PAGE, SEND
from core.settings import Settings
from graph.costs import Pricing
from graph.guard import Guard, choose_operation
from graph.roots import schema

EVERYTHING = Guard(schema._schema, Settings(_env_file=None, max_cost=10**9, cost_budget=0))


def cost(query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> int:
    """The cost of a valid operation."""
    checked = EVERYTHING.check(query)
    assert checked.document is not None
    assert not checked.errors, checked.errors
    return checked.cost_of(choose_operation(checked.document, name)).of(variables)


CONVERSATIONS = "{ conversations%s { edges { node { id } } pageInfo { endCursor } } }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", 1),
        ("{ viewer { id unreadMessageCount } }", 2),
        ("{ a: viewer { id } b: viewer { id } }", 3),
        ("{ viewer { a: unreadMessageCount b: unreadMessageCount } }", 1 + 1 + 2),
        (CONVERSATIONS % "", 1 + 1 + 20 * 2),
        (CONVERSATIONS % "(first: 7)", 1 + 1 + 7 * 2),
        (CONVERSATIONS % "(last: 100)", 1 + 1 + 100 * 2),
        (CONVERSATIONS % "(first: null)", 1 + 1 + 20 * 2),
        (CONVERSATIONS % "(first: -5)", 1 + 1 + 20 * 2),
        (CONVERSATIONS % "(first: 1000000000)", 1 + 1 + 100 * 2),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 1 + 3),
        ('{ nodes(ids: "a") { id } }', 1 + 1),
        ('{ conversation(id: "a") { participants { user { id } } } }', 1 + 1 + 2 * 2),
        ('{ conversation(id: "a") { messages(first: 3) { edges { node { sender { id } } } } } }', 1 + 2 + 3 * 3),
        ("{ conversations(first: 4) { edges { node { messages(last: 5) { edges { cursor } } } } } }", 2 + 4 * (3 + 5)),
        ("{ conversations(first: 9) { edges { node { participants { id } } } } }", 1 + 1 + 9 * (2 + 2)),
        (
            '{ conversation(id: "a") { participants { lastReadMessage { conversation { participants { id } } } } } }',
            1 + 1 + 2 * (3 + 51),
        ),
        (
            'query { conversation(id: "a") { participants { ...P } } } '
            "fragment P on Participant { lastReadMessage { conversation { participants { id } } } }",
            1 + 1 + 2 * (3 + 51),
        ),
        ("{ messageTemplates { id } }", 1 + 100),
        (
            '{ conversation(id: "a") { messages(first: 3) { edges { node { reactions { users { id } } } } } } }',
            2 + 1 + 3 * (2 + 2 * 3),
        ),
        ("{ viewer @skip(if: true) { id } }", 2),
        ('{ node(id: "a") { ... on Message { sender { id } } ... on Conversation { subject { id } } } }', 1 + 1 + 2),
        ("{ __schema { types { fields { name type { name } } } } viewer { id } }", 1 + 1 + 1),
    ],
)
def test_objects_are_counted_as_often_as_a_page_can_hold_them(query: str, expected: int) -> None:
    assert cost(query) == expected


def test_what_clients_really_ask_is_cheap() -> None:
    assert cost(PAGE, {"id": "a", "last": 50}) == 1 + 2 + 50 * (3 + 2)
    assert cost(INBOX, {"first": 20}) == 1 + 1 + 20 * 6
    assert cost(SEND, {"input": {}}) <= 10
    assert cost(FOLLOW, {"id": "a"}) <= 10


@pytest.mark.parametrize(
    ("given", "size"),
    [
        *((7, 7), (None, 20), (10**30, 100), (50.0, 50), ("many", 1), (["a"], 1)),
        *((-1, 20), (0, 20), (True, 20), ({}, 20), (2.5, 20), (float("inf"), 20)),
    ],
)
def test_a_variable_sizes_a_page(given: Any, size: int) -> None:
    """Wrong ones never come so far as to be read; the cost only must not fail on them."""
    query = "query($n: Int) { conversations(first: $n) { edges { cursor } } }"
    assert cost(query, {"n": given}) == 1 + 1 + size
    assert cost(query, {}) == cost(query) == 1 + 1 + 20


def test_a_variable_that_is_not_given_is_its_default() -> None:
    query = "query($n: Int = 3) { conversations(first: $n) { edges { cursor } } }"
    assert [cost(query), cost(query, {"n": 9}), cost(query, {"n": None})] == [2 + 3, 2 + 9, 2 + 20]


def test_of_two_ends_the_one_that_is_given_counts() -> None:
    query = "query($a: Int, $b: Int) { conversations(first: $a, last: $b) { edges { cursor } } }"
    assert [cost(query, {"a": 2}), cost(query, {"b": 3}), cost(query)] == [2 + 2, 2 + 3, 2 + 20]


def test_ids_in_a_variable_are_counted() -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [cost(query, {"ids": ["a"] * 5}), cost(query, {"ids": "a"})] == [1 + 5, 1 + 1]


def test_a_page_cannot_be_hidden_in_fragments() -> None:
    plain = "{ conversations(first: 9) { edges { node { messages(first: 9) { edges { cursor } } } } } }"
    hidden = (
        "{ conversations(first: 9) { ...C } } "
        "fragment C on ConversationConnection { ... { edges { ...E } } } "
        "fragment E on ConversationEdge { node { messages(first: 9) { ...M } } } "
        "fragment M on MessageConnection { edges { cursor } }"
    )
    assert cost(hidden) == cost(plain)


def test_each_use_of_a_fragment_counts_with_the_variables_of_its_operation() -> None:
    query = (
        "query A($n: Int = 2) { ...F ...F } query B($n: Int!) { ...F } query C { viewer { id } } "
        "fragment F on Query { conversations(first: $n) { edges { cursor } } }"
    )
    assert cost(query, None, "A") == 1 + 2 * (1 + 2)
    assert cost(query, {"n": 50}, "B") == 1 + 1 + 50
    assert cost(query, {"n": 50}, "C") == 2


def test_a_hundred_sets_of_sizes_are_each_counted_right() -> None:
    edges = "{ edges { cursor } }"
    query = f"query($a: Int, $b: Int) {{ one: conversations(first: $a) {edges} two: users(last: $b) {edges} }}"
    for a in range(1, 101, 3):
        for b in range(1, 101, 7):
            assert cost(query, {"a": a, "b": b}) == 1 + 1 + a + 1 + b


def test_each_node_is_looked_at_once_however_fragments_nest() -> None:
    levels = 14
    names = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    text = " ".join(["{ viewer { ...F0 } }", *names, f"fragment F{levels} on Viewer {{ id }}"])
    document = parse(text)
    pricing = Pricing(schema._schema, document)
    pricing.of(choose_operation(document, None))
    assert pricing.visited == 1 + 1 + 2 * levels + 1
