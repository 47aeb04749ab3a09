"""What is no frame of the protocol closes the socket with a code that says so, and touches nobody else's."""

import json

from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.socket.wire import WHO, Wire, greeted, open_wire

NO_FRAMES = [
    "",
    "hello",
    "{",
    "[]",
    "null",
    "5",
    '"connection_init"',
    "{}",
    '{"type": 5}',
    '{"type": null}',
    '{"type": ["ping"]}',
    '{"type": "start", "id": "1", "payload": {}}',
    '{"type": "next", "id": "1", "payload": {}}',
    '{"type": "connection_ack"}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "payload": {"query": "{ viewer { id } }"}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ viewer { id } }"}}',
    '{"type": "subscribe", "id": 5, "payload": {"query": "{ viewer { id } }"}}',
    '{"type": "subscribe", "id": null, "payload": {"query": "{ viewer { id } }"}}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": "{ viewer { id } }"}',
    '{"type": "subscribe", "id": "1", "payload": [1]}',
    json.dumps({"type": "subscribe", "id": "1" * 201, "payload": {"query": WHO}}),
    '{"type": "complete"}',
    '{"type": "complete", "id": 7}',
    '{"type": "ping", "payload": 5}',
    '{"type": "ping", "payload": "x"}',
    '{"type": "pong", "payload": []}',
    "[" * 100_000,
    '{"type": "ping", "payload": {"n": ' + "9" * 5000 + "}}",
]


async def test_what_is_no_frame_closes_the_socket(ann: Person) -> None:
    async with greeted(ann) as other:
        for text in NO_FRAMES:
            async with greeted(ann) as wire:
                await wire.socket.send(text)
                code, reason = await wire.ending()
                assert (code, bool(reason)) == (4400, True), text[:80]
        assert await other.is_open()


async def test_before_the_greeting_too(house: House) -> None:
    for text in ("", "{}", "[]", '{"type": "hello"}', '{"type": "connection_init", "payload": 5}'):
        async with open_wire(house) as wire:
            await wire.socket.send(text)
            assert (await wire.ending())[0] == 4400, text


async def test_a_binary_frame_closes_the_socket(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.socket.send(json.dumps({"type": "ping"}).encode())
        assert (await wire.ending())[0] == 4400


async def test_a_frame_in_pieces_is_one_frame(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.socket.send(['{"type": ', '"ping"', "}"])
        assert await wire.hear() == {"type": "pong"}


async def test_a_ping_is_answered_with_its_payload(ann: Person) -> None:
    """Before and after the greeting."""
    payloads: list[dict[str, object] | None] = [None, {}, {"a": [1, {"b": "ü"}]}]
    async with open_wire(ann.house) as wire:
        for payload in payloads:
            await expect_pong(wire, payload)
        await wire.say(type="connection_init", payload=ann.headers)
        assert await wire.hear() == {"type": "connection_ack"}
        for payload in payloads:
            await expect_pong(wire, payload)


async def expect_pong(wire: Wire, payload: dict[str, object] | None) -> None:
    """A ping is answered in kind."""
    more = {} if payload is None else {"payload": payload}
    await wire.say(type="ping", **more)
    assert await wire.hear() == {"type": "pong", **more}


async def test_a_pong_is_not_answered(ann: Person) -> None:
    """The next thing heard is the answer to the ping that came after it."""
    async with greeted(ann) as wire:
        await wire.say(type="pong")
        await wire.say(type="pong", payload={"a": 1})
        assert await wire.is_open()


async def test_half_characters_come_back_as_they_were(ann: Person) -> None:
    """In a ping, and as the id of an operation: odd, but a client's own affair."""
    async with greeted(ann) as wire:
        await wire.socket.send('{"type": "ping", "payload": {"half": "\\ud800"}}')
        assert await wire.hear() == {"type": "pong", "payload": {"half": "\ud800"}}
        await wire.socket.send('{"type": "subscribe", "id": "\\ud83d", "payload": {"query": "{ __typename }"}}')
        payload = {"data": {"__typename": "Query"}, "extensions": {"cost": 1}}
        assert await wire.hear() == {"id": "\ud83d", "type": "next", "payload": payload}
        assert await wire.hear() == {"id": "\ud83d", "type": "complete"}


async def test_numbers_beyond_64_bits_come_back_as_they_were(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.say(type="ping", payload={"n": 2**70})
        assert await wire.hear() == {"type": "pong", "payload": {"n": 2**70}}


async def test_a_frame_that_is_too_large_closes_the_socket(make_house: OpenHouse) -> None:
    async with make_house(max_frame=2048) as house, People(house) as cast, greeted(cast.ann) as other:
        async with greeted(cast.ann) as wire:
            await wire.say(type="ping", payload={"large": "x" * 1900})
            assert (await wire.hear())["type"] == "pong"
            await wire.say(type="ping", payload={"large": "x" * 2048})
            assert (await wire.ending())[0] == 1009
        assert await other.is_open()


async def test_too_many_frames_close_the_socket(make_house: OpenHouse) -> None:
    """The greeting is one of them."""
    async with make_house(socket_messages="5 per hour") as house, People(house) as cast, greeted(cast.ann) as other:
        async with greeted(cast.ann) as wire:
            for _ in range(4):
                assert await wire.is_open()
            await wire.say(type="ping")
            assert (await wire.ending())[0] == 1008
        assert await other.is_open()


async def test_answers_are_text(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.subscribe("1", WHO)
        assert isinstance(await wire.socket.recv(), str)
