"""Every code of the contract that a first-stage server gives: when, where in the answer, and in which shape."""

import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from core.cursors import decode_cursor, encode_cursor
from tests import acts
from tests.client import Answered, People, Person, StreamEnded
from tests.conftest import OpenHouse
from tests.http.wire import code_of, errors_of, post, post_query
from tests.storage import lost

VIEWER = "{ viewer { id } }"
CONVERSATIONS = "query($after: String, $n: Int) { conversations(after: $after, first: $n) { edges { node { id } } } }"
UPSERT = "mutation($input: UpsertUserInput!) { upsertUser(input: $input) { user { id } errors { code } } }"


async def test_a_parse_error_says_where(ann: Person) -> None:
    response = await post_query(ann, "{ viewer { id }\n  ]")
    assert code_of(response) == "GRAPHQL_PARSE_FAILED"
    assert errors_of(response)[0]["locations"] == [{"line": 2, "column": 3}]
    assert response.json().keys() == {"errors"}


async def test_each_validation_error_says_where(ann: Person) -> None:
    errors = errors_of(await post_query(ann, "{ nobody viewer { nothing } }"))
    assert [error["extensions"] for error in errors] == [{"code": "GRAPHQL_VALIDATION_FAILED"}] * 2
    assert [error["locations"] for error in errors] == [[{"line": 1, "column": 3}], [{"line": 1, "column": 19}]]


async def test_a_bad_request_says_what_is_wrong_with_it(ann: Person) -> None:
    response = await post(ann, json.dumps({"query": VIEWER, "variables": []}).encode())
    assert errors_of(response) == [{"message": "`variables` must be an object.", "extensions": {"code": "BAD_REQUEST"}}]


async def test_a_mutation_of_a_role_is_forbidden_as_a_whole(ann: Person, host: Person) -> None:
    fields = {"externalId": "dee", "name": "Dee"}
    response = await post_query(ann, UPSERT, input=fields)
    assert code_of(response) == "FORBIDDEN"
    assert errors_of(response)[0]["path"] == ["upsertUser"]
    assert response.json()["data"] is None
    assert (await host.ask(UPSERT, input=fields))["errors"] == []


async def test_a_subscription_to_what_one_may_not_see_is_not_found(cy: Person, ann: Person, thread: str) -> None:
    async with cy.follow(acts.MESSAGE_ADDED, id=thread) as stream:
        assert await stream.ended() == "NOT_FOUND"
    async with ann.follow(acts.MESSAGE_ADDED, id="no id at all") as stream:
        assert await stream.ended() == "NOT_FOUND"


async def test_a_wrong_variable_is_bad_user_input_before_anything_runs(ann: Person) -> None:
    response = await post_query(ann, CONVERSATIONS, n="many")
    assert code_of(response) == "BAD_USER_INPUT"
    assert response.json().keys() == {"errors"}


async def test_a_wrong_page_argument_is_bad_user_input_at_its_field(ann: Person) -> None:
    response = await post_query(ann, CONVERSATIONS, n=0)
    assert code_of(response) == "BAD_USER_INPUT"
    assert errors_of(response)[0]["path"] == ["conversations"]


async def test_a_malformed_cursor_and_one_of_another_list_are_invalid(ann: Person, thread: str) -> None:
    message = await acts.send(ann, thread, "hello")
    for cursor in ("nonsense", message["cursor"]):
        assert await ann.code(CONVERSATIONS, after=cursor) == "INVALID_CURSOR"


async def test_a_cursor_of_another_database_has_expired_and_a_fresh_one_is_given(ann: Person, thread: str) -> None:
    message = await acts.send(ann, thread, "hello")
    stranger = encode_cursor(replace(decode_cursor(message["cursor"]), epoch="0" * 16))
    async with ann.connect() as line:
        stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=stranger)
        with pytest.raises(StreamEnded) as end:
            await stream.next()
        assert end.value.code == "CURSOR_EXPIRED"
        again = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=end.value.errors[0]["extensions"]["cursor"])
        await acts.send(ann, thread, "after the fresh one")
        assert (await again.next())["message"]["body"] == "after the fresh one"
    response = await post_query(ann, acts.MESSAGES, id=thread, first=1, after=stranger)
    assert code_of(response) == "CURSOR_EXPIRED"


