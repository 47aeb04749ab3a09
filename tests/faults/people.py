"""People of a run: they ask whichever server answers, again and again until one does."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.client import sign
from tests.faults.fleet import Server

#: Faults of the server's, after which one may ask again; anything else is an answer.
PASSING = {"INTERNAL", "TIMEOUT", "UNAVAILABLE"}
#: How long an answer may take, in seconds.
ANSWER = 8.0


class Unanswered(Exception):
    """No server answered: the network, a status of 500 and more, or a fault of the server's."""


class Declined(Exception):
    """The server answered no; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def pause() -> float:
    """How long a client waits before it knocks again, in seconds: not all at the same moment."""
    return random.uniform(0.03, 0.12)


@dataclass(slots=True)
class Person:
    """Somebody with a token, who knows all servers."""

    sub: str
    servers: Sequence[Server]
    http: httpx.AsyncClient
    roles: tuple[str, ...] = ()
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        token = sign(self.sub, *self.roles, seconds=86_400, name=self.sub.title())
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, server: Server, query: str, **variables: Any) -> Any:
        """The value of the one root field. Unanswered, or Declined by an error or by one in the payload."""
        body = {"query": query, "variables": variables}
        try:
            response = await self.http.post(f"{server.url}/graphql", json=body, headers=self.headers)
            if response.status_code >= 500:
                raise Unanswered(str(response.status_code))
            answer = response.json()
        except (httpx.TransportError, ValueError) as error:
            raise Unanswered(type(error).__name__) from error
        codes = [error["extensions"]["code"] for error in answer.get("errors") or ()]
        if codes:
            raise Unanswered(codes[0]) if codes[0] in PASSING else Declined(codes[0])
        value = next(iter(answer["data"].values()))
        faults = value.get("errors") if isinstance(value, dict) else None
        if faults:
            raise Declined(faults[0]["code"])
        return value

    async def insist(self, query: str, **variables: Any) -> Any:
        """Ask one server after another until one answers."""
        turn = random.randrange(len(self.servers))
        while True:
            try:
                return await self.ask(self.servers[turn % len(self.servers)], query, **variables)
            except Unanswered:
                turn += 1
                await asyncio.sleep(pause())
