"""The host tells what can be talked about: defaults, what stays, what is cleared, and what makes no sense."""

import asyncio
from typing import Any

import pytest

from tests import acts
from tests.client import Person
from tests.listings import UPSERT, about, opening, people_in, refusal_of, subject_of

BOB = {"userExternalId": "bob", "role": "seller"}
ANN = {"userExternalId": "ann", "role": "customer"}


async def tell(host: Person, **changes: Any) -> None:
    """The host tells something of the bicycle."""
    payload = await host.ask(UPSERT, input={"kind": "listing", "externalId": "bike-1", **changes})
    assert payload["errors"] == [], payload


async def refused(host: Person, **changes: Any) -> tuple[str, str]:
    """Why the host's words make no sense: the code, and where."""
    payload = await host.ask(UPSERT, input={"kind": "listing", "externalId": "bike-1", **changes})
    assert payload["subject"] is None
    (error,) = payload["errors"]
    return error["code"], ".".join(error["path"][1:])


async def test_on_a_new_subject_what_is_left_out_has_defaults(ann: Person, host: Person) -> None:
    await tell(host, title="A red bicycle", owner=BOB)
    subject = await subject_of(ann)
    assert subject.pop("id")
    assert subject == {
        "kind": "listing",
        "externalId": "bike-1",
        "title": "A red bicycle",
        "url": None,
        "imageUrl": None,
        "policy": "ANYONE",
        "state": "ACTIVE",
        "owner": {"externalId": "bob", "name": "bob"},
    }
    assert await people_in(ann, await acts.open_about(ann)) == {"bob": "seller", "ann": "buyer"}


async def test_on_a_known_subject_what_is_left_out_stays(ann: Person, host: Person) -> None:
    await tell(
        host,
        title="A red bicycle",
        owner=BOB,
        url="https://market.example/bike-1",
        imageUrl="https://market.example/bike-1.jpg",
        state="CLOSED",
        contacterRole="finder",
    )
    before = await subject_of(ann)
    await tell(host, title="A blue bicycle")
    assert await subject_of(ann) == {**before, "title": "A blue bicycle"}
    await tell(host, state="ACTIVE")
    assert await subject_of(ann) == {**before, "title": "A blue bicycle", "state": "ACTIVE"}
    assert (await people_in(ann, await acts.open_about(ann)))["ann"] == "finder"


async def test_null_clears_addresses_and_leaves_the_rest(ann: Person, host: Person) -> None:
    await tell(host, title="A bicycle", owner=BOB, url="https://market.example/", imageUrl="https://market.example/i")
    before = await subject_of(ann)
    await tell(host, url=None, imageUrl=None, title=None, policy=None, state=None, parties=None, contacterRole=None)
    assert await subject_of(ann) == {**before, "url": None, "imageUrl": None}


async def test_null_clears_the_owner_where_there_may_be_none(ann: Person, bob: Person, host: Person) -> None:
    cy = {"userExternalId": "cy", "role": "customer"}
    await tell(host, title="A haircut", policy="PARTIES", owner=BOB, parties=[ANN, cy])
    assert (await subject_of(ann))["owner"]["externalId"] == "bob"
    await tell(host, owner=None)
    assert (await subject_of(ann))["owner"] is None
    assert await subject_of(bob) is None


async def test_a_new_subject_needs_a_title(ann: Person, host: Person) -> None:
    assert await refused(host, owner=BOB) == ("INVALID", "title")
    assert await refused(host, owner=BOB, title="  ") == ("INVALID", "title")
    assert await subject_of(ann) is None


async def test_anyone_needs_an_owner(ann: Person, host: Person) -> None:
    assert await refused(host, title="A bicycle") == ("INVALID", "owner")
    assert await refused(host, title="A bicycle", owner=None) == ("INVALID", "owner")
    await tell(host, title="A bicycle", owner=BOB)
    assert await refused(host, title="Mine", owner=None) == ("INVALID", "owner")
    assert (await subject_of(ann))["title"] == "A bicycle"


@pytest.mark.parametrize(
    "concerned",
    [
        {},
        {"parties": []},
        {"parties": [ANN]},
        {"owner": BOB},
        {"owner": BOB, "parties": []},
        {"owner": BOB, "parties": [{"userExternalId": "bob", "role": "customer"}]},
    ],
)
async def test_parties_are_two_people_at_least(concerned: dict[str, Any], host: Person) -> None:
    assert await refused(host, title="A haircut", policy="PARTIES", **concerned) == ("INVALID", "parties")


@pytest.mark.parametrize("concerned", [{"parties": [ANN, BOB]}, {"owner": BOB, "parties": [ANN]}])
async def test_an_owner_counts_as_one_of_them(concerned: dict[str, Any], ann: Person, host: Person) -> None:
    await tell(host, title="A haircut", policy="PARTIES", **concerned)
    assert await people_in(ann, await acts.open_about(ann)) == {"bob": "seller", "ann": "customer"}


async def test_each_party_is_named_once(host: Person) -> None:
    twice = [ANN, BOB, {**ANN, "role": "payer"}]
    assert await refused(host, title="A haircut", policy="PARTIES", parties=twice) == ("INVALID", "parties")


async def test_the_policy_is_fixed_once_there_is_a_conversation(ann: Person, cy: Person, host: Person) -> None:
    """Until then it can change."""
    await tell(host, title="A bicycle", owner=BOB)
    await tell(host, policy="PARTIES", parties=[ANN])
    assert await subject_of(cy) is None
    await tell(host, policy="ANYONE", parties=[])
    await acts.open_about(cy)
    assert await refused(host, policy="PARTIES", parties=[ANN]) == ("INVALID", "policy")
    await tell(host, policy="ANYONE")
    assert (await subject_of(ann))["policy"] == "ANYONE"


async def test_what_is_refused_stores_nobody_either(ann: Person, host: Person) -> None:
    ghosts = [{"userExternalId": name, "role": "ghost"} for name in ("ghost-1", "ghost-1")]
    assert await refused(host, title="A house", policy="PARTIES", parties=ghosts) == ("INVALID", "parties")
    assert await refusal_of(ann, userExternalId="ghost-1") == ("NOT_FOUND", "userExternalId")


async def test_people_are_known_by_their_id_until_they_sign_in(ann: Person, bob: Person, host: Person) -> None:
    await tell(host, title="A bicycle", owner=BOB)
    assert (await subject_of(ann))["owner"] == {"externalId": "bob", "name": "bob"}
    await bob.ask("{ viewer { id } }")
    assert (await subject_of(ann))["owner"] == {"externalId": "bob", "name": "Bob"}


async def test_the_same_id_of_another_kind_is_another_subject(ann: Person, host: Person) -> None:
    await acts.list_thing(host, "1", kind="listing", title="A bicycle")
    await acts.list_thing(host, "1", kind="ride", title="To the sea")
    assert (await subject_of(ann, "1", "listing"))["title"] == "A bicycle"
    assert (await subject_of(ann, "1", "ride"))["title"] == "To the sea"
    first, second = await opening(ann, **about("1")), await opening(ann, **about("1", "ride"))
    assert first["conversation"] != second["conversation"]


async def test_told_many_times_at_once_it_is_one_subject(ann: Person, host: Person) -> None:
    payloads = await asyncio.gather(*(acts.list_thing(host) for _ in range(20)))
    assert len({payload["id"] for payload in payloads}) == 1
    assert (await subject_of(ann))["id"] == payloads[0]["id"]
