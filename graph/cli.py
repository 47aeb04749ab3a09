"""The command `palaver`.

What needs the database or the schema is imported by the command that does: either takes longer than all that the
others do.
"""

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from core.clock import now_ms
from core.texts import fault_in_text
from core.tokens import sign_development_token
from graph.audits import audit_app
from graph.settings import Unusable, read_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A GraphQL messaging server.")
schema_app = typer.Typer(no_args_is_help=True, help="The schema as a file.")
app.add_typer(schema_app, name="schema")
app.add_typer(audit_app, name="audit")


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


@app.command("serve")
def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; several need a broker between them.")] = 1,
) -> None:
    """Serve GraphQL at /graphql. In development an empty database is filled with a small market."""
    from graph.serving import serve

    serve(read_settings(), host, port, workers)


@app.command()
def token(
    sub: Annotated[str, typer.Argument(help="Who: the host's own id of the person.")],
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    role: Annotated[list[str] | None, typer.Option(help="A role of theirs; may be given several times.")] = None,
    ttl: Annotated[int, typer.Option(min=1, help="Seconds until it expires.")] = 86_400,
) -> None:
    """Sign a token with the development secret."""
    for word, most in ((sub, 255), (name, 200), *((each, 50) for each in role or ())):
        if word is not None and (fault := fault_in_text(word, most=most)):
            raise Unusable(f"{word!r} cannot be in a token: {fault.reason}")
    try:
        signed = sign_development_token(
            read_settings(), sub, now=now_ms(), seconds=ttl, name=name, roles=tuple(role or ())
        )
    except PermissionError as error:
        raise Unusable(str(error)) from error
    typer.echo(signed)


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to this version's tables."""
    from graph.tending import migrate_tables

    revision = asyncio.run(migrate_tables(read_settings()))
    typer.echo(f"The database is at revision {revision}, the newest.")


@app.command("seed")
def seed_command() -> None:
    """Put a small market into a development database: people, listings and conversations to try things out with."""
    from graph.tending import add_market

    new = asyncio.run(add_market(read_settings()))
    typer.echo("The market is there now." if new else "The market was there already; nothing is new.")


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSON lines, as docs/import.md says.")
    ],
) -> None:
    """Take in people, subjects, conversations and messages, with their original times. Again changes nothing."""
    from graph.tending import take_in

    if not asyncio.run(take_in(read_settings(), file)):
        raise typer.Exit(1)


@app.command()
def restored() -> None:
    """Say that the database was restored from a backup: cursors from before are refused from now on."""
    from graph.tending import begin_epoch

    asyncio.run(begin_epoch(read_settings()))
    typer.echo("The database has a new epoch. Clients with older cursors are told to fetch again.")


@app.command()
def doctor() -> None:
    """Look at the settings, the database, the broker, the migrations and the files; say what is wrong and the mend."""
    from graph.doctor import examine

    async def run() -> bool:
        is_good = True
        async for finding in examine():
            typer.echo(f"{'ok  ' if finding.is_good else 'FAIL'}  {finding.subject}: {finding.words}")
            is_good = is_good and finding.is_good
        return is_good

    if not asyncio.run(run()):
        raise typer.Exit(1)


@schema_app.command("export")
def schema_export(
    path: Annotated[
        Path | None, typer.Argument(dir_okay=False, writable=True, help="Where to; standard output by default.")
    ] = None,
) -> None:
    """Write the schema."""
    from graph.sdl import write_schema

    if path is None:
        sys.stdout.write(write_schema())
    else:
        try:
            path.write_text(write_schema(), encoding="utf-8")
        except OSError as error:
            raise Unusable(f"{path} cannot be written ({error.strerror}): name another file.") from error


@schema_app.command("check")
def schema_check(
    path: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, help="The file; by default the one shipped with this version."),
    ] = None,
) -> None:
    """Is the file the schema of this version?"""
    from graph.sdl import read_committed_schema, write_schema

    name = path or Path("schema.graphql")
    written = path.read_text(encoding="utf-8", errors="replace") if path else read_committed_schema()
    if written != write_schema():
        typer.echo(f"{name} is not this version's schema: run `palaver schema export {name}`.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} is current.")


def main() -> None:
    """The entry point."""
    try:
        app()
    except Unusable as error:
        typer.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
