"""Giving files: as clients send them, found out by their bytes, and refused without a trace."""

import json
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.http.wire import code_of, dial
from tests.shelves import Shelves, shelved_house
from tests.uploads import (
    BOUNDARY,
    UPLOAD,
    Part,
    form_of,
    give,
    left,
    operations,
    passing,
    places,
    refusal_of,
    send_form,
    upload,
)
from tests.waiting import until

house, make_house, shelves, shelf = shelved_house()
TEXT = Part("0", b"Hello, Bob.", "note.txt")
VARIABLE = """
mutation Upload($file: Upload!) { uploadAttachment(input: {file: $file}) { attachment { fileName } errors { code } } }
"""


async def test_a_file_is_given_as_apollo_upload_client_sends_it(ann: Person) -> None:
    form = {
        "operations": json.dumps(
            {"operationName": "Upload", "variables": {"input": {"file": None}}, "extensions": {}, "query": UPLOAD}
        ),
        "map": '{"1":["variables.input.file"]}',
    }
    headers = {**ann.headers, "Apollo-Require-Preflight": "true", "Accept": "*/*"}
    response = await ann.http.post(
        f"{ann.house.url}/graphql", data=form, files={"1": ("note.txt", b"Hello", "text/html")}, headers=headers
    )
    attachment = response.json()["data"]["uploadAttachment"]["attachment"]
    assert (attachment["fileName"], attachment["mimeType"], attachment["byteSize"]) == ("note.txt", "text/plain", 5)


async def test_a_file_is_given_as_urql_sends_it(ann: Person) -> None:
    given = operations({"file": None}, VARIABLE)
    body = form_of(given, places("variables.file"), Part("0", b"Hello", "note.txt"))
    accept = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream"
    response = await send_form(ann, body, {"GraphQL-Require-Preflight": "", "Accept": accept})
    payload = response.json()["data"]["uploadAttachment"]
    assert payload == {"attachment": {"fileName": "note.txt"}, "errors": []}


async def test_the_parts_may_come_in_any_order(ann: Person) -> None:
    response = await send_form(ann, form_of(TEXT, places(), operations()))
    assert response.json()["data"]["uploadAttachment"]["attachment"]["fileName"] == "note.txt"


async def test_an_upload_needs_a_header_that_no_plain_form_can_send(ann: Person) -> None:
    body = form_of(operations(), places(), TEXT)
    response = await send_form(ann, body, {})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
    for name in ("GraphQL-Require-Preflight", "apollo-require-preflight"):
        assert (await send_form(ann, body, {name: "1"})).status_code == 200


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("note.txt", "note.txt"),
        ("../../etc/passwd", "passwd"),
        ("page.HTML", "page.HTML.txt"),
        ("run.me.js", "run.me.js.txt"),
        ("s" * 300 + ".svg", "s" * 251 + ".txt"),
        ("C:\\Users\\ann\\note.txt", "note.txt"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (" .hidden. ", "hidden"),
        ("photo\u202egpj.exe", "photogpj.exe.txt"),
        ("a\u2066b\u200fc.txt", "abc.txt"),
        ("line\r\nbreak.txt", "line%0D%0Abreak.txt"),
        ('say "hi".txt', "say %22hi%22.txt"),
        ("tab\there.txt", "tabhere.txt"),
        ("Grüße 你好 🎉.txt", "Grüße 你好 🎉.txt"),
        ("semi;colon=.txt", "semi;colon=.txt"),
        ("%2e%2e%2fetc.txt", "%2e%2e%2fetc.txt"),
        ("\udcff\udcfe.txt", "\ufffd\ufffd.txt"),
        ("n" * 300 + ".txt", "n" * 251 + ".txt"),
        ("👋" * 300, "👋" * 255),
        ("a" * 250 + ".bat" + " " + "b" * 50, "a" * 250 + "." + ".txt"),
        ("x.bat::$DATA", "x.bat.txt"),
        ("con.txt", "_con.txt"),
        ("n." + "x" * 300, "n" + "." + "x" * 253),
    ],
    ids=lambda value: ascii(value)[:30],
)
async def test_a_file_name_is_only_a_name(ann: Person, given: str, shown: str) -> None:
    file = await give(ann, b"Hello", given)
    assert file["fileName"] == shown
    assert (await ann.http.get(file["url"])).text == "Hello"


