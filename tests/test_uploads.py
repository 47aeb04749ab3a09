"""Files in two steps: a place is promised and the file PUT there; it is looked into when its owner says so."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from chat.file_keys import keys_of
from core.clock import now_ms
from core.ids import decode_id
from core.signing import sign
from tests import acts, media, samples
from tests.client import People, Person
from tests.http.wire import dial
from tests.shelves import Shelves, shelved_house
from tests.storage import run_sql
from tests.uploads import (
    complete,
    give,
    give_in_steps,
    incomplete,
    left,
    passing,
    place_for,
    put,
    request,
)
from tests.waiting import until

house, make_house, shelves, shelf = shelved_house()
TEXT = b"Hello, Bob. " * 100
SEND = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { message { kind attachments { id mimeType durationSeconds } } errors { code } }
}
"""


async def body_of(size: int) -> AsyncIterator[bytes]:
    """A body whose length nobody says."""
    for start in range(0, size, 8000):
        yield b"palaver " * (min(8000, size - start) // 8)


@pytest.mark.parametrize("name", ["wide.jpg", "note.txt", "letter.docx", "voice.webm", "lying.jpg"])
async def test_a_file_that_is_put_is_what_it_would_be_in_one_piece(ann: Person, name: str) -> None:
    content, mime_type, kind, size = samples.ACCEPTED[name]
    whole, file = await give(ann, content, name), await give_in_steps(ann, content, name)
    for field in ("kind", "fileName", "mimeType", "byteSize", "width", "height", "durationSeconds"):
        assert file[field] == whole[field]
    assert (file["mimeType"], file["kind"], file["fileName"]) == (mime_type, kind, name)
    assert (file["width"], file["height"]) == (size or (None, None))
    one, other = [(await ann.http.get(given["url"])).content for given in (file, whole)]
    assert one == other


async def test_a_place_is_told_with_all_that_its_client_needs(ann: Person, shelf: str) -> None:
    place = await place_for(ann, 10, "../a\u202eb.txt")
    start = ann.house.url if shelf == "folder" else ann.house.settings.s3_endpoint
    assert place["uploadUrl"].startswith(f"{start}/")
    assert {header["name"] for header in place["uploadHeaders"]} == {"Content-Type"}
    assert place["expiresAt"].endswith("Z")
    assert await ann.ask("query($id: ID!) { node(id: $id) { id } }", id=place["uploadId"]) is None
    await put(ann, place, b"0123456789")
    assert (await complete(ann, place["uploadId"]))["attachment"]["fileName"] == "ab.txt"


@pytest.mark.parametrize(
    ("name", "kind", "mime_type", "seconds"),
    [
        ("voice.m4a", "VOICE", "audio/mp4", 2.5),
        ("recorded by Safari.mp4", "VOICE", "audio/mp4", 1.0),
        ("voice.mp3", "VOICE", "audio/mpeg", 2.612),
        ("voice with a cover.mp3", "VOICE", "audio/mpeg", 2.612),
        ("voice.ogg", "VOICE", "audio/ogg", 3.0),
        ("voice.webm", "VOICE", "audio/webm", 4.02),
        ("drawing.png", "IMAGE", "image/png", None),
        ("letter.odt", "FILE", f"{media.OPENDOCUMENT}text", None),
    ],
)
async def test_what_was_put_can_be_sent_once(
    people: People, thread: str, name: str, kind: str, mime_type: str, seconds: float | None
) -> None:
    file = await give_in_steps(people.ann, samples.ACCEPTED[name][0], name)
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    payload = await people.ann.ask(SEND, input=fields)
    sent = {"id": file["id"], "mimeType": mime_type, "durationSeconds": seconds}
    assert payload == {"message": {"kind": kind, "attachments": [sent]}, "errors": []}
    again = await people.ann.ask(SEND, input={**fields, "clientMessageId": acts.key()})
    assert [error["code"] for error in again["errors"]] == ["NOT_FOUND"]


async def test_saying_so_again_changes_nothing(ann: Person, shelves: Shelves) -> None:
    """Later, and after the file was sent too; whatever was PUT there meanwhile."""
    place = await place_for(ann, len(TEXT))
    await put(ann, place, TEXT)
    first = await complete(ann, place["uploadId"])
    before = await left(ann.house, shelves)
    await put(ann, place, b"x" * len(TEXT))
    assert await complete(ann, place["uploadId"]) == first
    assert (await ann.http.get(first["attachment"]["url"])).content == TEXT
    _, kept, known, promised = await left(ann.house, shelves)
    assert (known, promised) == before[2:]
    assert [key for key in kept if not key.endswith(".raw")] == [key for key in before[1] if not key.endswith(".raw")]


async def test_many_who_say_so_at_once_have_one_file(ann: Person, shelves: Shelves) -> None:
    """And what the others had stored of it is removed, without anybody waiting for it to be forgotten."""
    reaper = ann.house.palaver.reaper
    await reaper.sweep(now_ms())
    _, kept, known, _ = await left(ann.house, shelves)
    place = await place_for(ann, len(samples.PNG))
    await put(ann, place, samples.PNG)
    answers = await asyncio.gather(*(complete(ann, place["uploadId"]) for _ in range(5)))
    [file_id] = {answer["attachment"]["id"] for answer in answers}
    file = answers[0]["attachment"]
    assert len((await ann.http.get(file["url"])).content) == file["byteSize"]
    await reaper.sweep(now_ms())
    decoded = decode_id(file_id)
    assert decoded is not None
    _, kept_now, known_now, _ = await left(ann.house, shelves)
    assert (sorted(kept_now), known_now) == (sorted([*kept, *keys_of(decoded[1])]), known + 1)


async def test_the_same_file_twice_at_once_is_two_files(ann: Person) -> None:
    one, other = await asyncio.gather(give(ann, samples.PNG, "a.png"), give(ann, samples.PNG, "a.png"))
    assert one["id"] != other["id"]
    assert one["fileName"] == other["fileName"]
    for file in (one, other):
        assert (await ann.http.get(file["url"])).status_code == 200


@pytest.mark.parametrize(("byte_size", "code"), [(0, "INVALID"), (-1, "INVALID"), (26_214_401, "TOO_LARGE")])
async def test_a_place_has_the_size_of_a_file(ann: Person, byte_size: int, code: str) -> None:
    payload = await request(ann, byte_size)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, ["input", "byteSize"])]
    assert (payload["uploadId"], payload["uploadUrl"], payload["uploadHeaders"]) == (None, None, [])
    assert payload["expiresAt"] is None


