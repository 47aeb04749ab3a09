"""Those who write: each message until it is acknowledged, under one key, by whichever server answers."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.history import Acknowledged, Attempt, History, Refused, digest
from tests.faults.log import bare_id
from tests.faults.people import Declined, Person, Unanswered, pause

SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id seq } errors { code } }
}
"""
#: How often a message that was acknowledged is sent once more, and how often it is sent to two servers at once.
REPEATS, PAIRS = 0.03, 0.03


@dataclass(slots=True)
class Gate:
    """Lets everybody go on, or holds them where they stand."""

    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0

    def hold(self) -> None:
        """Nobody begins anything more."""
        self._open.clear()

    def let_go(self) -> None:
        """Everybody goes on."""
        self._open.set()

    @property
    def is_idle(self) -> bool:
        """Is everybody held?"""
        return not self._busy

    async def __aenter__(self) -> None:
        while not self._open.is_set():  # It may be shut again before who was woken comes to it.
            await self._open.wait()
        self._busy += 1

    async def __aexit__(self, *_: object) -> None:
        self._busy -= 1


@dataclass(slots=True)
class Writer:
    """Writes into conversations by turns."""

    name: str
    person: Person
    conversations: Sequence[str]
    history: History
    gate: Gate
    length: int = 40
    rest: float = 0.0
    number: int = 0
    _turn: int = field(default_factory=lambda: random.randrange(3))

    async def write(self) -> None:
        """Go on until cancelled."""
        while True:
            async with self.gate:
                await self.say(self.conversations[self.number % len(self.conversations)])
            await asyncio.sleep(self.rest * random.uniform(0.5, 1.5))

    async def say(self, conversation: str) -> None:
        """One message, until it is acknowledged."""
        self.number += 1
        key = f"{self.name}-{self.number}"
        body = f"{key} ".ljust(self.length, "\N{BICYCLE}" if self.length > 1000 else ".")
        if random.random() < PAIRS:
            await asyncio.gather(self._insist(key, conversation, body), self._insist(key, conversation, body, 1))
        else:
            await self._insist(key, conversation, body)
        if random.random() < REPEATS:
            await self._insist(key, conversation, body, random.randrange(3))

    async def _insist(self, key: str, conversation: str, body: str, further: int = 0) -> None:
        servers, turn = self.person.servers, self._turn + further
        given = {"conversationId": conversation, "clientMessageId": key, "body": body}
        place, known = bare_id(conversation), digest(body)
        while True:
            now = time.monotonic()
            self.history.attempts.append(Attempt(self.name, self.person.sub, key, place, known, now))
            try:
                payload = await self.person.ask(servers[turn % len(servers)], SEND, input=given)
            except Unanswered:
                turn += 1
                self._turn = turn
                await asyncio.sleep(pause())
            except Declined as declined:
                self.history.refused.append(Refused(f"send {key}", declined.code, time.monotonic()))
                return
            else:
                message = payload["message"]
                self.history.acknowledged.append(
                    Acknowledged(key, place, bare_id(message["id"]), message["seq"], time.monotonic())
                )
                return
