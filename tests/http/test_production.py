"""What production hides: the schema, what was meant, the pages, what is inside, and versions."""

import re
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from tests import acts
from tests.client import NO_TLS, People
from tests.conftest import OpenHouse
from tests.house import House
from tests.http.wire import errors_of, post, post_query
from tests.socket.wire import greeted
from tests.storage import lost


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server in production."""
    async with make_house(env="production") as running:
        yield running


#: Each is nearly something that there is.
TYPOS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("{ viewe { id } }", {}),
    ("{ viewer { i } }", {}),
    ("{ viewer { id } } fragment F on Use { id }", {}),
    ("{ conversations(firs: 3) { edges { cursor } } }", {}),
    ("{ conversations(filter: {state: OPN}) { edges { cursor } } }", {}),
    ("{ conversations(filter: {stat: OPEN}) { edges { cursor } } }", {}),
    ("{ viewer { id @skp(if: true) } }", {}),
    ("query($f: ConversationFiltr) { conversations(filter: $f) { edges { cursor } } }", {"f": {}}),
    ("query($f: ConversationFilter) { conversations(filter: $f) { edges { cursor } } }", {"f": {"state": "OPN"}}),
    ("query($f: ConversationFilter) { conversations(filter: $f) { edges { cursor } } }", {"f": {"stat": "OPEN"}}),
    ("subscription($i: ID!) { typing(conversationI: $i) { isTyping } }", {"i": "a"}),
)


async def test_nobody_is_told_what_they_may_have_meant(people: People) -> None:
    async with greeted(people.cy) as wire:
        for query, variables in TYPOS:
            response = await post_query(people.cy, query, **variables)
            assert errors_of(response), query
            assert "Did you mean" not in response.text, query
            await wire.subscribe("1", query, **variables)
            frame = await wire.hear()
            assert frame["type"] == "error", query
            assert "Did you mean" not in str(frame), query


async def test_development_helps(make_house: OpenHouse) -> None:
    async with make_house() as open_house, People(open_house) as people:
        told = [(await post_query(people.ann, query, **variables)).text for query, variables in TYPOS[:-1]]
        assert sum("Did you mean" in text for text in told) > 7


async def test_the_schema_is_not_told(people: People) -> None:
    for query in (
        get_introspection_query(),
        '{ __type(name: "User") { name } }',
        "{ ...F } fragment F on Query { viewer { id } s: __schema { __typename } }",
    ):
        response = await post_query(people.ann, query)
        codes = {error["extensions"]["code"] for error in errors_of(response)}
        assert codes == {"GRAPHQL_VALIDATION_FAILED"}
        assert "data" not in response.json()
        async with people.ann.connect() as line:
            assert await (await line.subscribe(query)).ended() == "GRAPHQL_VALIDATION_FAILED"
    assert (await people.ann.ask("{ __typename }")) == "Query"


async def test_there_are_no_pages_and_no_openapi(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        for path in ("/graphiql", "/graphiql/", "/docs", "/redoc", "/openapi.json", "/schema.graphql", "/metrics"):
            assert (await http.get(house.url + path)).status_code == 404, path
        page = await http.get(f"{house.url}/graphql", headers={"Accept": "text/html"})
        assert page.status_code == 405


async def test_a_fault_tells_an_id_and_nothing_else(house: House, people: People) -> None:
    async with lost(house, "messages"):
        response = await post_query(people.ann, acts.OPEN, input={"userExternalId": "bob"})
        response = await post_query(people.ann, "{ viewer { unreadMessageCount } }")
    [error] = errors_of(response)
    assert error["extensions"].keys() == {"code", "id"}
    assert re.fullmatch("[0-9a-f]{12}", error["extensions"]["id"])
    assert error["message"] == "Something went wrong on our side."
    for word in ("sql", "SELECT", "messages", "Error"):
        assert word not in response.text


async def test_no_answer_names_a_version(house: House, people: People) -> None:
    versions = {version(name) for name in ("palaver", "strawberry-graphql", "graphql-core", "uvicorn", "fastapi")}
    answers = [await post_query(people.ann, query) for query in ("{ viewer { id } }", "{ x }", "{")]
    answers.append(await post(people.ann, b"nonsense"))
    paths = ("/", "/graphql", "/healthz", "/readyz", "/files/a/b/1/c/d")
    answers.extend([await people.http.get(house.url + path) for path in paths])
    for response in answers:
        told = f"{response.headers} {response.text}"
        assert not [one for one in versions if one in told], told
        assert not [word for word in ("starlette", "strawberry", "python", "fastapi") if word in told.lower()], told
