"""People who go on talking and listening while the server dies under them, as a careful client would."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import WebSocketException

from tests import acts
from tests.client import Person

#: How long a client waits before it knocks again.
PAUSE = 0.1

MESSAGES = """
subscription Messages($id: ID!, $after: String) {
  stream: messageAdded(conversationId: $id, after: $after) { cursor message { seq body conversation { id } } }
}
"""
EVENTS = """
subscription Events($id: ID!, $after: String) {
  stream: conversationEvents(conversationId: $id, after: $after) {
    ... on ResumableEvent { cursor }
    ... on MessageAddedEvent { message { seq body conversation { id } } }
  }
}
"""
INBOX = """
subscription Inbox($after: String) {
  stream: inbox(after: $after) {
    ... on ResumableEvent { cursor }
    ... on MessageAddedEvent { message { seq body conversation { id } } }
  }
}
"""


@dataclass(slots=True)
class Writer:
    """Says one thing after another, each until it is acknowledged, under one key."""

    person: Person
    threads: list[str]
    name: str
    acknowledged: dict[tuple[str, str], int] = field(default_factory=dict)
    acknowledged_at: list[float] = field(default_factory=list)
    repeats: int = 0
    is_over: bool = False

    async def talk(self) -> None:
        """Go on until it is over."""
        number = 0
        while not self.is_over:
            thread, body = self.threads[number % len(self.threads)], f"{self.name} {number}"
            self.acknowledged[thread, body] = await self._say(thread, body)
            self.acknowledged_at.append(time.monotonic())
            number += 1

    async def _say(self, thread: str, body: str) -> int:
        while True:
            try:
                return int((await acts.send(self.person, thread, body, client_key=body))["seq"])
            except httpx.TransportError:
                self.repeats += 1
                await asyncio.sleep(PAUSE)


@dataclass(slots=True)
class Reader:
    """Follows a stream with gql, and resumes with the newest cursor that it saw. It drops nothing that it hears."""

    address: str
    person: Person
    query: str
    variables: dict[str, Any]
    heard: list[tuple[str, int, str]] = field(default_factory=list)
    lives: int = 0

    async def listen(self) -> None:
        """Go on until cancelled, whatever happens to the server; what the server refuses is a failure."""
        while True:
            try:
                await self._follow()
            except TransportQueryError:
                raise
            except (TransportError, WebSocketException, OSError):
                await asyncio.sleep(PAUSE)

    async def _follow(self) -> None:
        transport = WebsocketsTransport(
            url=self.address,
            init_payload={"authorization": f"Bearer {self.person.token}"},
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        )
        async with Client(transport=transport) as session:
            self.lives += 1
            async for data in session.subscribe(GraphQLRequest(self.query, variable_values=self.variables)):
                event = data["stream"]
                self.variables = {**self.variables, "after": event["cursor"]}
                message = event.get("message")
                if message is not None:
                    self.heard.append((message["conversation"]["id"], message["seq"], message["body"]))

    def heard_in(self, thread: str) -> list[tuple[int, str]]:
        """What was heard of one conversation, in the order of hearing."""
        return [(seq, body) for where, seq, body in self.heard if where == thread]
