"""Starts the server: checks what must not be, prepares a development database, and hands over to uvicorn."""

import asyncio
import ipaddress
import sys

import typer
import uvicorn

from core.clock import now_ms
from core.logs import set_up_logs
from core.settings import Settings
from core.tokens import sign_development_token
from db import migrate
from db.engine import Database
from graph.app import create_app
from graph.transport import Protocol

DEMO_PEOPLE = (
    ("buyer", "ann", "Ann Archer", ("buyer",)),
    ("seller", "bob", "Bob Baker", ("seller",)),
    ("admin", "ada", "Ada Moreno", ("admin",)),
    ("host's server", "market", "The market", ("service",)),
)
DAY = 86_400


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; then running work finishes, and sockets close with 1012."""
    _refuse_what_cannot_work(settings, host, workers)
    set_up_logs(settings)
    asyncio.run(_prepare(settings))
    if settings.uses_development_secret:
        _print_links(settings, host, port)
    uvicorn.run(
        f"{__name__}:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        ws=Protocol,
        ws_max_size=settings.max_frame,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=round(settings.shutdown_seconds),
    )


def app_from_environment() -> object:
    """The application of the environment's settings, made in the process that serves it."""
    settings = Settings()
    set_up_logs(settings)
    return create_app(settings)


def _refuse_what_cannot_work(settings: Settings, host: str, workers: int) -> None:
    if settings.uses_development_secret and not _is_loopback(host):
        _end(
            f"PALAVER_JWT_SECRET is the development secret, which anybody can read in the source: it works on loopback "
            f"only, and --host is {host}. Set a secret of your own (`openssl rand -hex 32`), or PALAVER_JWKS_URL."
        )
    if workers > 1 and settings.broker_url.startswith("memory:"):
        _end("PALAVER_BROKER_URL is memory://, which reaches one process only: use --workers 1, or set a broker.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _end(words: str) -> None:
    typer.echo(words, err=True)
    sys.exit(2)


async def _prepare(settings: Settings) -> None:
    """Migrate: in development and on SQLite; a production fleet's PostgreSQL is migrated by `palaver migrate`."""
    database = Database(settings.database_url, wait_seconds=settings.database_wait)
    try:
        if not settings.is_production or database.is_sqlite:
            await migrate.upgrade(database)
        elif await migrate.current(database) != migrate.head():
            _end("The database is not at this version's tables: run `palaver migrate`.")
    finally:
        await database.close()


def _print_links(settings: Settings, host: str, port: int) -> None:
    """Links that sign the demo people in, each with its token in the fragment, which no server ever sees."""
    typer.echo(f"Palaver serves http://{host}:{port}/graphql (development). Explore it as:")
    for what, sub, name, roles in DEMO_PEOPLE:
        token = sign_development_token(settings, sub, now=now_ms(), seconds=DAY, name=name, roles=roles)
        typer.echo(f"  {what:14} http://{host}:{port}/graphiql/#token={token}")
