"""How each kind of server is spoken to: the same acts in GraphQL, in REST with Socket.IO, and to the bare ones."""

import json
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from bench.load.http import request_of
from bench.load.socket import Socket
from bench.operations import EARLIER, FOLLOW, INBOX, LATER, PAGE, SEND

REFUSED = "refused"
#: Stands in a request for the key of a message, which is put in its place.
KEY = "0123456789abcdef01234567"


class Dialect(Protocol):
    """A way to speak to a server. Requests are ready for the wire; ids are global ids."""

    @property
    def socket_path(self) -> str:
        """Where its sockets are."""

    @property
    def subprotocol(self) -> str | None:
        """What they speak."""

    def page(self, token: str | None, thread: str, last: int, before: str | None = None) -> bytes:
        """Asks for the last messages of a conversation, or for those before a cursor."""

    def inbox(self, token: str | None, first: int, after: str | None = None) -> bytes:
        """Asks for the viewer's conversations."""

    def send(self, token: str | None, thread: str, body: str, key: str = KEY) -> bytes:
        """Sends a message."""

    def content_of(self, status: int, body: bytes) -> Any:
        """What an answer says, in the shape of GraphQL's data; REFUSED when it says no."""

    async def follow(self, socket: Socket, token: str, thread: str) -> None:
        """Sign in on a new socket, and follow a conversation."""

    def is_event(self, text: bytes) -> bool:
        """Does a frame tell of a message?"""

    def event_of(self, text: bytes) -> Any:
        """What a frame that tells of a message says."""

    def has_sent(self, body: bytes) -> bool:
        """Is this the body of the answer to a message that was stored?"""


@dataclass(frozen=True, slots=True)
class GraphQL:
    """GraphQL over HTTP, and graphql-transport-ws."""

    socket_path: str = "/graphql"
    subprotocol: str | None = "graphql-transport-ws"

    def page(self, token: str | None, thread: str, last: int, before: str | None = None) -> bytes:
        """A query."""
        if before is None:
            return self._post("page", token, PAGE, id=thread, last=last)
        return self._post("page", token, EARLIER, id=thread, last=last, before=before)

    def inbox(self, token: str | None, first: int, after: str | None = None) -> bytes:
        """A query."""
        if after is None:
            return self._post("inbox", token, INBOX, first=first)
        return self._post("inbox", token, LATER, first=first, after=after)

    def send(self, token: str | None, thread: str, body: str, key: str = KEY) -> bytes:
        """A mutation."""
        fields = {"conversationId": thread, "body": body, "clientMessageId": key}
        return self._post("send", token, SEND, input=fields)

    def content_of(self, status: int, body: bytes) -> Any:
        """The data; REFUSED with errors, also those in a payload, and for a conversation that is null."""
        answer = json.loads(body)
        data = answer.get("data") if status == 200 and "errors" not in answer else None
        if not data or None in data.values():
            return REFUSED
        if data.get("sendMessage", {}).get("errors"):
            return REFUSED
        return data

    async def follow(self, socket: Socket, token: str, thread: str) -> None:
        """connection_init, and one subscription."""
        socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        while (said := json.loads(await socket.receive())["type"]) != "connection_ack":
            if said not in ("ping", "pong"):
                raise ConnectionError(f"The server said {said}.")
        payload = {"query": FOLLOW, "variables": {"id": thread}}
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))

    def is_event(self, text: bytes) -> bool:
        """A `next` frame."""
        return b'"next"' in text and b'"errors"' not in text

    def event_of(self, text: bytes) -> Any:
        """The event."""
        return json.loads(text)["payload"]["data"]["messageAdded"]

    def has_sent(self, body: bytes) -> bool:
        """With a list of errors that is empty."""
        return b'"errors":[]' in body or b'"errors": []' in body

    def _post(self, name: str, token: str | None, query: str, **variables: Any) -> bytes:
        body = json.dumps({"query": query, "variables": variables}, separators=(",", ":")).encode()
        return request_of("POST", self._path_of(name), token, body)

    def _path_of(self, _: str) -> str:
        return "/graphql"


@dataclass(frozen=True, slots=True)
class Bare(GraphQL):
    """The same requests to a server that answers by the path alone; and rooms that are followed by their names."""

    socket_path: str = "/"
    subprotocol: str | None = None

    async def follow(self, socket: Socket, token: str, thread: str) -> None:
        """One word, which is answered."""
        socket.send(f"follow {thread}")
        await socket.receive()

    def _path_of(self, name: str) -> str:
        return f"/{name}"


@dataclass(frozen=True, slots=True)
class Rest:
    """REST, and Socket.IO (version 5 of its protocol, on Engine.IO 4)."""

    socket_path: str = "/socket.io/?EIO=4&transport=websocket"
    subprotocol: str | None = None

    def page(self, token: str | None, thread: str, last: int, before: str | None = None) -> bytes:
        """GET."""
        rest = "" if before is None else f"&before={before}"
        return request_of("GET", f"/conversations/{quote(thread, safe='')}/messages?last={last}{rest}", token)

    def inbox(self, token: str | None, first: int, after: str | None = None) -> bytes:
        """GET."""
        return request_of("GET", f"/conversations?first={first}" + ("" if after is None else f"&after={after}"), token)

    def send(self, token: str | None, thread: str, body: str, key: str = KEY) -> bytes:
        """POST."""
        content = json.dumps({"body": body, "clientMessageId": key}, separators=(",", ":")).encode()
        return request_of("POST", f"/conversations/{quote(thread, safe='')}/messages", token, content)

    def content_of(self, status: int, body: bytes) -> Any:
        """The body; REFUSED with any status but 200."""
        if status != 200:
            return REFUSED
        content = json.loads(body)
        return {"sendMessage": content} if "errors" in content else content

    async def follow(self, socket: Socket, token: str, thread: str) -> None:
        """Connect to the namespace, and enter a room."""
        await socket.receive()
        socket.send("40" + json.dumps({"authorization": f"Bearer {token}"}))
        if not (said := await socket.receive()).startswith(b"40"):
            raise ConnectionError(said.decode())
        socket.send("420" + json.dumps(["follow", thread]))
        if (said := await socket.receive()) != b"430[true]":
            raise ConnectionError(said.decode())

    def is_event(self, text: bytes) -> bool:
        """An event of that name; else the server's heartbeat."""
        return text.startswith(b'42["messageAdded"')

    def event_of(self, text: bytes) -> Any:
        """The event."""
        return json.loads(text[2:])[1]

    def has_sent(self, body: bytes) -> bool:
        """With a list of errors that is empty."""
        return b'"errors":[]' in body
