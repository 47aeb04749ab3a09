"""typing: who starts and stops, beginning with those who type now; a hint that expires by itself."""

import asyncio
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person, Stream
from tests.conftest import OpenHouse
from tests.live.asks import SET_TYPING, TYPING, WHO_TYPES, listening, say
from tests.waiting import until

FIVE_TIMES = """
mutation($input: SetTypingInput!) {
  a: setTyping(input: $input) { errors { code } } b: setTyping(input: $input) { errors { code } }
  c: setTyping(input: $input) { errors { code } } d: setTyping(input: $input) { errors { code } }
  e: setTyping(input: $input) { errors { code } }
}
"""


async def begin(cast: People) -> str:
    """A conversation of Ann's with Bob."""
    await acts.list_thing(cast.host)
    return await acts.open_about(cast.ann)


async def types(person: Person, thread: str, *, is_typing: bool = True) -> None:
    """Somebody types, or stops."""
    assert await person.ask(SET_TYPING, id=thread, isTyping=is_typing) == {"errors": []}


async def heard(stream: Stream) -> tuple[str, bool]:
    """The next hint: who, and whether they type."""
    event = await stream.next()
    return event["user"]["externalId"], event["isTyping"]


async def typists(person: Person, thread: str) -> list[str]:
    """Who types now."""
    return [user["externalId"] for user in (await person.ask(WHO_TYPES, id=thread))["typing"]]


async def test_one_types_and_the_other_sees_it(ann: Person, bob: Person, thread: str) -> None:
    async with bob.follow(TYPING, id=thread) as stream:
        event = await started(stream, ann, thread)
        assert event["conversation"]["id"] == thread
        assert 0 < event["expiresInMs"] <= 6000
        assert await typists(bob, thread) == ["ann"]
        await types(ann, thread, is_typing=False)
        assert await heard(stream) == ("ann", False)
        assert await typists(bob, thread) == []


async def started(stream: Stream, person: Person, thread: str) -> dict[str, Any]:
    """Somebody starts: said again until it is told, since it is not told too often."""

    async def told() -> bool:
        await types(person, thread)
        return not stream.is_quiet

    await until(told)
    event: dict[str, Any] = await stream.next()
    assert (event["user"]["externalId"], event["isTyping"]) == (person.sub, True)
    return event


async def test_it_begins_with_who_types_now(ann: Person, bob: Person, thread: str) -> None:
    await types(ann, thread)
    await until(lambda: typists(bob, thread))
    async with bob.follow(TYPING, id=thread) as stream:
        assert await heard(stream) == ("ann", True)


async def test_nobody_is_told_of_themself(ann: Person, bob: Person, thread: str) -> None:
    async with ann.follow(TYPING, id=thread) as own, ann.follow(TYPING, id=thread) as second_device:
        await types(ann, thread)
        await types(bob, thread)
        assert await heard(own) == ("bob", True)
        assert await heard(second_device) == ("bob", True)
        assert await typists(ann, thread) == ["bob"]


async def test_it_expires_by_itself(make_house: OpenHouse) -> None:
    async with make_house(typing_seconds=0.3) as house, People(house) as cast:
        thread = await begin(cast)
        async with cast.bob.follow(TYPING, id=thread) as stream:
            event = await started(stream, cast.ann, thread)
            assert event["expiresInMs"] <= 300
            assert await heard(stream) == ("ann", False)
            assert await typists(cast.bob, thread) == []


async def test_going_on_is_told_again(make_house: OpenHouse) -> None:
    """With a later end, and without a stop in between."""
    async with make_house(typing_seconds=3) as house, People(house) as cast:
        thread = await begin(cast)
        async with cast.bob.follow(TYPING, id=thread) as stream:
            first = await started(stream, cast.ann, thread)
            again = await started(stream, cast.ann, thread)
            assert again["expiresAt"] > first["expiresAt"]


async def test_it_is_not_told_too_often(make_house: OpenHouse) -> None:
    """More calls succeed, and do nothing."""
    async with make_house(typing_seconds=60) as house, People(house) as cast:
        thread = await begin(cast)
        async with cast.bob.follow(TYPING, id=thread) as stream:
            await listening(house, 1)
            answers = await cast.ann.ask(FIVE_TIMES, input={"conversationId": thread})
            assert list(answers.values()) == [{"errors": []}] * 5
            await types(cast.ann, thread, is_typing=False)
            assert [await heard(stream), await heard(stream)] == [("ann", True), ("ann", False)]


async def test_each_person_and_conversation_has_a_pace_of_its_own(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    async with bob.connect() as line, ann.follow(TYPING, id=thread) as at_ann:
        streams = [await line.subscribe(TYPING, id=place) for place in (thread, other)]
        await types(ann, thread)
        await types(ann, other)
        await types(bob, thread)
        assert [await heard(stream) for stream in streams] == [("ann", True)] * 2
        assert await heard(at_ann) == ("bob", True)


async def test_sending_ends_it(make_house: OpenHouse) -> None:
    async with make_house(typing_seconds=60) as house, People(house) as cast:
        thread = await begin(cast)
        async with cast.bob.follow(TYPING, id=thread) as stream:
            await started(stream, cast.ann, thread)
            await say(cast.ann, thread, ["sent"])
            assert await heard(stream) == ("ann", False)


async def test_leaving_ends_it(make_house: OpenHouse) -> None:
    """With the last socket, however it is left; a second tab goes on."""
    async with make_house(typing_seconds=60) as house, People(house) as cast:
        thread = await begin(cast)
        async with cast.bob.follow(TYPING, id=thread) as stream, cast.ann.connect() as last:
            async with cast.ann.connect():
                await started(stream, cast.ann, thread)
            await until(lambda: house.sockets.count == 2)
            assert await typists(cast.bob, thread) == ["ann"]
            last.socket.transport.abort()
            assert await heard(stream) == ("ann", False)


async def test_stopping_without_having_started_is_not_told(ann: Person, bob: Person, thread: str) -> None:
    async with bob.follow(TYPING, id=thread) as stream:
        await listening(bob.house, 1)
        await types(ann, thread, is_typing=False)
        await say(ann, thread, ["nothing typed"])
        await types(ann, thread)
        assert await heard(stream) == ("ann", True)


@pytest.mark.parametrize("is_typing", [True, False])
async def test_a_stranger_neither_types_nor_sees_it(cy: Person, thread: str, is_typing: bool) -> None:
    assert await cy.code(SET_TYPING, id=thread, isTyping=is_typing) == "NOT_FOUND"
    async with cy.follow(TYPING, id=thread) as stream:
        assert await stream.ended() == "NOT_FOUND"


async def test_where_it_is_closed_nobody_types(ann: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, state="CLOSED")
    assert await ann.code(SET_TYPING, id=thread) == "CONVERSATION_CLOSED"
    await acts.list_thing(host, state="ACTIVE")
    assert await ann.code(SET_TYPING, id=thread) is None


async def test_many_who_type_are_all_told(host: Person, people: People) -> None:
    guests = [people.person(f"guest-{number}") for number in range(5)]
    await acts.book(host, "booking-1", "ann", *(guest.sub for guest in guests))
    thread = await acts.open_about(people.ann, "booking-1", kind="booking")
    async with people.ann.follow(TYPING, id=thread) as stream:
        await asyncio.gather(*(types(guest, thread) for guest in guests))
        told = [await heard(stream) for _ in guests]
        assert sorted(told) == [(guest.sub, True) for guest in guests]
