"""Those who follow: raw sockets, resumed with the cursor of the last event consumed. They drop nothing they hear."""

import asyncio
import json
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from core.cursors import decode_cursor
from tests.faults.history import Broke, Connected, Follower, Heard, History, Refused, digest
from tests.faults.log import bare_id
from tests.faults.people import PASSING, Person, pause

MESSAGE = "message { id seq body sender { externalId } conversation { id } }"
ADDED = f"""
subscription Messages($id: ID!, $after: String) {{
  stream: messageAdded(conversationId: $id, after: $after) {{ cursor isReplay {MESSAGE} }}
}}
"""
EVENTS = f"""
subscription Events($id: ID!, $after: String) {{
  stream: conversationEvents(conversationId: $id, after: $after) {{
    __typename ... on ResumableEvent {{ cursor }} ... on MessageAddedEvent {{ isReplay {MESSAGE} }}
  }}
}}
"""
INBOX = f"""
subscription Inbox($after: String) {{
  stream: inbox(after: $after) {{
    __typename ... on ResumableEvent {{ cursor }} ... on MessageAddedEvent {{ isReplay {MESSAGE} }}
  }}
}}
"""
WATCH = """
subscription Watch($id: ID!, $after: String) {
  stream: conversationEvents(conversationId: $id, after: $after) {
    __typename
    ... on ResumableEvent { cursor }
    ... on MessageAddedEvent { message { id body } }
    ... on MessageUpdatedEvent { message { id body } }
  }
}
"""
STREAMS: Mapping[str, str] = {"added": ADDED, "events": EVENTS, "inbox": INBOX, "watch": WATCH}
#: How long a server may take to greet, in seconds.
GREETING = 10.0
#: How long one that stalls reads before it stalls again, in seconds.
BETWEEN_STALLS = 3.0


class Ended(Exception):
    """The subscription is over, and the socket with it."""


@dataclass(slots=True)
class Habits:
    """How a reader reads: seconds for each event, seconds until it breaks its own connection, and
    for how many seconds it takes nothing, again and again and longer each time, until its socket is closed for that."""

    each: float = 0.0
    leaves_after: float | None = None
    stalls_for: float | None = None


@dataclass(slots=True)
class Reader:
    """One follower. `conversation` is a global id; None is an inbox."""

    follower: Follower
    person: Person
    conversation: str | None
    history: History
    after: str | None
    habits: Habits = field(default_factory=Habits)
    heads: dict[str, int] = field(default_factory=dict)
    connection: int = 0
    is_connected: bool = False
    _stalls_at: float = 0.0
    _broken: int = 0
    _socket: ClientConnection | None = None
    _turn: int = field(default_factory=lambda: random.randrange(100))

    @property
    def number(self) -> int:
        """Its number in the history."""
        return self.follower.number

    async def follow(self) -> None:
        """Go on until cancelled, whatever happens to the servers."""
        while True:
            why = "left"
            try:
                async with asyncio.timeout(self.habits.leaves_after):
                    await self._connect()
            except ConnectionClosed as closed:
                why = str(closed.rcvd.code if closed.rcvd else 1006)
            except (InvalidHandshake, InvalidMessage, OSError, EOFError, Ended) as error:
                why = str(error) if isinstance(error, Ended) else type(error).__name__
            if self.connection > self._broken:
                self._broken = self.connection
                self.habits.stalls_for = None
                self.history.broke.append(Broke(self.number, self.connection, why, time.monotonic()))
            self.is_connected = False
            self._turn += 1
            await asyncio.sleep(pause())

    def drop(self) -> None:
        """Tear the connection, as a tunnel does to a train."""
        self.is_connected = False
        if self._socket is not None:
            self._socket.transport.abort()

    async def _connect(self) -> None:
        server = self.person.servers[self._turn % len(self.person.servers)]
        options: dict[str, Any] = {} if self.habits.stalls_for is None else {"sock": await narrow(server.port)}
        async with websockets.connect(
            f"ws://127.0.0.1:{server.port}/graphql",
            subprotocols=[websockets.Subprotocol("graphql-transport-ws")],
            compression=None,
            open_timeout=GREETING,
            close_timeout=0.2,
            **options,
        ) as opened:
            self._socket = opened
            try:
                await self._greet(opened)
                await self._consume(opened)
            finally:
                self._socket = None

    async def _greet(self, opened: ClientConnection) -> None:
        await opened.send(json.dumps({"type": "connection_init", "payload": self.person.headers}))
        async with asyncio.timeout(GREETING):
            await opened.recv()
        variables = {"after": self.after} | ({} if self.conversation is None else {"id": self.conversation})
        payload = {"query": STREAMS[self.follower.stream], "variables": variables}
        self.connection += 1
        self.history.connected.append(Connected(self.number, self.connection, self.after is None, time.monotonic()))
        await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        self.is_connected = True

    async def _consume(self, opened: ClientConnection) -> None:
        while True:
            frame = json.loads(await opened.recv())
            if frame["type"] == "next":
                self._hear(frame["payload"])
                await self._rest(opened)
            elif frame["type"] in ("error", "complete"):
                self._over(frame.get("payload") or [])

    async def _rest(self, opened: ClientConnection) -> None:
        if self.habits.stalls_for is not None and time.monotonic() >= self._stalls_at:
            opened.transport.pause_reading()
            await asyncio.sleep(self.habits.stalls_for)
            opened.transport.resume_reading()
            self.habits.stalls_for *= 2  # A slow server may not have come to notice.
            self._stalls_at = time.monotonic() + BETWEEN_STALLS
        elif self.habits.each:
            await asyncio.sleep(self.habits.each)

    def _hear(self, payload: dict[str, Any]) -> None:
        if payload.get("errors"):
            raise Ended(self._judge(payload["errors"]))
        event = payload["data"]["stream"]
        if event.get("__typename") == "ResetEvent":
            self.history.refused.append(Refused(f"reader {self.number}", "RESET", time.monotonic()))
        self.after = event["cursor"]
        self.take(event)

    def take(self, event: dict[str, Any]) -> None:
        """Note a message that was told."""
        message = event.get("message")
        if message is not None:
            place, body = bare_id(message["conversation"]["id"]), message["body"]
            position = 0 if self.conversation is None else int(decode_cursor(event["cursor"]).key[1])
            self.heads[place] = message["seq"]
            self.history.heard.append(
                Heard(
                    reader=self.number,
                    connection=self.connection,
                    conversation=place,
                    seq=message["seq"],
                    position=position,
                    id=bare_id(message["id"]),
                    key=body.partition(" ")[0],
                    sender=message["sender"]["externalId"],
                    body=digest(body),
                    at=time.monotonic(),
                    is_replay=event["isReplay"],
                )
            )

    def _over(self, errors: list[dict[str, Any]]) -> None:
        raise Ended(self._judge(errors) if errors else "complete")

    def _judge(self, errors: list[dict[str, Any]]) -> str:
        """The code of an error; what is neither a passing fault nor a guest's absence is noted as a refusal."""
        code: str = errors[0]["extensions"]["code"]
        if code not in PASSING and not (code == "NOT_FOUND" and self.follower.is_guest):
            self.history.refused.append(Refused(f"reader {self.number}", code, time.monotonic()))
        return code


async def narrow(port: int) -> socket.socket:
    """A connection with small buffers, which fills quickly when nobody reads."""
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plug.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", port))
    except BaseException:
        plug.close()
        raise
    return plug
