"""An operation has a bounded shape: each limit of the settings, to the last one allowed and the first one refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from bench.guard import documents, shared
from core.limit_settings import LimitSettings
from core.settings import Settings
from graph.costs import Pricing
from graph.guard import Guard
from graph.merging import Merging
from graph.roots import schema
from graph.shapes import Measure
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.http.wire import code_of, errors_of, post_query
from tests.standing import standing_house

house = standing_house()
ME = "{ viewer { id } }"


@pytest.fixture
async def strict(make_house: OpenHouse) -> AsyncIterator[Person]:
    """Ann at a server with small limits."""
    limits = {"max_tokens": 400, "max_depth": 5, "max_aliases": 3, "max_fields": 20, "max_directives": 2}
    limits |= {"max_document": 3000, "max_lines": 450, "max_operations": 2, "max_variables": 100}
    async with make_house(**limits, max_validation_errors=3) as house, People(house) as people:
        yield people.ann


async def code(person: Person, query: str) -> str | None:
    """The code of an operation's only error; None when there is none."""
    response = await post_query(person, query)
    return code_of(response) if errors_of(response) else None


async def limit(person: Person, query: str) -> str:
    """The limit that an operation is beyond."""
    [error] = errors_of(await post_query(person, query))
    assert error["extensions"]["code"] == "TOO_COMPLEX"
    return str(error["extensions"]["limit"])


async def test_tokens_are_limited(strict: Person) -> None:
    def of(tokens: int) -> str:
        return "{ viewer { " + "id " * (tokens - 5) + "} }"

    assert await code(strict, of(20)) is None
    assert await limit(strict, of(401)) == "tokens"
    assert await limit(strict, "#\n" * 400 + ME) == "tokens"
    assert await limit(strict, of(400)) == "fields"  # It is read.


async def test_lines_operations_and_variables_are_limited_by_settings(strict: Person) -> None:
    assert await code(strict, "\n" * 449 + ME) is None
    assert await limit(strict, "\n" * 450 + ME) == "lines"
    one = "query A%d { viewer { id } } "
    answer = await post_query(strict, one % 1 + one % 2, operationName="A1")
    assert errors_of(answer)[0]["extensions"]["code"] != "TOO_COMPLEX"
    assert await limit(strict, one % 1 + one % 2 + one % 3) == "operations"
    many: dict[str, Any] = {str(number): number for number in range(101)}
    assert errors_of(await post_query(strict, ME, **many))[0]["extensions"]["limit"] == "variables"
    many.popitem()
    assert "errors" not in (await post_query(strict, ME, **many)).json()


async def test_characters_are_limited_before_anything_is_read(strict: Person) -> None:
    """Over HTTP and over a socket; a character may be several bytes."""
    for end in (" ", "🚲"):
        fits = f"{ME} #".ljust(3000, end)
        assert await code(strict, fits) is None
        assert await limit(strict, fits + end) == "characters"
        async with strict.connect() as line:
            assert await (await line.subscribe(fits + end)).ended() == "TOO_COMPLEX"
    assert await limit(strict, "{" * 3001) == "characters"


async def test_depth_is_limited_also_through_fragments(strict: Person) -> None:
    five = "{ conversations { edges { node { counterpart { id } } } } }"
    six = "{ conversations { edges { node { counterpart { user { id } } } } } }"
    assert await code(strict, five) is None
    assert await limit(strict, six) == "depth"
    hidden = "{ conversations { edges { ...E } } } fragment E on ConversationEdge { node { ...N } } "
    assert await code(strict, hidden + "fragment N on Conversation { counterpart { id } }") is None
    assert await code(strict, hidden + "fragment N on Conversation { counterpart { user { id } } }") == "TOO_COMPLEX"
    inline = "{ ... { ... { conversations { edges { ... { node { counterpart { ... { user { id } } } } } } } } } }"
    assert await code(strict, inline) == "TOO_COMPLEX"


async def test_a_fragment_cannot_hide_by_the_name_of_introspection(strict: Person) -> None:
    deep = "node { counterpart { user { id } } }"
    query = f"{{ conversations {{ edges {{ ...__schema }} }} }} fragment __schema on ConversationEdge {{ {deep} }}"
    assert await code(strict, query) == "TOO_COMPLEX"
    assert await code(strict, f"{{ __schema: conversations {{ edges {{ {deep} }} }} }}") == "TOO_COMPLEX"


async def test_introspection_is_as_deep_as_tools_ask(ann: Person) -> None:
    for query in (
        get_introspection_query(),
        get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True),
        get_introspection_query(input_value_deprecation=True),
    ):
        answer = await ann.ask(query)
        assert {"Query", "Mutation", "Subscription"} <= {type_["name"] for type_ in answer["types"]}


