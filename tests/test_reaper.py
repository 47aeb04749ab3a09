"""What nobody has any more is removed from the store: in time, and nothing else."""

from collections.abc import AsyncIterator

import pytest

from chat.attachments import remove_of
from chat.file_keys import GRACE, keys_of
from core.clock import now_ms
from core.files import Folder, place_of
from core.ids import decode_id
from core.scratch import Scratch
from db import leftovers, messages
from db.ids import new_id
from tests import acts, samples
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.sent_files import FILES, SEND
from tests.shelves import Shelves, shelved_house
from tests.storage import run_sql
from tests.uploads import complete, give, give_in_steps, incomplete, place_for, put
from tests.waiting import until

_, make_house, shelves, shelf = shelved_house()
HOUR, DAY = 3_600_000, 86_400_000


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server in which nothing is reaped but by the test."""
    async with make_house(reap_seconds=10_000) as running:
        yield running


async def sweep(house: House, ahead: int = 0) -> None:
    """Remove what would be due so many milliseconds from now."""
    await house.palaver.reaper.sweep(now_ms() + ahead)


async def rows(house: House) -> tuple[int, int, int]:
    """How many files, uploads and leftovers the database knows of."""
    [found] = await run_sql(
        house,
        "SELECT (SELECT count(*) FROM attachments), (SELECT count(*) FROM uploads), (SELECT count(*) FROM leftovers)",
    )
    return (found[0], found[1], found[2])


def key_of(global_id: str) -> str:
    """The database's id."""
    decoded = decode_id(global_id)
    assert decoded is not None
    return decoded[1]


async def test_a_place_that_nobody_came_back_to_is_cleared(ann: Person, house: House, shelves: Shelves) -> None:
    """Filled or not; while it is good, and as long as somebody may still complete it, it stays."""
    filled, _ = await place_for(ann, 5), await place_for(ann, 5)
    await put(ann, filled, b"Hello")
    assert len(shelves.kept(house)) == 1
    await sweep(house, HOUR)
    assert (len(shelves.kept(house)), await rows(house)) == (1, (0, 2, 2))
    await sweep(house, HOUR + GRACE + 60_000)
    assert (shelves.kept(house), await rows(house)) == ([], (0, 0, 0))
    assert await incomplete(ann, filled["uploadId"]) == "NOT_FOUND"


async def test_what_is_longer_than_announced_is_cleared_though_nobody_completes_it(
    ann: Person, house: House, shelf: str, shelves: Shelves
) -> None:
    """Of a store that does not look at the length that is signed."""
    place = await place_for(ann, 5)
    await put(ann, place, b"Hello" * 1000)
    assert len(shelves.kept(house)) == (1 if shelf == "bucket" else 0)
    await sweep(house, HOUR + GRACE + 60_000)
    assert (shelves.kept(house), await rows(house)) == ([], (0, 0, 0))


async def test_what_is_put_after_all_is_over_is_cleared(
    ann: Person, house: House, shelf: str, shelves: Shelves
) -> None:
    """An object store's address goes on being good; the file that was taken is not touched."""
    place = await place_for(ann, 5)
    await put(ann, place, b"Hello")
    file = (await complete(ann, place["uploadId"]))["attachment"]
    await put(ann, place, b"Other")
    assert len(shelves.kept(house)) == (2 if shelf == "bucket" else 1)
    await run_sql(house, "UPDATE attachments SET created_at = created_at + 1000000000000")
    await sweep(house, HOUR + GRACE + 60_000)
    assert shelves.kept(house) == [key_of(file["id"])]
    assert (await ann.http.get(file["url"])).text == "Hello"
    assert await rows(house) == (1, 0, 0)


