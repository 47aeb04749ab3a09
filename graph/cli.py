"""The command `palaver`."""

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from chat.work import Work
from core.clock import now_ms
from core.hub import Hub
from core.settings import Settings
from core.tokens import sign_development_token
from db import epochs, migrate
from db.engine import Database
from graph import serving
from graph.doctor import examine
from graph.sdl import read_committed_schema, write_schema

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A GraphQL messaging server.")
schema_app = typer.Typer(no_args_is_help=True, help="The schema as a file.")
app.add_typer(schema_app, name="schema")


def read_settings() -> Settings:
    """The settings, or an end that names what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "PALAVER_" + "_".join(str(part) for part in fault["loc"]).upper() if fault["loc"] else "Settings"
            typer.echo(f"{name}: {fault['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from error


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"palaver {version('palaver')}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A GraphQL messaging server."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; several need a broker between them.")] = 1,
) -> None:
    """Serve GraphQL at /graphql. In development an empty database is filled with a small market."""
    serving.serve(read_settings(), host, port, workers)


@app.command()
def token(
    sub: Annotated[str, typer.Argument(help="Who: the host's own id of the person.")],
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    role: Annotated[list[str] | None, typer.Option(help="A role of theirs; may be given several times.")] = None,
    ttl: Annotated[int, typer.Option(min=1, help="Seconds until it expires.")] = 86_400,
) -> None:
    """Sign a token with the development secret."""
    try:
        signed = sign_development_token(
            read_settings(), sub, now=now_ms(), seconds=ttl, name=name, roles=tuple(role or ())
        )
    except PermissionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(signed)


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to this version's tables."""
    settings = read_settings()

    async def run() -> str | None:
        database = Database(settings.database_url, wait_seconds=settings.database_wait)
        try:
            await migrate.upgrade(database)
            return await migrate.current(database)
        finally:
            await database.close()

    typer.echo(f"The database is at revision {asyncio.run(run())}.")


@app.command()
def restored() -> None:
    """Say that the database was restored from a backup: cursors from before are refused from now on."""
    settings = read_settings()

    async def run() -> None:
        database = Database(settings.database_url, wait_seconds=settings.database_wait)
        try:
            async with Work(database, Hub("memory://")).begin() as unit:
                await epochs.renew(unit.db)
        finally:
            await database.close()

    asyncio.run(run())
    typer.echo("The database has a new epoch. Clients with older cursors are told to fetch again.")


@app.command()
def doctor() -> None:
    """Look at the settings, the database, the broker and the migrations; say what is wrong and the mend."""
    findings = asyncio.run(examine(read_settings()))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_good else 'FAIL'}  {finding.subject}: {finding.words}")
    if not all(finding.is_good for finding in findings):
        raise typer.Exit(1)


@schema_app.command("export")
def schema_export(
    path: Annotated[Path | None, typer.Argument(help="Where to write it; standard output by default.")] = None,
) -> None:
    """Write the schema."""
    if path is None:
        sys.stdout.write(write_schema())
    else:
        path.write_text(write_schema(), encoding="utf-8")


@schema_app.command("check")
def schema_check(
    path: Annotated[Path | None, typer.Argument(help="The file; by default the one shipped with this version.")] = None,
) -> None:
    """Is the file the schema of this version?"""
    written = path.read_text(encoding="utf-8") if path else read_committed_schema()
    if written != write_schema():
        typer.echo("schema.graphql is not current: run `palaver schema export`.", err=True)
        raise typer.Exit(1)
    typer.echo("schema.graphql is current.")


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
