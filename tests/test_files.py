"""Serving files: by signed addresses, with headers that let nothing run."""

import pytest

from core.clock import now_ms
from core.signing import expiry_of, sign
from tests import samples
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.sent_files import CONTENT, address, fetch, sent_file
from tests.shelves import shelved_house
from tests.storage import run_sql
from tests.uploads import give

house, make_house, shelves, shelf = shelved_house()


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
