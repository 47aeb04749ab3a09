"""Automatic persisted queries, as clients do it: the hash, and the text when the server does not know it."""

import json
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.documents.asking import WAYS, answer, by_hash, code, code_in, hash_of, persisted, with_text
from tests.http.wire import GRAPHQL, post
from tests.live.asks import cursor_of
from tests.metrics.scraping import watch
from tests.socket.wire import WHO, greeted
from tests.uploads import PREFLIGHT, UPLOAD, Part, form_of, places, send_form

by_each_way = pytest.mark.parametrize("way", WAYS)
ANN = {"data": {"viewer": {"user": {"externalId": "ann"}}}}


@by_each_way
async def test_an_unknown_hash_is_told_so_that_the_client_sends_the_text(way: str, ann: Person) -> None:
    """Apollo Client looks for the code or the message, urql for the message."""
    told = await answer(way, ann, by_hash(WHO))
    assert told == {
        "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
    }
    assert await answer(way, ann, with_text(WHO)) == ANN
    assert await answer(way, ann, by_hash(WHO)) == ANN


@by_each_way
async def test_what_one_person_has_sent_everybody_can_name(way: str, people: People) -> None:
    other = WAYS[way == "http"]
    assert await answer(other, people.ann, with_text(WHO)) == ANN
    assert await answer(way, people.bob, by_hash(WHO)) == {"data": {"viewer": {"user": {"externalId": "bob"}}}}


@by_each_way
async def test_an_answer_by_hash_is_the_answer_by_text(way: str, people: People, thread: str) -> None:
    await acts.send(people.ann, thread, "Hello")
    for query, variables in ((acts.MESSAGES, {"id": thread, "first": 5}), (acts.MESSAGES, {"id": "x"}), (WHO, {})):
        by_text = await people.bob.answer(query, **variables)
        by_text.pop("extensions")
        assert await answer(way, people.bob, with_text(query, **variables)) == by_text
        assert await answer(way, people.bob, by_hash(query, **variables)) == by_text


@by_each_way
async def test_the_stranger_is_refused_by_hash_as_by_text(way: str, people: People, thread: str) -> None:
    await acts.send(people.ann, thread, "Not for Cy")
    await answer(way, people.ann, with_text(acts.MESSAGES, id=thread, first=5))
    await answer(way, people.ann, with_text(acts.SEND, input={}))
    assert await answer(way, people.cy, by_hash(acts.MESSAGES, id=thread, first=5)) == {"data": {"conversation": None}}
    fields = {"conversationId": thread, "body": "Hi", "clientMessageId": "cy-1"}
    told = await answer(way, people.cy, by_hash(acts.SEND, input=fields))
    assert [error["code"] for error in told["data"]["sendMessage"]["errors"]] == ["NOT_FOUND"]
    assert await acts.bodies(people.bob, thread) == ["Not for Cy"]


@by_each_way
async def test_a_message_by_hash_is_sent_once(way: str, people: People, thread: str) -> None:
    """Nothing is done while the hash is unknown, and a repeated send is one message."""
    fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "1"}
    assert await code(way, people.ann, by_hash(acts.SEND, input=fields)) == "PERSISTED_QUERY_NOT_FOUND"
    assert await acts.bodies(people.bob, thread) == []
    first = await answer(way, people.ann, with_text(acts.SEND, input=fields))
    assert await answer(way, people.ann, by_hash(acts.SEND, input=fields)) == first
    assert await acts.bodies(people.bob, thread) == ["Hello"]


async def test_a_subscription_is_followed_by_hash(people: People, thread: str) -> None:
    start = await cursor_of(people.bob, thread)
    async with greeted(people.bob) as wire, greeted(people.cy) as strange:
        ask = by_hash(acts.MESSAGE_ADDED, id=thread, after=start)
        await wire.say(type="subscribe", id="1", payload=ask)
        assert await wire.error_code("1") == "PERSISTED_QUERY_NOT_FOUND"
        await wire.say(type="subscribe", id="1", payload={"query": acts.MESSAGE_ADDED, **ask})
        await wire.say(type="subscribe", id="2", payload=ask)
        await acts.send(people.ann, thread, "Live")
        heard = [await wire.hear() for _ in range(2)]
        assert sorted(frame["id"] for frame in heard) == ["1", "2"]
        assert [frame["payload"]["data"]["messageAdded"]["message"]["body"] for frame in heard] == ["Live"] * 2
        await strange.say(type="subscribe", id="1", payload=ask)
        assert await strange.error_code("1") == "NOT_FOUND"


