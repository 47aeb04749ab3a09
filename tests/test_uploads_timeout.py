"""A file whose taking takes too long is TIMEOUT, and leaves nothing: no bytes, no promise, no temporary file."""

import asyncio
from pathlib import Path

import pytest

from core.clock import now_ms
from core.files import FileStore
from tests.client import People
from tests.conftest import OpenHouse
from tests.house import House
from tests.http.wire import code_of
from tests.shelves import Shelves, shelved_house
from tests.uploads import (
    COMPLETE,
    Part,
    complete,
    form_of,
    give,
    left,
    operations,
    place_for,
    places,
    put,
    send_form,
)

house, make_house, shelves, shelf = shelved_house()
#: Long enough for a busy machine to do what nothing hinders.
SECONDS = 2.0
NOTE = b"Hello, Bob. " * 100


class Stuck:
    """A store that takes files, and then does not say so."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        uploads = house.palaver.uploads
        self._real: FileStore = uploads._store
        self._patch = monkeypatch
        self._patch.setattr(uploads._store, "put", self._put)
        self._take = type(self._real).put

    async def _put(self, key: str, source: Path) -> None:
        await self._take(self._real, key, source)
        self.asked += 1
        await asyncio.Event().wait()

    def let_go(self) -> None:
        """It works again."""
        self._patch.undo()


async def test_a_file_that_is_not_stored_in_time_leaves_nothing(
    make_house: OpenHouse, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_house(operation_seconds=SECONDS, reap_seconds=10_000) as house, People(house) as people:
        before = await left(house, shelves)
        store = Stuck(house, monkeypatch)
        body = form_of(operations(), places(), Part("0", NOTE, "note.txt"))
        response = await send_form(people.ann, body)
        assert (code_of(response), response.json()["data"], store.asked) == ("TIMEOUT", None, 1)
        store.let_go()
        assert await left_after_a_sweep(house, shelves) == before
        assert (await give(people.ann, NOTE, "note.txt"))["byteSize"] == len(NOTE)


async def test_a_place_whose_file_is_not_stored_in_time_can_be_completed_again(
    make_house: OpenHouse, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_house(operation_seconds=SECONDS, reap_seconds=10_000) as house, People(house) as people:
        place = await place_for(people.ann, len(NOTE), "note.txt")
        assert await put(people.ann, place, NOTE) < 300
        before = await left(house, shelves)
        store = Stuck(house, monkeypatch)
        answer = await people.ann.answer(COMPLETE, input={"uploadId": place["uploadId"]})
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["TIMEOUT"]
        assert (answer["data"], store.asked) == (None, 1)
        store.let_go()
        assert await left_after_a_sweep(house, shelves) == before  # What was put waits for its owner.
        assert (await complete(people.cy, place["uploadId"]))["errors"][0]["code"] == "NOT_FOUND"
        completed = await complete(people.ann, place["uploadId"])
        assert (completed["errors"], completed["attachment"]["byteSize"]) == ([], len(NOTE))
        again = await complete(people.ann, place["uploadId"])
        assert again["attachment"]["id"] == completed["attachment"]["id"]


async def left_after_a_sweep(house: House, shelves: Shelves) -> tuple[int, list[str], int, int]:
    """What there is of files once the bytes are removed that belong to nothing, and are known to."""
    await house.palaver.reaper.sweep(now_ms())
    return await left(house, shelves)