async def test_nothing_is_complete_that_has_not_arrived(ann: Person) -> None:
    place = await place_for(ann, len(TEXT))
    assert await incomplete(ann, place["uploadId"]) == "INVALID"
    await put(ann, place, TEXT)
    assert (await complete(ann, place["uploadId"]))["errors"] == []


@pytest.mark.parametrize("difference", [-1, 1, 100_000, -len(TEXT)])
async def test_a_file_longer_or_shorter_than_announced_is_not_taken(
    ann: Person, shelf: str, shelves: Shelves, difference: int
) -> None:
    """A folder refuses the PUT, as object stores do by its signed length; from one that takes it all the same (moto's
    looks at no signature) it is taken away. Either way, it can be PUT anew."""
    before = await left(ann.house, shelves)
    place = await place_for(ann, len(TEXT))
    status = await put(ann, place, (TEXT * 100)[: len(TEXT) + difference])
    assert status == 200 if shelf == "bucket" else status == (400 if difference < 0 else 413)
    assert await incomplete(ann, place["uploadId"]) == "INVALID"
    assert (await left(ann.house, shelves))[:3] == before[:3]
    await put(ann, place, TEXT)
    assert (await complete(ann, place["uploadId"]))["attachment"]["byteSize"] == len(TEXT)


async def test_a_body_whose_length_nobody_says_is_counted(ann: Person, shelf: str, shelves: Shelves) -> None:
    place = await place_for(ann, 8000)
    if shelf == "folder":  # An object store wants to know it.
        for size, status in ((7992, 400), (8008, 413), (80_000, 413), (8000, 204)):
            assert await put(ann, place, body_of(size)) == status
        assert (await complete(ann, place["uploadId"]))["attachment"]["byteSize"] == 8000


