"""Processes behind one socket, played by one: numbers, answers, and what becomes of those that die or hang."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.siblings import Siblings, meeting_place
from tests.waiting import soon


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where they meet."""
    with meeting_place() as place:
        yield place


def sibling(folder: Path | None, answer: str) -> Siblings:
    """One that says this when it is asked, and does not wait long for others."""
    return Siblings(folder, answer.encode, seconds=0.3)


@asynccontextmanager
async def family(folder: Path, *answers: str) -> AsyncIterator[list[Siblings]]:
    """Some of them, started in this order."""
    members = [sibling(folder, answer) for answer in answers]
    for member in members:
        await member.start()
    yield members
    for member in members:
        await member.stop()


def addresses_in(folder: Path) -> list[str]:
    """The sockets that are left in a folder."""
    return [path.name for path in folder.glob("*.sock")]


def die(member: Siblings) -> None:
    """End as killed processes do: the system closes what was open, and the names in the folder stay."""
    assert member._server is not None
    assert member._lock is not None
    member._server.close()
    os.close(member._lock)
    member._server = member._lock = None


async def test_each_has_a_number_and_hears_the_others(folder: Path) -> None:
    async with family(folder, "one", "two", "three") as (first, second, third):
        assert [member.number for member in (first, second, third)] == [1, 2, 3]
        assert await first.ask() == {2: b"two", 3: b"three"}
        assert await second.ask() == {1: b"one", 3: b"three"}


async def test_a_long_answer_comes_whole(folder: Path) -> None:
    long = "a line of the answer\n" * 100_000
    async with family(folder, "one", long) as (first, _):
        assert await first.ask() == {2: long.encode()}


async def test_who_ends_gives_its_number_back(folder: Path) -> None:
    async with family(folder, "one") as (first,):
        second = sibling(folder, "two")
        await second.start()
        await second.stop()
        assert await first.ask() == {}
        async with family(folder, "another") as (other,):
            assert other.number == 2
            assert await first.ask() == {2: b"another"}
    assert addresses_in(folder) == []


async def test_one_that_was_killed_is_not_asked_for_and_the_next_takes_its_number(folder: Path) -> None:
    async with family(folder, "one", "two", "three") as (first, second, third):
        die(second)
        assert (folder / "2.sock").exists()
        assert await first.ask() == {3: b"three"}
        async with family(folder, "two again") as (again,):
            assert again.number == 2
            assert await third.ask() == {1: b"one", 2: b"two again"}


async def test_one_that_hangs_is_there_without_an_answer_and_holds_nobody_up(folder: Path) -> None:
    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hanging.wait()
        writer.close()

    async def say_half(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes([0] * 7 + [9]) + b"half")
        writer.close()

    hanging = asyncio.Event()
    async with family(folder, "one") as (first,):
        silent = await asyncio.start_unix_server(say_nothing, folder / "7.sock")
        broken = await asyncio.start_unix_server(say_half, folder / "8.sock")
        assert await soon(first.ask()) == {7: None, 8: None}
        hanging.set()
        for server in (silent, broken):
            server.close()
            await server.wait_closed()


async def test_one_alone_asks_nobody() -> None:
    alone = sibling(None, "one")
    await alone.start()
    assert (alone.number, await alone.ask()) == (1, {})
    await alone.stop()


async def test_without_the_folder_it_serves_all_the_same_and_says_so(tmp_path: Path) -> None:
    lost = sibling(tmp_path / "tidied-away", "one")
    with capture_logs() as logs:
        await lost.start()
    assert [entry["event"] for entry in logs] == ["siblings.lost"]
    assert (lost.number, await lost.ask()) == (0, {})
    await lost.stop()


def test_the_meeting_place_is_private_and_goes_away() -> None:
    with meeting_place() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "1.sock").touch()
    assert not folder.exists()


async def test_a_long_tmpdir_leaves_room_for_addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with meeting_place() as folder:
        async with family(folder, "one", "two") as (first, _):
            assert await first.ask() == {2: b"two"}
