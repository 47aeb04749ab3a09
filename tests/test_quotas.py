"""How much one person may have in the store: what is given, sent or not, and promised, as large as it is kept."""

import asyncio
import io
import random
from typing import Any

import pytest
from PIL import Image

from core.clock import now_ms
from core.ids import key_of
from db import uploads
from db.ids import new_id
from db.uploads import UploadRow
from tests import acts
from tests.changing import delete
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.shelves import Shelves, shelved_house
from tests.storage import run_sql
from tests.uploads import give, give_in_steps, incomplete, left, place_for, put, refusal_of, request
from tests.waiting import until

_, make_house, shelves, shelf = shelved_house()


def coarse_picture() -> bytes:
    """A JPEG of noise that somebody saved coarsely: made anew, it is more than twice as large."""
    file = io.BytesIO()
    noise = random.Random(5).randbytes(120 * 120)
    Image.frombytes("L", (120, 120), noise).save(file, "JPEG", quality=5)
    return file.getvalue()


async def size_of_coarse(make_house: OpenHouse) -> int:
    """How large it is then, as one of Cy's, whose quota nobody else has."""
    async with make_house() as house, People(house) as people:
        size: int = (await give(people.cy, coarse_picture()))["byteSize"]
        return size


async def filled(person: Person, *files: bytes) -> list[str]:
    """Files are put at places of their own, whose ids these are."""
    found = []
    for file in files:
        place = await place_for(person, len(file))
        await put(person, place, file)
        found.append(str(place["uploadId"]))
    return found


async def waits_for_a_lock(house: House) -> bool:
    """Does somebody want what somebody else has?"""
    return bool(await run_sql(house, "select 1 from pg_locks where not granted"))


async def test_all_files_of_a_person_are_within_their_quota(make_house: OpenHouse) -> None:
    """Those that are given, sent or not, and those that are promised; what was refused takes nothing."""
    async with make_house(files_quota=10_000) as house, People(house) as people:
        ann, bob = people.ann, people.bob
        await give(ann, b"x" * 4000)
        place = await place_for(ann, 4000)
        assert [error["code"] for error in (await request(ann, 2001))["errors"]] == ["TOO_LARGE"]
        assert await refusal_of(ann, b"x" * 2001) == "TOO_LARGE"
        await give(bob, b"x" * 10_000)
        await put(ann, place, b"MZ" + b"\0" * 3998)
        assert await incomplete(ann, place["uploadId"]) == "UNSUPPORTED_MEDIA_TYPE"
        await give_in_steps(ann, b"x" * 6000)
        assert await refusal_of(ann, b"x") == "TOO_LARGE"


async def test_a_quota_holds_though_many_ask_at_once(make_house: OpenHouse) -> None:
    async with make_house(files_quota=10_000) as house, People(house) as people:
        answers = await asyncio.gather(*(request(people.ann, 4000) for _ in range(8)))
        assert sorted(len(answer["errors"]) for answer in answers) == [0] * 2 + [1] * 6


async def test_places_are_few_and_not_asked_for_too_often(make_house: OpenHouse) -> None:
    async with make_house(max_unsent_files=2, rate_limits="on", uploads="3 per hour") as house, People(house) as people:
        for _ in range(2):
            await place_for(people.ann, 10)
        assert [error["code"] for error in (await request(people.ann, 10))["errors"]] == ["TOO_LARGE"]
        assert [error["code"] for error in (await request(people.ann, 10))["errors"]] == ["RATE_LIMITED"]
        await place_for(people.bob, 10)


async def test_a_picture_that_grows_counts_as_large_as_it_is_kept(make_house: OpenHouse, shelves: Shelves) -> None:
    """However it comes, nothing of what is beyond the quota is kept; within it, it takes what it has become."""
    coarse, size = coarse_picture(), await size_of_coarse(make_house)
    assert len(coarse) * 2 < size
    async with make_house(files_quota=size + 100) as house, People(house) as people:
        await give(people.ann, b"x" * 101)
        before = await left(house, shelves)
        assert await refusal_of(people.ann, coarse) == "TOO_LARGE"
        [upload] = await filled(people.ann, coarse)
        assert await incomplete(people.ann, upload) == "TOO_LARGE"
        await house.palaver.reaper.sweep(now_ms())
        assert await left(house, shelves) == before
        assert await incomplete(people.ann, upload) == "NOT_FOUND"
        assert (await give_in_steps(people.bob, coarse))["byteSize"] == size
        assert await refusal_of(people.bob, b"x" * 101) == "TOO_LARGE"
        await give(people.bob, b"x" * 100)


async def test_a_picture_that_grows_waits_for_what_its_owner_is_promised_at_that_moment(make_house: OpenHouse) -> None:
    coarse, size = coarse_picture(), await size_of_coarse(make_house)
    async with make_house(files_quota=2 * size) as house, People(house) as people:
        [upload] = await filled(people.ann, coarse)
        [(owner_id,)] = await run_sql(house, "select owner_id from uploads where id = ?", key_of(upload, "Upload"))
        async with house.palaver.work.begin() as unit:
            await uploads.hold_owner(unit.db, owner_id)
            completing = asyncio.create_task(incomplete(people.ann, upload))
            if not house.palaver.database.is_sqlite:  # There nobody else has begun to write.
                await until(lambda: waits_for_a_lock(house))
            more = UploadRow(new_id(), owner_id, "a.txt", size + 1, None, unit.now, unit.now + 60_000)
            await uploads.insert_one(unit.db, more)
        assert await completing == "TOO_LARGE"


async def test_a_picture_that_grows_beyond_the_size_of_a_file_is_refused(
    make_house: OpenHouse, shelves: Shelves
) -> None:
    coarse, size = coarse_picture(), await size_of_coarse(make_house)
    async with make_house(max_file=size - 1, max_body=1024) as house, People(house) as people:
        before = await left(house, shelves)
        assert await refusal_of(people.ann, coarse) == "TOO_LARGE"
        assert await incomplete(people.ann, *await filled(people.ann, coarse)) == "TOO_LARGE"
        assert await left(house, shelves) == before
    async with make_house(max_file=size, max_body=1024) as house, People(house) as people:
        assert (await give(people.ann, coarse))["byteSize"] == size


@pytest.mark.parametrize("steps", [give, give_in_steps])
async def test_a_deleted_message_gives_its_room_back(make_house: OpenHouse, shelves: Shelves, steps: Any) -> None:
    """To its sender at once, and to the store at the reaper's next look."""
    async with make_house(files_quota=10_000, reap_seconds=10_000) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        file = await steps(people.ann, b"x" * 10_000)
        named = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
        sent = (await people.ann.ask(acts.SEND, input=named))["message"]
        assert await refusal_of(people.ann, b"x") == "TOO_LARGE"
        assert [key for key in shelves.kept(house) if not key.endswith(".raw")] != []
        await delete(people.ann, sent["id"])
        await give(people.ann, b"y" * 9000)
        await house.palaver.reaper.sweep(now_ms())
        _, kept, known, promised = await left(house, shelves)
        assert (len(kept), known, promised) == (1, 1, 0)
