"""A client as a test sees it: a person with a token, who asks over HTTP and follows over a WebSocket."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx
import jwt
import websockets
from websockets.asyncio.client import ClientConnection

from tests.house import House
from tests.legs import SECRET
from tests.waiting import soon, until

#: Servers of tests speak no TLS. To read whom the machine trusts takes longer than many a test.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def sign(sub: str, *roles: str, seconds: float = 3600, secret: str = SECRET, **claims: Any) -> str:
    """A token as the host would sign it; a claim of None is left out."""
    now = time.time()
    payload = {"sub": sub, "iat": int(now), "exp": now + seconds, "roles": list(roles), **claims}
    return jwt.encode({name: value for name, value in payload.items() if value is not None}, secret, algorithm="HS256")


class Answered(AssertionError):
    """The server answered with errors where the test wanted data."""


@dataclass(slots=True)
class Person:
    """Somebody with a token. `http` is shared with the others of the test."""

    house: House
    http: httpx.AsyncClient
    sub: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What says who they are."""
        return {"Authorization": f"Bearer {self.token}"}

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer: data and errors."""
        body = {"query": query, "variables": variables}
        response = await self.http.post(f"{self.house.url}/graphql", json=body, headers=self.headers)
        answer: dict[str, Any] = response.json()
        return answer

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data. Answered when there are top-level errors. With one root field, its value alone."""
        answer = await self.answer(query, **variables)
        if answer.get("errors"):
            raise Answered(json.dumps(answer["errors"]))
        data = answer["data"]
        return next(iter(data.values())) if len(data) == 1 else data

    async def code(self, query: str, **variables: Any) -> str | None:
        """The code of the only error: a top-level one, else one in a payload; None when there is none."""
        answer = await self.answer(query, **variables)
        errors = answer.get("errors") or [
            {"extensions": {"code": error["code"]}}
            for value in (answer.get("data") or {}).values()
            if isinstance(value, dict)
            for error in value.get("errors", ())
        ]
        if not errors:
            return None
        assert len(errors) == 1, errors
        code: str = errors[0]["extensions"]["code"]
        return code

    @asynccontextmanager
    async def connect(self, **payload: Any) -> AsyncIterator["Line"]:
        """An open socket, acknowledged."""
        async with raw_socket(self.house) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload or self.headers}))
            ack = json.loads(await soon(socket.recv()))
            assert ack == {"type": "connection_ack"}, ack
            line = Line(socket)
            try:
                yield line
            finally:
                await line.close()

    @asynccontextmanager
    async def follow(self, query: str, **variables: Any) -> AsyncIterator["Stream"]:
        """A subscription on a socket of its own, that hears everything from now on, or has something to say."""
        async with self.connect() as line:
            hub = self.house.palaver.hub
            ready = hub.readied
            stream = await line.subscribe(query, **variables)
            await until(lambda: not stream.is_quiet or hub.readied > ready)
            yield stream


def raw_socket(house: House, **options: Any) -> websockets.connect:
    """A socket without the protocol's first words."""
    options.setdefault("subprotocols", [websockets.Subprotocol("graphql-transport-ws")])
    return websockets.connect(house.socket_url, **options)


class StreamEnded(Exception):
    """The subscription is over; `errors` say why, empty when it was completed."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        return self.errors[0]["extensions"]["code"] if self.errors else None


@dataclass(slots=True)
class Line:
    """An acknowledged socket: many operations beside each other."""

    socket: ClientConnection
    _streams: dict[str, "Stream"] = field(default_factory=dict)
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._reading = asyncio.create_task(self._read())

    async def subscribe(self, query: str, *, as_id: str | None = None, **variables: Any) -> "Stream":
        """Start an operation."""
        stream = Stream(self, as_id or str(len(self._streams) + 1))
        self._streams[stream.id] = stream
        payload = {"query": query, "variables": variables}
        await self.send(type="subscribe", id=stream.id, payload=payload)
        return stream

    async def send(self, **frame: Any) -> None:
        """Write a frame."""
        await self.socket.send(json.dumps(frame))

    async def closed(self) -> int:
        """Wait until the server closes the socket; its code."""
        await soon(self.socket.wait_closed())
        return self.socket.close_code or 0

    async def close(self) -> None:
        """Leave."""
        await self.socket.close()
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                frame = json.loads(text)
                stream = self._streams.get(frame.get("id", ""))
                if stream is not None:
                    stream.frames.put_nowait(frame)
        except websockets.ConnectionClosed:
            pass
        for stream in self._streams.values():
            stream.frames.put_nowait({"type": "closed"})


@dataclass(slots=True)
class Stream:
    """One operation on a socket."""

    line: Line
    id: str
    frames: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def next(self) -> Any:
        """The next event: the value of its root field. StreamEnded when it is over."""
        frame = await soon(self.frames.get())
        if frame["type"] != "next":
            raise StreamEnded(frame.get("payload") or [])
        payload = frame["payload"]
        if payload.get("errors"):
            raise Answered(json.dumps(payload["errors"]))
        return next(iter(payload["data"].values()))

    async def take(self, count: int) -> list[Any]:
        """The next events."""
        return [await self.next() for _ in range(count)]

    async def ended(self) -> str | None:
        """Read on to the end; the code of the error, None when it was completed."""
        while True:
            try:
                await self.next()
            except StreamEnded as end:
                return end.code

    @property
    def is_quiet(self) -> bool:
        """Has nothing come that was not read?"""
        return self.frames.empty()

    async def complete(self) -> None:
        """Stop following."""
        await self.line.send(type="complete", id=self.id)


class People:
    """The cast: Ann, a buyer; Bob, a seller; Cy, the stranger; the host's own server; and whoever else is needed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.http = httpx.AsyncClient(timeout=30, verify=NO_TLS)
        self.ann = self.person("ann", "buyer", name="Ann")
        self.bob = self.person("bob", "seller", name="Bob")
        self.cy = self.person("cy", "buyer", name="Cy")
        self.host = self.person("market", "service", name="The market")

    def person(self, sub: str, *roles: str, **claims: Any) -> Person:
        """Somebody else."""
        return Person(self.house, self.http, sub, sign(sub, *roles, **claims))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()
