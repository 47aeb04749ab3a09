"""An object store that is away: nothing is half there, everything else goes on, and all is well when it is back."""

from collections.abc import AsyncIterator

import pytest

from core.clock import now_ms
from core.files import StoreAway
from tests import acts
from tests.client import People, Person
from tests.clients.proxy import Network, network_to
from tests.house import House, open_house
from tests.legs import Home
from tests.sent_files import SEND
from tests.shelves import Shelves, shelved_house
from tests.uploads import COMPLETE, Part, complete, form_of, give, left, operations, place_for, places, put, send_form

_, _, shelves, _ = shelved_house()
TEXT = b"Hello, Bob. " * 100


@pytest.fixture
async def wire(shelves: Shelves) -> AsyncIterator[Network]:
    """What is between the server and its store."""
    async with network_to(shelves.objects.port) as between:
        yield between


@pytest.fixture
async def house(home: Home, shelves: Shelves, wire: Network) -> AsyncIterator[House]:
    """A server at the other end of it, in which nothing is reaped but by the test."""
    there = {**shelves.settings("bucket", home.folder), "s3_endpoint": wire.url}
    async with open_house(home.settings(**there, reap_seconds=10_000)) as running:
        yield running


async def code_of_upload(person: Person) -> str:
    """Give a file by a form that nobody can store; the code of the operation."""
    response = await send_form(person, form_of(operations(), places(), Part("0", TEXT, "note.txt")))
    [error] = response.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


async def sweep(house: House) -> None:
    """Remove what is due."""
    await house.palaver.reaper.sweep(now_ms())


async def test_a_store_that_is_away_costs_nothing_but_time(
    people: People, house: House, shelves: Shelves, wire: Network
) -> None:
    """Files cannot be given, completed or fetched, and words can be sent; later all of it can be done."""
    ann = people.ann
    await acts.list_thing(people.host)
    thread = await acts.open_about(ann)
    file, place = await give(ann, TEXT, "note.txt"), await place_for(ann, len(TEXT))
    await put(ann, place, TEXT)
    before = await left(house, shelves)
    await wire.shut()
    assert await code_of_upload(ann) == "INTERNAL"
    answer = await ann.answer(COMPLETE, input={"uploadId": place["uploadId"]})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    gone = await ann.http.get(file["url"])
    assert (gone.status_code, gone.headers["retry-after"]) == (503, "5")
    await acts.send(ann, thread, "Hello")
    named = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    assert (await ann.ask(SEND, input=named))["errors"] == []
    with pytest.raises(StoreAway):
        await sweep(house)
    assert await left(house, shelves) == before
    wire.reopen()
    assert (await ann.http.get(file["url"])).content == TEXT
    assert (await complete(ann, place["uploadId"]))["attachment"]["byteSize"] == len(TEXT)
    await give(ann, TEXT)
    await sweep(house)
    _, kept, known, promised = await left(house, shelves)
    assert (len(kept), known, promised) == (3, 3, 0)
