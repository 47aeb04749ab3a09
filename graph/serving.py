"""Starts the server: checks what must not be, prepares a development database, and hands over to uvicorn."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import structlog
import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from chat.market import PEOPLE
from core.clock import now_ms
from core.logs import set_up_logs
from core.settings import Settings
from core.siblings import meeting_place
from core.tokens import sign_development_token
from graph.checks import fault_in_broker, fault_in_documents, fault_in_files, open_database, prepare_tables
from graph.demo import has_demo
from graph.listening import base_url_of, is_loopback, take_address
from graph.one_write import HttpProtocol
from graph.seeding import seed_when_empty
from graph.settings import Unusable
from graph.transport import protocol_of
from graph.worker import app_from_environment

#: Who is offered a link in development: people of the demo market.
DEMO_PEOPLE = {"buyer": "ann", "seller": "bob", "admin": "ada", "host's server": "market"}
OWN_KEYS = "sign tokens with the secret or keys that you have set"
DAY = 86_400
#: Waiting connections; they come in bursts when a fleet of clients reconnects.
BACKLOG = 2048
#: Makes the application of a serving process, which is one of several when there is a folder where they meet.
MakeApp: TypeAlias = Callable[[Path | None], object]


def serve(settings: Settings, host: str, port: int, workers: int, *, make_app: MakeApp = app_from_environment) -> None:
    """Serve until SIGTERM or SIGINT; then running work finishes, and sockets close with 1012.

    Unusable, before anything is served, when something that is needed is not there.
    """
    _refuse_what_cannot_work(settings, host, workers)
    set_up_logs(settings)
    sockets = take_address(host, port)
    asyncio.run(_prepare(settings))
    base_url = base_url_of(host, sockets[0].getsockname()[1])
    with suppress(KeyboardInterrupt):
        if workers > 1:
            with meeting_place() as folder:
                config = _config_of(settings, workers, make_app, folder)
                _serve_by_several(config, sockets, lambda: _announce(settings, base_url))
        else:
            _serve_alone(_config_of(settings, 1, make_app, None), sockets, lambda: _announce(settings, base_url))


def _config_of(settings: Settings, workers: int, make_app: MakeApp, folder: Path | None) -> uvicorn.Config:
    return uvicorn.Config(
        partial(make_app, folder),
        factory=True,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        http=HttpProtocol,
        ws=protocol_of(settings),
        ws_max_size=settings.max_frame,
        ws_per_message_deflate=False,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=round(settings.shutdown_seconds),
    )


class _Server(uvicorn.Server):
    """Tells when it really serves."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        if self.started:
            self._announce()


def _serve_alone(config: uvicorn.Config, sockets: list[socket.socket], announce: Callable[[], None]) -> None:
    # One process comes and goes with the command: its own words about that would only push the links away.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = _Server(config, announce)
    # Once it has ended as it was told to, uvicorn raises the signal again, for whoever listened before it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run(sockets)
    if not server.started:
        sys.exit(1)


def _serve_by_several(config: uvicorn.Config, sockets: list[socket.socket], announce: Callable[[], None]) -> None:
    for listener in sockets:
        listener.listen(BACKLOG)
    announce()
    Multiprocess(config, sockets).run()


def _refuse_what_cannot_work(settings: Settings, host: str, workers: int) -> None:
    if settings.uses_development_secret and not is_loopback(host):
        raise Unusable(
            f"PALAVER_JWT_SECRET is the development secret, which anybody can read in the source: it works on loopback "
            f"only, and --host is {host}. Set a secret of your own (`openssl rand -hex 32`), or PALAVER_JWKS_URL."
        )
    if workers > 1 and settings.broker_url.startswith("memory:"):
        raise Unusable("PALAVER_BROKER_URL is memory://, which reaches one process: use --workers 1, or set a broker.")


async def _prepare(settings: Settings) -> None:
    """Look at what is needed, migrate, and put a market into an empty development database that is to have it."""
    fault = await fault_in_files(settings) or fault_in_documents(settings) or await fault_in_broker(settings)
    if fault is not None:
        raise Unusable(fault)
    async with open_database(settings) as database:
        await prepare_tables(settings, database)
        if settings.has_market and await seed_when_empty(settings, database):
            typer.echo("The database was empty: a small market was put into it.")


def _announce(settings: Settings, base_url: str) -> None:
    """Say where it serves; with the demo market also links that sign its people in.

    Each link has its token in the fragment, which no server ever sees.
    """
    if settings.is_production:
        structlog.get_logger().info("serving", url=f"{base_url}/graphql")
        return
    typer.echo(f"Palaver serves {base_url}/graphql (development). Ctrl+C ends it.")
    if settings.trusted_documents is not None:
        typer.echo("It runs the documents of PALAVER_TRUSTED_DOCUMENTS and no others, so there is no page to try it.")
        return
    if not has_demo(settings):
        inbox = f"The inbox is at {base_url}/. " if settings.has_inbox else ""
        how = "`palaver token` signs tokens" if settings.uses_development_secret else OWN_KEYS
        typer.echo(f"{inbox}GraphiQL is at {base_url}/graphiql/; {how}.")
        return
    if settings.has_inbox:
        typer.echo("Talk in the inbox, in a browser, for a day, as:")
        _show_links(settings, f"{base_url}/", [what for what in DEMO_PEOPLE if what != "host's server"])
    typer.echo("Explore the schema in GraphiQL as:")
    _show_links(settings, f"{base_url}/graphiql/", list(DEMO_PEOPLE))


def _show_links(settings: Settings, page: str, whose: list[str]) -> None:
    for what in whose:
        sub = DEMO_PEOPLE[what]
        name, roles = PEOPLE[sub]["name"], tuple(PEOPLE[sub]["roles"])
        token = sign_development_token(settings, sub, now=now_ms(), seconds=DAY, name=name, roles=roles)
        typer.echo(f"  {what:14} {page}#token={token}")
