"""Serving files: by signed addresses, with headers that let nothing run, whole or in ranges."""

import httpx
import pytest

from core.clock import now_ms
from core.signing import expiry_of, sign
from tests import acts, samples
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.shelves import shelved_house
from tests.storage import run_sql
from tests.uploads import give

house, make_house, shelves, shelf = shelved_house()
CONTENT = b"".join(b"%07d " % number for number in range(100_000))  # 800,000 bytes, all parts of them different
SEND = """
mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { id } errors { code } } }
"""
FILES = """
query Files($id: ID!) {
  conversation(id: $id) { messages(last: 1) { edges { node { attachments { id url urlExpiresAt } } } } }
}
"""


async def fetch(person: Person, url: str, **headers: str) -> httpx.Response:
    """What the address gives, without a token: it is signed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.http.get(url, headers=named)


async def sent_file(person: Person, thread: str, content: bytes = b"Hello", name: str = "note.txt") -> None:
    """Give a file, and send it into a conversation."""
    file = await give(person, content, name)
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": acts.key()}
    assert (await person.ask(SEND, input=fields))["errors"] == []


async def address(person: Person, thread: str) -> str:
    """The address of the newest message's file, as the person is told."""
    conversation = await person.ask(FILES, id=thread)
    url: str = conversation["messages"]["edges"][0]["node"]["attachments"][0]["url"]
    return url


async def test_a_file_comes_back_as_it_was_given_and_cannot_run(ann: Person) -> None:
    for name, (content, mime_type, kind, _) in samples.ACCEPTED.items():
        file = await give(ann, content, name)
        response = await fetch(ann, file["url"])
        assert response.status_code == 200
        assert response.content == content or kind == "IMAGE"  # made anew: tests/test_pictures.py
        assert response.headers["content-type"].partition(";")[0] == mime_type
        assert response.headers["content-length"] == str(file["byteSize"]) == str(len(response.content))
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-" not in policy
        assert "private" in response.headers["cache-control"]
        assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("note.txt", "note.txt"),
        ("a b.txt", "a%20b.txt"),
        ("ä'\";=.txt", "%C3%A4%27%2522%3B%3D.txt"),
        ("🎉", "%F0%9F%8E%89"),
        ("50%.txt", "50%25.txt"),
    ],
)
async def test_a_name_is_written_so_that_no_header_can_be_broken_out_of(ann: Person, name: str, shown: str) -> None:
    response = await fetch(ann, (await give(ann, b"Hello", name))["url"])
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{shown}"


async def test_every_character_of_an_address_counts(ann: Person) -> None:
    file = await give(ann, b"Hello", "note.txt")
    start = len(ann.house.url) + len("/files/")
    path = file["url"]
    assert (await fetch(ann, path)).status_code == 200
    nothing = await fetch(ann, f"{path[:start]}{'0' * 32}/{'0' * 32}/1/{'0' * 32}/note.txt")
    assert nothing.status_code == 404
    for place in range(start, len(path)):
        if path[place] == "/":
            continue
        other = "1" if path[place] == "0" else "0"
        response = await fetch(ann, path[:place] + other + path[place + 1 :])
        assert (response.status_code, response.text) == (404, nothing.text), place
    for changed in (f"{path}x", path.replace("/note", "/0note"), path.upper().replace("HTTP", "http", 1)):
        assert (await fetch(ann, changed)).status_code == 404


@pytest.mark.parametrize("expires", ["0", "-1", "1e12", "9" * 13, "9" * 5000, "٣٣٣٣٣٣٣٣٣٣", "x", "NaN"])
async def test_an_expiry_that_is_no_moment_is_no_address(ann: Person, expires: str) -> None:
    parts = (await give(ann, b"Hello"))["url"].split("/")
    parts[6] = expires
    assert (await fetch(ann, "/".join(parts))).status_code == 404


async def test_an_address_that_was_good_is_good_no_longer_than_it_says(people: People, thread: str) -> None:
    """Signed as the server signs: of a second ago it opens nothing, whatever copy its holder has."""
    await sent_file(people.ann, thread)
    url = await address(people.bob, thread)
    start, (key, holder, _, _, name) = url.partition("/files/")[0], url.partition("/files/")[2].split("/")

    def until_then(expires: int) -> str:
        signature = sign(people.house.palaver.signing_key, "file", key, holder, expires)
        return f"{start}/files/{key}/{holder}/{expires}/{signature}/{name}"

    now = now_ms() // 1000
    ahead = await fetch(people.bob, until_then(now + 600))
    assert (ahead.status_code, ahead.text) == (200, "Hello")
    for more in ({}, {"Range": "bytes=0-0"}, {"If_None_Match": ahead.headers["etag"]}):
        assert (await fetch(people.bob, until_then(now - 1), **more)).status_code == 404


