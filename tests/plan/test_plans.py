"""Which operations have a plan, how many are remembered, and what decides between two plans of one operation."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    parse,
)

from graph.fields import declared_of
from graph.plan.plans import REMEMBERED, VARIANTS, Plan, Plans
from graph.roots import row_types, schema
from tests.plan.both import Both
from tests.plan.market import Market

CONDITIONS = "query($a: Boolean!, $b: Boolean = true) { viewer { id @include(if: $a) user @skip(if: $b) { name } } }"
MANY = "query({}) {{ viewer {{ {} }} }}"


@pytest.fixture
def plans() -> Plans:
    """Nothing is compiled yet."""
    return Plans(schema, row_types)


def find(plans: Plans, query: str, **variables: Any) -> Plan | None:
    """The plan of a query that was not seen before."""
    document = parse(query)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return plans.find(document, operation, variables)


def reachable() -> Iterator[tuple[str, GraphQLField]]:
    """Every field that an operation can ask for, by its name."""
    roots = schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type
    seen: set[GraphQLNamedType] = set()
    waiting: list[GraphQLNamedType | None] = [*roots]
    while waiting:
        type_ = waiting.pop()
        if type_ is None or type_ in seen:
            continue
        seen.add(type_)
        if isinstance(type_, GraphQLAbstractType):
            waiting.extend(schema._schema.get_possible_types(type_))
        elif isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field
                waiting.append(get_named_type(field.type))


def test_every_field_says_where_its_value_comes_from() -> None:
    """One that does not would leave every operation that asks for it to graphql-core."""
    fields = dict(reachable())
    assert len(fields) > 130
    unsaid = [name for name, field in fields.items() if not declared_of(field.extensions["strawberry-definition"])]
    assert unsaid == []


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ viewer { id } __type(name: "User") { name } }',
    ],
)
def test_introspection_has_no_plan(plans: Plans, query: str) -> None:
    assert find(plans, query) is None


def test_wrong_variables_are_left_to_graphql_core(plans: Plans) -> None:
    """It says what is wrong with them."""
    assert find(plans, CONDITIONS, a="yes") is None
    assert find(plans, CONDITIONS) is None
    assert find(plans, CONDITIONS, a=True, b=None) is None
    assert find(plans, CONDITIONS, a=True) is not None


def test_an_operation_has_a_plan_for_each_set_of_its_conditions(plans: Plans) -> None:
    """And one for all other values."""
    document = parse(CONDITIONS)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    found = [
        plans.find(document, operation, {"a": a, "b": b})
        for a in (True, False)
        for b in (True, False)
        for _ in range(3)
    ]
    assert len({id(plan.level) for plan in found if plan}) == len(plans) == 4


def test_only_so_many_plans_of_one_operation_are_remembered(plans: Plans) -> None:
    """Whoever has a hundred conditions has each plan compiled again."""
    names = [f"v{number}" for number in range(6)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    document = parse(MANY.format(declared, " ".join(f"{name}: id @include(if: ${name})" for name in names)))
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    for number in range(2 ** len(names)):
        values = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        assert plans.find(document, operation, values) is not None
    assert len(plans) == VARIANTS


def test_only_so_many_operations_are_remembered(plans: Plans) -> None:
    """The one that was asked last stays."""
    document = parse("{ viewer { id } }")
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    first = plans.find(document, operation, None)
    for _ in range(REMEMBERED + 10):
        find(plans, "{ viewer { id } }")
        again = plans.find(document, operation, None)
        assert again is not None
        assert first is not None
        assert again.level is first.level
    assert len(plans) == REMEMBERED


async def test_a_plan_is_answered_in_the_order_of_the_selection(market: Market, both: Both) -> None:
    """As graphql-core answers: the names stand where they were first asked for."""
    query = "{ viewer { b: __typename user { name } a: id ... on Viewer { user { id } b: __typename } } }"
    answers = await both.answers(both.guard(), market.people.ann, query, {})
    assert answers is not None
    for answer in answers:
        assert [*answer["data"]["viewer"]] == ["b", "user", "a"]
        assert [*answer["data"]["viewer"]["user"]] == ["name", "id"]
    assert both.meters.answered == {"planned": 1}
