"""The short form of `make fuzz`: the same chance every time."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
import pytest
from graphql import GraphQLField, GraphQLObjectType
from sqlalchemy import text
from structlog.testing import capture_logs

from graph.roots import schema
from tests.client import NO_TLS
from tests.fuzz.acts import Acts
from tests.fuzz.bodies import Bodies
from tests.fuzz.sessions import Grammar, run_session
from tests.fuzz.uploads import Upload
from tests.fuzz.verdict import Found, judge_close, judge_frame, judge_response, judge_status
from tests.house import open_house
from tests.http.wire import post
from tests.legs import Leg, home_in
from tests.plan.market import Market, Words, open_market
from tests.plan.operations import Operation
from tests.waiting import until

SESSIONS = 150
REQUESTS = 400
UPLOADS = 120
#: Operations by which everything in the schema has been asked for.
ENOUGH = 4000
#: Whatever chance asks for is executed.
DEAR = 10**9


@pytest.fixture(scope="module")
async def market(tmp_path_factory: pytest.TempPathFactory, leg: Leg) -> AsyncIterator[Market]:
    """Something of everything, at a server whose patience with sockets is short."""
    with home_in(tmp_path_factory.mktemp("fuzz"), leg) as home:
        settings = home.settings(
            max_sockets_per_user=10_000, socket_messages="1000 per second", max_cost=DEAR, cost_budget=0
        )
        async with open_house(settings) as house, open_market(house) as market:
            yield market


async def test_sessions_of_chance_are_answered(market: Market) -> None:
    codes: Counter[int] = Counter()
    with capture_logs() as logs:
        for seed in range(SESSIONS):
            person = list(market.askers.values())[seed % 4]
            said = Grammar(schema._schema, market.words, person.token, Random(seed)).frames()
            try:
                codes[(await run_session(market.house.socket_url, said)).code] += 1
            except Found as found:
                raise AssertionError(f"seed {seed}: {found}") from found
        await until(lambda: market.house.sockets.count == 0)
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    # Many go on to their end, so that the chance is not all rubbish.
    assert codes[0] >= SESSIONS / 5
    assert len(codes) >= 4


async def test_requests_of_chance_are_answered(market: Market) -> None:
    statuses: Counter[int] = Counter()
    data = 0
    for seed in range(REQUESTS):
        person = list(market.askers.values())[seed % 4]
        body = Bodies(schema._schema, market.words, Random(seed)).body()
        response = await post(person, body)
        try:
            statuses[judge_response(response)] += 1
        except Found as found:
            raise AssertionError(f"seed {seed}: {found}") from found
        data += bool(response.json().get("data"))
    assert set(statuses) <= {200, 400}
    assert data >= REQUESTS / 10


async def test_files_of_chance_are_answered(market: Market) -> None:
    statuses: Counter[int] = Counter()
    known: list[str] = []

    def give() -> None:
        with httpx.Client(timeout=20, verify=NO_TLS) as http:
            for seed in range(UPLOADS):
                person = list(market.askers.values())[seed % 4]
                try:
                    statuses[Upload(http, person, Random(seed), known).run()] += 1
                except Found as found:
                    raise AssertionError(f"seed {seed}: {found}") from found

    with capture_logs() as logs:
        await asyncio.to_thread(give)
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    assert set(statuses) <= {200, 400, 413, 415}, statuses
    async with market.house.palaver.database.reading() as db:
        assert await db.value(text("SELECT count(*) FROM attachments")) >= UPLOADS / 10


def test_chance_asks_for_everything_in_the_schema() -> None:
    """Every field of every type: what is new in the schema is tried as well."""
    types = schema._schema.type_map.values()
    missing = {
        (type_.name, name)
        for type_ in types
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        for name in type_.fields
    }

    class Asking(Acts):
        def about(self, kind: str, name: str, arguments: dict[str, Any]) -> Operation:
            """The same, and strike it off the list."""
            missing.discard((kind.title(), name))
            return super().about(kind, name, arguments)

        def arguments(self, parent: str, name: str, definition: GraphQLField) -> str:
            """Likewise, of every other field."""
            missing.discard((parent, name))
            return super().arguments(parent, name, definition)

    words = Words(defaultdict(lambda: ["x"], {"Message": ["x"]}), defaultdict(lambda: ["x"]))
    for seed in range(ENOUGH):
        Asking(schema._schema, words, Random(seed)).any()
        if not missing:
            return
    raise AssertionError(f"Nothing asks for {sorted(missing)}")


@pytest.mark.parametrize(
    "frame",
    ["x", "[]", '{"type": "hello"}', '{"type": "next", "payload": {"data": {}}}', '{"type": "error", "id": "1"}',
     '{"type": "error", "id": "1", "payload": [{"message": "x"}]}', '{"type": "next", "id": "1", "payload": {}}',
     '{"type": "error", "id": "1", "payload": [{"message": "x", "extensions": {"code": "INTERNAL"}}]}'],
)  # fmt: skip
def test_what_must_not_be_is_found(frame: str) -> None:
    with pytest.raises(Found):
        judge_frame(frame)
    for code in (None, 1000, 1005, 1006, 1011, 4500):
        with pytest.raises(Found):
            judge_close(code, "")


def test_nobody_is_sent_elsewhere() -> None:
    def sent_to(location: str) -> None:
        request = httpx.Request("PUT", "http://127.0.0.1:8000/files/1/2/3%2f")
        judge_status(httpx.Response(307, headers={"location": location}, request=request), frozenset({200}))

    sent_to("http://127.0.0.1:8000/files/1/2/3")
    for elsewhere in ("http://market.example/files/1/2/3", "//market.example/files", "https://127.0.0.1:8000/files"):
        with pytest.raises(Found):
            sent_to(elsewhere)
