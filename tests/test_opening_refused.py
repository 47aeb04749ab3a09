"""A refused opening stores nothing, and settings say with whom a conversation about nothing may be opened."""

from typing import Any, Literal

import pytest

from core.ids import encode_id
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.listings import OPEN, about, ids_listed, opening, refusal_of

ME = "{ viewer { user { id } } }"
OPENED = "subscription { inbox { ... on ConversationUpdatedEvent { conversation { id } } } }"

NO_FILE = "QXR0YWNobWVudDowMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA=="
#: First messages that cannot be sent, with the code and the place of the refusal.
UNSENDABLE: list[tuple[dict[str, Any], str, str]] = [
    ({"body": " "}, "INVALID", "body"),
    ({}, "INVALID", "body"),
    ({"body": "x" * 4001}, "TOO_LONG", "body"),
    ({"body": "Hello", "clientMessageId": ""}, "INVALID", "clientMessageId"),
    ({"body": "Hello", "attachmentIds": [NO_FILE]}, "NOT_FOUND", "attachmentIds"),
    ({"body": "Hello", "attachmentIds": ["no id"]}, "NOT_FOUND", "attachmentIds"),
]


@pytest.mark.parametrize(("words", "code", "place"), UNSENDABLE)
async def test_with_words_that_cannot_be_sent_nothing_is_opened(
    words: dict[str, Any], code: str, place: str, ann: Person, bob: Person, host: Person
) -> None:
    """Nobody hears of it either: the first that Bob hears is the opening that succeeds."""
    await acts.list_thing(host)
    first = {"clientMessageId": "hello", **words}
    async with bob.follow(OPENED) as heard:
        assert await refusal_of(ann, **about(), firstMessage=first) == (code, f"firstMessage.{place}")
        assert await ids_listed(ann) == await ids_listed(bob) == []
        payload = await opening(ann, **about())
        assert payload["created"] is True
        assert await heard.next() == {"conversation": payload["conversation"]}


async def test_the_first_message_comes_with_the_conversation(ann: Person, bob: Person, host: Person) -> None:
    """Also with one that was there."""
    await acts.list_thing(host)
    first = {"body": "Is it still there?", "clientMessageId": "first"}
    payload = await opening(ann, **about(), firstMessage=first)
    assert (payload["created"], payload["messageEdge"]["node"]["body"]) == (True, "Is it still there?")
    again = await opening(ann, **about(), firstMessage={"body": "Hello?", "clientMessageId": "second"})
    assert (again["created"], again["messageEdge"]["node"]["body"]) == (False, "Hello?")
    assert await acts.bodies(bob, payload["conversation"]["id"]) == ["Is it still there?", "Hello?"]