async def test_an_empty_file_is_invalid(ann: Person, shelves: Shelves) -> None:
    before = await left(ann.house, shelves)
    assert await refusal_of(ann, b"") == "INVALID"
    assert await left(ann.house, shelves) == before


async def test_a_file_may_be_as_large_as_the_setting_and_no_larger(make_house: OpenHouse, shelves: Shelves) -> None:
    before = passing()
    async with make_house(max_file=1000, max_body=1024) as house, People(house) as people:
        assert (await give(people.ann, b"x" * 1000))["byteSize"] == 1000
        for size in (1001, 3000):
            assert await refusal_of(people.ann, b"x" * size) == "TOO_LARGE"
        open_files, kept, known, promised = await left(house, shelves)
        assert (open_files, len(kept), known, promised) == (before, 1, 1, 0)


async def chunks(*parts: bytes | int) -> AsyncIterator[bytes]:
    """A body whose length nobody says; a number is so many bytes of text."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            for start in range(0, part, 65_536):
                yield b"palaver " * (min(65_536, part - start) // 8)


async def test_a_file_far_beyond_the_size_is_cut_off(make_house: OpenHouse, shelves: Shelves) -> None:
    before = passing()
    async with make_house(max_file=1000, max_body=1024) as house, People(house) as people:
        start = form_of(operations(), places())[: -len(BOUNDARY) - 6] + Part("0", b"", "big.txt").head
        for body in (form_of(operations(), places(), Part("0", b"x" * 10_000, "big.txt")), chunks(start, 800_000)):
            response = await send_form(people.ann, body)
            assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")
        assert await left(house, shelves) == (before, [], 0, 0)
        assert (await give(people.ann, b"small"))["byteSize"] == 5


async def test_a_large_file_is_never_in_memory_as_a_whole(ann: Person) -> None:
    size = ann.house.settings.max_file // 8 * 8
    first, last = (part.head + part.content + b"\r\n" for part in (operations(), places()))
    body = chunks(first, last, Part("0", b"", "long.txt").head, size, f"\r\n--{BOUNDARY}--\r\n".encode())
    await give(ann, b"so that everything is loaded")
    tracemalloc.start()
    try:
        response = await send_form(ann, body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    attachment = response.json()["data"]["uploadAttachment"]["attachment"]
    assert attachment["byteSize"] == size
    assert most < size / 8


async def test_files_that_are_not_sent_are_few(make_house: OpenHouse, shelves: Shelves) -> None:
    async with make_house(max_unsent_files=2) as house, People(house) as people:
        for _ in range(2):
            await give(people.ann, b"Hello")
        assert await refusal_of(people.ann, b"Hello") == "TOO_LARGE"
        await give(people.bob, b"Hello")
        _, kept, known, promised = await left(house, shelves)
        assert (len(kept), known, promised) == (3, 3, 0)


async def test_files_given_too_often_are_refused(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", uploads="1 per hour") as house, People(house) as people:
        await give(people.ann, b"Hello")
        assert (await upload(people.ann, b"Hello"))["errors"][0]["code"] == "RATE_LIMITED"
        await give(people.bob, b"Hello")


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(people: People, shelves: Shelves) -> None:
    before = await left(people.house, shelves)
    body = form_of(operations(), places(), Part("0", b"x" * 100_000, "long.txt"))
    async with dial(people.house, people.ann) as wire:
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
        await wire.begin(kind, f"Content-Length: {len(body)}", "GraphQL-Require-Preflight: 1")
        await wire.write(body[:50_000])
        await until(lambda: passing() > before[0])
    await until(lambda: passing() == before[0])
    assert await left(people.house, shelves) == before