async def test_only_who_asked_for_a_place_completes_it(people: People) -> None:
    """To others it is as if it were not there."""
    place = await place_for(people.ann, len(TEXT))
    await put(people.ann, place, TEXT)
    for person in (people.bob, people.cy, people.host):
        wrong = await complete(person, place["uploadId"])
        assert wrong == await complete(person, place["uploadId"][:-8] + "AAAAAAA=")
        assert [error["code"] for error in wrong["errors"]] == ["NOT_FOUND"]
    file = (await complete(people.ann, place["uploadId"]))["attachment"]
    for person in (people.bob, people.cy):
        assert await incomplete(person, place["uploadId"]) == "NOT_FOUND"
    for wrong_id in ("", "nonsense", file["id"]):
        assert await incomplete(people.ann, wrong_id) == "NOT_FOUND"


@pytest.mark.parametrize("name", ["page called photo.jpg", "program.exe", "drawing.svg", "film.webm", "program.jar"])
async def test_what_was_put_is_looked_into_and_refused_without_a_trace(
    ann: Person, shelves: Shelves, name: str
) -> None:
    before = await left(ann.house, shelves)
    place = await place_for(ann, len(samples.REFUSED[name]), "photo.jpg")
    await put(ann, place, samples.REFUSED[name])
    assert await incomplete(ann, place["uploadId"]) == "UNSUPPORTED_MEDIA_TYPE"
    assert await left(ann.house, shelves) == before
    assert await incomplete(ann, place["uploadId"]) == "NOT_FOUND"


async def test_every_character_of_a_place_counts(ann: Person, shelf: str) -> None:
    place = await place_for(ann, len(TEXT))
    if shelf == "bucket":  # The object store's own address.
        return
    url: str = place["uploadUrl"]
    for at in range(len(ann.house.url) + len("/files/"), len(url)):
        if url[at] != "/":
            changed = url[:at] + ("1" if url[at] == "0" else "0") + url[at + 1 :]
            assert await put(ann, {**place, "uploadUrl": changed}, TEXT) == 404, at
    assert await put(ann, place, TEXT) == 204


async def test_a_place_expires(ann: Person, shelf: str) -> None:
    """By its address, which may say so earlier, and by what is known of it."""
    place = await place_for(ann, len(TEXT))
    decoded = decode_id(place["uploadId"])
    assert decoded is not None
    if shelf == "folder":
        signature = sign(ann.house.palaver.signing_key, "upload", decoded[1], 1_000_000_000)
        url = f"{ann.house.url}/files/{decoded[1]}/1000000000/{signature}"
        assert await put(ann, {**place, "uploadUrl": url}, TEXT) == 404
    await put(ann, place, TEXT)
    await run_sql(ann.house, f"UPDATE uploads SET expires_at = 1 WHERE id = '{decoded[1]}'")
    if shelf == "folder":
        assert await put(ann, place, TEXT) == 404
    assert await incomplete(ann, place["uploadId"]) == "NOT_FOUND"


async def test_a_place_that_was_filled_and_completed_takes_nothing_more(ann: Person, shelf: str) -> None:
    place = await place_for(ann, len(TEXT))
    await put(ann, place, TEXT)
    await complete(ann, place["uploadId"])
    if shelf == "folder":
        assert await put(ann, place, TEXT) == 404


async def test_a_client_that_leaves_in_the_middle_of_a_put_leaves_nothing(
    ann: Person, shelf: str, shelves: Shelves
) -> None:
    if shelf == "bucket":
        return
    before = await left(ann.house, shelves)
    place = await place_for(ann, 100_000)
    path = place["uploadUrl"].removeprefix(ann.house.url)
    async with dial(ann.house, ann) as wire:
        head = f"PUT {path} HTTP/1.1\r\nHost: palaver.test\r\nContent-Length: 100000\r\n\r\n"
        await wire.write(head.encode() + b"x" * 50_000)
        await until(lambda: passing() > before[0])
    await until(lambda: passing() == before[0])
    assert (await left(ann.house, shelves))[1] == before[1]
    assert await incomplete(ann, place["uploadId"]) == "INVALID"


async def test_a_large_file_is_never_in_memory_as_a_whole(ann: Person, shelf: str) -> None:
    size = ann.house.settings.max_file
    await give_in_steps(ann, b"so that everything is loaded")
    place = await place_for(ann, size)
    if shelf == "bucket":
        await put(ann, place, b"palaver\n" * (size // 8))
    tracemalloc.start()
    try:
        if shelf == "folder":
            assert await put(ann, place, body_of(size)) == 204
        payload = await complete(ann, place["uploadId"])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert payload["attachment"]["byteSize"] == size
    assert most < size / 3
