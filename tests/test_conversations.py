"""Opening: one conversation for each pair, listing and asker, or booking, whoever opens it and however often."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.listings import about, conversation_of, ids_listed, opening, people_in, refusal_of

ME = "{ viewer { user { id } } }"
NO_ID = "VXNlcjowMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA=="


async def id_of(person: Person) -> str:
    """A person's id."""
    return str((await person.ask(ME))["user"]["id"])


async def test_a_pair_is_the_same_from_both_sides_and_by_either_id(ann: Person, bob: Person) -> None:
    anns, bobs = await id_of(ann), await id_of(bob)
    first = await opening(ann, userExternalId="bob")
    assert first["created"] is True
    assert first["conversationEdge"]["node"] == first["conversation"]
    for person, named in ((ann, {"userId": bobs}), (bob, {"userExternalId": "ann"}), (bob, {"userId": anns})):
        again = await opening(person, **named)
        assert (again["created"], again["conversation"]) == (False, first["conversation"])


async def test_a_pair_and_a_listing_are_two_conversations(ann: Person, bob: Person, thread: str) -> None:
    await bob.ask(ME)
    pair = await opening(ann, userExternalId="bob")
    assert pair["conversation"]["id"] != thread


async def test_a_listing_has_one_conversation_for_each_who_asks(people: People, thread: str) -> None:
    again = await opening(people.ann, **about())
    assert (again["created"], again["conversation"]["id"]) == (False, thread)
    named = await opening(people.ann, **about(), userExternalId="bob")
    assert (named["created"], named["conversation"]["id"]) == (False, thread)
    cys = await opening(people.cy, **about(), userExternalId="bob")
    assert cys["created"] is True
    assert await ids_listed(people.bob) == [cys["conversation"]["id"], thread]


async def test_an_owner_returns_to_one_by_naming_who_asked(people: People, thread: str) -> None:
    bob, refused = people.bob, ("CONTACT_REFUSED", "subject", "IS_OWNER")
    payload = await opening(bob, **about(), userExternalId="ann")
    assert (payload["created"], payload["conversation"]["id"]) == (False, thread)
    await people.cy.ask(ME)
    assert await refusal_of(bob, **about(), userExternalId="cy") == refused
    assert await refusal_of(bob, **about()) == refused


async def test_a_booking_has_one_conversation_for_all(people: People) -> None:
    await acts.book(people.host, "booking-1", "ann", "bob", "cy")
    booking = about("booking-1", "booking")
    first = await opening(people.bob, **booking)
    assert first["created"] is True
    for person, named in ((people.ann, {}), (people.cy, {"userExternalId": "ann"})):
        again = await opening(person, **booking, **named)
        assert (again["created"], again["conversation"]) == (False, first["conversation"])


async def test_with_oneself_there_is_none(ann: Person, host: Person) -> None:
    await acts.list_thing(host)
    await acts.book(host)
    own = await id_of(ann)
    for subject in ({}, about(), about("booking-1", "booking")):
        assert await refusal_of(ann, **subject, userExternalId="ann") == ("INVALID", "userExternalId")
        assert await refusal_of(ann, **subject, userId=own) == ("INVALID", "userId")


async def test_an_opening_names_a_subject_or_one_person(ann: Person, bob: Person) -> None:
    bobs = await id_of(bob)
    assert await refusal_of(ann) == ("INVALID", "")
    assert await refusal_of(ann, userId=bobs, userExternalId="bob") == ("INVALID", "userExternalId")


async def test_what_is_not_there_is_not_found(ann: Person, host: Person) -> None:
    await acts.list_thing(host)
    assert await refusal_of(ann, **about("bike-2")) == ("NOT_FOUND", "subject")
    assert await refusal_of(ann, **about("bike-1", "ride")) == ("NOT_FOUND", "subject")
    for wrong in (NO_ID, "no id at all"):
        assert await refusal_of(ann, userId=wrong) == ("NOT_FOUND", "userId")
    assert await refusal_of(ann, userExternalId="nobody") == ("NOT_FOUND", "userExternalId")


async def test_somebody_who_has_no_part_in_it_cannot_be_named(people: People, thread: str) -> None:
    """Neither for a listing nor for a booking; and the answer is as for nobody."""
    await people.cy.ask(ME)
    await acts.book(people.host)
    for subject in (about(), about("booking-1", "booking")):
        for name in ("cy", "nobody"):
            assert await refusal_of(people.ann, **subject, userExternalId=name) == ("NOT_FOUND", "userExternalId")


@pytest.mark.parametrize("kind", ["pair", "listing", "booking"])
async def test_fifty_openings_at_once_make_one(kind: str, ann: Person, bob: Person, host: Person) -> None:
    """From both sides, where both may open; and it is new for one of them."""
    await asyncio.gather(ann.ask(ME), bob.ask(ME))
    await acts.list_thing(host)
    await acts.book(host)
    ways: dict[str, list[tuple[Person, dict[str, Any]]]] = {
        "pair": [(ann, {"userExternalId": "bob"}), (bob, {"userExternalId": "ann"})],
        "listing": [(ann, about()), (ann, {**about(), "userExternalId": "bob"})],
        "booking": [(ann, about("booking-1", "booking")), (bob, about("booking-1", "booking"))],
    }
    calls = [opening(person, **fields) for person, fields in ways[kind] * 25]
    payloads = await asyncio.gather(*calls)
    assert [payload["errors"] for payload in payloads] == [[]] * 50
    assert Counter(payload["created"] for payload in payloads) == {True: 1, False: 49}
    assert len({payload["conversation"]["id"] for payload in payloads}) == 1
    assert await ids_listed(bob) == await ids_listed(ann) == [payloads[0]["conversation"]["id"]]


async def test_roles_are_the_hosts_words(people: People) -> None:
    """Of the subject where there is one; else the first of each one's token roles, or member."""
    await acts.list_thing(people.host, owner={"userExternalId": "bob", "role": "dealer"}, contacterRole="finder")
    listing = await acts.open_about(people.ann)
    assert await people_in(people.ann, listing) == {"bob": "dealer", "ann": "finder"}
    dee, eve = people.person("dee", "driver", "seller"), people.person("eve")
    await asyncio.gather(dee.ask(ME), eve.ask(ME))
    pair = (await opening(eve, userExternalId="dee"))["conversation"]["id"]
    assert await people_in(eve, pair) == {"dee": "driver", "eve": "member"}


async def test_what_the_subject_was_then_is_kept(ann: Person, bob: Person, host: Person) -> None:
    url, image = "https://market.example/bike-1", "https://market.example/bike-1.jpg"
    await acts.list_thing(host, url=url, imageUrl=image)
    thread = await acts.open_about(ann)
    await acts.list_thing(host, title="A blue bicycle", url=None, imageUrl=None)
    found = await conversation_of(bob, thread)
    assert found["subjectSnapshot"] == {"title": "A red bicycle", "url": url, "imageUrl": image}
    assert found["subject"] == {"title": "A blue bicycle", "url": None, "imageUrl": None}


async def test_a_pair_is_about_nothing(ann: Person, bob: Person) -> None:
    await bob.ask(ME)
    pair = (await opening(ann, userExternalId="bob"))["conversation"]["id"]
    found = await conversation_of(bob, pair)
    assert (found["subject"], found["subjectSnapshot"], found["state"]) == (None, None, "OPEN")
    assert found["counterpart"] == {"user": {"externalId": "ann"}}
    assert found["viewerParticipant"] == {"role": "seller", "user": {"externalId": "bob"}}
