"""Files while the server is killed, and while its disk is full: nothing half is there, and the space comes back."""

import asyncio
import os
import resource
import signal
from pathlib import Path
from tempfile import gettempdir

import httpx

from tests.client import NO_TLS, Person
from tests.http.wire import Wire, dial
from tests.legs import Home
from tests.served import Served, serve
from tests.storage import run_sql_at
from tests.uploads import (
    BOUNDARY,
    Part,
    complete,
    form_of,
    give,
    incomplete,
    operations,
    place_for,
    places,
    put,
    upload,
)
from tests.waiting import until

MIB = 1_048_576
FILES = "select count(*) from attachments"


def stored(home: Home) -> list[str]:
    """All files that are kept, whole or not."""
    return sorted(path.name for path in (home.folder / "files").rglob("*") if path.is_file())


def received(served: Served) -> int:
    """How many bytes of files are passing through the server now: they have no names."""
    found = 0
    for link in Path(f"/proc/{served.pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith(gettempdir()) and target.endswith("(deleted)"):
            found += link.stat().st_size
    return found


async def begin_upload(wire: Wire) -> None:
    """Half of a multipart upload."""
    body = form_of(operations(), places(), Part("0", b"x" * MIB, "long.txt"))
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    await wire.begin(kind, f"Content-Length: {len(body)}", "GraphQL-Require-Preflight: 1")
    await wire.write(body[: MIB // 2])


async def begin_put(wire: Wire, url: str) -> None:
    """Half of a PUT."""
    path = url[url.index("/files/") :]
    await wire.write(f"PUT {path} HTTP/1.1\r\nHost: palaver.test\r\nContent-Length: {MIB}\r\n\r\n".encode())
    await wire.write(b"x" * (MIB // 2))


def named() -> set[str]:
    """Temporary files and folders of ours that have names."""
    return {path.name for path in Path(gettempdir()).glob("palaver-upload*")}


async def test_a_server_that_is_killed_in_the_middle_leaves_nothing(home: Home) -> None:
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http, serve(home) as served:
        ann = served.person(http, "ann", "buyer", name="Ann")
        before = named()
        place = await place_for(ann, MIB)
        async with dial(ann.house, ann) as one, dial(ann.house, ann) as other:
            await begin_upload(one)
            await begin_put(other, place["uploadUrl"])
            await until(lambda: received(served) > MIB // 2)
            await served.kill()
        assert stored(home) == []
        assert named() <= before
        await served.start()
        assert await incomplete(ann, place["uploadId"]) == "INVALID"
        assert await put(ann, place, b"x" * MIB) == 204
        assert (await complete(ann, place["uploadId"]))["attachment"]["byteSize"] == MIB
        await give(ann, b"Hello")


async def test_a_server_that_is_killed_while_it_stores_leaves_nothing_for_long(home: Home) -> None:
    """When what it kept was not told of yet, half of it or all: nobody sees it, its space comes back, and its owner
    completes the same upload."""
    url, content = home.places["database_url"], b"palaver\n" * (3 * MIB)
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http, serve(home, PALAVER_REAP_SECONDS="0.1") as served:
        ann = served.person(http, "ann", "buyer", name="Ann")
        while True:
            place = await place_for(ann, len(content))
            assert await put(ann, place, content) == 204
            before, known = stored(home), await run_sql_at(url, FILES)
            completing = asyncio.create_task(complete(ann, place["uploadId"]))
            await until(lambda: bool(new(home, before)) or completing.done(), pause=0)  # noqa: B023 - it ends here
            os.kill(served.pid, signal.SIGSTOP)
            if await run_sql_at(url, FILES) == known:
                break
            os.kill(served.pid, signal.SIGCONT)  # It was told of already: once more.
            await completing
        await served.kill()
        await asyncio.gather(completing, return_exceptions=True)
        [left] = new(home, before)
        await served.start()
        assert await run_sql_at(url, FILES) == known
        await run_sql_at(url, "update leftovers set due_at = 1 where key not like '%.raw'")
        await until(lambda: left not in stored(home))
        assert stored(home) == before
        assert (await complete(ann, place["uploadId"]))["attachment"]["byteSize"] == len(content)


def new(home: Home, before: list[str]) -> list[str]:
    """What is stored now and was not before, whole or not."""
    return [name for name in stored(home) if name not in before]


async def test_a_disk_that_is_full_is_told_and_has_room_again(home: Home) -> None:
    """As the system says it to a process that may write no larger files."""
    large, small = b"palaver\n" * MIB, b"Hello"
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as http, serve(home) as served:
        ann = served.person(http, "ann", "buyer", name="Ann")
        place, late = await place_for(ann, len(large)), await place_for(ann, len(large))
        assert await put(ann, late, large) == 204
        before = stored(home)
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (6 * MIB, resource.RLIM_INFINITY))
        for _ in range(2):
            await must_be_told(ann, large)
            assert await put(ann, place, large) == 507
            assert await incomplete(ann, late["uploadId"]) == "TOO_LARGE"
        assert (stored(home), received(served)) == (before, 0)
        assert (await give(ann, small))["byteSize"] == len(small)
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert await put(ann, place, large) == 204
        for upload_id in (place["uploadId"], late["uploadId"]):
            assert (await complete(ann, upload_id))["attachment"]["byteSize"] == len(large)
        assert (await give(ann, large))["byteSize"] == len(large)


async def must_be_told(person: Person, content: bytes) -> None:
    """A file that there is no room for."""
    payload = await upload(person, content, "long.txt")
    assert payload["attachment"] is None
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("TOO_LARGE", ["input", "file"])
    assert "room" in error["reason"]