async def test_an_operation_beyond_a_limit_is_too_complex(ann: Person) -> None:
    response = await post_query(ann, "{ viewer { user { " + " ".join(f"a{n}: name" for n in range(31)) + " } } }")
    assert code_of(response) == "TOO_COMPLEX"
    assert response.json().keys() == {"errors"}


async def test_too_many_operations_on_one_socket_are_rate_limited_and_the_rest_go_on(
    make_house: OpenHouse,
) -> None:
    few = make_house(max_operations_per_socket=2)
    async with few as house, People(house) as people, people.ann.connect() as line:
        start = (await people.ann.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
        query = "subscription($after: String) { inbox(after: $after) { __typename } }"
        streams = [await line.subscribe(query, after=start) for _ in range(3)]
        assert await streams[2].ended() == "RATE_LIMITED"
        await acts.list_thing(people.host)
        await acts.open_about(people.ann)
        for stream in streams[:2]:
            assert await stream.next()


async def test_what_is_done_too_often_is_refused_in_the_payload(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", sends="1 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "once")
        again = {"conversationId": thread, "body": "twice", "clientMessageId": acts.key()}
        [error] = (await people.ann.ask(acts.SEND, input=again))["errors"]
        assert error["code"] == "RATE_LIMITED"
        assert 0 < error["retryAfterMs"] <= 3_600_000


async def test_a_fault_of_the_server_tells_nothing_but_an_id_that_the_log_has(people: People, thread: str) -> None:
    with capture_logs() as logs:
        async with lost(people.house, "participants"):
            response = await post_query(people.ann, CONVERSATIONS)
    assert (response.status_code, code_of(response)) == (200, "INTERNAL")
    [error] = errors_of(response)
    assert error["path"] == ["conversations"]
    assert error["message"] == "Something went wrong on our side."
    assert "participants" not in response.text
    [entry] = [entry for entry in logs if entry["log_level"] == "error"]
    assert entry["error_id"] == error["extensions"]["id"]
    assert "participants" in str(entry["exc_info"])
    assert await people.ann.code(CONVERSATIONS) is None


async def test_a_fault_before_the_operation_is_a_500_with_an_id_that_the_log_has(people: People) -> None:
    newcomer = people.person("newcomer", name="Newcomer")
    with capture_logs() as logs:
        async with lost(people.house, "users"):
            response = await post_query(newcomer, VIEWER)
    assert (response.status_code, code_of(response)) == (500, "INTERNAL")
    assert "users" not in response.text
    [entry] = [entry for entry in logs if entry["log_level"] == "error"]
    assert entry["error_id"] == errors_of(response)[0]["extensions"]["id"]
    assert (await post_query(newcomer, VIEWER)).status_code == 200


async def test_a_fault_in_the_middle_of_a_stream_tells_nothing_either(people: People, thread: str) -> None:
    with capture_logs() as logs:
        async with people.ann.follow(acts.MESSAGE_ADDED, id=thread) as stream:
            await acts.send(people.bob, thread, "hello")
            assert (await stream.next())["message"]["body"] == "hello"
            async with lost(people.house, "events"):
                people.house.palaver.hub.look_again(0)
                with pytest.raises((StreamEnded, Answered)) as end:
                    await stream.take(10)
    told = json.dumps(end.value.errors) if isinstance(end.value, StreamEnded) else str(end.value)
    [error] = json.loads(told)
    assert error["extensions"]["code"] == "INTERNAL"
    assert "events" not in told
    assert "SELECT" not in told
    assert error["extensions"]["id"] in [entry.get("error_id") for entry in logs]
    people.house.feeds.failures = 0  # One that rested in a feed has learned it there first.
