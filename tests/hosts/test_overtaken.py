"""A thing changes while Palaver is being told of it: the newest state is told in the end, by each of the examples."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.acts import offer
from tests.hosts.kinds import Kind
from tests.hosts.running import Host
from tests.parts.programs import free_port
from tests.served import Served
from tests.waiting import soon, until

pytestmark = pytest.mark.hosts


async def nothing() -> None:
    """What happens before an answer, as a rule."""


@dataclass(slots=True)
class Listener:
    """Stands where Palaver would, agrees to everything, and notes the states that it is told of."""

    port: int
    states: list[str] = field(default_factory=list)
    before_answering: Callable[[], Awaitable[None]] = nothing

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and hang up. Who hangs up first, as a host that is killed does, asked for nothing."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        asked = json.loads(await reader.readexactly(int(length.split(b":")[1])))
        data: dict[str, Any] = {"subject": None}
        if "mutation" in asked["query"]:
            data = {"upsertSubject": {"errors": []}}
            # One thing at a time happens, so whoever is told next waits for what comes in between.
            await self.note(asked["variables"])
        body = json.dumps({"data": data}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n".encode()
        writer.write(head + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    async def note(self, variables: dict[str, Any]) -> None:
        """Note a state; what is to happen before an answer happens once, at the first that opens something."""
        states = [value["state"] for value in variables.values() if "state" in value]
        self.states += states
        if "ACTIVE" in states:
            happens, self.before_answering = self.before_answering, nothing
            await happens()


@asynccontextmanager
async def beside_a_listener(kind: Kind, folder: Path) -> AsyncIterator[tuple[Host, Listener]]:
    """A host that tells a listener instead of Palaver."""
    listener = Listener(free_port())
    server = await asyncio.start_server(listener.answer, "127.0.0.1", listener.port)
    async with AsyncExitStack() as visits:
        host = Host(kind, folder, free_port(), Served(folder, listener.port, {}), visits)
        try:
            await host.start()
            yield host, listener
        finally:
            await host.kill()
            server.close()


async def test_what_changes_while_it_is_told_is_told_again(kind: Kind, tmp_path: Path) -> None:
    """The seller closes after the market has asked what to tell, and before it has heard that it was told."""
    async with beside_a_listener(kind, tmp_path) as (host, listener):
        ann, bob = await host.visitor("Ann"), await host.visitor("Bob")
        told = asyncio.Event()

        async def close() -> None:
            page = f"/{kind.things}/1"
            assert (await bob.submit(page, f"{page}/close")).status_code == 200
            told.set()

        listener.before_answering = close
        await offer(host, ann, bob)
        await soon(told.wait())
        await until(lambda: listener.states[-1] == "CLOSED", pause=0.05)
        assert "ACTIVE" in listener.states
