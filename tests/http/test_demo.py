"""In development one may be somebody of the demo market; nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest

from core.settings import DEVELOPMENT_SECRET, Settings
from graph.demo import demo_routes
from tests.client import NO_TLS, sign
from tests.house import open_house
from tests.legs import SECRET, Home

WHO = "{ viewer { user { externalId name roles } } }"
PATHS = ("/demo/people", "/demo/market", "/demo/token")


@asynccontextmanager
async def visit(home: Home, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of a server that is made for trying it, unless settings say otherwise."""
    development = {"env": "development", "jwt_secret": DEVELOPMENT_SECRET}
    async with (
        open_house(home.settings(**{**development, **settings})) as house,
        httpx.AsyncClient(verify=NO_TLS, base_url=house.url) as http,
    ):
        yield http


async def test_the_people_of_the_market_are_told_but_its_own_server(sqlite_home: Home) -> None:
    async with visit(sqlite_home) as http:
        response = await http.get("/demo/people")
    people = {person["sub"]: person for person in response.json()}
    assert people["ann"] == {"sub": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    assert {"bob", "ada"} <= people.keys()
    assert "market" not in people
    assert response.headers["cache-control"] == "no-store"


async def test_a_visitor_becomes_whom_they_choose(sqlite_home: Home) -> None:
    async with visit(sqlite_home) as http:
        token = (await http.post("/demo/token", json={"sub": "bob"})).json()["token"]
        answer = await http.post("/graphql", json={"query": WHO}, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["data"]["viewer"]["user"] == {"externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}


@pytest.mark.parametrize("sub", ["market", "cy", "", "ann\0", "ANN"])
async def test_nobody_else_gets_a_token(sqlite_home: Home, sub: str) -> None:
    """Cy is no one of the market, and its own server may do too much."""
    async with visit(sqlite_home) as http:
        response = await http.post("/demo/token", json={"sub": sub})
    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"sub": 7}', b'{"sub": null}', b"\xff", b"[" * 900, b'{"sub": "' + b"a" * 2000]
)
async def test_what_is_no_question_is_a_bad_request(sqlite_home: Home, body: bytes) -> None:
    async with visit(sqlite_home) as http:
        response = await http.post("/demo/token", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_form_of_another_page_gets_no_token(sqlite_home: Home) -> None:
    """Such a page may send text without asking, but no JSON."""
    async with visit(sqlite_home) as http:
        response = await http.post("/demo/token", content=b'{"sub": "ann"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 415


async def test_its_listings_are_those_of_the_market(sqlite_home: Home) -> None:
    async with visit(sqlite_home) as http:
        offers = (await http.get("/demo/market")).json()
    assert {"kind": "listing", "externalId": "bike-1"} in offers


@pytest.mark.parametrize(
    "settings",
    [
        {"env": "production", "jwt_secret": SECRET},
        {"env": "development", "jwt_secret": SECRET},
        {"jwks_url": "https://market.example/keys"},
        {"inbox": "off"},
    ],
    ids=["production", "secret", "keys", "off"],
)
async def test_there_is_no_demo_elsewhere(sqlite_home: Home, settings: dict[str, Any]) -> None:
    async with visit(sqlite_home, **settings) as http:
        for path in PATHS:
            for method in ("GET", "POST"):
                response = await http.request(method, path, json={"sub": "ann"} if method == "POST" else None)
                assert (response.status_code, "token" in response.text) == (404, False), path


def test_production_has_no_such_routes_whatever_its_secret() -> None:
    """The setting itself refuses the secret; even so nothing would be signed."""
    with pytest.raises(ValueError, match="development secret"):
        Settings(env="production", jwt_secret=DEVELOPMENT_SECRET)  # type: ignore[arg-type]
    assert (
        demo_routes(Settings.model_construct(env="production", jwt_secret=Settings().jwt_secret, jwks_url=None)) == []
    )


def test_a_test_signs_with_another_secret() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(sign("ann"), DEVELOPMENT_SECRET, algorithms=["HS256"])