async def test_openings_are_limited_and_returning_is_not(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", openings="2 per hour") as house, People(house) as people:
        for name in ("bike-1", "bike-2", "bike-3"):
            await acts.list_thing(people.host, name)
        for name in ("bike-1", "bike-1", "bike-2", "bike-1"):
            await acts.open_about(people.ann, name)
        payload = await people.ann.ask(OPEN, input=about("bike-3"))
        (error,) = payload["errors"]
        assert error["code"] == "RATE_LIMITED"
        assert error["retryAfterMs"] > 0
        assert len(await ids_listed(people.ann)) == 2
        assert (await opening(people.ann, **about("bike-1")))["created"] is False
        assert (await opening(people.cy, **about("bike-3")))["created"] is True


async def test_a_pair_may_be_opened_with_anyone_whose_id_one_has(people: People) -> None:
    """As it is unless said otherwise, also with somebody whom nobody lists."""
    await people.cy.ask(ME)
    assert (await opening(people.ann, userExternalId="cy"))["created"] is True


async def test_a_pair_may_be_opened_with_visible_people_only_when_so_set(make_house: OpenHouse) -> None:
    """Sellers, and who shares a conversation already; somebody else is nobody."""
    async with make_house(pairs="directory") as house, People(house) as people:
        ann, bob, cy = people.ann, people.bob, people.cy
        for person in (ann, bob, cy):
            await person.ask(ME)
        assert await refusal_of(ann, userExternalId="cy") == ("NOT_FOUND", "userExternalId")
        assert await refusal_of(ann, userExternalId="nobody") == ("NOT_FOUND", "userExternalId")
        pair = await opening(ann, userExternalId="bob")
        assert pair["created"] is True
        assert await refusal_of(bob, userExternalId="cy") == ("NOT_FOUND", "userExternalId")
        await acts.book(people.host, "booking-1", "ann", "cy")
        await acts.open_about(ann, "booking-1", kind="booking")
        assert (await opening(cy, userExternalId="ann"))["created"] is True


async def test_a_buyer_keeps_a_pair_that_a_seller_may_return_to(make_house: OpenHouse) -> None:
    """Bob could not look Ann up; since she opened, they talk."""
    async with make_house(pairs="directory") as house, People(house) as people:
        await people.bob.ask(ME)
        pair = await opening(people.ann, userExternalId="bob")
        again = await opening(people.bob, userExternalId="ann")
        assert (again["created"], again["conversation"]) == (False, pair["conversation"])


async def test_pairs_can_be_off(make_house: OpenHouse) -> None:
    """Who exists and who does not are refused alike; what is about something is not."""
    async with make_house(pairs="off") as house, People(house) as people:
        await people.bob.ask(ME)
        for name in ("bob", "nobody"):
            (error,) = (await opening(people.ann, userExternalId=name))["errors"]
            assert (error["code"], error["path"]) == ("FORBIDDEN", ["input"])
        await acts.list_thing(people.host)
        assert (await opening(people.ann, **about(), userExternalId="bob"))["created"] is True


async def test_pairs_that_were_there_go_on_when_they_are_switched_off(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as people:
        await people.bob.ask(ME)
        pair = await opening(people.ann, userExternalId="bob")
    async with make_house(pairs="off") as house, People(house) as people:
        again = await opening(people.bob, userExternalId="ann")
        assert (again["created"], again["conversation"]) == (False, pair["conversation"])
        await acts.send(people.bob, pair["conversation"]["id"], "We go on")


async def ids_of(people: People, *names: str) -> dict[str, str]:
    """The ids of people, who are known from now on."""
    return {name: (await people.person(name).ask(ME))["user"]["id"] for name in names}


#: What an opening may be about, as Cy sees it: nothing, what nobody has, another's, her own, and bookings.
ABOUT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "nobody's": about("nope"),
    "an unknown kind": about("bike-1", "ride"),
    "another's": about("bike-1"),
    "another's, where she asked": about("bike-2"),
    "a closed one": about("bike-3"),
    "her own": about("bike-4"),
    "a booking of others": about("booking-1", "booking"),
    "a booking of hers": about("booking-2", "booking"),
}


@pytest.mark.parametrize("pairs", ["off", "directory"])
async def test_who_is_nobody_to_the_viewer_is_answered_as_who_does_not_exist(
    make_house: OpenHouse, pairs: Literal["off", "directory"]
) -> None:
    """Whatever the opening is about, and however they are named: Dee is known here, and no business of Cy's."""
    async with make_house(pairs=pairs) as house, People(house) as people:
        dee = (await ids_of(people, "dee", "ann", "cy"))["dee"]
        await people.bob.ask(ME)
        for name in ("bike-1", "bike-2"):
            await acts.list_thing(people.host, name)
        await acts.list_thing(people.host, "bike-3", state="CLOSED")
        await acts.list_thing(people.host, "bike-4", owner={"userExternalId": "cy", "role": "seller"})
        await acts.book(people.host, "booking-1", "ann", "bob")
        await acts.book(people.host, "booking-2", "cy", "bob")
        await acts.open_about(people.cy, "bike-2")
        for name, subject in ABOUT.items():
            known = await refusal_of(people.cy, **subject, userExternalId="dee")
            assert known == await refusal_of(people.cy, **subject, userExternalId="nobody"), name
            known = await refusal_of(people.cy, **subject, userId=dee)
            for wrong in (encode_id("User", "0" * 32), encode_id("Message", "0" * 32), "nonsense"):
                assert known == await refusal_of(people.cy, **subject, userId=wrong), (name, wrong)
        assert await refusal_of(people.cy, **about("nope"), userExternalId="dee") == ("NOT_FOUND", "subject")
