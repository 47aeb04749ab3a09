"""An import shows how far it is, lets others write meanwhile, and may be interrupted."""

import asyncio
import json
import os
import pty
import sys
from contextlib import suppress
from pathlib import Path

from tests import acts
from tests.cli.files import example, long_talk, take_in, write
from tests.cli.running import environment
from tests.client import Person
from tests.house import House
from tests.storage import run_sql
from tests.waiting import soon, until


async def start(house: House, path: Path, errors: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
    """Begin an import."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "graph.cli", "import", str(path)),
        cwd=path.parent,
        env=environment(PALAVER_DATABASE_URL=house.settings.database_url, TERM="xterm"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=errors,
    )


async def count(house: House) -> int:
    """How many messages there are."""
    ((number,),) = await run_sql(house, "select count(*) from messages where client_key like 'm-%'")
    return int(number)


async def test_people_go_on_talking_while_an_import_runs(
    house: House, ann: Person, bob: Person, thread: str, tmp_path: Path
) -> None:
    """In the very conversation that it adds to: all of both is there afterwards, in one order without holes."""
    importing = await start(house, write(tmp_path, *long_talk(4000)))
    said: list[str] = []

    async def say() -> bool:
        said.append(f"said {len(said)}")
        await acts.send((ann, bob)[len(said) % 2], thread, said[-1])
        return await count(house) == 4000

    await until(say)
    assert await soon(importing.wait()) == 0
    stored = await run_sql(house, "select seq, position, body from messages order by seq")
    assert [(seq, position) for seq, position, _ in stored] == [(n, n + 1) for n in range(1, 4001 + len(said))]
    bodies = [body for *_, body in stored]
    assert [body for body in bodies if body.startswith("said")] == said
    assert [body for body in bodies if not body.startswith("said")] == [f"message {n}" for n in range(1, 4001)]
    # Some words were said before the import was through: it did not hold them up.
    assert bodies.index(said[0]) < bodies.index("message 4000")


async def test_an_import_that_was_killed_goes_on_where_it_stopped(house: House, tmp_path: Path) -> None:
    lines = long_talk(3000)
    importing = await start(house, write(tmp_path, *lines))

    async def has_begun() -> bool:
        return await count(house) > 0

    await until(has_begun)
    importing.kill()
    await importing.wait()
    there = await count(house)
    ended = await take_in(house, tmp_path, *lines)
    assert ended.status == 0
    assert f"{'messages':14} {3000 - there:>9,} new  {there:>9,} there already" in ended.output
    bodies = await run_sql(house, "select body from messages order by seq")
    assert bodies == [(f"message {number}",) for number in range(1, 3001)]
    read = await run_sql(house, "select distinct read_seq, delivered_seq from participants")
    assert read == [(3000, 3000)]


def read_all(terminal: int) -> bytes:
    """What is written to a terminal until nobody has it open any more: it holds a page, and no more."""
    shown = b""
    with suppress(OSError):  # So says Linux that the other side is closed.
        while part := os.read(terminal, 65_536):
            shown += part
    return shown


async def test_a_terminal_shows_bars_of_progress(house: House, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    path = write(tmp_path, example(), json.dumps({"type": "user"}))
    try:
        importing = await start(house, path, theirs)
        os.close(theirs)
        reading = asyncio.create_task(asyncio.to_thread(read_all, ours))
        assert await soon(importing.wait()) == 1
        shown = (await soon(reading)).decode()
    finally:
        os.close(ours)
    assert "messages" in shown
    assert "100%" in shown
    assert "line 14: externalId is missing." in shown
