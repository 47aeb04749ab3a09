"""Queries by GET: not taken unless a setting says so, and then queries alone, by who is signed in."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest

from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.documents.asking import hash_of
from tests.http.wire import GRAPHQL, JSON, code_of, errors_of

ME = "{ viewer { user { externalId } } }"
BY_ID = "query($id: ID!) { conversation(id: $id) { id } }"


@pytest.fixture
async def people(make_house: OpenHouse) -> AsyncIterator[People]:
    """The cast at a server that takes queries by GET."""
    async with make_house(get_queries="on") as house, People(house) as cast:
        yield cast


async def get(person: Person, parameters: str, **headers: str) -> httpx.Response:
    """A GET with these very parameters."""
    return await person.http.get(f"{person.house.url}/graphql?{parameters}", headers={**person.headers, **headers})


def of(query: str, **more: object) -> str:
    """The parameters of a query; what is no text becomes JSON."""
    values = {"query": query, **{name: one if isinstance(one, str) else json.dumps(one) for name, one in more.items()}}
    return "&".join(f"{name}={quote(value)}" for name, value in values.items())


async def test_a_query_is_answered_as_by_post(ann: Person) -> None:
    for accept in (JSON, GRAPHQL):
        response = await get(ann, of(ME), Accept=accept)
        assert response.json() == {"data": {"viewer": {"user": {"externalId": "ann"}}}, "extensions": {"cost": 3}}
        assert response.headers["content-type"].startswith(accept)
        assert response.headers["cache-control"] == "no-store"


async def test_variables_names_and_hashes_come_in_the_address(ann: Person, cy: Person, host: Person) -> None:
    await acts.list_thing(host)
    thread = await acts.open_about(ann)
    for person, found in ((ann, {"id": thread}), (cy, None)):
        response = await get(person, of(BY_ID, variables={"id": thread}))
        assert response.json()["data"] == {"conversation": found}
    chosen = await get(ann, of("query A { a: __typename } query B { b: __typename }", operationName="B"))
    assert chosen.json()["data"] == {"b": "Query"}
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(ME)}}
    assert code_of(await get(ann, of("", extensions=persisted))) == "PERSISTED_QUERY_NOT_FOUND"
    assert "data" in (await get(ann, of(ME, extensions=persisted))).json()
    assert "data" in (await get(ann, of("", extensions=persisted))).json()


async def test_nothing_is_changed_by_get(ann: Person, bob: Person, host: Person) -> None:
    await acts.list_thing(host)
    thread = await acts.open_about(ann)
    fields = {"conversationId": thread, "body": "By GET", "clientMessageId": "1"}
    send = "mutation B($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }"
    for query in (send, "query A { __typename } " + send):
        response = await get(ann, of(query, variables={"input": fields}, operationName="B"))
        assert (response.status_code, response.headers["allow"], code_of(response)) == (405, "POST", "BAD_REQUEST")
    assert await acts.bodies(bob, thread) == []


async def test_who_is_not_signed_in_gets_nothing(ann: Person) -> None:
    response = await ann.http.get(f"{ann.house.url}/graphql?{of(ME)}")
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "query=",
        "query=%FF",
        "query=%7B+a+%7D&query=%7B+a+%7D",
        of(ME, variables="{"),
        of(ME, variables="[]"),
        of(ME, variables="7"),
        of(ME, variables='{"a": 1, "a": 2}'),
        of(ME, variables='{"a": NaN}'),
        of(ME, variables="[" * 5000),
        of(ME, extensions="x"),
        of("subscription { inbox { __typename } }"),
        "&".join(f"p{number}=1" for number in range(30)),
        "\xff",
    ],
)
async def test_an_address_that_is_no_request_is_a_bad_request(ann: Person, parameters: str) -> None:
    response = await get(ann, parameters)
    assert (response.status_code, errors_of(response)[0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_no_other_method_is_taken(ann: Person, method: str) -> None:
    response = await ann.http.request(method, f"{ann.house.url}/graphql", headers=ann.headers)
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]


async def test_unless_it_is_allowed_it_is_refused_in_json(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as cast:
        response = await get(cast.ann, of(ME))
        assert (response.status_code, response.headers["allow"], code_of(response)) == (405, "POST", "BAD_REQUEST")
        assert "externalId" not in response.text
