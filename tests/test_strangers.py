"""What people whom nobody has answered may not do: open so many conversations; send links and files, when so set."""

from typing import Any

import pytest

from core.texts import has_link
from tests import acts, uploads
from tests.client import People, Person
from tests.conftest import OpenHouse

ABOUT = 'query($id: ID!) { subject(kind: "listing", externalId: $id) { viewerCanContact contactRefusal } }'
STRICT = {"rate_limits": "on", "stranger_openings": 2}


async def contact(person: Person, name: str) -> tuple[bool, str | None]:
    """What the button knows."""
    subject = await person.ask(ABOUT, id=name)
    return subject["viewerCanContact"], subject["contactRefusal"]


async def refusal_of(person: Person, **fields: Any) -> tuple[str, str | None]:
    """Open in vain; the code, and why not."""
    (error,) = (await person.ask(acts.OPEN, input=fields))["errors"]
    return error["code"], error.get("refusal")


def listing(name: str) -> dict[str, str]:
    """The reference of a listing."""
    return {"kind": "listing", "externalId": name}


async def test_who_is_not_answered_can_open_so_many_and_no_more(make_house: OpenHouse) -> None:
    """The button says so too; who is answered can go on, and nobody else is concerned."""
    async with make_house(**STRICT) as house, People(house) as people:
        ann, bob, cy = people.ann, people.bob, people.cy
        for name in ("bike-1", "bike-2", "bike-3", "bike-4"):
            await acts.list_thing(people.host, name)
        thread = await acts.open_about(ann, "bike-1")
        assert await contact(ann, "bike-3") == (True, None)
        await acts.send(ann, await acts.open_about(ann, "bike-2"), "Hello?")
        assert await contact(ann, "bike-3") == (False, "STRANGER_LIMIT")
        assert await refusal_of(ann, subject=listing("bike-3")) == ("CONTACT_REFUSED", "STRANGER_LIMIT")
        assert await refusal_of(ann, userExternalId="bob") == ("CONTACT_REFUSED", "STRANGER_LIMIT")
        assert await acts.open_about(ann, "bike-1") == thread
        assert await contact(cy, "bike-3") == (True, None)
        await acts.open_about(cy, "bike-3")
        await acts.send(bob, thread, "Yes?")
        assert await contact(ann, "bike-3") == (True, None)
        await acts.open_about(ann, "bike-3")
        assert await refusal_of(ann, subject=listing("bike-4")) == ("CONTACT_REFUSED", "STRANGER_LIMIT")


async def test_bookings_and_the_hosts_server_are_not_concerned(make_house: OpenHouse) -> None:
    async with make_house(**STRICT) as house, People(house) as people:
        for number in range(4):
            await acts.book(people.host, f"booking-{number}")
            await acts.open_about(people.ann, f"booking-{number}", kind="booking")
            await acts.list_thing(people.host, f"bike-{number}")
            await acts.open_about(people.host, f"bike-{number}")


async def test_it_can_be_any_number(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", stranger_openings=0) as house, People(house) as people:
        for number in range(4):
            await acts.list_thing(people.host, f"bike-{number}")
            await acts.open_about(people.ann, f"bike-{number}")


async def send(person: Person, thread: str, **fields: Any) -> list[list[str]]:
    """The codes and places of refusals."""
    given = {"conversationId": thread, "clientMessageId": acts.key(), **fields}
    return [[error["code"], error["path"][-1]] for error in (await person.ask(acts.SEND, input=given))["errors"]]


async def test_links_and_files_come_after_an_answer(make_house: OpenHouse) -> None:
    async with make_house(stranger_links="off", stranger_files="off") as house, People(house) as people:
        ann, bob, cy = people.ann, people.bob, people.cy
        await acts.list_thing(people.host)
        first = {"body": "See shop.example.com", "clientMessageId": "k"}
        payload = await ann.ask(acts.OPEN, input={"subject": listing("bike-1"), "firstMessage": first})
        assert [(error["code"], error["path"]) for error in payload["errors"]] == [
            ("FORBIDDEN", ["input", "firstMessage", "body"])
        ]
        thread = await acts.open_about(ann)
        file = (await uploads.give(ann, b"words"))["id"]
        assert await send(ann, thread, body="https://evil.example") == [["FORBIDDEN", "body"]]
        assert await send(ann, thread, attachmentIds=[file]) == [["FORBIDDEN", "attachmentIds"]]
        assert await send(cy, thread, body="https://evil.example") == [["NOT_FOUND", "conversationId"]]
        assert await send(ann, thread, body="Is it still there?") == []
        assert await send(ann, thread, body="https://evil.example") == [["FORBIDDEN", "body"]]
        assert await send(bob, thread, body="Yes, see https://shop.example") == []
        assert await send(ann, thread, body="https://good.example") == []
        assert await send(ann, thread, attachmentIds=[file]) == []


async def test_they_are_free_between_people_whom_the_host_put_together(make_house: OpenHouse) -> None:
    async with make_house(stranger_links="off") as house, People(house) as people:
        await acts.book(people.host)
        thread = await acts.open_about(people.ann, "booking-1", kind="booking")
        assert await send(people.ann, thread, body="https://map.example") == []


async def test_they_are_free_unless_it_is_set(ann: Person, thread: str) -> None:
    assert await send(ann, thread, body="https://map.example") == []
    file = (await uploads.give(ann, b"words"))["id"]
    assert await send(ann, thread, attachmentIds=[file]) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("https://a.b", "x HTTP://A", "www.shop", "bit.ly/x", "Example.COM", "a@b.com")),
        *((text, True) for text in ("evil.co.uk", "go to 1.2.3.4", "evil。com", "evil.\u200bcom", "ｈｔｔｐ://ab")),
        *((text, True) for text in ("пример.рф/x", "http\u2060://a.example")),
        *((text, False) for text in ("", "Yes.Then we go", "3.50", "i.e. so", "10/12", "a://", "e.g.", "communism")),
        *((text, False) for text in ("Great.It works", "come.in", "1.2.3", "well.so", "10.12.2026")),
    ],
)
def test_what_a_link_is(text: str, expected: bool) -> None:
    assert has_link(text) is expected
