"""Refusals by code, operations by outcome, sockets by what ended them."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
import websockets
from prometheus_client import CollectorRegistry

from graph.frames import CODES
from graph.meters import OTHER, TOLD, Meters
from graph.metrics import report
from tests import acts
from tests.client import People, Person, raw_socket
from tests.conftest import OpenHouse
from tests.http.wire import post, post_query
from tests.listings import about
from tests.live.asks import listening
from tests.metrics.scraping import read, watch
from tests.socket.wire import WHO, greeted, open_wire
from tests.storage import locked, lost
from tests.uploads import refusal_of
from tests.waiting import until

PAGE = "query($after: String, $n: Int) { conversations(after: $after, first: $n) { edges { cursor } } }"
UPSERT = "mutation($input: UpsertUserInput!) { upsertUser(input: $input) { errors { code } } }"
CLOSE = {"kind": "listing", "externalId": "bike-1", "state": "CLOSED"}
#: What Ann asks, and the code that it is refused with.
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("{", {}, "GRAPHQL_PARSE_FAILED"),
    ("{ nobody }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("query A { viewer { id } } query B { viewer { id } }", {}, "BAD_REQUEST"),
    (UPSERT, {"input": {"externalId": "dee"}}, "FORBIDDEN"),
    (PAGE, {"n": "many"}, "BAD_USER_INPUT"),
    (PAGE, {"n": 0}, "BAD_USER_INPUT"),
    (PAGE, {"after": "nonsense"}, "INVALID_CURSOR"),
    ("{ viewer { " + " ".join(f"a{number}: id" for number in range(40)) + " } }", {}, "TOO_COMPLEX"),
]


@pytest.mark.parametrize(("query", "variables", "code"), WRONG, ids=range(len(WRONG)))
async def test_a_top_level_error_is_counted_where_it_was_told(
    ann: Person, query: str, variables: dict[str, Any], code: str
) -> None:
    counts = await watch(ann.house)
    assert await ann.code(query, **variables) == code
    assert await counts.moved("palaver_refusals_total", told="http", code=code) == 1
    async with greeted(ann) as wire:
        await wire.subscribe("1", query, **variables)
        frame = await wire.hear()
        told = frame["payload"] if frame["type"] == "error" else frame["payload"]["errors"]
        assert [error["extensions"]["code"] for error in told] == [code]
    assert await counts.moved("palaver_refusals_total", told="socket", code=code) == 1
    assert await counts.moved("palaver_refusals_total") == 2


async def test_each_of_several_errors_is_counted(ann: Person) -> None:
    counts = await watch(ann.house)
    await ann.answer("{ nobody viewer { nothing } }")
    assert await counts.moved("palaver_refusals_total", code="GRAPHQL_VALIDATION_FAILED") == 2


async def test_what_the_endpoint_refuses_is_counted(make_house: OpenHouse) -> None:
    async with make_house(max_body=1024) as house, People(house) as people:
        ann = people.ann
        counts = await watch(house)
        await post(ann, b"x" * 2000)
        await post(ann, b"{}", {"Accept": "image/png"})
        await post(ann, b"{}", {"Content-Type": "text/plain"})
        await post(ann, b"{}", {"Authorization": "Bearer nonsense"})
        async with lost(house, "participants"):
            await post_query(ann, PAGE)
        moved = {code: await counts.moved("palaver_refusals_total", told="http", code=code) for code in TOLD["http"]}
        assert {code: count for code, count in moved.items() if count} == {
            "PAYLOAD_TOO_LARGE": 1,
            "BAD_REQUEST": 2,
            "UNAUTHENTICATED": 1,
            "INTERNAL": 1,
        }
        assert await counts.moved("palaver_operation_seconds_count", kind="query", outcome="errors") == 1


async def test_what_takes_too_long_is_counted(make_house: OpenHouse) -> None:
    async with make_house(operation_seconds=0.3) as house, People(house) as people:
        for person in (people.ann, people.bob):
            # They are written down when they come first, however often that takes too long.
            await until(partial(is_known, person))
        counts = await watch(house)
        async with locked(house):
            await post_query(people.ann, acts.OPEN, input={"userExternalId": "bob"})
        assert await counts.moved("palaver_refusals_total", told="http", code="TIMEOUT") == 1
        assert await counts.moved("palaver_operation_seconds_count", kind="mutation", outcome="timeout") == 1


async def is_known(person: Person) -> bool:
    """Are they answered in time?"""
    return "errors" not in await person.answer(WHO)


async def test_a_stream_that_is_refused_is_counted(people: People, thread: str) -> None:
    counts = await watch(people.house)
    async with people.cy.follow(acts.MESSAGE_ADDED, id=thread) as stream:
        assert await stream.ended() == "NOT_FOUND"
    async with people.ann.follow(acts.MESSAGE_ADDED, id=thread, after="x") as stream:
        assert await stream.ended() == "INVALID_CURSOR"
    assert await counts.moved("palaver_refusals_total", told="socket", code="NOT_FOUND") == 1
    assert await counts.moved("palaver_refusals_total", told="socket", code="INVALID_CURSOR") == 1
    assert await counts.stands("palaver_deliveries_total")


async def test_too_many_operations_on_a_socket_are_counted(make_house: OpenHouse) -> None:
    async with make_house(max_operations_per_socket=1) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        async with people.ann.connect() as line:
            await line.subscribe(acts.MESSAGE_ADDED, id=thread)
            await listening(house, 1)
            counts = await watch(house)
            assert await (await line.subscribe(WHO)).ended() == "RATE_LIMITED"
            assert await counts.moved("palaver_refusals_total", told="socket", code="RATE_LIMITED") == 1


async def test_refusals_in_payloads_are_counted(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", sends="2 per hour", max_file=2000) as house, People(house) as people:
        ann = people.ann
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        counts = await watch(house)

        async def send(body: str, key: str = "key", where: str = thread) -> str | None:
            return await ann.code(acts.SEND, input={"conversationId": where, "body": body, "clientMessageId": key})

        refused: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
            ("INVALID", lambda: send(" ")),
            ("TOO_LONG", lambda: send("x" * 4001)),
            ("NOT_FOUND", lambda: send("x", where="nowhere")),
            ("CONTACT_REFUSED", lambda: people.bob.code(acts.OPEN, input=about())),
            ("IDEMPOTENCY_CONFLICT", lambda: send("another")),
            ("RATE_LIMITED", lambda: send("third", "3")),
            ("CONVERSATION_CLOSED", lambda: send("fourth", "4")),
        ]
        assert await send("first") is None
        assert await send("second", "2") is None
        for code, act in refused:
            if code == "CONVERSATION_CLOSED":
                await people.host.ask(acts.UPSERT_SUBJECT, input=CLOSE)
            assert await act() == code
            assert await counts.moved("palaver_refusals_total", told="payload", code=code) == 1
        assert await refusal_of(ann, b"x" * 3000) == "TOO_LARGE"
        assert await counts.moved("palaver_refusals_total", told="payload") == len(refused) + 1
        assert await counts.moved("palaver_refusals_total") == len(refused) + 1
        # What was refused in a payload was answered: the operation went well.
        assert await counts.moved("palaver_operation_seconds_count", outcome="errors") == 0


def test_there_is_a_series_for_every_code_and_one_for_all_others() -> None:
    registry = CollectorRegistry()
    meters = Meters(registry, [])
    for told, codes in TOLD.items():
        for code in codes:
            meters.count_refusal(told, code)
        meters.count_refusal(told, "SOMETHING_NEW")
        meters.count_refusal(told, "SOMETHING_ELSE")
    found = read(report(registry).decode())
    for told, codes in TOLD.items():
        assert {code: found.of("palaver_refusals_total", told=told, code=code) for code in codes} == dict.fromkeys(
            codes, 1
        )
        assert found.of("palaver_refusals_total", told=told, code=OTHER) == 2


async def test_operations_are_counted_by_kind_wherever_they_come_from(ann: Person, thread: str) -> None:
    counts = await watch(ann.house)
    await ann.ask(WHO)
    await acts.send(ann, thread, "Hello")
    async with greeted(ann) as wire:
        await wire.subscribe("1", WHO)
        await wire.hear()
    assert await counts.moved("palaver_operation_seconds_count", kind="query", outcome="ok") == 2
    assert await counts.moved("palaver_operation_seconds_count", kind="mutation", outcome="ok") == 1
    assert await counts.moved("palaver_operation_seconds_count") == 3
    assert 0 < await counts.moved("palaver_operation_seconds_sum") < 60


async def test_sockets_are_counted_by_what_ended_them(people: People) -> None:
    """Clients may give any number of thousands: those that mean nothing here are counted together."""
    house, ann = people.house, people.ann
    counts = await watch(house)
    async with open_wire(house, subprotocols=None) as wire:
        assert (await wire.ending())[0] == 4406
    async with open_wire(house) as wire:
        await wire.say(type="subscribe", id="1", payload={"query": WHO})
        assert (await wire.ending())[0] == 4401
    async with open_wire(house) as wire:
        await wire.say(type="connection_init", payload={"Authorization": "Bearer nonsense"})
        assert (await wire.ending())[0] == 4403
    async with greeted(ann) as wire:
        await wire.say(type="nonsense")
        assert (await wire.ending())[0] == 4400
    for number in (1000, 1001, 4999, 3000):
        async with greeted(ann) as wire:
            await wire.socket.close(number)
    async with greeted(ann) as wire:
        wire.socket.transport.abort()
    for code, count in {"4406": 1, "4401": 1, "4403": 1, "4400": 1, "1000": 1, "1001": 1, OTHER: 2, "1005": 1}.items():
        await counts.moves("palaver_sockets_closed_total", count, code=code)
    assert await counts.moved("palaver_sockets_closed_total") == 9
    assert await counts.moved("palaver_sockets_opened_total") == 6


async def test_a_socket_that_takes_nothing_is_counted_as_such(make_house: OpenHouse) -> None:
    long = "\N{BICYCLE}" * 4000
    async with make_house(socket_stall_seconds=0.2) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        counts = await watch(house)
        async with raw_socket(house, ping_interval=None, max_queue=1) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": people.bob.headers}))
            await socket.recv()
            socket.transport.pause_reading()
            for number in range(40):
                payload = {"query": acts.MESSAGE_ADDED, "variables": {"id": thread}}
                await socket.send(json.dumps({"type": "subscribe", "id": str(number), "payload": payload}))
            await listening(house, 40)
            while not await counts.moved("palaver_sockets_closed_total"):
                await acts.send(people.ann, thread, long)
            socket.transport.abort()
        assert await counts.moved("palaver_sockets_closed_total", code="1013") == 1
        assert await counts.moved("palaver_sockets_closed_total") == 1


async def test_a_page_of_another_origin_is_counted_as_turned_away(make_house: OpenHouse) -> None:
    async with make_house(allowed_origins=["https://market.example"]) as house:
        counts = await watch(house)
        with pytest.raises(websockets.InvalidStatus):
            async with raw_socket(house, origin="https://elsewhere.example"):
                pass
        assert await counts.moved("palaver_sockets_closed_total", code="1008") == 1


def test_codes_that_end_sockets_are_numbers_of_the_protocol() -> None:
    assert all(1000 <= code < 5000 for code in CODES)
    assert len(set(CODES)) == len(CODES)