async def test_introspection_cannot_be_asked_without_end(ann: Person) -> None:
    inner = "name"
    for _ in range(40):
        inner = f"fields {{ type {{ {inner} }} }}"
    response = await post_query(ann, f'{{ __type(name: "Query") {{ {inner} }} }}')
    assert errors_of(response)


async def test_aliases_are_limited_also_through_fragments(strict: Person) -> None:
    assert await code(strict, "{ a: viewer { b: id c: id } }") is None
    assert await limit(strict, "{ a: viewer { b: id c: id d: id } }") == "aliases"
    twice = "{ viewer { ...A ...A } } fragment A on Viewer { b: id c: id }"
    assert await code(strict, twice) == "TOO_COMPLEX"


async def test_fields_are_limited_also_through_fragments_and_without_aliases(strict: Person) -> None:
    assert await code(strict, "{ viewer { " + "id " * 19 + "} }") is None
    assert await limit(strict, "{ viewer { " + "id " * 20 + "} }") == "fields"
    query = "{ viewer { ...F ...F } } fragment F on Viewer { %s }"
    assert await code(strict, query % ("id " * 9)) is None
    assert await code(strict, query % ("id " * 10)) == "TOO_COMPLEX"


async def test_directives_are_limited_wherever_they_stand(strict: Person) -> None:
    assert await code(strict, "{ viewer @skip(if: false) { id @include(if: true) } }") is None
    three = "{ viewer @skip(if: false) { id @include(if: true) ... @include(if: true) { id } } }"
    assert await limit(strict, three) == "directives"
    assert await code(strict, "query @a @b @c { viewer { id } }") == "TOO_COMPLEX"


async def test_each_of_several_operations_is_measured(strict: Person) -> None:
    query = "query Small { viewer { id } } query Large { viewer { " + "id " * 20 + "} }"
    body = {"query": query, "operationName": "Small"}
    response = await strict.http.post(f"{strict.house.url}/graphql", json=body, headers=strict.headers)
    assert code_of(response) == "TOO_COMPLEX"


async def test_only_the_first_validation_errors_are_told(strict: Person, ann: Person) -> None:
    query = "{ viewer { a b c d e f g h } }"
    for person, most in ((strict, 3), (ann, 5)):
        errors = errors_of(await post_query(person, query))
        assert len(errors) == most
        assert all("Cannot query field" in error["message"] for error in errors)
        assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


def bomb(levels: int) -> str:
    """A document of which each fragment is spread twice by the one before: 2 to the power of `levels` fields."""
    fragments = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return " ".join(["{ viewer { ...F0 } }", *fragments, f"fragment F{levels} on Viewer {{ id }}"])


def visited(text: str) -> int:
    """How many nodes are looked at to measure a document."""
    document = parse(text)
    measure = Measure(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measure.of(definition.selection_set)
    return measure.visited


def test_measuring_looks_at_each_node_of_a_document_once() -> None:
    for levels in (1, 10, 100, 200):
        # The field and the spread of the operation, two spreads for each fragment, the last fragment's field.
        assert visited(bomb(levels)) == 2 + 2 * levels + 1


@pytest.mark.parametrize("levels", [9, 30, 150])
async def test_a_bomb_of_fragments_is_refused(ann: Person, levels: int) -> None:
    assert await code(ann, bomb(levels)) == "TOO_COMPLEX"
    assert await code(ann, ME) is None


async def test_a_bomb_that_no_operation_spreads_is_refused_too(ann: Person) -> None:
    response = await post_query(ann, bomb(150).replace("...F0 }", "id }"))
    assert {error["extensions"]["code"] for error in errors_of(response)} == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { ...A } } fragment A on Viewer { ...A }",
        "{ viewer { ...A } } fragment A on Viewer { id ...B } fragment B on Viewer { ...A }",
        "{ viewer { ...A } } fragment A on Viewer { user { ...B } } fragment B on User { name ...C } "
        "fragment C on User { ...B }",
        "{ viewer { ...Nobody } }",
        "{ viewer { ...A } } fragment A on Nobody { id }",
    ],
)
async def test_a_fragment_that_holds_itself_or_does_not_exist_is_invalid(ann: Person, query: str) -> None:
    errors = errors_of(await post_query(ann, query))
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(("levels", "fragments"), [(190, 1), (100, 6), (60, 9), (20, 25), (1, 150)])
async def test_nesting_is_no_fault_however_it_is_spread_over_fragments(
    ann: Person, levels: int, fragments: int
) -> None:
    assert await code(ann, spread(levels, fragments)) == "TOO_COMPLEX"


def spread(levels: int, fragments: int) -> str:
    """Fragments one in another, each of so many levels."""
    text = "{ viewer { ...F0 } }"
    for number in range(fragments):
        inner = "id" if number == fragments - 1 else f"...F{number + 1}"
        text += f" fragment F{number} on Viewer {{ {'user { ' * levels} {inner} {'} ' * levels} }}"
    return text


