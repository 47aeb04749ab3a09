"""Answers tell what they cost, what is too dear is refused, and nobody can ask for all that a server can do."""

from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House, open_house
from tests.http.wire import GRAPHQL, code_of, errors_of, post_query
from tests.legs import Home
from tests.socket.wire import greeted
from tests.waiting import until

ME = "{ viewer { user { externalId } } }"
MANY = "query Many($n: Int) { conversations(first: $n) { edges { node { id } } } }"
#: Introspection has no plan, so graphql-core answers.
BY_RESOLVERS = '{ viewer { user { externalId } } __type(name: "User") { name } }'


async def cost(person: Person, query: str, **variables: Any) -> int:
    """What an answer over HTTP says that it cost."""
    told: int = (await post_query(person, query, **variables)).json()["extensions"]["cost"]
    return told


async def test_an_answer_tells_what_it_cost(ann: Person, thread: str) -> None:
    assert await cost(ann, ME) == 3
    assert await cost(ann, BY_RESOLVERS) == 4
    assert await cost(ann, MANY) == 2 + 2 * 20
    assert await cost(ann, MANY, n=100) == 2 + 2 * 100
    sent = {"conversationId": thread, "body": "hello", "clientMessageId": acts.key()}
    assert await cost(ann, acts.SEND, input=sent) > 1


async def test_an_answer_over_a_socket_tells_it_too(ann: Person) -> None:
    async with greeted(ann) as wire:
        for query, expected in ((ME, 3), (BY_RESOLVERS, 4)):
            await wire.subscribe("1", query)
            assert (await wire.hear())["payload"]["extensions"] == {"cost": expected}
            assert (await wire.hear())["type"] == "complete"


async def test_an_answer_with_errors_and_the_strangers_answer_tell_it(ann: Person, cy: Person, thread: str) -> None:
    assert (await post_query(ann, MANY, n=0)).json()["extensions"] == {"cost": 2 + 2 * 20}
    response = await post_query(cy, acts.MESSAGES, id=thread, first=5)
    assert response.json()["data"] == {"conversation": None}
    assert response.json()["extensions"]["cost"] == await cost(ann, acts.MESSAGES, id=thread, first=5)


async def test_what_was_not_executed_cost_nothing(ann: Person) -> None:
    for query in ("{ nobody }", "{ viewer", MANY):
        response = await post_query(ann, query, n="many")
        assert errors_of(response)
        assert "extensions" not in response.json()


