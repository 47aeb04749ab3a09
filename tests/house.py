"""A real server for a test: uvicorn on a free port, a database of its own, everything in the test's own loop."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from chat.palaver import Palaver
from core.settings import Settings
from db import migrate
from db.engine import Database
from graph.app import create_app
from graph.sockets import Sockets
from graph.transport import Protocol

SECRET = "a secret of the tests, of more than 32 bytes"


@dataclass(frozen=True, slots=True)
class House:
    """A running server."""

    url: str
    settings: Settings
    palaver: Palaver
    sockets: Sockets

    @property
    def socket_url(self) -> str:
        """Where its WebSocket is."""
        return self.url.replace("http", "ws", 1) + "/graphql"


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a server that lives in a folder; nothing is read from the environment's `.env`."""
    values: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{folder}/palaver.db",
        "files_url": f"file://{folder}/files",
        "jwt_secret": SECRET,
        "rate_limits": "off",
        "delivered_seconds": 0.02,
        "presence_seconds": 1.5,
    }
    return Settings(_env_file=None, **{**values, **changes})


async def make_template(path: Path) -> None:
    """A migrated, empty database; tests get copies of it."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await migrate.upgrade(database)
    await database.close()


@asynccontextmanager
async def open_house(settings: Settings, template: Path | None = None) -> AsyncIterator[House]:
    """Serve until the block ends; from a copy of the template unless the database is there already."""
    place = Path(settings.database_url.partition(":///")[2])
    if template is not None and not place.exists():  # noqa: ASYNC240 - a test may wait for its own disk
        shutil.copyfile(template, place)
    app = create_app(settings)
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
        yield House(f"http://127.0.0.1:{port}", settings, app.state.palaver, app.state.sockets)
    finally:
        server.should_exit = True
        await serving
