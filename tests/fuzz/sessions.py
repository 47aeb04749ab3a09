"""Sessions over a socket by a grammar: what the protocol allows, in orders that nobody thought of, and rubbish."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import websockets
from graphql import GraphQLSchema

from tests.fuzz.acts import Acts
from tests.fuzz.verdict import Found, judge_close, judge_frame
from tests.plan.market import Words
from tests.waiting import soon

IDS = ("1", "2", "3", "a", "", "__proto__", "\ud83d", "x" * 300, 5, None, ["1"], {"a": 1})
TYPES = (
    "connection_init",
    "subscribe",
    "complete",
    "ping",
    "pong",
    "next",
    "error",
    "connection_ack",
    "start",
    5,
    None,
)
VALUES: tuple[Any, ...] = (None, True, 0, -1, 2**70, 1e300, "", "x", "\0", "\ud83d", [], {}, [[]], {"a": {"b": [None]}})
TEXTS = (
    "", " ", "{", "}", "null", "[]", "[" * 3000, '{"type":"ping"', '{"type":"ping","type":"ping"}', "\0", "{'type': 1}",
    '{"type": "ping", "payload": {"n": NaN}}', '{"type": "ping", "payload": {"n": ' + "9" * 5000 + "}}", "\ufeff{}",
)  # fmt: skip
STREAMS = (
    "subscription($id: ID!, $after: String) { messageAdded(conversationId: $id, after: $after) { cursor } }",
    "subscription($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) { __typename } }",
    "subscription($after: String) { inbox(after: $after) { __typename } }",
    "subscription($id: ID!) { typing(conversationId: $id) { isTyping } }",
    "subscription($ids: [ID!]!) { presence(userIds: $ids) { user { id } } }",
)
LONGEST = 14


@dataclass(slots=True)
class Grammar:
    """Makes the frames of one session of some chance. In a tidy one only operations are wrong, not frames."""

    schema: GraphQLSchema
    words: Words
    token: str
    chance: Random
    is_tidy: bool = False
    _started: list[Any] = field(default_factory=list)

    def frames(self) -> list[str | bytes]:
        """What is said, from the first word on."""
        self.is_tidy = self.chance.random() < 0.6
        said = [self._greeting()] if self.is_tidy or self.chance.random() < 0.9 else []
        said += [self._frame() for _ in range(self.chance.randrange(LONGEST))]
        return said

    def _greeting(self) -> str | bytes:
        token = (
            self.token
            if self.is_tidy or self.chance.random() < 0.95
            else self.chance.choice(("", "a.b.c", self.token[:-3], "\ud83d"))
        )
        name = self.chance.choice(("Authorization", "authorization", "AUTHORIZATION"))
        return json.dumps({"type": "connection_init", "payload": {name: f"Bearer {token}"}})

    def _frame(self) -> str | bytes:
        dice = self.chance.random() * (0.84 if self.is_tidy else 1)
        if dice < 0.5:
            return self._written({"type": "subscribe", "id": self._new_id(), "payload": self.payload()})
        if dice < 0.7:
            return self._written({"type": "complete", "id": self._old_id()})
        if dice < 0.85:
            payload = {} if self.chance.random() < 0.5 else {"payload": {"a": self.chance.choice(VALUES)}}
            return self._written({"type": self.chance.choice(("ping", "pong")), **payload})
        if dice < 0.97:
            return self._written(
                {
                    "type": self.chance.choice(TYPES),
                    "id": self.chance.choice(IDS),
                    "payload": self.chance.choice(VALUES),
                }
            )
        if dice < 0.99:
            return self.chance.choice(TEXTS)
        return self.chance.randbytes(self.chance.randrange(200))

    def _written(self, frame: dict[str, Any]) -> str:
        """As JSON; now and then a member is lost, added or bent."""
        dice = 1.0 if self.is_tidy else self.chance.random()
        if dice < 0.02:
            frame.pop(self.chance.choice([*frame]))
        elif dice < 0.04:
            frame[self.chance.choice([*frame])] = self.chance.choice(VALUES)
        elif dice < 0.06:
            frame["more"] = self.chance.choice(VALUES)
        text = json.dumps(frame)
        is_cut = not self.is_tidy and self.chance.random() < 0.01
        return text[: self.chance.randrange(len(text))] if is_cut else text

    def _new_id(self) -> Any:
        dice = self.chance.random() * (0.9 if self.is_tidy else 1)
        name = str(len(self._started)) if dice < 0.9 else self._old_id() if dice < 0.94 else self.chance.choice(IDS)
        self._started.append(name)
        return name

    def _old_id(self) -> Any:
        return self.chance.choice(self._started) if self._started and self.chance.random() < 0.9 else "never"

    def payload(self) -> Any:
        """What is asked: any operation, a stream that tells something, or nothing that could be asked."""
        dice = self.chance.random()
        if dice < 0.6:
            made = Acts(self.schema, self.words, self.chance).any()
            query = made.query if self.chance.random() < 0.9 else self._bent(made.query)
            return {"query": query, "variables": made.variables}
        if dice < 0.9:
            return self._stream()
        names = ("query", "variables", "operationName", "extensions", "documentId")
        return {name: self.chance.choice(VALUES) for name in names if self.chance.random() < 0.5}

    def _stream(self) -> dict[str, Any]:
        query = self.chance.choice(STREAMS)
        ids, cursors = self.words.ids, self.words.cursors
        variables = {
            "id": self.chance.choice(ids["Conversation"]),
            "ids": self.chance.sample(ids["User"], self.chance.randrange(1, 4)),
            "after": self.chance.choice((None, "", *cursors["messages"], *cursors["inbox"])),
        }
        if self.chance.random() < 0.1:
            variables[self.chance.choice([*variables])] = self.chance.choice(VALUES)
        return {"query": query, "variables": {name: one for name, one in variables.items() if f"${name}:" in query}}

    def _bent(self, text: str) -> str:
        """Something lost, doubled or put in."""
        at = self.chance.randrange(len(text))
        bits = ("", text[at:] + text[at:], "{" * 40, "...", "$", '"', "@skip(if: true)", "\0", "\ud83d", "é", "#")
        return text[:at] + self.chance.choice(bits) + text[at + self.chance.randrange(3) :]


@dataclass(frozen=True, slots=True)
class Session:
    """What came of one session."""

    frames: int
    heard: int
    code: int


async def run_session(url: str, said: Sequence[str | bytes]) -> Session:
    """Say it, and hear what comes. Found when something is not as it must be.

    At the end the socket either answers a ping, or is closed with a code that says why.
    """
    heard = 0
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(url, subprotocols=[protocol], max_size=None, ping_interval=None) as socket:
        try:
            for frame in said:
                await socket.send(frame)
            await socket.send('{"type": "ping", "payload": {"the": "end"}}')
            while True:
                text = await soon(socket.recv())
                heard += 1
                if judge_frame(text) == {"type": "pong", "payload": {"the": "end"}}:
                    return Session(len(said), heard, 0)
        except websockets.ConnectionClosed:
            judge_close(socket.close_code, socket.close_reason)
            return Session(len(said), heard, socket.close_code or 0)
        except TimeoutError as error:
            raise Found("The socket hangs: no answer to a ping, and no close.") from error
