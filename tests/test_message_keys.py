"""One message for each clientMessageId, whoever repeats what, how often and when."""

import asyncio
from typing import Any

from tests import acts, threads
from tests.client import People, Person
from tests.conftest import OpenHouse


def fields(thread: str, body: str, key: str, **more: Any) -> dict[str, Any]:
    """The input of sendMessage."""
    return {"conversationId": thread, "body": body, "clientMessageId": key, **more}


async def test_fifty_sends_with_one_key_are_one_message(ann: Person, bob: Person, thread: str) -> None:
    """Fifty equal answers; the other hears it once, and counts it once."""
    async with threads.listening(bob, thread) as heard:
        answers = await asyncio.gather(*(ann.ask(acts.SEND, input=fields(thread, "Hello", "k1")) for _ in range(50)))
        assert answers[0]["errors"] == []
        assert all({**answer["message"], "status": ""} == {**answers[0]["message"], "status": ""} for answer in answers)
        assert all(answer["messageEdge"] == answers[0]["messageEdge"] for answer in answers)
        await acts.send(ann, thread, "Goodbye")
        assert [event["message"]["body"] for event in await heard.take(2)] == ["Hello", "Goodbye"]
    assert await acts.bodies(ann, thread) == ["Hello", "Goodbye"]
    assert (await threads.look(bob, thread, "unreadCount"))["unreadCount"] == 2


async def test_a_repeat_from_another_device_is_the_same_message(people: People, thread: str) -> None:
    first = await acts.send(people.ann, thread, "Hello", "k1")
    phone = people.person("ann", "buyer", name="Ann", device="phone")
    assert phone.token != people.ann.token
    assert await acts.send(phone, thread, "Hello", "k1") == first
    assert await acts.bodies(people.bob, thread) == ["Hello"]


async def test_another_content_under_the_same_key_is_refused_and_changes_nothing(
    ann: Person, bob: Person, thread: str
) -> None:
    first = await acts.send(ann, thread, "Hello", "k1")
    everything = "cursor updatedAt lastMessageAt lastMessage { id body } unreadCount participants { lastReadSeq }"
    before = await threads.look(ann, thread, everything)
    for body in ("Hello!", "hello", "Hello ", " Hello", "Good day"):
        errors = (await ann.ask(acts.SEND, input=fields(thread, body, "k1")))["errors"]
        assert [error["code"] for error in errors] == ["IDEMPOTENCY_CONFLICT"], body
        assert errors[0]["path"] == ["input", "clientMessageId"]
    assert await threads.look(ann, thread, everything) == before
    assert await acts.send(ann, thread, "Hello", "k1") == first
    assert await acts.bodies(bob, thread) == ["Hello"]


async def test_a_repeat_moves_nothing(ann: Person, bob: Person, thread: str) -> None:
    """A repeat of an old message does not say that what came after it was read."""
    await acts.send(ann, thread, "One", "k1")
    await acts.send(bob, thread, "Two", "k1")
    everything = "cursor updatedAt lastMessage { id } unreadCount participants { lastReadSeq lastDeliveredSeq }"
    before = await threads.look(ann, thread, everything)
    assert before["unreadCount"] == 1
    await acts.send(ann, thread, "One", "k1")
    assert await threads.look(ann, thread, everything) == before


async def test_everybody_has_keys_of_their_own_in_each_conversation(
    ann: Person, bob: Person, host: Person, thread: str
) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    sent = [
        await acts.send(ann, thread, "Ann here", "k1"),
        await acts.send(bob, thread, "Bob here", "k1"),
        await acts.send(ann, other, "Ann there", "k1"),
    ]
    assert len({message["id"] for message in sent}) == 3
    assert await acts.bodies(ann, thread) == ["Ann here", "Bob here"]
    assert await acts.bodies(ann, other) == ["Ann there"]


async def test_a_key_is_taken_letter_by_letter(ann: Person, thread: str) -> None:
    """Case, white space and the way an accent is written tell keys apart."""
    keys = ["key", "KEY", " key", "key ", "caf\u00e9", "cafe\u0301", "ключ", "🔑"]
    for number, key in enumerate(keys):
        sent = await acts.send(ann, thread, str(number), key)
        assert (sent["seq"], sent["clientMessageId"]) == (number + 1, key)


