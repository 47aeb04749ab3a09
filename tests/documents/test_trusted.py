"""A server that runs registered documents and nothing else, whichever way it comes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.plan.plans import REMEMBERED
from tests import acts
from tests.client import NO_TLS, People
from tests.conftest import OpenHouse
from tests.documents.asking import WAYS, answer, by_hash, code, hash_of, persisted, with_text
from tests.http.wire import post
from tests.legs import Home
from tests.live.asks import cursor_of
from tests.metrics.scraping import watch
from tests.served import serve
from tests.socket.wire import WHO, greeted
from tests.uploads import PREFLIGHT, UPLOAD, Part, form_of, places, send_form

by_each_way = pytest.mark.parametrize("way", WAYS)
SPY = "{ users(first: 1) { edges { node { name } } } }"
TWO = "query A { a: __typename } query B { b: __typename }"
TEXTS = (
    *(WHO, TWO, UPLOAD, acts.UPSERT_SUBJECT, acts.OPEN, acts.SEND, acts.MESSAGES, acts.MESSAGE_ADDED),
    "query($id: ID!) { conversation(id: $id) { cursor } }",
)
#: What the manifest calls them: hashes of another kind than clients of automatic persisted queries make.
IDS = {text: f"id-{number}" for number, text in enumerate(TEXTS)}
ANN = {"data": {"viewer": {"user": {"externalId": "ann"}}}}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """What is registered."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({name: text for text, name in IDS.items()}), "utf-8")
    return path


@pytest.fixture
async def people(make_house: OpenHouse, manifest: Path) -> AsyncIterator[People]:
    """The cast at a server that runs what is registered."""
    async with make_house(trusted_documents=manifest) as house, People(house) as cast:
        yield cast


@pytest.fixture
async def thread(people: People) -> str:
    """A conversation of Ann's with Bob, by what is registered."""
    await acts.list_thing(people.host)
    return await acts.open_about(people.ann)


def names_of(text: str) -> list[dict[str, Any]]:
    """Every way to name a registered document."""
    name = IDS[text]
    return [
        {"documentId": name},
        {"documentId": f"sha256:{hash_of(text)}"},
        {"extensions": persisted(name)},
        {"extensions": persisted(hash_of(text))},
    ]


@by_each_way
async def test_a_registered_document_runs_by_its_name_its_hash_and_its_text(way: str, people: People) -> None:
    for named in names_of(WHO):
        assert await answer(way, people.ann, named) == ANN
        assert await answer(way, people.ann, {"query": "", **named}) == ANN
        assert await answer(way, people.ann, {"query": WHO, **named}) == ANN
    assert await answer(way, people.ann, {"query": WHO}) == ANN


@by_each_way
async def test_any_other_text_is_refused_before_it_is_looked_at(way: str, people: People) -> None:
    for query in (SPY, WHO + " ", WHO.replace(" ", "  ", 1), "{", "{ nobody }", "{ __schema { queryType { name } } }"):
        assert await code(way, people.ann, {"query": query}) == "DOCUMENT_NOT_TRUSTED"
        assert await code(way, people.host, {"query": query}) == "DOCUMENT_NOT_TRUSTED"


@by_each_way
async def test_a_text_does_not_run_by_its_own_hash_and_is_not_kept(way: str, people: People) -> None:
    for _ in range(2):
        assert await code(way, people.ann, with_text(SPY)) == "DOCUMENT_NOT_TRUSTED"
        assert await code(way, people.ann, by_hash(SPY)) == "DOCUMENT_NOT_TRUSTED"


@by_each_way
async def test_a_text_does_not_run_under_the_name_of_a_registered_one(way: str, people: People) -> None:
    for named in names_of(WHO):
        assert await code(way, people.ann, {"query": SPY, **named}) == "DOCUMENT_NOT_TRUSTED"
        assert await code(way, people.ann, {"query": TWO, "operationName": "A", **named}) == "DOCUMENT_NOT_TRUSTED"


@by_each_way
@pytest.mark.parametrize("name", ["id-x", "ID-0", "id-0 ", "sha256:id", "x" * 200, hash_of(SPY), hash_of(WHO).upper()])
async def test_a_name_that_is_not_registered_is_refused(way: str, name: str, people: People) -> None:
    for named in ({"documentId": name}, {"extensions": persisted(name)}):
        assert await code(way, people.ann, named) == "DOCUMENT_NOT_TRUSTED"
        assert await code(way, people.ann, {"query": WHO, **named}) == "DOCUMENT_NOT_TRUSTED"


@by_each_way
async def test_a_malformed_name_is_a_bad_request_here_too(way: str, people: People) -> None:
    for named in ({"documentId": 5}, {"documentId": ""}, {"extensions": persisted(5)}, {"extensions": persisted([])}):
        assert await code(way, people.ann, {"query": WHO, **named}) == "BAD_REQUEST"
    both = {"documentId": IDS[WHO], "extensions": persisted(hash_of(WHO))}
    assert await code(way, people.ann, both) == "BAD_REQUEST"


