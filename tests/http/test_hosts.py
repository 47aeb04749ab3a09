"""For which hosts requests may be: with a list, for those alone, over HTTP and a socket, for files too."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets

from core.hosts import is_host_pattern, is_trusted
from tests.client import NO_TLS, People, Person
from tests.conftest import OpenHouse
from tests.http.wire import code_of, post_query

ME = "{ viewer { id } }"
WRONG = (
    "evil.test",
    "chat.market.example.evil.test",
    "xchat.market.example",
    "market.example",
    "app.example",
    ".app.example",
    "xapp.example",
    "evilapp.example",
    "chat.market.example:evil",
    "chat.market.example@evil.test",
    "127.0.0.1",
    "",
)


@pytest.fixture
async def ann(make_house: OpenHouse) -> AsyncIterator[Person]:
    """Ann at a server with two trusted names."""
    async with make_house(trusted_hosts=["Chat.Market.Example", "*.app.example"]) as house, People(house) as people:
        yield people.ann


def socket_for(person: Person, host: str, **options: Any) -> websockets.connect:
    """A socket for a host of this name, which is the server of the test."""
    port = int(person.house.url.rpartition(":")[2])
    protocols = [websockets.Subprotocol("graphql-transport-ws")]
    return websockets.connect(
        f"ws://{host}/graphql", host="127.0.0.1", port=port, subprotocols=protocols, proxy=None, **options
    )


@pytest.mark.parametrize(
    "host",
    ["chat.market.example", "CHAT.market.EXAMPLE", "chat.market.example:8443", "a.app.example", "a.b.app.example."],
)
async def test_a_trusted_name_is_served(ann: Person, host: str) -> None:
    assert (await post_query(ann, ME, {"Host": host})).status_code == 200
    async with socket_for(ann, host.partition(":")[0]) as socket:
        assert socket.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("host", WRONG)
async def test_another_name_is_refused_before_anything_else(ann: Person, host: str) -> None:
    response = await post_query(ann, ME, {"Host": host, "Authorization": "Bearer nonsense"})
    assert (response.status_code, code_of(response)) == (421, "BAD_REQUEST")
    for path in ("/files/a/b/c/d/e", "/graphiql/", "/nowhere"):
        assert (await ann.http.get(ann.house.url + path, headers={"Host": host})).status_code == 421


async def test_no_socket_is_opened_for_another_name(ann: Person) -> None:
    for opening in (
        socket_for(ann, "evil.test"),
        socket_for(ann, "127.0.0.1"),
        socket_for(ann, "chat.market.example", additional_headers={"Host": "evil.test"}),
    ):
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await opening
        assert refusal.value.response.status_code in (400, 403)


async def test_who_looks_after_processes_may_ask_by_address(ann: Person) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await ann.http.get(ann.house.url + path)).status_code == 200


async def test_without_a_list_every_name_is_served(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as people:
        assert (await post_query(people.ann, ME, {"Host": "evil.test"})).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/graphql/y", "/files/x", "/graphql/x"])
async def test_an_address_that_does_not_exist_is_told_in_json(make_house: OpenHouse, path: str) -> None:
    async with make_house() as house, httpx.AsyncClient(verify=NO_TLS) as http:
        response = await http.get(house.url + path)
        assert (response.status_code, code_of(response)) == (404, "NOT_FOUND")


def test_patterns_are_names_and_nothing_else() -> None:
    good = ["a", "a.b", "*.a.b", "127.0.0.1", "[::1]", "xn--bcher-kva.example", "a_b.internal"]
    bad = ["", "*", "*.", "a:80", "http://a", "a/b", "a b", "a.*", "**.a", ".a", "a.", "[::1]:80"]
    assert [text for text in good if not is_host_pattern(text)] == []
    assert [text for text in bad if is_host_pattern(text)] == []
    assert is_trusted("[::1]:8000", ["[::1]"])
