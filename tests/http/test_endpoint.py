"""GraphQL over HTTP: media types, statuses, and which request is answered at all."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from structlog.testing import capture_logs

from tests.client import NO_TLS, People, Person
from tests.conftest import OpenHouse
from tests.http.wire import GRAPHQL, JSON, code_of, dial, errors_of, post, post_query
from tests.standing import standing_house

house = standing_house()
ME = "{ viewer { user { externalId } } }"
TWO = "query A { viewer { user { externalId } } } query B { viewer { id } }"
SEND = 'mutation { markRead(input: {conversationId: "x"}) { errors { code } } }'


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("Application/JSON; charset=utf-8", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{JSON};q=0.1, {GRAPHQL};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        (f"{GRAPHQL}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", GRAPHQL),
        (f"multipart/mixed;deferSpec=20220824,{GRAPHQL},{JSON};q=0.9", GRAPHQL),
        (f"text/html, {JSON};q=nonsense, */*;q=0.1", JSON),
    ],
)
async def test_the_answer_is_in_the_media_type_that_the_client_prefers(ann: Person, accept: str, wanted: str) -> None:
    response = await post_query(ann, ME, {"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{wanted}; charset=utf-8"
    assert response.json()["data"] == {"viewer": {"user": {"externalId": "ann"}}}


@pytest.mark.parametrize("accept", ["text/html", "application/xml", f"{JSON};q=0", "text/*, image/png;q=0.5"])
async def test_a_client_that_takes_no_json_is_told_so(ann: Person, accept: str) -> None:
    response = await post_query(ann, ME, {"Accept": accept})
    assert (response.status_code, code_of(response)) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ viewer {", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nobody }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { conversation(id: $id) { id } }", {}, "BAD_USER_INPUT"),
        ("{ viewer { user { name } } }".replace("name", " ".join(f"a{n}: name" for n in range(31))), {}, "TOO_COMPLEX"),
    ],
)
async def test_the_older_media_type_says_200_to_what_is_well_formed_and_the_newer_400(
    ann: Person, query: str, variables: dict[str, str], code: str
) -> None:
    for accept, status in ((JSON, 200), ("*/*", 200), (GRAPHQL, 400)):
        response = await post_query(ann, query, {"Accept": accept}, **variables)
        assert (response.status_code, code_of(response)) == (status, code)
        assert "data" not in response.json()


async def test_an_error_within_an_answer_is_200_in_both_media_types(ann: Person) -> None:
    query = '{ viewer { id } conversations(after: "nonsense") { edges { cursor } } }'
    for accept in (JSON, GRAPHQL):
        response = await post_query(ann, query, {"Accept": accept})
        assert (response.status_code, code_of(response)) == (200, "INVALID_CURSOR")
        assert response.json()["data"] is None


async def test_an_operation_is_chosen_by_its_name(ann: Person) -> None:
    response = await post(ann, json.dumps({"query": TWO, "operationName": "A"}).encode())
    assert response.json()["data"] == {"viewer": {"user": {"externalId": "ann"}}}


@pytest.mark.parametrize("name", [None, "", "C", "a"])
async def test_an_operation_that_is_not_named_or_not_there_is_a_bad_request(ann: Person, name: str | None) -> None:
    response = await post(ann, json.dumps({"query": TWO, "operationName": name}).encode())
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_a_document_without_an_operation_is_refused(ann: Person) -> None:
    response = await post_query(ann, "fragment F on Viewer { id }")
    assert response.status_code in (200, 400)
    assert errors_of(response)


async def test_what_the_specification_leaves_open_may_stand_beside_the_query(ann: Person) -> None:
    body = {"query": ME, "operationName": None, "variables": None, "extensions": {"any": "thing"}, "id": 7}
    assert (await post(ann, json.dumps(body).encode())).json()["data"]["viewer"]["user"]["externalId"] == "ann"


@pytest.mark.parametrize("batch", [[], [{"query": ME}], [{"query": ME}, {"query": SEND}]])
async def test_a_batch_is_refused(ann: Person, batch: list[dict[str, str]]) -> None:
    response = await post(ann, json.dumps(batch).encode())
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_a_subscription_is_sent_to_the_socket(ann: Person) -> None:
    response = await post_query(ann, "subscription { inbox { __typename } }")
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])
async def test_a_body_is_json_however_its_type_is_written(ann: Person, kind: str) -> None:
    assert "data" in (await post_query(ann, ME, {"Content-Type": kind})).json()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/graphql", "application/x-www-form-urlencoded", "json", "\xff"]
)
async def test_a_body_of_another_type_is_refused_so_that_no_plain_form_can_send_one(ann: Person, kind: str) -> None:
    sent = [*ann.headers.items(), ("Content-Type", kind)]
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    response = await ann.http.post(f"{ann.house.url}/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert (response.status_code, code_of(response)) == (415, "BAD_REQUEST")


async def test_operations_are_not_taken_by_get(ann: Person) -> None:
    response = await ann.http.get(f"{ann.house.url}/graphql", params={"query": ME}, headers=ann.headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert "externalId" not in response.text


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE"])
async def test_no_other_method_is_taken(ann: Person, method: str) -> None:
    response = await ann.http.request(method, f"{ann.house.url}/graphql", headers=ann.headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_a_browser_that_looks_at_the_endpoint_is_led_to_graphiql_in_development(ann: Person) -> None:
    response = await ann.http.get(f"{ann.house.url}/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql/")


async def test_there_is_no_graphiql_in_production(make_house: OpenHouse) -> None:
    async with make_house(env="production") as house, httpx.AsyncClient(verify=NO_TLS) as http:
        response = await http.get(f"{house.url}/graphql", headers={"Accept": "text/html"})
        assert response.status_code == 405
        assert (await http.get(f"{house.url}/graphiql/")).status_code == 404


def padded(size: int) -> bytes:
    """A good request of exactly so many bytes."""
    body = json.dumps({"query": ME}).encode()
    return body + b" " * (size - len(body))


async def in_parts(body: bytes) -> AsyncIterator[bytes]:
    """A body whose length nobody says."""
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


async def test_a_body_may_have_the_size_of_the_setting_and_no_byte_more(make_house: OpenHouse) -> None:
    async with make_house(max_body=5000) as house, People(house) as people:
        assert (await post(people.ann, padded(5000))).status_code == 200
        assert (await post(people.ann, in_parts(padded(5000)))).status_code == 200
        for body in (padded(5001), in_parts(padded(5001)), in_parts(padded(50_000))):
            response = await post(people.ann, body)
            assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_never_ends_is_refused_before_its_end(make_house: OpenHouse) -> None:
    async with make_house(max_body=5000) as house, People(house) as people, dial(house, people.ann) as wire:
        await wire.begin("Content-Type: application/json", "Transfer-Encoding: chunked")
        await wire.write_chunks([b" " * 1000] * 6, ends=False)
        answer = await wire.answer()
        assert (answer.status, answer.body["errors"][0]["extensions"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_comes_too_slowly_is_given_up(make_house: OpenHouse) -> None:
    async with make_house(body_seconds=0.2) as house, People(house) as people, dial(house, people.ann) as wire:
        await wire.begin("Content-Type: application/json", "Content-Length: 1000")
        await wire.write(b'{"query":')
        answer = await wire.answer()
        assert (answer.status, answer.body["errors"][0]["extensions"]["code"]) == (408, "TIMEOUT")


async def test_a_client_that_leaves_in_the_middle_of_its_body_harms_nobody(make_house: OpenHouse) -> None:
    with capture_logs() as logs:
        async with make_house() as house, People(house) as people:
            async with dial(house, people.ann) as wire:
                await wire.begin("Content-Type: application/json", "Content-Length: 1000")
                await wire.write(b'{"query":')
            assert (await people.bob.ask(ME))["user"]["externalId"] == "bob"
    assert logs == []


async def test_a_token_is_asked_for_before_the_body_is_read(people: People) -> None:
    nobody = people.person("nobody", seconds=-60)
    async with dial(people.house, nobody) as wire:
        await wire.begin("Content-Type: application/json", "Content-Length: 1000")
        answer = await wire.answer()
        assert (answer.status, answer.body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
