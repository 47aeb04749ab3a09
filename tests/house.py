"""A real server for a test: uvicorn on a free port, a database of its own, everything in the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn

from chat.palaver import Palaver
from core.settings import Settings
from graph.app import create_app
from graph.feeds import Feeds
from graph.plan.plans import Plans
from graph.sockets import Sockets
from graph.transport import Protocol


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


@asynccontextmanager
async def open_house(settings: Settings, make_plans: type[Plans] = Plans) -> AsyncIterator[House]:
    """Serve until the block ends, on a database that is there and migrated."""
    app = create_app(settings, make_plans=make_plans)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        ws=Protocol,
        ws_max_size=settings.max_frame,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=60,  # longer than the client keeps a connection, so that neither closes what the other uses
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # without uvicorn's own signal handlers
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise RuntimeError("The server did not start.")
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield House(f"http://127.0.0.1:{port}", settings, app.state.palaver, app.state.sockets, app.state.feeds)
    finally:
        server.should_exit = True
        await serving
    # A feed that fails lets its members go on by themselves, so nobody else would notice.
    assert app.state.feeds.failures == 0
