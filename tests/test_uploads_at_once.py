"""Files on their way take room on the disk: each person may have some at a time, and one at each place."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.http.wire import Answer, Wire, dial
from tests.uploads import BOUNDARY, Part, complete, give, operations, passing, place_for, places, put
from tests.waiting import soon, until

HEAD = operations().head + operations().content + b"\r\n" + places().head + places().content + b"\r\n"
TEXT = b"Hello, Bob. " * 100


async def begin_form(wire: Wire) -> None:
    """Most of a file by a form; the rest never comes."""
    lines = (f"Content-Type: multipart/form-data; boundary={BOUNDARY}", "GraphQL-Require-Preflight: 1")
    await wire.begin(*lines, "Content-Length: 900000")
    await wire.write(HEAD + Part("0", b"", "note.txt").head + b"x" * 50_000)


async def begin_put(wire: Wire, place: dict[str, Any]) -> None:
    """Half of a file at a place; the rest never comes."""
    path = place["uploadUrl"].removeprefix(wire.person.house.url)
    head = f"PUT {path} HTTP/1.1\r\nHost: palaver.test\r\nContent-Length: {len(TEXT)}\r\n\r\n"
    await wire.write(head.encode() + TEXT[: len(TEXT) // 2])


async def refused_before_its_body(person: Person) -> Answer:
    """The answer to a form of which nothing but the head is there."""
    async with dial(person.house, person) as wire:
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
        await wire.begin(kind, "GraphQL-Require-Preflight: 1", "Content-Length: 900000")
        return await wire.answer()


async def status_before_its_body(person: Person, place: dict[str, Any]) -> tuple[int, str]:
    """The status of the answer to a PUT of which nothing but the head is there, and all of that answer's head."""
    async with dial(person.house, person) as wire:
        path = place["uploadUrl"].removeprefix(person.house.url)
        head = f"PUT {path} HTTP/1.1\r\nHost: palaver.test\r\nContent-Length: {len(TEXT)}\r\n\r\n"
        await wire.write(head.encode())
        answer = (await soon(wire.reader.readuntil(b"\r\n\r\n"))).decode().lower()
        return int(answer.split()[1]), answer


async def test_one_person_has_some_files_on_their_way_at_a_time(make_house: OpenHouse) -> None:
    """However they come. What is too much is refused before its body is read; to others it makes no difference."""
    async with make_house(max_uploads_per_user=3) as house, People(house) as people, AsyncExitStack() as wires:
        before, place, other = passing(), await place_for(people.cy, len(TEXT)), await place_for(people.cy, len(TEXT))
        for number in range(3):
            wire = await wires.enter_async_context(dial(house, people.cy))
            await (begin_put(wire, place) if number == 1 else begin_form(wire))
        await until(lambda: passing() == before + 3)
        refused = await refused_before_its_body(people.cy)
        [error] = refused.body["errors"]
        assert (refused.status, error["extensions"]) == (429, {"code": "RATE_LIMITED", "retryAfterMs": 1000})
        status, head = await status_before_its_body(people.cy, other)
        assert status == 429
        assert "\r\nretry-after: 1\r\n" in head
        assert passing() == before + 3
        await give(people.ann, TEXT)
        await wires.aclose()
        await until(lambda: passing() == before)
        await give(people.cy, TEXT)


async def test_one_file_arrives_at_a_place_at_a_time(make_house: OpenHouse) -> None:
    """A second one is refused, and can be PUT when the first has ended."""
    async with make_house() as house, People(house) as people:
        before, place = passing(), await place_for(people.ann, len(TEXT))
        async with dial(house, people.ann) as wire:
            await begin_put(wire, place)
            await until(lambda: passing() > before)
            assert (await status_before_its_body(people.ann, place))[0] == 409
            assert passing() == before + 1
        await until(lambda: passing() == before)
        assert await put(people.ann, place, TEXT) == 204
        assert (await complete(people.ann, place["uploadId"]))["attachment"]["byteSize"] == len(TEXT)


async def test_files_that_are_looked_into_count(make_house: OpenHouse) -> None:
    """Whoever says of one place many times that it is filled has no more of them on the disk."""
    async with make_house(max_uploads_per_user=1) as house, People(house) as people:
        place = await place_for(people.ann, len(TEXT))
        await put(people.ann, place, TEXT)
        before = passing()
        async with dial(house, people.ann) as wire:
            await begin_form(wire)
            await until(lambda: passing() > before)
            answers = await asyncio.gather(*(complete(people.ann, place["uploadId"]) for _ in range(3)))
            said = {(error["code"], *error["path"]) for answer in answers for error in answer["errors"]}
            assert said == {("RATE_LIMITED", "input", "uploadId")}
        await until(lambda: passing() == before)
        assert (await complete(people.ann, place["uploadId"]))["errors"] == []
