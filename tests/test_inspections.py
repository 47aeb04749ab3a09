"""Files are looked into in processes of their own, few at a time; one may die or stand still, and nothing else does."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests import acts, samples
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.shelves import Shelves, shelved_house
from tests.uploads import complete, give, left, passing, place_for, put, upload
from tests.waiting import until

_, make_house, shelves, shelf = shelved_house(is_crossed=False)
PATIENT = {"inspection_seconds": 60.0, "operation_seconds": 60.0}


def inspecting() -> list[int]:
    """The processes that look into files for a server of this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            parent = int((folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"core.inspection" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def still(giving: Callable[[], Any]) -> tuple["asyncio.Task[dict[str, Any]]", int]:
    """Somebody gives a file, and the process that looks into it stands still: the task, and the process."""
    task = asyncio.create_task(giving())
    await until(lambda: bool(inspecting()))
    [pid] = inspecting()
    os.kill(pid, signal.SIGSTOP)
    return task, pid


async def uploading(person: Person) -> dict[str, Any]:
    """A picture that takes some work, by a form."""
    return await upload(person, samples.picture("PNG", 1500, 1500))


async def completing(person: Person) -> dict[str, Any]:
    """The same in steps."""
    content = samples.picture("PNG", 1500, 1500)
    place = await place_for(person, len(content))
    await put(person, place, content)
    return await complete(person, place["uploadId"])


@pytest.mark.parametrize("way", [uploading, completing])
async def test_a_process_that_is_killed_is_a_refusal_and_everybody_goes_on(
    make_house: OpenHouse, shelves: Shelves, way: Callable[[Person], Any]
) -> None:
    """As by a system without memory. While it worked, others sent files and words."""
    async with make_house(**PATIENT) as house, People(house) as people:
        ann, bob = people.ann, people.bob
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        before = await left(house, shelves)
        task, pid = await still(lambda: way(ann))
        await acts.send(bob, thread, "Hello")
        await give(bob, samples.PNG, "a.png")
        after = await left(house, shelves)
        assert not task.done()
        os.kill(pid, signal.SIGKILL)
        payload = await task
        assert payload["attachment"] is None
        assert [error["code"] for error in payload["errors"]] == ["TOO_LARGE"]
        assert inspecting() == []
        _, kept, known, promised = await left(house, shelves)
        assert (passing(), known, promised) == (before[0], after[2], before[3])
        assert sorted(kept) == sorted(key for key in after[1] if not key.endswith(".raw"))
        assert (await give(ann, samples.PNG, "a.png"))["width"] == 4


async def test_a_process_that_comes_to_no_end_is_ended(make_house: OpenHouse, shelves: Shelves) -> None:
    async with make_house(inspection_seconds=1.5, operation_seconds=60.0) as house, People(house) as people:
        before = await left(house, shelves)
        task, _ = await still(lambda: uploading(people.ann))
        assert [error["code"] for error in (await task)["errors"]] == ["TOO_LARGE"]
        assert inspecting() == []
        assert await left(house, shelves) == before
        await people.ann.ask("{ viewer { id } }")


async def test_nobody_waits_for_all_files_of_somebody_else(make_house: OpenHouse) -> None:
    """Ann's second and third wait already when Bob's comes, and his is next."""
    async with make_house(inspections=1, **PATIENT) as house, People(house) as people:
        done: list[str] = []
        large = samples.picture("PNG", 1500, 1500)  # Its process is there for long enough to be seen.

        async def giving(person: Person) -> None:
            await give(person, large, "a.png")
            done.append(person.sub)

        before = passing()
        first, pid = await still(lambda: giving(people.ann))
        tasks: list[asyncio.Task[Any]] = [first]
        for person, many in ((people.ann, 2), (people.bob, 1)):
            tasks += [asyncio.create_task(giving(person)) for _ in range(many)]
            # Each has what came, and two places for what is made of it.
            await until(lambda: passing() == before + 3 * len(tasks))  # noqa: B023 - it is waited for here
        os.kill(pid, signal.SIGCONT)
        await asyncio.gather(*tasks)
        assert done == ["ann", "bob", "ann", "ann"]
