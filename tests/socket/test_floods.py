"""Every frame counts, also those that the protocol answers by itself, and before anybody has said who they are."""

import gc
import json
import logging
from contextlib import suppress

import pytest

from graph.transport import Protocol
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House
from tests.metrics.scraping import watch
from tests.socket.raw import CLOSE, CONTINUED, PING, PONG, TEXT, frame, open_raw
from tests.socket.wire import greeted
from tests.waiting import until

#: What is said five times and once too often, after what begins it.
FLOODS = {
    "pings": (b"", frame(PING, b"?")),
    "pongs": (b"", frame(PONG, b"!")),
    "pings of the protocol": (b"", frame(TEXT, b'{"type": "ping"}')),
    "empty pieces": (frame(TEXT, b"", is_last=False), frame(CONTINUED, b"", is_last=False)),
    "pieces": (frame(TEXT, b"{", is_last=False), frame(CONTINUED, b" ", is_last=False)),
}
PINGS = frame(PING, b"x" * 125)


def connections() -> list[Protocol]:
    """Those that the server has not let go of."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing) is Protocol and not thing.disconnected]


@pytest.mark.parametrize("what", FLOODS)
async def test_frames_of_every_kind_count_before_the_greeting(make_house: OpenHouse, what: str) -> None:
    first, more = FLOODS[what]
    async with make_house(socket_messages="6 per hour", socket_init_seconds=600) as house:
        async with open_raw(house) as raw:
            await raw.say(first + more * (6 - bool(first)))
            await raw.say(frame(PONG))
            assert await raw.ending() == 1008
        async with open_raw(house) as raw:
            await raw.say(first + more * 1000)
            assert await raw.ending() == 1008
        await until(lambda: not connections())


async def test_frames_of_every_kind_count_after_the_greeting(make_house: OpenHouse) -> None:
    async with make_house(socket_messages="20 per hour") as house, People(house) as cast:
        async with open_raw(house) as raw:
            greeting = {"type": "connection_init", "payload": cast.ann.headers}
            await raw.say(frame(TEXT, json.dumps(greeting).encode()))
            assert json.loads((await raw.hear())[1]) == {"type": "connection_ack"}
            for _ in range(19):
                await raw.say(frame(PING, b"?"))
                assert await raw.hear() == (PONG, b"?")
            counts = await watch(house)
            await raw.say(frame(PING, b"?"))
            assert await raw.ending() == 1008
            async with greeted(cast.ann) as other:
                assert await other.is_open()
        assert await counts.moved("palaver_sockets_closed_total", code="1008") == 1


async def test_who_reads_no_answer_to_a_ping_gets_no_more_and_is_cut(make_house: OpenHouse) -> None:
    settings = {"socket_messages": "1000000 per second", "socket_stall_seconds": 0.5, "socket_init_seconds": 600}
    async with make_house(**settings) as house:
        counts = await watch(house)
        async with open_raw(house) as raw:
            [protocol] = connections()
            most = 0
            with suppress(ConnectionError):
                while not protocol.close_sent:
                    await raw.say(PINGS * 100)
                    most = max(most, protocol.transport.get_write_buffer_size())
            # What came in one piece is answered in one.
            assert 64 * 1024 < most < 64 * 1024 + 2 * 256 * 1024
            await until(lambda: protocol.disconnected)
        assert await counts.moved("palaver_sockets_closed_total", code="1013") == 1


async def test_who_says_no_more_and_reads_nothing_is_cut(make_house: OpenHouse) -> None:
    """The transport closes, and waits for what is not taken: less than what makes it stall."""
    settings = {"socket_messages": "1000000 per second", "socket_stall_seconds": 600, "socket_init_seconds": 600}
    async with make_house(**settings) as house, open_raw(house) as raw:
        [protocol] = connections()
        while not protocol.transport.get_write_buffer_size():
            await raw.say(PINGS * 100)
        await raw.say(frame(CLOSE))
        await until(lambda: protocol.disconnected)


async def test_text_that_is_none_closes_the_socket_and_is_no_fault(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for data in (b"\xff", b'{"type": "\xc3"}'):
            async with open_raw(house) as raw:
                await raw.say(frame(TEXT, data) + frame(PING))
                assert await raw.ending() == 1007
        async with open_raw(house) as raw:
            await raw.say(b"\xff\xff" + b"\0" * 20)
            assert await raw.ending() == 1002
    assert not [record for record in caplog.records if record.name.startswith(("uvicorn", "asyncio", "websockets"))]


async def test_who_answers_no_ping_is_counted_as_such_and_cut(make_house: OpenHouse) -> None:
    async with make_house(socket_init_seconds=600) as house:
        counts = await watch(house)
        async with open_raw(house) as raw:
            [protocol] = connections()
            protocol.send_keepalive_ping()
            assert (await raw.hear())[0] == PING
            protocol.keepalive_timeout()
            assert await raw.ending() == 1011
            await until(lambda: protocol.disconnected)
        assert await counts.moved("palaver_sockets_closed_total", code="1011") == 1