async def test_an_upload_goes_by_hash_too(ann: Person) -> None:
    async def upload(request: dict[str, Any]) -> dict[str, Any]:
        named = Part("operations", json.dumps(request).encode())
        response = await send_form(ann, form_of(named, places(), Part("0", b"words", "a.txt")), PREFLIGHT)
        told: dict[str, Any] = response.json()
        return told

    variables = {"input": {"file": None}}
    assert code_in(await upload(by_hash(UPLOAD, **variables))) == "PERSISTED_QUERY_NOT_FOUND"
    for request in (with_text(UPLOAD, **variables), by_hash(UPLOAD, **variables)):
        assert (await upload(request))["data"]["uploadAttachment"]["errors"] == []


@by_each_way
async def test_an_operation_of_several_is_chosen_by_name(way: str, ann: Person) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    await answer(way, ann, {**with_text(query), "operationName": "A"})
    assert await answer(way, ann, {**by_hash(query), "operationName": "B"}) == {"data": {"b": "Query"}}
    assert await code(way, ann, by_hash(query)) == "BAD_REQUEST"


@by_each_way
async def test_a_document_can_be_named_as_the_draft_of_graphql_over_http_does(way: str, ann: Person) -> None:
    named = {"documentId": f"sha256:{hash_of(WHO)}"}
    assert await code(way, ann, named) == "PERSISTED_QUERY_NOT_FOUND"
    assert await answer(way, ann, {"query": WHO, **named}) == ANN
    assert await answer(way, ann, named) == await answer(way, ann, by_hash(WHO)) == ANN


async def test_a_hash_is_not_taken_by_get(ann: Person) -> None:
    """Other sites can make a browser send a GET."""
    await answer("http", ann, with_text(WHO))
    given = {"extensions": json.dumps(persisted(hash_of(WHO)))}
    response = await ann.http.get(f"{ann.house.url}/graphql", params=given, headers=ann.headers)
    assert response.status_code == 405


async def test_the_status_of_a_refused_name_is_that_of_a_refused_document(ann: Person) -> None:
    """Clients of the older media type read errors from an answer with 200 only."""
    for request in (by_hash(WHO), {"query": "{ x }"}):
        body = json.dumps(request).encode()
        assert (await post(ann, body)).status_code == 200
        assert (await post(ann, body, {"Accept": GRAPHQL})).status_code == 400


@by_each_way
async def test_a_document_that_is_refused_is_not_kept(way: str, ann: Person) -> None:
    for query, expected in (("{ nobody }", "GRAPHQL_VALIDATION_FAILED"), ("{", "GRAPHQL_PARSE_FAILED")):
        assert await code(way, ann, with_text(query)) == expected
        assert await code(way, ann, by_hash(query)) == "PERSISTED_QUERY_NOT_FOUND"


@by_each_way
async def test_without_a_place_for_them_hashes_are_not_supported(way: str, make_house: OpenHouse) -> None:
    """What clients of either kind look for, to go on without hashes; a text that comes along is simply run."""
    async with make_house(persisted_queries=0) as house, People(house) as people:
        told = await answer(way, people.ann, by_hash(WHO))
        assert told["errors"] == [
            {"message": "PersistedQueryNotSupported", "extensions": {"code": "PERSISTED_QUERY_NOT_SUPPORTED"}}
        ]
        assert await answer(way, people.ann, with_text(WHO)) == ANN
        assert await code(way, people.ann, by_hash(WHO)) == "PERSISTED_QUERY_NOT_SUPPORTED"


@by_each_way
async def test_the_one_that_was_named_last_stays(way: str, make_house: OpenHouse) -> None:
    async with make_house(persisted_queries=2) as house, People(house) as people:
        first, second, third = ("{ viewer { id } }", "{ viewer { inboxCursor } }", WHO)
        for text in (first, second):
            await answer(way, people.ann, with_text(text))
        await answer(way, people.ann, by_hash(first))
        await answer(way, people.ann, with_text(third))
        assert await code(way, people.ann, by_hash(second)) == "PERSISTED_QUERY_NOT_FOUND"
        for text in (first, third):
            assert "errors" not in await answer(way, people.ann, by_hash(text))


@by_each_way
async def test_what_comes_of_names_is_counted(way: str, make_house: OpenHouse) -> None:
    async with make_house(persisted_queries=1) as house, People(house) as people:
        counts = await watch(house)
        await answer(way, people.ann, by_hash(WHO))
        await answer(way, people.ann, with_text(WHO))
        await answer(way, people.ann, by_hash(WHO))
        await answer(way, people.ann, by_hash(WHO))
        await answer(way, people.ann, with_text("{ viewer { id } }"))
        await people.ann.ask(WHO)
        expected = {"miss": 1, "stored": 2, "hit": 2, "pushed_out": 1}
        assert {
            outcome: await counts.moved("palaver_documents_named_total", outcome=outcome) for outcome in expected
        } == expected
        assert await counts.moved("palaver_documents") == 1
        assert await counts.moved("palaver_refusals_total", told=way, code="PERSISTED_QUERY_NOT_FOUND") == 1