async def test_a_file_that_is_not_sent_for_a_day_is_removed(
    people: People, house: House, shelves: Shelves, thread: str
) -> None:
    sent, unsent = await give(people.ann, samples.PNG), await give_in_steps(people.ann, samples.PNG)
    fields = {"conversationId": thread, "attachmentIds": [sent["id"]], "clientMessageId": acts.key()}
    assert (await people.ann.ask(SEND, input=fields))["errors"] == []
    assert len(shelves.kept(house)) == 4
    await sweep(house, DAY - 60_000)
    assert len([key for key in shelves.kept(house) if not key.endswith(".raw")]) == 4
    await sweep(house, DAY + 60_000)
    await sweep(house, DAY + 60_000)
    assert shelves.kept(house) == keys_of(key_of(sent["id"]))
    assert await rows(house) == (1, 0, 0)
    for url in (unsent["url"], unsent["thumbnailUrl"]):
        assert (await people.ann.http.get(url)).status_code == 404
    for url in (sent["url"], sent["thumbnailUrl"]):
        assert (await people.ann.http.get(url)).status_code == 200
    late = {**fields, "attachmentIds": [unsent["id"]], "clientMessageId": acts.key()}
    assert [error["code"] for error in (await people.ann.ask(SEND, input=late))["errors"]] == ["NOT_FOUND"]


async def test_what_a_process_left_that_died_is_removed(house: House, shelves: Shelves) -> None:
    """It had put a file, and come no further; one that is still at it has an hour."""
    palaver, keys = house.palaver, keys_of(new_id())
    async with palaver.work.begin() as unit:
        await leftovers.plan(unit.db, keys, now_ms() + GRACE)
    with Scratch() as scratch:
        scratch.write(b"Hello")
        await palaver.file_store.put(keys[0], scratch.path)
    await sweep(house)
    assert shelves.kept(house) == keys[:1]
    await sweep(house, GRACE + 60_000)
    assert (shelves.kept(house), await rows(house)) == ([], (0, 0, 0))


async def test_files_go_with_their_message(people: People, house: House, shelves: Shelves, thread: str) -> None:
    """From the same moment on nobody finds them, by any address; then the store is rid of them. Others stay."""
    ann, palaver = people.ann, house.palaver
    sent = [await give(ann, samples.PNG), await give_in_steps(ann, b"Hello"), await give(ann, b"Another")]
    ids = []
    for files in (sent[:2], sent[2:]):
        fields = {"conversationId": thread, "clientMessageId": acts.key()}
        payload = await ann.ask(SEND, input={**fields, "attachmentIds": [file["id"] for file in files]})
        ids.append(key_of(payload["message"]["id"]))
    viewer = sent[0]["url"].split("/")[5]
    async with palaver.work.begin() as unit:
        found = await messages.find_visible(unit.db, viewer, ids[:1])
        await remove_of(unit, found[ids[0]])
    for url in (sent[0]["url"], sent[0]["thumbnailUrl"], sent[1]["url"]):
        assert (await ann.http.get(url)).status_code == 404
    conversation = await people.bob.ask(FILES.replace("last: 1", "first: 1"), id=thread)
    assert conversation["messages"]["edges"][0]["node"]["attachments"] == []
    await sweep(house)
    assert [key for key in shelves.kept(house) if not key.endswith(".raw")] == [key_of(sent[2]["id"])]
    assert (await ann.http.get(sent[2]["url"])).text == "Another"


async def test_what_cannot_be_removed_holds_nothing_else_up(house: House, shelf: str, shelves: Shelves) -> None:
    """A folder stands where a file should; it is tried again each time."""
    if shelf == "bucket":
        return
    palaver, (first, *_), second = house.palaver, keys_of("0" * 32), new_id()
    async with palaver.work.begin() as unit:
        await leftovers.plan(unit.db, [first, second], 1)
    store = palaver.file_store
    assert isinstance(store, Folder)
    (store.folder / place_of(first)).mkdir(parents=True)
    with Scratch() as scratch:
        scratch.write(b"Hello")
        await store.put(second, scratch.path)
    for _ in range(2):
        with pytest.raises(OSError, match=first):
            await sweep(house)
        assert (shelves.kept(house), await rows(house)) == ([], (0, 0, 1))


async def test_it_is_done_by_itself(make_house: OpenHouse, shelves: Shelves) -> None:
    async with make_house(reap_seconds=0.05, unsent_seconds=0.05) as house, People(house) as people:
        await give(people.ann, samples.PNG)

        async def is_done() -> bool:
            return shelves.kept(house) == [] and await rows(house) == (0, 0, 0)

        await until(is_done)
