"""The inbox at `/`: one page for all of its addresses, under a policy that lets nothing in from elsewhere."""

import re

import httpx

from tests.client import NO_TLS
from tests.conftest import OpenHouse
from tests.house import House

HTML = {"Accept": "text/html"}
PLACES = ("/", "/c/Q29udmVyc2F0aW9uOjE=", "/c/a/b", "/new/listing/bike-1", "/new/listing/a%2Fb", "/market", "/staff")


async def test_every_place_is_the_page(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url, headers=HTML) as http:
        for place in PLACES:
            response = await http.get(place)
            assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8"), place
            assert '<div id="page">' in response.text
            assert response.headers["cache-control"] == "no-cache"


async def test_what_is_no_place_is_not_found(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url, headers=HTML) as http:
        for path in ("/nowhere", "/files/x", "/inbox/", "/inbox/nowhere.js", "/inbox/../build.json", "/cc", "/demo"):
            assert (await http.get(path)).status_code == 404, path
        assert (await http.get("/healthz")).text == "ok\n"
        assert '<div id="page">' not in (await http.get("/graphql", headers=HTML)).text


async def test_a_repeated_visit_loads_nothing_again(house: House) -> None:
    async with httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        page = await http.get("/")
        again = await http.get("/", headers={"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for asset in re.findall(r'"(/inbox/assets/[^"]+)"', page.text):
            assert "immutable" in (await http.get(asset)).headers["cache-control"], asset


async def test_the_policy_lets_in_nothing_from_elsewhere(make_house: OpenHouse) -> None:
    async with (
        make_house(allowed_origins=["https://market.example"]) as house,
        httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http,
    ):
        headers = (await http.get("/")).headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["form-action"] == rules["base-uri"] == "'none'"
    assert rules["img-src"] == "'self' blob: data: https://market.example"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_setting_switches_it_off(make_house: OpenHouse) -> None:
    async with make_house(inbox="off") as house, httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http:
        for path in (*PLACES, "/inbox/index.html"):
            response = await http.get(path, headers=HTML)
            assert response.status_code == 404, path
            assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