async def test_an_address_opens_no_other_file(people: People, thread: str) -> None:
    """Not of one's own, not of the same message's, and not with the holder of another one."""
    files = [await give(people.ann, content, "note.txt") for content in (b"One", b"Two")]
    one, two = [file["url"] for file in files]
    theirs = await give(people.cy, b"Three", "note.txt")
    for other in (two, theirs["url"]):
        words, others = one.split("/"), other.split("/")
        for places in ((4,), (4, 5), (5,)):
            changed = [others[place] if place in places else word for place, word in enumerate(words)]
            if changed != words:
                for person in (people.ann, people.cy):
                    assert (await fetch(person, "/".join(changed))).status_code == 404, places
    assert [(await fetch(people.ann, url)).text for url in (one, two)] == ["One", "Two"]


async def test_an_address_is_the_same_for_some_minutes(ann: Person) -> None:
    """A step may end between two reads, so that of three reads two neighbours at least are equal."""
    file = await give(ann, b"Hello")
    query = "query($id: ID!) { node(id: $id) { ... on Attachment { url urlExpiresAt } } }"
    first, second, third = [await ann.ask(query, id=file["id"]) for _ in range(3)]
    assert second in (first, third)


def test_an_expiry_lies_ahead_and_moves_in_steps() -> None:
    expiries = [expiry_of(second * 1000, seconds=3600, step=600) for second in range(10_000, 13_000)]
    assert all(3600 <= expiry - second <= 4200 for second, expiry in enumerate(expiries, 10_000))
    assert len(set(expiries)) == 6
    assert all(expiry % 600 == 0 for expiry in expiries)


async def test_two_people_have_two_addresses_of_a_file(people: People, thread: str) -> None:
    await sent_file(people.ann, thread, CONTENT[:80])
    hers, his = await address(people.ann, thread), await address(people.bob, thread)
    assert hers != his
    for url in (hers, his):
        assert (await fetch(people.ann, url)).content == CONTENT[:80]


async def test_the_file_of_a_deleted_message_is_gone(people: People, thread: str) -> None:
    await sent_file(people.ann, thread)
    url = await address(people.bob, thread)
    assert (await fetch(people.bob, url)).status_code == 200
    await run_sql(people.house, "UPDATE messages SET deleted_at = 1 WHERE body = ''")
    assert (await fetch(people.bob, url)).status_code == 404


async def test_a_file_that_is_lost_from_the_disk_is_gone_and_not_half_there(ann: Person) -> None:
    file = await give(ann, b"Hello")
    key = file["url"].split("/")[4]
    await ann.house.palaver.file_store.delete(key)
    response = await fetch(ann, file["url"])
    assert (response.status_code, response.text) == (404, "There is no such file, or its address has expired.\n")


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


async def test_a_head_tells_of_the_file_without_it(ann: Person) -> None:
    file = await give(ann, CONTENT)
    response = await ann.http.head(file["url"])
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "800000"
    assert (await ann.http.head(file["url"] + "x")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_a_file_is_only_read(ann: Person, method: str) -> None:
    file = await give(ann, b"Hello")
    assert (await ann.http.request(method, file["url"])).status_code == 405


async def test_an_address_begins_as_clients_reach_the_server(make_house: OpenHouse, ann: Person) -> None:
    assert (await give(ann, b"Hello"))["url"].startswith(f"{ann.house.url}/files/")
    async with make_house(public_url="https://chat.market.example/palaver/") as house, People(house) as people:
        url = (await give(people.ann, b"Hello"))["url"]
        assert url.startswith("https://chat.market.example/palaver/files/")


@pytest.mark.parametrize(
    "path", ["/files/", "/files/a", "/files/a/b/1/c", "/files/../palaver.db", "/files/%2e%2e/%2e%2e/1/x/palaver.db"]
)
async def test_no_path_leads_out_of_the_store(ann: Person, path: str) -> None:
    response = await fetch(ann, ann.house.url + path)
    assert response.status_code == 404
    assert b"SQLite" not in response.content
