"""Scenes of the protocol: what a client says, and what comes back, told so that two servers can be compared.

The scenes are played here against Palaver alone; tests/clients plays them against graphql-ws's own server too.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.waiting import soon

QUERY = "{ __typename }"
MUTATION = "mutation { __typename }"
TWO = "query A { a: __typename } query B { b: __typename }"
INIT = "init"
LARGE = 300_000
HASTE = 1.0
#: Waits for one frame, or the close.
HEAR = "hear"
#: Says a ping, and hears all that comes up to its pong or the close: what the server has to say, it has said by then.
SETTLE = "settle"
#: The same where a close is to come.
ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a scene is played. `stream` is a subscription that says nothing by itself."""

    url: str
    init: dict[str, Any]
    stream: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps are frames (objects, raw text or bytes), and the words above. `hears` is what Palaver says."""

    name: str
    steps: tuple[Any, ...]
    hears: tuple[str, ...]
    protocols: tuple[str, ...] | None = ("graphql-transport-ws",)

    @property
    def waits(self) -> bool:
        """Is it about a server that waits no longer for a greeting? It is played where that takes HASTE."""
        return "close 4408" in self.hears


def start(name: Any, query: Any = QUERY, **payload: Any) -> dict[str, Any]:
    """A `subscribe` frame."""
    return {"type": "subscribe", "id": name, "payload": {"query": query, **payload}}


def stream(name: str) -> Callable[[Server], dict[str, Any]]:
    """The same for the stream, which each server has its own of."""
    return lambda server: start(name, server.stream)


def end(name: Any) -> dict[str, Any]:
    """A `complete` frame."""
    return {"type": "complete", "id": name}


def short(frame: dict[str, Any]) -> str:
    """A frame in a few words. What an answer cost is none of the protocol's business."""
    words = [str(frame["type"])]
    if "id" in frame:
        words.append(str(frame["id"]))
    payload = frame.get("payload")
    if frame["type"] == "error":
        assert all(isinstance(error["message"], str) for error in payload or [None])
    elif frame["type"] == "next" and "errors" in (payload or {}):
        words.append("errors")
    elif frame["type"] == "next":
        words.append(json.dumps({name: value for name, value in (payload or {}).items() if name != "extensions"}))
    elif payload is not None:
        words.append(json.dumps(payload, sort_keys=True))
    return " ".join(words)


@dataclass(slots=True)
class Play:
    """One scene at one server."""

    server: Server
    socket: ClientConnection
    heard: list[str] = field(default_factory=list)

    async def step(self, step: Any) -> None:
        """One step of the script."""
        if step == INIT:
            await self._say({"type": "connection_init", "payload": self.server.init})
            await self._hear()
        elif step == HEAR:
            await self._hear()
        elif step in (SETTLE, ENDS):
            await self._say({"type": "ping", "payload": {"settle": True}})
            while await self._hear() not in ('pong {"settle": true}', None):
                pass
        else:
            await self._say(step(self.server) if callable(step) else step)

    async def _say(self, frame: Any) -> None:
        with suppress(websockets.ConnectionClosed):
            await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def _hear(self) -> str | None:
        try:
            text = await soon(self.socket.recv())
        except websockets.ConnectionClosed:
            if not any(words.startswith("close") for words in self.heard):
                self.heard.append(f"close {self.socket.close_code}")
            return None
        words = short(json.loads(text)) if isinstance(text, str) else "binary"
        self.heard.append(words)
        return words


async def play(scene: Scene, server: Server) -> tuple[str, ...]:
    """What is heard."""
    protocols = None if scene.protocols is None else [websockets.Subprotocol(name) for name in scene.protocols]
    async with websockets.connect(server.url, subprotocols=protocols) as socket:
        played = Play(server, socket)
        for step in scene.steps:
            await played.step(step)
        return tuple(played.heard)
