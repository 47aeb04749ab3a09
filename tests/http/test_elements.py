"""The script of the elements: any page may load it, none loads it twice, and each learns whether it may ask."""

import httpx
import pytest

from tests.client import NO_TLS
from tests.conftest import OpenHouse
from tests.house import House

LISTED, ELSEWHERE = "https://market.example", "https://elsewhere.example"
SCRIPT, WELCOME = "/elements/palaver.js", "/elements/welcome"


@pytest.mark.parametrize("origin", [LISTED, ELSEWHERE, None])
async def test_a_page_of_any_origin_may_load_the_script(make_house: OpenHouse, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    async with (
        make_house(allowed_origins=[LISTED]) as house,
        httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http,
    ):
        response = await http.get(SCRIPT, headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["access-control-allow-origin"] in {"*", origin}
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_script_that_one_has_is_not_sent_again(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        first = await http.get(SCRIPT)
        assert first.headers["cache-control"] == "public, no-cache"
        etag = first.headers["etag"]
        for known in (etag, etag.removeprefix("W/"), f'"another", {etag}', "*"):
            again = await http.get(SCRIPT, headers={"If-None-Match": known, "Origin": ELSEWHERE})
            assert (again.status_code, again.content) == (304, b""), known
            assert again.headers["etag"] == etag
            assert again.headers["access-control-allow-origin"] == "*"
        for other in ('"another"', etag[:-2] + '"', ""):
            assert (await http.get(SCRIPT, headers={"If-None-Match": other})).status_code == 200, other


@pytest.mark.parametrize(
    ("allowed", "origin", "is_welcome"),
    [
        ([LISTED], LISTED, True),
        ([LISTED], ELSEWHERE, False),
        ([LISTED], f"{LISTED}.evil.example", False),
        ([LISTED], "null", False),
        ([LISTED], None, True),
        (["*"], ELSEWHERE, True),
        ([], ELSEWHERE, False),
    ],
)
async def test_a_page_learns_whether_it_may_ask(
    make_house: OpenHouse, allowed: list[str], origin: str | None, is_welcome: bool
) -> None:
    """And what it learns is what becomes of its requests."""
    headers = {} if origin is None else {"Origin": origin}
    async with (
        make_house(allowed_origins=allowed) as house,
        httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http,
    ):
        response = await http.get(WELCOME, headers=headers)
        assert response.json() == {"isWelcome": is_welcome}
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["access-control-allow-origin"] in {"*", origin}
        asked = await http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        if origin is not None:
            assert (asked.headers.get("access-control-allow-origin") in {"*", origin}) is is_welcome


async def test_our_own_pages_are_welcome(make_house: OpenHouse) -> None:
    async with (
        make_house(allowed_origins=[LISTED]) as house,
        httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http,
    ):
        assert (await http.get(WELCOME, headers={"Origin": house.url})).json() == {"isWelcome": True}


async def test_elements_do_not_need_the_inbox(make_house: OpenHouse) -> None:
    async with make_house(inbox="off") as house, httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        assert (await http.get(SCRIPT)).status_code == 200
        for path in ("/elements/", "/elements/build.json", "/elements/../app.py", "/elements"):
            assert (await http.get(path)).status_code == 404, path
