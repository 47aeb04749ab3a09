"""A client that takes nothing costs bounded memory, is closed in the end, and holds up nobody else."""

import asyncio
import gc
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import websockets
from websockets.asyncio.client import ClientConnection

from chat.conversation_stream import ConversationStream
from core.bells import Listener
from db.messages import MessageRow
from graph.transport import Protocol
from tests import acts
from tests.client import People, Person, raw_socket
from tests.conftest import OpenHouse
from tests.live.asks import bodies_of, cursor_of, listening
from tests.waiting import soon, until

#: 16 kB on the wire, and so many times for each message.
LONG = "\N{BICYCLE}" * 4000
SUBSCRIPTIONS = 40
#: Bytes: a few frames of six.
PINGS = 60

Thing = TypeVar("Thing")


@dataclass(slots=True)
class Sloth:
    """A client that reads when it is told to."""

    socket: ClientConnection

    def fall_asleep(self) -> None:
        """Take nothing any more from the network."""
        self.socket.transport.pause_reading()

    async def wake_up(self) -> tuple[list[dict[str, Any]], int]:
        """Read all that is there until the server's close: the frames, and the code."""
        self.socket.transport.resume_reading()
        frames = []
        try:
            while True:
                frames.append(json.loads(await soon(self.socket.recv())))
        except websockets.ConnectionClosed:
            return frames, self.socket.close_code or 0


@asynccontextmanager
async def sloth_of(person: Person, thread: str, after: str) -> AsyncIterator[Sloth]:
    """Somebody with small buffers and many subscriptions to one conversation."""
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plug.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", int(person.house.url.rpartition(":")[2])))
    async with raw_socket(person.house, sock=plug, ping_interval=None, max_queue=None) as opened:
        await opened.send(json.dumps({"type": "connection_init", "payload": person.headers}))
        assert json.loads(await soon(opened.recv())) == {"type": "connection_ack"}
        payload = {"query": acts.MESSAGE_ADDED, "variables": {"id": thread, "after": after}}
        for number in range(SUBSCRIPTIONS):
            await opened.send(json.dumps({"type": "subscribe", "id": str(number), "payload": payload}))
        await until(lambda: person.house.palaver.hub.listener_count >= SUBSCRIPTIONS)
        yield Sloth(opened)


async def begin(cast: People) -> tuple[str, str]:
    """A conversation, and its beginning."""
    await acts.list_thing(cast.host)
    thread = await acts.open_about(cast.ann)
    return thread, await cursor_of(cast.bob, thread)


def alive(kind: type[Thing]) -> list[Thing]:
    """All living objects of a kind."""
    return [thing for thing in gc.get_objects() if type(thing) is kind]


def backlog() -> int:
    """Bytes that wait in the server for clients to take them."""
    return sum(protocol.transport.get_write_buffer_size() for protocol in alive(Protocol))


def pending(listener: Listener) -> int:
    """What waits for a listener."""
    return len(listener._rang) + len(listener._hints)


async def test_who_takes_nothing_is_closed_and_resumes(make_house: OpenHouse) -> None:
    async with make_house(socket_stall_seconds=0.5) as house, People(house) as cast:
        thread, start = await begin(cast)
        async with sloth_of(cast.bob, thread, start) as sloth:
            sloth.fall_asleep()
            sent = [await acts.send(cast.ann, thread, LONG)]
            while house.sockets.count:
                sent.append(await acts.send(cast.ann, thread, LONG))
            await listening(house, 0)
            await until(lambda: len(house.palaver.rings) == 0)
            frames, code = await sloth.wake_up()
            assert code == 1013
        # What was read before the close is whole and in order, and the rest comes after its cursor.
        events = [frame["payload"]["data"]["messageAdded"] for frame in frames if frame["id"] == "0"]
        seqs = [event["message"]["seq"] for event in events]
        async with cast.bob.follow(
            acts.MESSAGE_ADDED, id=thread, after=events[-1]["cursor"] if events else start
        ) as on:
            while len(seqs) < len(sent):
                seqs.append((await on.next())["message"]["seq"])
        assert seqs == [message["seq"] for message in sent]


async def test_others_go_on_beside_one_who_takes_nothing(make_house: OpenHouse) -> None:
    """Another of the same conversation, and another of the same person."""
    async with make_house(socket_stall_seconds=600) as house, People(house) as cast:
        thread, start = await begin(cast)
        async with (
            cast.ann.follow(acts.MESSAGE_ADDED, id=thread, after=start) as other,
            cast.bob.follow(acts.MESSAGE_ADDED, id=thread, after=start) as second_device,
            sloth_of(cast.bob, thread, start) as sloth,
        ):
            sloth.fall_asleep()
            while not backlog():
                await acts.send(cast.ann, thread, LONG)
                for stream in (other, second_device):
                    assert bodies_of(await stream.take(1)) == [LONG]
            await acts.send(cast.ann, thread, "and on")
            for stream in (other, second_device):
                assert bodies_of(await stream.take(1)) == ["and on"]
            sloth.socket.transport.abort()
            await listening(house, 2)


async def test_who_takes_nothing_costs_bounded_memory(make_house: OpenHouse) -> None:
    """Whatever is said meanwhile: nothing is queued for a subscriber, who is a place in the log."""
    async with make_house(socket_stall_seconds=600) as house, People(house) as cast:
        thread, start = await begin(cast)
        async with sloth_of(cast.bob, thread, start) as sloth:
            sloth.fall_asleep()
            while not backlog():
                await acts.send(cast.ann, thread, LONG)
            kept = []
            for _ in range(3):
                for _ in range(15):
                    await acts.send(cast.ann, thread, LONG)
                gc.collect()
                kept.append((backlog(), len(alive(MessageRow)), sum(map(pending, alive(Listener)))))
            assert kept[0][1:] == kept[1][1:] == kept[2][1:]
            waiting, rows, bells = kept[-1]
            assert waiting - kept[0][0] <= PINGS  # The server's own, when this takes long.
            assert waiting <= 64 * 1024 + 2 * (len(LONG.encode()) + 1000)
            assert rows <= SUBSCRIPTIONS * (ConversationStream.page + 1)
            assert bells <= SUBSCRIPTIONS * 3
            sloth.socket.transport.abort()
            await listening(house, 0)