@by_each_way
async def test_an_operation_of_a_registered_document_is_chosen_by_name(way: str, people: People) -> None:
    named = {"documentId": IDS[TWO]}
    assert await answer(way, people.ann, {**named, "operationName": "B"}) == {"data": {"b": "Query"}}
    assert await code(way, people.ann, {**named, "operationName": "C"}) == "BAD_REQUEST"
    assert await code(way, people.ann, named) == "BAD_REQUEST"


@by_each_way
async def test_the_stranger_is_refused_what_is_registered_as_ever(way: str, people: People, thread: str) -> None:
    await acts.send(people.ann, thread, "Not for Cy")
    request = {"documentId": IDS[acts.MESSAGES], "variables": {"id": thread, "first": 5}}
    assert await answer(way, people.cy, request) == {"data": {"conversation": None}}
    seen = (await answer(way, people.bob, request))["data"]["conversation"]["messages"]["edges"]
    assert [edge["node"]["body"] for edge in seen] == ["Not for Cy"]


async def test_a_subscription_is_followed_by_its_name_and_no_other_is(people: People, thread: str) -> None:
    start = await cursor_of(people.bob, thread)
    variables = {"id": thread, "after": start}
    async with greeted(people.bob) as wire, greeted(people.cy) as strange:
        await wire.say(type="subscribe", id="0", payload={"query": "subscription { inbox { cursor } }"})
        assert await wire.error_code("0") == "DOCUMENT_NOT_TRUSTED"
        request = {"documentId": IDS[acts.MESSAGE_ADDED], "variables": variables}
        await wire.say(type="subscribe", id="1", payload=request)
        await acts.send(people.ann, thread, "Live")
        heard = await wire.hear()
        assert heard["payload"]["data"]["messageAdded"]["message"]["body"] == "Live"
        await strange.say(type="subscribe", id="1", payload=request)
        assert await strange.error_code("1") == "NOT_FOUND"


async def test_no_other_operation_comes_with_an_upload(people: People) -> None:
    async def upload(**request: Any) -> Any:
        operations = Part("operations", json.dumps({"variables": {"input": {"file": None}}, **request}).encode())
        response = await send_form(people.ann, form_of(operations, places(), Part("0", b"words", "a.txt")), PREFLIGHT)
        return response.json()

    assert (await upload(documentId=IDS[UPLOAD]))["data"]["uploadAttachment"]["errors"] == []
    for request in ({"query": UPLOAD + " "}, by_hash(UPLOAD + " "), with_text(UPLOAD + " ")):
        told = await upload(**{**request, "variables": {"input": {"file": None}}})
        assert [error["extensions"]["code"] for error in told["errors"]] == ["DOCUMENT_NOT_TRUSTED"]


async def test_nothing_runs_by_get(people: People) -> None:
    for given in ({"query": WHO}, {"query": SPY}, {"documentId": IDS[WHO]}):
        response = await people.http.get(f"{people.house.url}/graphql", params=given, headers=people.ann.headers)
        assert response.status_code == 405


async def test_there_is_no_page_to_explore_what_cannot_be_asked(people: People) -> None:
    assert (await people.http.get(f"{people.house.url}/graphiql/")).status_code == 404
    page = await people.http.get(f"{people.house.url}/graphql", headers={"Accept": "text/html"})
    assert page.status_code == 405


async def test_many_other_documents_push_out_nothing(people: People) -> None:
    """More than the guard and the plans remember of what anybody sends."""
    assert await answer("http", people.ann, {"documentId": IDS[WHO]}) == ANN
    counts = await watch(people.house)
    async with greeted(people.ann) as wire:
        for number in range(REMEMBERED + 50):
            body = json.dumps(with_text(f"query Q{number} {{ viewer {{ id }} }}")).encode()
            if number % 40:
                await post(people.ann, body)
            else:
                await wire.say(type="subscribe", id=str(number), payload=json.loads(body))
                assert await wire.error_code(str(number)) == "DOCUMENT_NOT_TRUSTED"
    for named in names_of(WHO):
        assert await answer("http", people.ann, named) == ANN
    assert await counts.moved("palaver_documents") == 0
    assert await counts.moved("palaver_documents_named_total", outcome="miss") == REMEMBERED + 50
    assert await counts.moved("palaver_documents_named_total", outcome="hit") == 4
    assert await counts.moved("palaver_documents_named_total", outcome="stored") == 0


async def test_no_document_is_in_the_log(home: Home, manifest: Path) -> None:
    secret = "query VerySecret { viewer { id } }"
    server = serve(home, PALAVER_LOG_LEVEL="debug", PALAVER_TRUSTED_DOCUMENTS=str(manifest))
    async with server as served, httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
        ann = served.person(http, "ann", name="Ann")
        for request in (with_text(secret), by_hash(secret), {"query": secret}, *names_of(WHO)):
            for way in WAYS:
                await answer(way, ann, request)
        output = served.output
    assert "serving" in output
    assert "VerySecret" not in output
    assert "externalId" not in output
