"""The host's own words: in one conversation or in all about a subject, once for each key, in closed ones too."""

import asyncio
from typing import Any

from tests import acts, threads
from tests.client import People, Person
from tests.http.wire import post_query

POST = """
mutation Post($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) {
    messageEdges {
      cursor
      node {
        id seq kind body status senderRole clientMessageId
        sender { externalId } attachments { id } conversation { id }
      }
    }
    errors { code reason path }
  }
}
"""
ABOUT = {"kind": "listing", "externalId": "bike-1"}


async def post(host: Person, body: str, key: str, **where: Any) -> list[dict[str, Any]]:
    """Say something as the host; the edges."""
    payload = await host.ask(POST, input={"body": body, "clientMessageId": key, **where})
    assert payload["errors"] == [], payload
    edges: list[dict[str, Any]] = payload["messageEdges"]
    return edges


async def test_a_system_message_is_of_nobody(ann: Person, host: Person, thread: str) -> None:
    """It has no sender and no role, and stays SENT whoever reads it."""
    (edge,) = await post(host, "Reserved for you", "h1", conversationId=thread)
    node = dict(edge["node"])
    assert node.pop("id")
    assert node == {
        "seq": 1,
        "kind": "SYSTEM",
        "body": "Reserved for you",
        "status": "SENT",
        "senderRole": None,
        "clientMessageId": None,
        "sender": None,
        "attachments": [],
        "conversation": {"id": thread},
    }
    for reader in (ann, ann):
        seen = await threads.look(
            reader, thread, "lastMessage { id kind status sender { id } } messages { edges { cursor } }"
        )
        assert seen["lastMessage"] == {"id": edge["node"]["id"], "kind": "SYSTEM", "status": "SENT", "sender": None}
        assert [message["cursor"] for message in seen["messages"]["edges"]] == [edge["cursor"]]
        await acts.read(reader, thread)


async def test_it_stays_sent_when_both_have_read_it(ann: Person, bob: Person, host: Person, thread: str) -> None:
    await post(host, "Reserved", "h1", conversationId=thread)
    await acts.read(ann, thread)
    await acts.read(bob, thread)
    assert (await threads.look(ann, thread, "lastMessage { status }"))["lastMessage"]["status"] == "SENT"


async def test_by_subject_it_is_said_once_in_each_conversation(people: People, thread: str) -> None:
    ann, bob, host = people.ann, people.bob, people.host
    others = [await acts.open_about(person) for person in (people.cy, people.person("dan", "buyer"))]
    await acts.list_thing(host, "bike-2")
    elsewhere = await acts.open_about(ann, "bike-2")
    edges = await post(host, "The price is lower now", "h1", subject=ABOUT)
    assert {edge["node"]["conversation"]["id"] for edge in edges} == {thread, *others}
    assert len(edges) == 3
    for conversation_id in (thread, *others):
        assert await acts.bodies(bob, conversation_id) == ["The price is lower now"]
    assert await acts.bodies(ann, elsewhere) == []
    assert (await bob.ask("{ viewer { unreadMessageCount } }"))["unreadMessageCount"] == 3


async def test_a_subject_without_conversations_is_told_nothing(host: Person) -> None:
    await acts.list_thing(host)
    assert await post(host, "Nobody hears", "h1", subject=ABOUT) == []


async def test_a_repeat_says_nothing_twice(people: People, thread: str) -> None:
    """Neither alone nor fifty at once; by subject, conversations opened meanwhile hear it then."""
    ann, host = people.ann, people.host
    answers = await asyncio.gather(*(post(host, "Sold", "h1", subject=ABOUT) for _ in range(50)))
    assert all(answer == answers[0] for answer in answers)
    assert await post(host, "Sold", "h1", conversationId=thread) == answers[0]
    later = await acts.open_about(people.cy)
    edges = await post(host, "Sold", "h1", subject=ABOUT)
    assert sorted(edge["node"]["conversation"]["id"] for edge in edges) == sorted([thread, later])
    assert await acts.bodies(ann, thread) == ["Sold"]
    assert await acts.bodies(people.cy, later) == ["Sold"]


