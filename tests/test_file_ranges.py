"""A part of a file, or nothing of what one has already: ranges and conditions, of who may see it."""

import pytest

from tests import samples
from tests.client import People, Person
from tests.sent_files import CONTENT, address, fetch, sent_file
from tests.shelves import shelved_house
from tests.storage import run_sql
from tests.uploads import give

house, make_house, shelves, shelf = shelved_house()


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 800_000),
        ("bytes=-100", 799_900, 800_000),
        ("bytes=799999-", 799_999, 800_000),
        ("bytes=799999-900000", 799_999, 800_000),
        ("bytes=262143-262144", 262_143, 262_145),
        ("bytes=200000-700000", 200_000, 700_001),
    ],
)
async def test_a_range_is_given_exactly(ann: Person, asked: str, start: int, end: int) -> None:
    response = await fetch(ann, (await give(ann, CONTENT))["url"], Range=asked)
    assert response.status_code == 206
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/800000"
    assert response.headers["content-length"] == str(end - start)
    assert response.content == CONTENT[start:end]


@pytest.mark.parametrize("asked", ["bytes=800000-", "bytes=900000-900001", "bytes=-0", f"bytes={'9' * 30}-"])
async def test_a_range_beyond_the_end_is_416(ann: Person, asked: str) -> None:
    response = await fetch(ann, (await give(ann, CONTENT))["url"], Range=asked)
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */800000")
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=5-2-1",
        "items=0-1",
        "bytes=0-1,5-6",
        "bytes=0-799999",
        "bytes=-900000",
    ],
)
async def test_what_is_no_single_range_is_answered_with_the_whole(ann: Person, asked: str) -> None:
    response = await fetch(ann, (await give(ann, CONTENT))["url"], Range=asked)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["accept-ranges"] == "bytes"


async def test_what_a_client_has_is_not_sent_again(ann: Person) -> None:
    """Whatever else it asks for; and only when it is this very file."""
    file = await give(ann, CONTENT)
    first = await fetch(ann, file["url"])
    tag = first.headers["etag"]
    assert (await fetch(ann, file["url"])).headers["etag"] == tag
    for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        for more in ({}, {"Range": "bytes=0-9"}, {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"}):
            again = await fetch(ann, file["url"], If_None_Match=said, **more)
            assert (again.status_code, again.content) == (304, b""), (said, more)
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == first.headers["cache-control"]
            assert again.headers["x-content-type-options"] == "nosniff"
    for said in ('"other"', tag.strip('"'), f"{tag}x", ""):
        assert (await fetch(ann, file["url"], If_None_Match=said)).content == CONTENT, said
    head = await ann.http.head(file["url"], headers={"If-None-Match": tag})
    assert (head.status_code, head.content) == (304, b"")


async def test_a_file_and_its_small_picture_are_not_taken_for_each_other(ann: Person) -> None:
    file = await give(ann, samples.ACCEPTED["wide.jpg"][0], "wide.jpg")
    tags = [(await fetch(ann, file[name])).headers["etag"] for name in ("url", "thumbnailUrl")]
    assert tags[0] != tags[1]
    assert (await fetch(ann, file["thumbnailUrl"], If_None_Match=tags[0])).status_code == 200


async def test_a_date_says_nothing_of_a_file(ann: Person) -> None:
    """It has none, so whatever date somebody says is ignored."""
    file = await give(ann, CONTENT)
    for said in ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday"):
        response = await fetch(ann, file["url"], If_Modified_Since=said)
        assert (response.status_code, response.content) == (200, CONTENT)
        assert "last-modified" not in response.headers


async def test_the_rest_of_another_file_is_the_whole_of_this_one(ann: Person) -> None:
    file = await give(ann, CONTENT)
    tag = (await fetch(ann, file["url"])).headers["etag"]
    part = await fetch(ann, file["url"], Range="bytes=100-199", If_Range=tag)
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    for said in ('"other"', f"W/{tag}", tag.strip('"'), "", "Fri, 31 Dec 9999 23:59:59 GMT"):
        whole = await fetch(ann, file["url"], Range="bytes=100-199", If_Range=said)
        assert (whole.status_code, whole.content) == (200, CONTENT), said
        beyond = await fetch(ann, file["url"], Range="bytes=800000-", If_Range=said)
        assert (beyond.status_code, beyond.content) == (200, CONTENT), said


async def test_who_may_not_see_a_file_learns_nothing_of_the_copy_that_they_have(people: People, thread: str) -> None:
    """The stranger with his address, one with a wrong character, and he himself when the message is gone."""
    await sent_file(people.ann, thread)
    url = await address(people.bob, thread)
    tag = (await fetch(people.bob, url)).headers["etag"]
    holder = url.split("/")[5]
    other = "".join(reversed(holder))
    for asked in (url.replace(holder, other), url.replace("/note", "/0note")):
        for said in (tag, "*"):
            assert (await fetch(people.cy, asked, If_None_Match=said)).status_code == 404
    await run_sql(people.house, "UPDATE messages SET deleted_at = 1 WHERE body = ''")
    for said in (tag, "*"):
        gone = await fetch(people.bob, url, If_None_Match=said)
        assert (gone.status_code, gone.headers.get("etag")) == (404, None)
