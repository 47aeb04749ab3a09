"""The page: what Prometheus can read, for whom it is meant, and nothing of anybody's."""

import re
from importlib.metadata import version

import httpx
import pytest

from tests import acts
from tests.client import NO_TLS, People, Person
from tests.conftest import OpenHouse
from tests.house import House, open_house
from tests.legs import Leg, home_in
from tests.live.asks import CONVERSATION_EVENTS, INBOX, SET_TYPING
from tests.metrics.scraping import get, labels_of, read, scrape, watch
from tests.storage import run_sql

TOKEN = "a token of the metrics"


async def test_prometheus_can_read_it(house: House) -> None:
    response = await get(house)
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = read(response.text).families
    assert len({family.name for family in families}) == len(families)
    for family in families:
        assert re.fullmatch(r"(palaver|process)_[a-z_]+", family.name)
        assert family.documentation
        assert family.type in ("counter", "gauge", "histogram")
        assert family.samples
        assert all(sample.labels["worker"] == "1" for sample in family.samples)
        series = [(sample.name, *sorted(sample.labels.items())) for sample in family.samples]
        assert len(set(series)) == len(series)
    assert "_created" not in response.text


async def test_it_tells_the_version_and_what_the_system_knows_of_the_process(house: House) -> None:
    found = await scrape(house)
    assert labels_of(found.families, "palaver_build_info") == {"version": version("palaver"), "worker": "1"}
    assert found.of("process_resident_memory_bytes") > 1_000_000
    assert found.of("process_open_fds") > 3
    assert found.of("process_cpu_seconds_total") > 0


async def test_two_applications_in_a_process_count_apart(
    house: House, ann: Person, thread: str, tmp_path_factory: pytest.TempPathFactory, leg: Leg
) -> None:
    with home_in(tmp_path_factory.mktemp("other"), leg) as home:
        async with open_house(home.settings()) as other:
            here, there = await watch(house), await watch(other)
            await acts.send(ann, thread, "Only here")
            await ann.code("{")
            assert await here.moved("palaver_sends_total") == await here.moved("palaver_refusals_total") == 1
            assert await there.stands(
                "palaver_sends_total", "palaver_refusals_total", "palaver_operation_seconds_count"
            )


async def test_in_development_everybody_may_read_it(cy: Person) -> None:
    assert (await get(cy.house)).status_code == 200


async def test_in_production_it_is_not_there_without_a_token_in_the_settings(make_house: OpenHouse) -> None:
    async with make_house(env="production") as house, People(house) as people:
        for headers in ({}, people.cy.headers, people.host.headers, {"Authorization": f"Bearer {TOKEN}"}):
            response = await get(house, **headers)
            assert (response.status_code, response.text) == (404, "Not Found")


@pytest.mark.parametrize("env", ["development", "production"])
async def test_with_a_token_in_the_settings_it_is_for_those_who_have_it(make_house: OpenHouse, env: str) -> None:
    async with make_house(env=env, metrics_token=TOKEN) as house, People(house) as people:
        refused = [
            {},
            people.cy.headers,
            people.host.headers,
            {"Authorization": TOKEN},
            {"Authorization": f"Basic {TOKEN}"},
            {"Authorization": f"Bearer {TOKEN}x"},
            {"Authorization": f"Bearer {TOKEN[:-1]}"},
            {"Authorization": "Bearer"},
            {"Authorization": "Bearer é"},
        ]
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            for headers in refused:
                given = [(name.encode(), value.encode()) for name, value in headers.items()]
                response = await http.get(f"{house.url}/metrics", headers=given)
                assert (response.status_code, response.text) == (404, "Not Found"), headers
        for scheme in ("Bearer", "bearer"):
            response = await get(house, Authorization=f"{scheme} {TOKEN}")
            assert response.status_code == 200
            assert "palaver_sends_total" in response.text
            assert TOKEN not in response.text


async def test_the_token_of_metrics_opens_nothing_else(make_house: OpenHouse) -> None:
    async with make_house(metrics_token=TOKEN) as house, People(house) as people:
        people.cy.token = TOKEN
        assert await people.cy.code("{ viewer { id } }") == "UNAUTHENTICATED"


async def test_nothing_of_anybodys_is_on_the_page(people: People, house: House, thread: str) -> None:
    """What was said, who said it, ids, names of operations and of what never was: none of it is a label."""
    ann, bob = people.ann, people.bob
    async with bob.follow(acts.MESSAGE_ADDED, id=thread) as live, bob.follow(INBOX) as inbox:
        await acts.send(ann, thread, "Xylophone", "the-key-of-ann")
        await ann.ask(SET_TYPING, id=thread)
        await live.next()
        await inbox.next()
        await ann.answer("query Zanzibar { viewer { user { externalId } } }")
        await ann.answer("query Quagga { quagga }")
        async with people.cy.follow(CONVERSATION_EVENTS, id=thread) as strangers:
            assert await strangers.ended() == "NOT_FOUND"
        text = (await get(house)).text
    stored = "SELECT id FROM users UNION SELECT id FROM conversations UNION SELECT id FROM messages"
    ids = [row[0] for row in await run_sql(house, stored)]
    assert len(ids) > 3
    secrets = ["Xylophone", "the-key-of-ann", "Zanzibar", "uagga", "bicycle", "bike-1", thread, ann.token, *ids]
    assert [word for word in secrets if word in text] == []
    assert re.findall(r"\b(ann|bob|cy|market|localhost|127\.0\.0\.1)\b", text, re.IGNORECASE) == []
