"""Uploads that are put together wrongly: a bad request each, and nothing is left of them."""

import json

import pytest

from tests.client import Person
from tests.http.wire import code_of, errors_of, post, post_query
from tests.parts.objects import Objects
from tests.shelves import Shelves
from tests.standing import standing_house
from tests.uploads import BOUNDARY, PREFLIGHT, UPLOAD, Part, form_of, left, operations, places, send_form

house = standing_house()
SHELVES = Shelves(Objects())
FILE = Part("0", b"Hello, Bob.", "note.txt")
SECOND = Part("1", b"Hello again.", "again.txt")
ME = "{ viewer { user { externalId } } }"
GOOD = form_of(operations(), places(), FILE)


def map_of(value: object) -> Part:
    """A map of any shape."""
    return Part("map", json.dumps(value).encode())


WRONG: dict[str, bytes] = {
    "nothing": b"",
    "no form": b"hello",
    "only an end": f"--{BOUNDARY}--\r\n".encode(),
    "another boundary": GOOD.replace(BOUNDARY.encode(), b"something-else"),
    "cut in a head": GOOD[:60],
    "cut in the file": GOOD[:-60],
    "no operations": form_of(places(), FILE),
    "no map": form_of(operations(), FILE),
    "no file": form_of(operations(), places()),
    "no parts with names": GOOD.replace(b"; name=", b"; called="),
    "operations a file": form_of(Part("operations", operations().content, "operations.json"), places(), FILE),
    "operations no JSON": form_of(Part("operations", b"{"), places(), FILE),
    "operations a list": form_of(Part("operations", b"[" + operations().content + b"]"), places(), FILE),
    "operations a text": form_of(Part("operations", b'"x"'), places(), FILE),
    "operations of brackets": form_of(Part("operations", b"[" * 100_000), places(), FILE),
    "operations without a query": form_of(Part("operations", b'{"variables":{"input":{"file":null}}}'), places(), FILE),
    "operations without variables": form_of(Part("operations", json.dumps({"query": UPLOAD}).encode()), places(), FILE),
    "map no JSON": form_of(operations(), Part("map", b"{"), FILE),
    "map a list": form_of(operations(), map_of(["variables.input.file"]), FILE),
    "map a text": form_of(operations(), map_of("variables.input.file"), FILE),
    "map of another part": form_of(operations(), map_of({"9": ["variables.input.file"]}), FILE),
    "map of a text": form_of(operations(), map_of({"0": "variables.input.file"}), FILE),
    "map of no path": form_of(operations(), map_of({"0": []}), FILE),
    "map of a number": form_of(operations(), map_of({"0": [7]}), FILE),
    "map to two places": form_of(operations(), places("variables.input.file", "variables.other"), FILE),
    "map to nowhere": form_of(operations(), places("variables.input.nothing.file"), FILE),
    "map to the query": form_of(operations(), places("query"), FILE),
    "map to all variables": form_of(operations(), places("variables"), FILE),
    "map to what is not null": form_of(operations({"input": {"file": 7}}), places(), FILE),
    "map into a list": form_of(operations({"input": [None]}), places("variables.input.0"), FILE),
    "map of an empty path": form_of(operations(), places(""), FILE),
    "two files": form_of(operations(), places("variables.input.file", **{"1": ["variables.b"]}), FILE, SECOND),
    "two files of which one is meant": form_of(operations(), places(), FILE, SECOND),
    "a file more than is meant": form_of(FILE, SECOND, operations(), places()),
    "many parts": form_of(*(Part(str(number), b"x") for number in range(200))),
    "a head without end": GOOD[: GOOD.index(b"name=")] + b"x" * 100_000,
    "a part with two names": GOOD.replace(
        b"Content-Type: application/octet-stream", b'Content-Disposition: form-data; name="0"; filename="other"'
    ),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_an_upload_that_is_put_together_wrongly_is_a_bad_request(ann: Person, body: bytes) -> None:
    before = await left(ann.house, SHELVES)
    response = await send_form(ann, body)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
    assert await left(ann.house, SHELVES) == before
    assert (await send_form(ann, GOOD)).json()["data"]["uploadAttachment"]["errors"] == []


@pytest.mark.parametrize(
    "boundary", ["", "; boundary=", "; bound=x", "; boundary=" + "x" * 300], ids=lambda it: it[:12]
)
async def test_a_form_names_its_boundary(ann: Person, boundary: str) -> None:
    response = await post(ann, GOOD, {**PREFLIGHT, "Content-Type": f"multipart/form-data{boundary}"})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_other_kinds_of_forms_are_not_taken(ann: Person) -> None:
    response = await post(ann, GOOD, {**PREFLIGHT, "Content-Type": "multipart/mixed"})
    assert (response.status_code, code_of(response)) == (415, "BAD_REQUEST")


async def test_a_text_part_is_as_limited_as_a_body(ann: Person) -> None:
    body = form_of(Part("operations", b" " * 300_000), places(), FILE)
    response = await send_form(ann, body)
    assert (response.status_code, code_of(response)) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_form_may_hold_an_operation_without_a_file(ann: Person) -> None:
    body = form_of(operations({}, ME), map_of({}))
    assert (await send_form(ann, body)).json()["data"]["viewer"]["user"]["externalId"] == "ann"


async def test_an_upload_is_checked_like_any_operation(ann: Person) -> None:
    for query, code in (("mutation {", "GRAPHQL_PARSE_FAILED"), ("mutation { nobody }", "GRAPHQL_VALIDATION_FAILED")):
        response = await send_form(ann, form_of(operations({"input": {"file": None}}, query), places(), FILE))
        assert code_of(response) == code


@pytest.mark.parametrize("value", ["text", 7, {}, [], True, None])
async def test_a_file_cannot_be_written_as_json(ann: Person, value: object) -> None:
    response = await post_query(ann, UPLOAD, input={"file": value})
    assert code_of(response) == "BAD_USER_INPUT"


async def test_a_file_does_not_fit_where_a_text_belongs(ann: Person) -> None:
    query = "query($id: ID!) { conversation(id: $id) { id } }"
    response = await send_form(ann, form_of(operations({"id": None}, query), places("variables.id"), FILE))
    assert code_of(response) == "BAD_USER_INPUT"
    assert "/proc/" not in response.text


async def test_a_wrong_token_is_told_before_the_form_is_read(ann: Person) -> None:
    before = await left(ann.house, SHELVES)
    response = await send_form(ann, GOOD, {**PREFLIGHT, "Authorization": "Bearer nonsense"})
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
    assert errors_of(response)
    assert await left(ann.house, SHELVES) == before