async def test_an_operation_that_is_too_dear_is_refused_before_anything_runs(make_house: OpenHouse) -> None:
    async with make_house(max_cost=100) as house, People(house) as people:
        assert await cost(people.ann, MANY, n=49) == 100
        for query, variables in ((MANY, {"n": 50}), (MANY.replace("$n)", "50)").replace("($n: Int)", ""), {})):
            for media, status in (("application/json", 200), (GRAPHQL, 400)):
                response = await post_query(people.ann, query, {"Accept": media}, **variables)
                assert (response.status_code, code_of(response)) == (status, "TOO_COMPLEX")
                assert errors_of(response)[0]["extensions"] == {"code": "TOO_COMPLEX", "limit": "cost", "cost": 102}
        async with people.ann.connect() as line:
            assert await (await line.subscribe(MANY, n=50)).ended() == "TOO_COMPLEX"
            assert (await (await line.subscribe(MANY, n=49)).next())["edges"] == []


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_who_has_spent_all_is_told_when_to_come_back(way: str, make_house: OpenHouse) -> None:
    """One operation spends nearly all; what the next lacks takes half a minute and more to come back."""
    async with make_house(rate_limits="on", max_cost=240, cost_budget=240) as house, People(house) as people:
        assert await cost(people.ann, MANY, n=100) == 202
        if way == "http":
            response = await post_query(people.ann, MANY, n=100)
            assert (response.status_code, code_of(response)) == (200, "RATE_LIMITED")
            told = errors_of(response)[0]["extensions"]
            assert int(response.headers["Retry-After"]) == -(-told["retryAfterMs"] // 1000)
            typed = await post_query(people.ann, MANY, {"Accept": GRAPHQL}, n=100)
            assert (typed.status_code, code_of(typed)) == (429, "RATE_LIMITED")
        else:
            async with greeted(people.ann) as wire:
                await wire.subscribe("1", MANY, n=100)
                told = (await wire.hear())["payload"][0]["extensions"]
                assert told["code"] == "RATE_LIMITED"
                assert await wire.is_open()
        # What is lacking, and what it costs to read texts that nobody has sent before.
        assert 20_000 < told["retryAfterMs"] <= 45_000
        assert await cost(people.ann, ME) == 3
        assert await cost(people.cy, MANY, n=100) == 202


async def test_processes_that_share_a_redis_share_what_one_may_spend(home: Home) -> None:
    settings = home.settings(rate_limits="on", max_cost=240, cost_budget=240)
    async with (
        open_house(settings) as one,
        open_house(settings) as other,
        People(one) as here,
        People(other) as there,
    ):
        assert await cost(here.ann, MANY, n=100) == 202
        is_shared = settings.broker_url.startswith("redis")
        assert await cost(there.ann, ME) == 3
        for house in (one, other) if is_shared else ():  # Nobody waits for Redis: it is told afterwards.
            await house.palaver.budget.settle()  # type: ignore[attr-defined]
        response = await post_query(there.ann, MANY, n=100)
        assert [error["extensions"]["code"] for error in errors_of(response)] == ["RATE_LIMITED"] * is_shared


async def test_a_subscription_is_paid_for_when_it_begins(make_house: OpenHouse) -> None:
    limits = {"max_cost": 18, "cost_budget": 18}
    async with (
        make_house(rate_limits="on", **limits) as house,
        People(house) as people,
        people.ann.follow(FOLLOW) as stream,
    ):
        assert await (await stream.line.subscribe(FOLLOW, as_id="another")).ended() == "RATE_LIMITED"
        assert stream.is_quiet


EVENT = "... on MessageAddedEvent { message { body sender { id } conversation { id } } viewer { user { id } } }"
FOLLOW = f"subscription {{ inbox {{ {EVENT} }} }}"


class Purse:
    """What people can spend, as a test says; it notes what they are asked for."""

    def __init__(self, house: House, *waits: int) -> None:
        self._waits = list(waits)
        self.spent: list[int] = []
        object.__setattr__(house.palaver, "budget", self)

    async def take(self, _: str, amount: int) -> int:
        """Wait as long as comes next; then nobody waits any more."""
        wait = self._waits.pop(0) if self._waits else 0
        if not wait:
            self.spent.append(amount)
        return wait

    async def close(self) -> None:
        """There is nothing to let go of."""


@pytest.mark.parametrize("waits", [(), (30, 1, 1, 30, 1)], ids=["at once", "later"])
async def test_each_event_is_paid_for_and_heard_when_it_can_be(
    waits: tuple[int, ...], ann: Person, bob: Person, thread: str
) -> None:
    """What comes meanwhile is in the log, so that nothing is lost or out of order."""
    words = "subscription($id: ID!) { messageAdded(conversationId: $id) { message { body sender { id } } } }"
    async with bob.follow(words, id=thread) as stream:
        await until(lambda: bob.house.feeds.resting == 1)
        purse = Purse(bob.house, *waits)
        for number in range(4):
            await acts.send(ann, thread, str(number))
        assert [event["message"]["body"] for event in await stream.take(4)] == list("0123")
        assert purse.spent == [4] * 4


TORN = """query($n: Int) {
  conversations { edges { node { messages(first: $n) { edges { node { id seq body kind } } } } } }
  torn: node(id: "nobody") { id ... on Conversation { messages(first: 0) { pageInfo { endCursor } } } }
  viewer { user { id } }
  again: conversation(id: "%s") { messages(first: 0) { pageInfo { endCursor } } }
}"""


async def test_a_plan_that_fails_costs_its_client_more(ann: Person, thread: str) -> None:
    """graphql-core then answers all of it anew, to tell the error beside the rest."""
    await acts.send(ann, thread, "hello")
    torn = TORN % thread
    price = await cost(ann, torn, n=10)
    purse = Purse(ann.house)
    response = await post_query(ann, torn, n=10)
    assert (code_of(response), purse.spent) == ("BAD_USER_INPUT", [10 * price])
    assert response.json()["data"]["conversations"]["edges"] != []
    Purse(ann.house, 5000)
    response = await post_query(ann, torn, n=10)
    assert (code_of(response), response.json()["data"]) == ("RATE_LIMITED", None)
    assert errors_of(response)[0]["extensions"]["retryAfterMs"] == 5000


async def test_graphql_core_makes_no_more_values_than_it_may(make_house: OpenHouse) -> None:
    """Other people wait while it does; a plan makes them in no time."""
    async with make_house(max_values=100) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        for number in range(25):
            await acts.send(people.ann, thread, str(number))
        torn = TORN % thread
        response = await post_query(people.ann, torn, n=25)
        assert (code_of(response), response.json()["data"]) == ("TOO_COMPLEX", None)
        assert errors_of(response)[0]["extensions"] == {"code": "TOO_COMPLEX", "limit": "values"}
        assert code_of(await post_query(people.ann, torn, n=5)) == "BAD_USER_INPUT"
        whole = torn.replace("first: 0", "first: 1")
        assert "errors" not in (await post_query(people.ann, whole, n=25)).json()
        stranger = await post_query(people.cy, torn, n=25)
        assert stranger.json()["data"]["again"] is None


async def test_a_text_that_is_new_costs_something_and_a_known_one_nothing(make_house: OpenHouse) -> None:
    """Also when it is refused then: it was read all the same."""
    async with make_house(rate_limits="on", max_cost=100, cost_budget=100) as house, People(house) as people:
        assert await cost(people.ann, ME) == 3
        for _ in range(10):
            assert await cost(people.ann, ME) == 3
        bad = "{ nobody } # " + 500 * "x"
        assert code_of(await post_query(people.ann, bad)) == "GRAPHQL_VALIDATION_FAILED"
        told = [code_of(await post_query(people.ann, f"{bad} {n}")) for n in range(3)]
        assert told[-1] == "RATE_LIMITED"
        assert await cost(people.cy, ME) == 3


async def test_each_send_of_a_request_counts_against_the_limit_of_sends(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", sends="2 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        fields = ", ".join(f"$m{n}: SendMessageInput!" for n in range(3))
        sends = " ".join(f"m{n}: sendMessage(input: $m{n}) {{ message {{ seq }} errors {{ code }} }}" for n in range(3))
        given = {f"m{n}": {"conversationId": thread, "body": "hello", "clientMessageId": f"key {n}"} for n in range(3)}
        response = await post_query(people.ann, f"mutation({fields}) {{ {sends} }}", **given)
        codes = [[error["code"] for error in payload["errors"]] for payload in response.json()["data"].values()]
        assert codes == [[], [], ["RATE_LIMITED"]]


@pytest.mark.parametrize("page", [1, 30])
async def test_the_largest_page_is_a_setting(page: int, make_house: OpenHouse) -> None:
    async with make_house(max_page=page) as house, People(house) as people:
        assert await people.ann.code(MANY, n=page + 1) == "BAD_USER_INPUT"
        assert (await people.ann.ask(MANY, n=page))["edges"] == []
        assert (await people.ann.ask(MANY))["edges"] == []
        nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        assert await people.ann.ask(nodes, ids=["a"] * page) == [None] * page
        assert await people.ann.code(nodes, ids=["a"] * (page + 1)) == "BAD_USER_INPUT"
