"""A network between a client and the server, whose connections can die without a word, as when a laptop moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.parts.programs import free_port


@dataclass(slots=True)
class Network:
    """Passes bytes on. Nobody is told when a connection dies: it stays open, and nothing comes through it any more."""

    port: int
    _target: int
    _is_shut: bool = False
    _passing: list[asyncio.Task[None]] = field(default_factory=list)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return f"http://127.0.0.1:{self.port}"

    async def go_silent(self) -> None:
        """Let all present connections die; new ones work."""
        passing, self._passing = self._passing, []
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def shut(self) -> None:
        """End all present connections, and take no new ones."""
        self._is_shut = True
        await self.close()

    def reopen(self) -> None:
        """Take new ones again."""
        self._is_shut = False

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A client comes."""
        if self._is_shut:
            writer.close()
            return
        beyond, onward = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, onward]
        self._passing += [asyncio.create_task(_pass(reader, onward)), asyncio.create_task(_pass(beyond, writer))]
        return

    async def close(self) -> None:
        """End everything."""
        await self.go_silent()
        writers, self._writers = self._writers, []
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def network_to(target: int) -> AsyncIterator[Network]:
    """A network to a port of this machine's."""
    network = Network(free_port(), target)
    async with await asyncio.start_server(network.connect, "127.0.0.1", network.port):
        try:
            yield network
        finally:
            await network.close()
