"""Our own files come compressed to whoever takes them so, and are the same for everybody else."""

import re
from gzip import decompress

import httpx
import pytest

from tests.client import NO_TLS, People
from tests.house import House

ELEMENTS = "/elements/palaver.js"


async def raw(http: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer, and its bytes as they came over the wire."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.stream("GET", path, headers=given, follow_redirects=True) as response:
        return response, b"".join([part async for part in response.aiter_raw()])


async def assets(http: httpx.AsyncClient) -> list[str]:
    """The scripts and styles that the inbox's page names."""
    return re.findall(r'"(/inbox/assets/[^"]+\.(?:js|css))"', (await http.get("/")).text)


async def test_scripts_and_styles_are_small_on_the_wire(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        total = 0
        for path in (ELEMENTS, *await assets(http)):
            plain, whole = await raw(http, path, accept_encoding="identity")
            packed, small = await raw(http, path, accept_encoding="br, gzip;q=0.8")
            assert "content-encoding" not in plain.headers
            assert "Accept-Encoding" in plain.headers["vary"], path
            assert "Accept-Encoding" in packed.headers["vary"], path
            assert packed.headers["content-encoding"] == "gzip", path
            assert int(packed.headers["content-length"]) == len(small) < len(whole)
            assert decompress(small) == whole
            for name in ("cache-control", "content-type"):
                assert packed.headers[name] == plain.headers[name]
            total += len(small) if "/inbox/" in path else 0
        assert 0 < total < 150_000


@pytest.mark.parametrize("refused", ["", "identity", "br", "gzip;q=0", "deflate, gzip; q=0.0", "gzipped"])
async def test_who_does_not_take_it_has_the_file_as_it_is(house: House, refused: str) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        for path in (ELEMENTS, (await assets(http))[0]):
            response, _ = await raw(http, path, accept_encoding=refused)
            assert "content-encoding" not in response.headers, path


async def test_what_one_has_is_not_sent_again_however_it_came(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        for path in (ELEMENTS, *await assets(http)):
            for coding in ("gzip", "identity"):
                first, _ = await raw(http, path, accept_encoding=coding)
                again, body = await raw(http, path, if_none_match=first.headers["etag"], accept_encoding="gzip")
                assert (again.status_code, body) == (304, b""), path


async def test_a_part_is_a_part_of_the_file(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        path = (await assets(http))[0]
        _, whole = await raw(http, path, accept_encoding="identity")
        response, part = await raw(http, path, accept_encoding="gzip", range="bytes=10-19")
        assert (response.status_code, part) == (206, whole[10:20])
        assert "content-encoding" not in response.headers


async def test_answers_about_people_are_never_compressed(house: House, people: People) -> None:
    """How small they get would tell what is in them beside what somebody put there."""
    headers = {**people.ann.headers, "Accept-Encoding": "gzip"}
    body = {"query": "{ conversations { edges { node { id } } } __schema { types { name description } } }"}
    response = await people.ann.http.post(f"{house.url}/graphql", json=body, headers=headers)
    assert response.status_code == 200
    assert len(response.content) > 10_000
    assert "content-encoding" not in response.headers