async def test_a_fragment_and_all_together_may_nest_so_deeply(ann: Person) -> None:
    """The parser says no to the first, and the stack to what the parser lets pass."""
    one = "{ viewer { " + "user { " * 400 + "id " + "} " * 402
    value = "{ node(id: " + "[" * 400 + "]" * 400 + ") { id } }"
    assert [await limit(ann, text) for text in (one, value, spread(100, 6))] == ["nesting"] * 3


async def test_a_document_has_so_many_operations_and_no_more(ann: Person) -> None:
    """What they share is looked at for each of them."""
    most = LimitSettings.model_fields["max_operations"].default
    one = "query A%d { viewer { user { id } } } "
    many = "".join(one % number for number in range(most))
    wish = {"query": many, "operationName": "A1"}
    answer = await ann.http.post(ann.house.url + "/graphql", json=wish, headers=ann.headers)
    assert answer.json()["data"]["viewer"]["user"]["id"]
    assert await limit(ann, many + one % most) == "operations"


async def test_a_price_beyond_what_anybody_may_pay_is_told_by_its_limit(ann: Person) -> None:
    inner = "messages(first: 100) { edges { cursor } }"
    assert await limit(ann, f"{{ conversations(first: 100) {{ edges {{ node {{ {inner} }} }} }} }}") == "cost"


async def test_a_refused_document_is_refused_again_and_a_good_one_stays_good(ann: Person) -> None:
    for _ in range(3):
        assert await code(ann, bomb(20)) == "TOO_COMPLEX"
        assert await code(ann, "{ nobody }") == "GRAPHQL_VALIDATION_FAILED"
        assert await code(ann, "{ viewer") == "GRAPHQL_PARSE_FAILED"
        assert await code(ann, ME) is None


async def test_the_limits_hold_on_a_socket_as_well(ann: Person) -> None:
    async with ann.connect() as line:
        for query, expected in (
            (bomb(30), "TOO_COMPLEX"),
            ("subscription { inbox { " + "cursor " * 501 + "} }", "TOO_COMPLEX"),
            ("{ viewer { " + "id " * 2000 + "} }", "TOO_COMPLEX"),
        ):
            assert await (await line.subscribe(query)).ended() == expected
        answered = await line.subscribe(ME)
        assert json.dumps(await answered.next()).startswith('{"id"')


async def test_operations_cannot_multiply_one_fragment(ann: Person) -> None:
    """Each alone is small; all together they would be looked at for hundreds of milliseconds."""
    assert (
        await code(ann, shared("viewer { " + "id " * 450 + "}", 4) + " query Last { viewer { id } }") == "BAD_REQUEST"
    )
    assert await code(ann, shared("viewer { " + "id " * 450 + "}", 5)) == "TOO_COMPLEX"


async def test_operations_cannot_multiply_the_variables_of_one_fragment(ann: Person) -> None:
    """In lists, in objects and in directives."""
    for uses in ("nodes(ids: [%s]) { id }", "conversations(filter: {withUserId: [%s]}) { edges { cursor } }"):
        listed = uses % ("$v " * 700)
        assert await limit(ann, shared(listed, 3, "($v: ID!)")) == "fields"
        assert await code(ann, shared(listed, 2, "($v: ID!)")) != "TOO_COMPLEX"
    switched = "id @include(if: $v) " * 45
    assert await limit(ann, shared(f"viewer {{ {switched} }}", 25, "($v: Boolean!)")) == "fields"
    assert await code(ann, shared(f"viewer {{ {switched} }}", 20, "($v: Boolean!)")) == "BAD_REQUEST"


@pytest.mark.parametrize(("name", "text"), documents().items())
def test_the_worst_documents_are_looked_at_once(name: str, text: str) -> None:
    """Each node once by each measure, and no more comparisons than fields: whatever fragments nest in what."""
    most = Settings(_env_file=None).max_tokens
    document = parse(text)
    measure = Measure(document)
    operations = [item for item in document.definitions if isinstance(item, OperationDefinitionNode)]
    shapes = [measure.of(item.selection_set) for item in operations]
    assert measure.visited <= most
    checked = Guard(schema._schema, Settings(_env_file=None)).examine(text)
    if checked.document is None or checked.errors:
        return
    assert sum(shape.fields + shape.variables for shape in shapes) <= most
    pricing = Pricing(schema._schema, document)
    for item in operations:
        pricing.of(item)
    assert pricing.visited <= most
    merging = Merging(schema._schema, document)
    merging.conflict()
    assert merging.compared <= 2 * sum(shape.fields for shape in shapes) <= 2 * most
