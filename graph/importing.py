"""Runs an import at a terminal: a bar of progress there, plain lines elsewhere, bad lines by number, and the counts."""

import getpass
import os
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from chat.import_lines import lines_of
from chat.import_state import BadLine, ImportState
from chat.imports import KINDS, Import
from chat.work import Work
from core.hub import Hub
from core.settings import Settings
from db.engine import Database


async def import_file(settings: Settings, database: Database, path: Path) -> bool:
    """Take a file in, and tell how it goes; True when no line was bad."""
    work, most = Work(database, Hub("memory://")), settings.message_length
    run = Import(work, lambda: lines_of(path), most_characters=most, by=_operator())
    console, size = Console(stderr=True), path.stat().st_size  # noqa: ASYNC240 - nobody else waits for this loop
    if console.is_terminal:
        await _with_bar(run, console, size)
    else:
        await _with_lines(run)
    _tell_counts(run.state)
    return run.state.bad == 0


def _operator() -> str:
    """Who runs the command: the machine's own name for them, since no token says it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # A container may know its user by a number only.
        return f"user {os.getuid()}"


async def _with_bar(run: Import, console: Console, size: int) -> None:
    columns = (TextColumn("{task.description:14}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        tasks: dict[str, TaskID] = {}
        async for news in run.run():
            if isinstance(news, BadLine):
                bar.console.print(_words_of(news), markup=False, highlight=False, soft_wrap=True)
                continue
            if news.doing not in tasks:
                tasks[news.doing] = bar.add_task(news.doing, total=size)
            bar.update(tasks[news.doing], completed=news.size)


async def _with_lines(run: Import) -> None:
    doing = ""
    async for news in run.run():
        if isinstance(news, BadLine):
            typer.echo(_words_of(news), err=True)
        elif news.doing != doing:
            doing = news.doing
            typer.echo(f"{doing} ...", err=True)


def _words_of(bad_line: BadLine) -> str:
    """What the file says is shown without characters that a terminal would obey."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in bad_line.reason)
    return f"line {bad_line.number}: {shown}"


def _tell_counts(state: ImportState) -> None:
    for kind in KINDS:
        if count := state.counts.get(kind):
            typer.echo(f"{kind + 's':14} {count.new:>9,} new  {count.known:>9,} there already")
    if state.bad:
        typer.echo(f"{state.bad:,} bad {'line was' if state.bad == 1 else 'lines were'} left out; the others are in.")
    if not state.new:
        typer.echo("Nothing is new.")