async def test_first_messages_share_the_keys(ann: Person, bob: Person, thread: str) -> None:
    """What was sent by one mutation is found by the other, and guarded against other content by it."""
    subject = {"kind": "listing", "externalId": "bike-1"}
    sent = await acts.send(ann, thread, "Hello", "k1")

    async def open_with(body: str, key: str) -> dict[str, Any]:
        first = {"body": body, "clientMessageId": key}
        payload: dict[str, Any] = await ann.ask(acts.OPEN, input={"subject": subject, "firstMessage": first})
        return payload

    again = await open_with("Hello", "k1")
    assert (again["created"], again["errors"]) == (False, [])
    assert again["messageEdge"]["node"]["id"] == sent["id"]
    assert again["messageEdge"]["cursor"] == sent["cursor"]
    refused = await open_with("Good day", "k1")
    assert refused["messageEdge"] is None
    assert refused["conversation"] is None
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("IDEMPOTENCY_CONFLICT", ["input", "firstMessage", "clientMessageId"])
    ]
    opened = await open_with("One more", "k2")
    assert (await acts.send(ann, thread, "One more", "k2"))["id"] == opened["messageEdge"]["node"]["id"]
    assert await ann.code(acts.SEND, input=fields(thread, "Another", "k2")) == "IDEMPOTENCY_CONFLICT"
    assert await acts.bodies(bob, thread) == ["Hello", "One more"]


async def test_fifty_openings_with_one_first_message_send_it_once(ann: Person, bob: Person, host: Person) -> None:
    await acts.list_thing(host)
    asked = {
        "subject": {"kind": "listing", "externalId": "bike-1"},
        "firstMessage": {"body": "Hello", "clientMessageId": "k1"},
    }
    answers = await asyncio.gather(*(ann.ask(acts.OPEN, input=asked) for _ in range(50)))
    assert sum(answer["created"] for answer in answers) == 1
    assert len({answer["conversation"]["id"] for answer in answers}) == 1
    assert len({answer["messageEdge"]["node"]["id"] for answer in answers}) == 1
    assert await acts.bodies(bob, answers[0]["conversation"]["id"]) == ["Hello"]


async def test_after_closing_a_repeat_still_gets_the_first_result(ann: Person, host: Person, thread: str) -> None:
    """The key is looked at before the closing: other content is a conflict, and only what is new is closed out."""
    first = await acts.send(ann, thread, "Hello", "k1")
    await acts.list_thing(host, state="CLOSED")
    assert await acts.send(ann, thread, "Hello", "k1") == first
    assert await ann.code(acts.SEND, input=fields(thread, "Good day", "k1")) == "IDEMPOTENCY_CONFLICT"
    assert await ann.code(acts.SEND, input=fields(thread, "Hello", "k2")) == "CONVERSATION_CLOSED"
    subject = {"kind": "listing", "externalId": "bike-1"}
    again = await ann.ask(
        acts.OPEN, input={"subject": subject, "firstMessage": {"body": "Hello", "clientMessageId": "k1"}}
    )
    assert (again["messageEdge"]["node"]["id"], again["conversation"]["state"]) == (first["id"], "CLOSED")
    new = {"subject": subject, "firstMessage": {"body": "Hello", "clientMessageId": "k2"}}
    assert await ann.code(acts.OPEN, input=new) == "CONVERSATION_CLOSED"
    assert await acts.bodies(ann, thread) == ["Hello"]


async def test_access_is_looked_at_before_the_key(ann: Person, bob: Person, host: Person) -> None:
    """Who was let out of a booking does not get their own old message back."""
    await acts.book(host, "booking-1", "ann", "bob", "dan")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(bob, booking, "Hello", "k1")
    await acts.book(host, "booking-1", "ann", "dan")
    assert await bob.code(acts.SEND, input=fields(booking, "Hello", "k1")) == "NOT_FOUND"
    assert await bob.code(acts.SEND, input=fields(booking, "Good day", "k1")) == "NOT_FOUND"


async def test_limits_are_looked_at_last(make_house: OpenHouse) -> None:
    """Repeats, conflicts and closed conversations cost nothing of the allowance, and are told of when it is used up."""
    async with make_house(rate_limits="on", sends="2 per hour") as house, People(house) as people:
        ann, host = people.ann, people.host
        await acts.list_thing(host)
        thread = await acts.open_about(ann)
        first = await acts.send(ann, thread, "One", "k1")
        for _ in range(3):
            assert await acts.send(ann, thread, "One", "k1") == first
            assert await ann.code(acts.SEND, input=fields(thread, "Other", "k1")) == "IDEMPOTENCY_CONFLICT"
        await acts.send(ann, thread, "Two", "k2")
        (error,) = (await ann.ask(acts.SEND, input=fields(thread, "Three", "k3")))["errors"]
        assert error["code"] == "RATE_LIMITED"
        assert 0 < error["retryAfterMs"] <= 3_600_000
        assert await acts.send(ann, thread, "One", "k1") == first
        assert await ann.code(acts.SEND, input=fields(thread, "Other", "k1")) == "IDEMPOTENCY_CONFLICT"
        await acts.list_thing(host, state="CLOSED")
        assert await ann.code(acts.SEND, input=fields(thread, "Three", "k3")) == "CONVERSATION_CLOSED"
        assert await acts.bodies(people.bob, thread) == ["One", "Two"]
