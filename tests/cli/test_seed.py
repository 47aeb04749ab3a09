"""The demo market: put into an empty development database, and nowhere else."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from chat.market import DAY, HOUR, MINUTE, PEOPLE, market_lines
from core.clock import ms_of, now_ms
from graph.serving import DEMO_PEOPLE
from tests import acts
from tests.cli.running import Serving, palaver, serving
from tests.client import NO_TLS

OWN_SECRET = "a secret of one's own, of more than 32 bytes"
#: How long before the market is put in its newest message was sent.
NEWEST_AGO = 25 * MINUTE


async def ask(served: Serving, who: str, query: str, **variables: Any) -> Any:
    """Ask with the token of a link."""
    headers = {"Authorization": f"Bearer {served.tokens[who]}"}
    async with httpx.AsyncClient(timeout=20, verify=NO_TLS) as http:
        body = {"query": query, "variables": variables}
        answer = (await http.post(f"{served.url}/graphql", json=body, headers=headers)).json()
    assert "errors" not in answer, answer
    return answer["data"]


CONVERSATIONS = """
{
  viewer { user { externalId name roles } unreadMessageCount }
  subject(kind: "listing", externalId: "bike-1") { viewerCanContact conversations(first: 10) { edges { node { id } } } }
  conversations(first: 20) { edges { node { state unreadCount counterpart { user { externalId } } } } }
}
"""


async def test_serving_fills_an_empty_development_database_and_prints_links(tmp_path: Path) -> None:
    async with serving(tmp_path) as served:
        assert list(served.tokens) == list(DEMO_PEOPLE) == ["buyer", "seller", "admin", "host's server"]
        # Links come last, and everything said before them fits on a screen.
        lines = served.said.splitlines()
        assert [line.startswith("  ") for line in lines] == [False] * 3 + [True] * 3 + [False] + [True] * 4
        assert [line.split()[0] for line in lines if "/#token=" in line and "graphiql" not in line] == [
            "buyer",
            "seller",
            "admin",
        ]
        async with httpx.AsyncClient(timeout=20, verify=NO_TLS) as http:
            for page in ("/", "/graphiql/"):
                assert (await http.get(f"{served.url}{page}")).status_code == 200

        buyer = await ask(served, "buyer", CONVERSATIONS)
        assert buyer["viewer"]["user"] == {"externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
        assert buyer["subject"] == {"viewerCanContact": True, "conversations": {"edges": []}}
        threads = [edge["node"] for edge in buyer["conversations"]["edges"]]
        assert [thread["state"] for thread in threads].count("CLOSED") == 1
        assert buyer["viewer"]["unreadMessageCount"] == sum(thread["unreadCount"] for thread in threads) > 0

        seller = await ask(served, "seller", CONVERSATIONS)
        assert seller["viewer"]["user"] == {"externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}
        assert [edge["node"]["counterpart"]["user"]["externalId"] for edge in seller["conversations"]["edges"]] == [
            "fay",
            "ann",
        ]
        told = {"input": {"kind": "listing", "externalId": "bike-1", "state": "ACTIVE"}}
        assert (await ask(served, "host's server", acts.UPSERT_SUBJECT, **told))["upsertSubject"]["errors"] == []
        assert (await ask(served, "admin", CONVERSATIONS))["viewer"]["user"]["roles"] == ["admin"]


@pytest.mark.parametrize("secret", ["", OWN_SECRET], ids=["development secret", "own secret"])
async def test_without_the_demo_a_database_begins_empty(tmp_path: Path, secret: str) -> None:
    """A host that tries Palaver has nobody but its own among its people; `palaver seed` still adds the market."""
    settings = {"PALAVER_DEMO": "off", "PALAVER_JWT_SECRET": secret}
    async with serving(tmp_path, **settings) as served:
        assert "market" not in served.said
        assert served.tokens == {}
        async with httpx.AsyncClient(timeout=20, verify=NO_TLS) as http:
            assert (await http.get(f"{served.url}/graphiql/")).status_code == 200
            assert (await http.get(f"{served.url}/demo/people")).status_code == 404
            assert "data-demo" not in (await http.get(f"{served.url}/")).text
    assert (await palaver(tmp_path, "seed", **settings)).output == "The market is there now.\n"


async def test_a_database_that_knows_somebody_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"type": "user", "externalId": "zoe", "roles": ["seller"]}\n', "utf-8")
    assert (await palaver(tmp_path, "import", str(path))).status == 0
    async with serving(tmp_path) as served:
        found = await ask(served, "buyer", "{ users(first: 10) { edges { node { externalId } } } }")
    # Ann is known by her link's token now.
    assert [edge["node"]["externalId"] for edge in found["users"]["edges"]] == ["ann", "zoe"]


def times_in(folder: Path) -> dict[str, int]:
    """When each message was sent, by its id."""
    with sqlite3.connect(folder / "palaver.db") as database:
        return dict(database.execute("select id, created_at from messages").fetchall())


async def test_seeding_twice_is_seeding_once(tmp_path: Path) -> None:
    """The market is an import file of which no line is bad, and nothing of it is new after `palaver seed`."""
    first = await palaver(tmp_path, "seed")
    assert (first.status, first.output) == (0, "The market is there now.\n")
    before = times_in(tmp_path)
    again = await palaver(tmp_path, "seed")
    assert (again.status, again.output) == (0, "The market was there already; nothing is new.\n")
    assert times_in(tmp_path) == before
    newest = max(before.values())
    (tmp_path / "market.jsonl").write_bytes(b"".join(market_lines(newest + NEWEST_AGO)))
    imported = await palaver(tmp_path, "import", "market.jsonl")
    assert (imported.status, imported.output.splitlines()[-1]) == (0, "Nothing is new.")


async def test_the_market_was_talked_in_until_just_now(tmp_path: Path) -> None:
    """Whenever it is put in: at each hour of a day, nothing lies ahead, and everybody's list is in the same order."""
    before = now_ms()
    await palaver(tmp_path, "seed")
    assert before - NEWEST_AGO <= max(times_in(tmp_path).values()) <= now_ms() - NEWEST_AGO
    orders = set()
    for hour in range(24):
        moment = before - before % DAY + hour * HOUR + 1
        said = [line for line in map(json.loads, market_lines(moment)) if line["type"] == "message"]
        last = {line["conversation"]: ms_of(line["createdAt"]) for line in said}
        assert max(last.values()) == moment - NEWEST_AGO
        orders.add(tuple(sorted(last, key=lambda key: last[key])))
    assert [order[-1] for order in orders] == ["ann-eli"]


async def test_production_is_never_seeded(tmp_path: Path) -> None:
    settings = {"PALAVER_ENV": "production", "PALAVER_JWT_SECRET": OWN_SECRET}
    refused = await palaver(tmp_path, "seed", **settings)
    assert (refused.status, refused.output) == (2, "")
    assert refused.errors.startswith("PALAVER_ENV is production")
    async with serving(tmp_path, **settings) as served:
        assert served.tokens == {}
        assert "market" not in served.said
    (tmp_path / "market.jsonl").write_bytes(b"".join(market_lines()))
    imported = await palaver(tmp_path, "import", "market.jsonl", **settings)
    counts = [line for line in imported.output.splitlines() if "there already" in line]
    assert len(counts) == 4
    assert all(line.endswith(" 0 there already") for line in counts)


def test_the_links_are_for_people_of_the_market() -> None:
    assert {what: PEOPLE[sub]["roles"] for what, sub in DEMO_PEOPLE.items()} == {
        "buyer": ["buyer"],
        "seller": ["seller"],
        "admin": ["admin"],
        "host's server": ["service"],
    }