async def test_another_text_under_the_same_key_is_said_nowhere(people: People, thread: str) -> None:
    """Not even in a conversation that has not heard the key yet."""
    ann, host = people.ann, people.host
    await post(host, "Sold", "h1", conversationId=thread)
    other = await acts.open_about(people.cy)
    for where in ({"subject": ABOUT}, {"conversationId": thread}):
        named = {"body": "Not sold", "clientMessageId": "h1", **where}
        assert await host.code(POST, input=named) == "IDEMPOTENCY_CONFLICT"
    assert await acts.bodies(ann, thread) == ["Sold"]
    assert await acts.bodies(people.cy, other) == []


async def test_the_hosts_keys_are_not_those_of_people(ann: Person, host: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello", "k1")
    (edge,) = await post(host, "Welcome", "k1", conversationId=thread)
    assert edge["node"]["id"] != sent["id"]
    assert await acts.bodies(ann, thread) == ["Hello", "Welcome"]


async def test_the_host_goes_on_when_it_is_closed(ann: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, state="CLOSED")
    (first,) = await post(host, "Sold", "h1", conversationId=thread)
    (second,) = await post(host, "Thank you all", "h2", subject=ABOUT)
    assert (first["node"]["seq"], second["node"]["seq"]) == (1, 2)
    assert await acts.bodies(ann, thread) == ["Sold", "Thank you all"]
    assert (await threads.look(ann, thread, "state"))["state"] == "CLOSED"


async def test_it_is_heard_live(ann: Person, bob: Person, host: Person, thread: str) -> None:
    async with threads.listening(ann, thread) as one, threads.listening(bob, thread) as two:
        (edge,) = await post(host, "Reserved", "h1", conversationId=thread)
        for heard in (one, two):
            event = await heard.next()
            assert (event["message"]["id"], event["message"]["sender"]) == (edge["node"]["id"], None)
            assert event["cursor"] == edge["cursor"]


async def test_only_the_host_may_post(ann: Person, cy: Person, people: People, thread: str) -> None:
    """To everybody else it is forbidden as a whole, whatever it names."""
    for person in (ann, cy, people.person("boss", "admin")):
        for where in ({"conversationId": thread}, {"subject": ABOUT}, {"conversationId": "nonsense"}, {}):
            named = {"body": "Hi", "clientMessageId": "h1", **where}
            answer = await person.answer(POST, input=named)
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await acts.bodies(ann, thread) == []


async def test_where_it_is_said_must_be_named_once(host: Person, thread: str) -> None:
    for where, code in (
        ({}, "INVALID"),
        ({"conversationId": None, "subject": None}, "INVALID"),
        ({"conversationId": thread, "subject": ABOUT}, "INVALID"),
        ({"conversationId": "nonsense"}, "NOT_FOUND"),
        ({"subject": {"kind": "listing", "externalId": "bike-9"}}, "NOT_FOUND"),
    ):
        assert await host.code(POST, input={"body": "Hi", "clientMessageId": "h1", **where}) == code, where


async def test_a_name_that_no_subject_can_have_is_refused(host: Person) -> None:
    """PostgreSQL would not even look for some of them."""
    for name, code in (("\0", "INVALID"), ("\ud83d", "INVALID"), ("", "INVALID"), ("x" * 300, "TOO_LONG")):
        for field in ABOUT:
            subject = {**ABOUT, field: name}
            response = await post_query(host, POST, input={"body": "Hi", "clientMessageId": "h1", "subject": subject})
            [error] = response.json()["data"]["postSystemMessage"]["errors"]
            assert (error["code"], error["path"]) == (code, ["input", "subject", field])


async def test_what_is_said_of_a_booking_that_nobody_opened_yet_is_kept(ann: Person, bob: Person, host: Person) -> None:
    """The host may confirm a booking before either of its people writes: the one conversation is there from then on."""
    await acts.book(host)
    booking = {"kind": "booking", "externalId": "booking-1"}
    (edge,) = await post(host, "Confirmed", "confirmed", subject=booking)
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    assert await acts.open_about(bob, "booking-1", kind="booking") == thread
    assert await acts.bodies(bob, thread) == ["Confirmed"]
    assert await post(host, "Confirmed", "confirmed", subject=booking) == [edge]
    assert await acts.bodies(ann, thread) == ["Confirmed"]
