"""Which pages may call: those of the listed origins, with Authorization; to all others a browser gives nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest
import websockets

from tests.client import People, Person, raw_socket
from tests.conftest import OpenHouse
from tests.http.wire import post_query
from tests.uploads import place_for

LISTED = "https://market.example"
UNLISTED = (
    "https://market.example.evil.test",
    "http://market.example",
    "https://market.example:8443",
    "https://evil.test",
    "null",
)
ME = "{ viewer { id } }"


@pytest.fixture
async def ann(make_house: OpenHouse) -> AsyncIterator[Person]:
    """Ann at a server that lists two origins."""
    async with make_house(allowed_origins=[LISTED, "https://app.example"]) as house, People(house) as people:
        yield people.ann


async def preflight(person: Person, origin: str, *headers: str) -> httpx.Response:
    """What a browser asks before it sends."""
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": ",".join(headers),
    }
    return await person.http.request("OPTIONS", f"{person.house.url}/graphql", headers=asked)


async def test_a_listed_page_may_send_what_graphql_clients_send(ann: Person) -> None:
    for header in ("authorization", "content-type", "graphql-require-preflight", "apollo-require-preflight"):
        response = await preflight(ann, LISTED, header)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == LISTED
        assert header in response.headers["access-control-allow-headers"].lower()
        assert "POST" in response.headers["access-control-allow-methods"]
        assert int(response.headers["access-control-max-age"]) > 0


async def test_a_listed_page_may_put_a_file_at_its_place(ann: Person) -> None:
    place = await place_for(ann, 5)
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    for origin, is_listed in ((LISTED, True), (UNLISTED[0], False)):
        response = await ann.http.request("OPTIONS", place["uploadUrl"], headers={"Origin": origin, **asked})
        assert (response.status_code == 200) == is_listed
        assert (response.headers.get("access-control-allow-origin") == origin) == is_listed
    response = await ann.http.put(place["uploadUrl"], content=b"Hello", headers={"Origin": LISTED})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, LISTED)


async def test_a_listed_page_may_read_answers_and_refusals(ann: Person) -> None:
    for origin in (LISTED, "https://app.example"):
        good = await post_query(ann, ME, {"Origin": origin})
        bad = await post_query(ann, ME, {"Origin": origin, "Authorization": "Bearer nonsense"})
        assert (good.status_code, bad.status_code) == (200, 401)
        for response in (good, bad):
            assert response.headers["access-control-allow-origin"] == origin
            assert "origin" in response.headers["vary"].lower()
            assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("origin", UNLISTED)
async def test_another_page_gets_nothing(ann: Person, origin: str) -> None:
    for response in (await preflight(ann, origin, "authorization"), await post_query(ann, ME, {"Origin": origin})):
        assert "access-control-allow-origin" not in response.headers
    assert (await preflight(ann, origin, "authorization")).status_code == 400


@pytest.mark.parametrize("origin", UNLISTED)
async def test_another_page_opens_no_socket(ann: Person, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await raw_socket(ann.house, origin=websockets.Origin(origin))
    assert refusal.value.response.status_code == 403


async def test_a_listed_page_and_our_own_open_sockets(ann: Person) -> None:
    for origin in (LISTED, ann.house.url):
        async with raw_socket(ann.house, origin=websockets.Origin(origin)) as socket:
            assert socket.subprotocol == "graphql-transport-ws"


async def test_without_a_list_no_page_of_another_origin_may_call_over_http(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as people:
        response = await post_query(people.ann, ME, {"Origin": LISTED})
        assert "access-control-allow-origin" not in response.headers


async def test_without_a_list_sockets_are_open_to_pages_in_development_only(make_house: OpenHouse) -> None:
    async with make_house() as house, raw_socket(house, origin=websockets.Origin(LISTED)) as socket:
        assert socket.subprotocol == "graphql-transport-ws"
    async with make_house(env="production") as house:
        with pytest.raises(websockets.InvalidStatus):
            await raw_socket(house, origin=websockets.Origin(LISTED))


async def test_a_star_lets_every_page_in_while_developing(make_house: OpenHouse) -> None:
    async with make_house(allowed_origins=["*"]) as house, People(house) as people:
        response = await post_query(people.ann, ME, {"Origin": "http://localhost:5173"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert (await preflight(people.ann, "http://localhost:5173", "authorization")).status_code == 200
        async with raw_socket(house, origin=websockets.Origin("http://localhost:5173")) as socket:
            assert socket.subprotocol == "graphql-transport-ws"
