"""The command `palaver audit`."""

import asyncio
from typing import Annotated

import typer

from graph.settings import read_settings

audit_app = typer.Typer(no_args_is_help=True, help="The log of what staff saw and did, and of messages.")


@audit_app.callback()
def root() -> None:
    """The log of what staff saw and did, and of messages."""


@audit_app.command("verify")
def verify_command(
    head: Annotated[
        str | None, typer.Option(help="A hash that was noted before: the log must still lead through it.")
    ] = None,
) -> None:
    """Is the audit log as it was written? Names the first row that is not; the exit code is 1 then."""
    from chat.sealing import Report, verify
    from graph.checks import open_database, require_tables

    async def run() -> Report:
        async with open_database(read_settings()) as database:
            await require_tables(database)
            return await verify(database, head)

    report = asyncio.run(run())
    broken = report.broken
    if broken is not None:
        place = "" if broken.number is None else f" number {broken.number}"
        typer.echo(f"The audit log is broken at entry{place} ({broken.entry_id}): {broken.reason}.", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"The audit log is whole: {report.count} entries in the chain, {report.waiting} not in it yet. "
        f"The newest hash is {report.head}: note it elsewhere, and give it as --head the next time."
    )
