"""The short form of `make fuzz`: the same chance every time."""

from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest
from structlog.testing import capture_logs

from graph.roots import schema
from tests.fuzz.bodies import Bodies
from tests.fuzz.sessions import Grammar, run_session
from tests.fuzz.verdict import Found, judge_close, judge_frame, judge_response
from tests.house import open_house
from tests.http.wire import post
from tests.legs import Leg, home_in
from tests.plan.market import Market, open_market
from tests.waiting import until

SESSIONS = 150
REQUESTS = 400
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


@pytest.mark.parametrize(
    "text",
    ["x", "[]", '{"type": "hello"}', '{"type": "next", "payload": {"data": {}}}', '{"type": "error", "id": "1"}',
     '{"type": "error", "id": "1", "payload": [{"message": "x"}]}', '{"type": "next", "id": "1", "payload": {}}',
     '{"type": "error", "id": "1", "payload": [{"message": "x", "extensions": {"code": "INTERNAL"}}]}'],
)  # fmt: skip
def test_what_must_not_be_is_found(text: str) -> None:
    with pytest.raises(Found):
        judge_frame(text)
    for code in (None, 1000, 1005, 1006, 1011, 4500):
        with pytest.raises(Found):
            judge_close(code, "")
