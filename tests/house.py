"""A real server for a test: uvicorn on a free port, a database of its own, everything in the test's own loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import uvicorn

from chat.palaver import Palaver
from core.settings import Settings
from graph.app import create_app
from graph.feeds import Feeds
from graph.plan.plans import Plans
from graph.sockets import Sockets
from graph.transport import protocol_of
from tests.knowing import KnowingGuard, known_plans
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class House:
    """A running server."""

    url: str
    settings: Settings
    palaver: Palaver
    sockets: Sockets
    feeds: Feeds

    @property
    def socket_url(self) -> str:
        """Where its WebSocket is."""
        return self.url.replace("http", "ws", 1) + "/graphql"


class Server(uvicorn.Server):
    """uvicorn's, without its pauses of a tenth of a second: it ends when it is told to, and its connections have.

    Thousands of them are started and ended. How uvicorn itself ends is what the tests of processes look at.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell who waits for it."""
        await super().startup(sockets)
        self._ready.set()

    async def is_up(self, serving: "asyncio.Task[None]") -> bool:
        """Wait until it takes connections, or has given up."""
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        return self.started and not serving.done()

    def end(self) -> None:
        """Tell it to end."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Keep the date of its answers, until it is told to end."""
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the connections, wait for them and what they still do, and then for the application."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                await until(lambda: not self.server_state.connections and not self.server_state.tasks, pause=0.001)
        for task in self.server_state.tasks:
            task.cancel()
        await self.lifespan.shutdown()


@asynccontextmanager
async def open_house(settings: Settings, make_plans: type[Plans] = Plans) -> AsyncIterator[House]:
    """Serve until the block ends, on a database that is there and migrated."""
    app = create_app(settings, make_plans=known_plans if make_plans is Plans else make_plans, make_guard=KnowingGuard)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        ws=protocol_of(settings),
        ws_max_size=settings.max_frame,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=60,  # longer than the client keeps a connection, so that neither closes what the other uses
    )
    server = Server(config)
    serving = asyncio.create_task(server._serve())  # without uvicorn's own signal handlers
    try:
        if not await server.is_up(serving):
            serving.result()
            raise RuntimeError("The server did not start.")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield House(f"http://127.0.0.1:{port}", settings, app.state.palaver, app.state.sockets, app.state.feeds)
    finally:
        server.end()
        await serving
    # A feed that fails lets its members go on by themselves, so nobody else would notice.
    assert app.state.feeds.failures == 0
