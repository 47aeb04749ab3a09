"""A socket as it is, frame by frame."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.client import Person, raw_socket
from tests.house import House
from tests.waiting import soon

WHO = "{ viewer { user { externalId } } }"


@dataclass(slots=True)
class Wire:
    """Says and hears frames."""

    socket: ClientConnection

    async def say(self, **frame: Any) -> None:
        """Write a frame."""
        await self.socket.send(json.dumps(frame))

    async def subscribe(self, name: str, query: str, /, **variables: Any) -> None:
        """Start an operation under an id."""
        await self.say(type="subscribe", id=name, payload={"query": query, "variables": variables})

    async def hear(self) -> dict[str, Any]:
        """The next frame."""
        text = await soon(self.socket.recv())
        assert isinstance(text, str)
        frame: dict[str, Any] = json.loads(text)
        return frame

    async def error_code(self, name: str) -> str:
        """The next frame is an `error` under this id; its one code."""
        frame = await self.hear()
        assert (frame["type"], frame["id"]) == ("error", name), frame
        codes = [error["extensions"]["code"] for error in frame["payload"]]
        assert len(set(codes)) == 1, frame
        return str(codes[0])

    async def ending(self) -> tuple[int, str]:
        """Read on until the server closes; the code and the reason."""
        try:
            while True:
                await soon(self.socket.recv())
        except websockets.ConnectionClosed:
            return self.socket.close_code or 0, self.socket.close_reason or ""

    async def is_open(self) -> bool:
        """Does the server answer?"""
        await self.say(type="ping", payload={"here": "?"})
        frame = await self.hear()
        assert frame == {"type": "pong", "payload": {"here": "?"}}, frame
        return True


@asynccontextmanager
async def open_wire(house: House, **options: Any) -> AsyncIterator[Wire]:
    """An open socket on which nothing was said yet."""
    async with raw_socket(house, **options) as opened:
        yield Wire(opened)


@asynccontextmanager
async def greeted(person: Person, **payload: Any) -> AsyncIterator[Wire]:
    """A socket that was acknowledged."""
    async with open_wire(person.house) as wire:
        await wire.say(type="connection_init", payload=payload or person.headers)
        assert await wire.hear() == {"type": "connection_ack"}
        yield wire
