"""Editing: one's own words, within a time; what was said before stays to be seen, and everybody is told."""

import asyncio

import pytest

from tests import acts, changing, threads
from tests.access.world import send_files, upload
from tests.changing import CONVERSATION_EVENTS, INBOX, edit, edit_code, seen
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.live.asks import cursor_of, inbox_cursor, without_receipts
from tests.storage import count_rows, run_sql


async def grow_old(house: House, seconds: int) -> None:
    """As if all messages had been sent so much earlier."""
    await run_sql(house, "update messages set created_at = created_at - ?", seconds * 1000)


async def test_an_edited_message_says_so_and_shows_what_it_said_before(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Is it stil there?")
    first = await edit(ann, sent["id"], "Is it still there?")
    assert first["editedAt"] == first["edits"][0]["editedAt"] >= sent["createdAt"]
    second = await edit(ann, sent["id"], "  Is it still there, please? ")
    assert second == {
        **first,
        "body": "  Is it still there, please? ",
        "editedAt": second["edits"][1]["editedAt"],
        "edits": [
            {"body": "Is it stil there?", "editedAt": first["editedAt"]},
            {"body": "Is it still there?", "editedAt": second["editedAt"]},
        ],
    }
    for person in (ann, bob):
        assert await seen(person, sent["id"]) == second
        assert await acts.bodies(person, thread) == [second["body"]]


async def test_a_message_that_was_not_edited_has_no_history(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    message = await seen(ann, sent["id"])
    assert (message["editedAt"], message["edits"]) == (None, [])


async def test_only_the_sender_edits(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    """The other one may not; to strangers, the host's server included, the message is not there."""
    sent = await acts.send(ann, thread, "Hello")
    assert await edit_code(bob, sent["id"]) == "FORBIDDEN"
    for stranger in (cy, host):
        errors = await threads.refusals(stranger, changing.EDIT, input={"messageId": sent["id"], "body": "Mine"})
        assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "messageId"])]
    assert await acts.bodies(ann, thread) == ["Hello"]


async def test_nobody_edits_what_the_host_said(ann: Person, host: Person, thread: str) -> None:
    post = """
    mutation($input: PostSystemMessageInput!) {
      postSystemMessage(input: $input) { messageEdges { node { id } } errors { code } }
    }
    """
    said = await host.ask(post, input={"conversationId": thread, "body": "Sold", "clientMessageId": "k"})
    [edge] = said["messageEdges"]
    assert await edit_code(ann, edge["node"]["id"]) == "FORBIDDEN"
    assert await edit_code(host, edge["node"]["id"]) == "NOT_FOUND"


async def test_what_is_no_message_cannot_be_edited(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for wrong in ("", "nonsense", thread, sent["id"][:-4], "TWVzc2FnZTow"):
        assert await edit_code(ann, wrong) == "NOT_FOUND"


async def test_words_are_checked_as_in_sending(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for body, code in (("", "INVALID"), (" \n", "INVALID"), ("a\0b", "INVALID"), ("x" * 4001, "TOO_LONG")):
        errors = await threads.refusals(ann, changing.EDIT, input={"messageId": sent["id"], "body": body})
        assert [(error["code"], error["path"]) for error in errors] == [(code, ["input", "body"])]
    assert (await seen(ann, sent["id"]))["editedAt"] is None
    assert (await edit(ann, sent["id"], "x" * 4000))["body"] == "x" * 4000


async def test_words_beside_a_file_can_be_taken_away(ann: Person, thread: str) -> None:
    file = await upload(ann, "My offer")
    message_id = await send_files(ann, thread, file["id"])
    assert (await edit(ann, message_id, "See here"))["body"] == "See here"
    emptied = await edit(ann, message_id, "")
    assert (emptied["body"], emptied["kind"]) == ("", "FILE")
    assert [one["body"] for one in emptied["edits"]] == ["", "See here"]


async def test_a_double_click_edits_once(ann: Person, bob: Person, house: House, thread: str) -> None:
    """At once or later: the second finds what it wished, and nobody is told of it."""
    sent = await acts.send(ann, thread, "Helo")
    start = await cursor_of(bob, thread)
    answers = await asyncio.gather(*(edit(ann, sent["id"], "Hello") for _ in range(8)))
    assert [*answers] == [answers[0]] * 8
    assert len(answers[0]["edits"]) == 1
    assert await edit(ann, sent["id"], "Hello") == answers[0]
    assert (await count_rows(house))["events"] == 3, "opened, added, edited"
    async with bob.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
        await acts.send(ann, thread, "Next")
        events = await without_receipts(stream, 2)
    assert [event["__typename"] for event in events] == ["MessageUpdatedEvent", "MessageAddedEvent"]


async def test_edits_at_once_are_all_kept(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "0")
    await asyncio.gather(*(edit(ann, sent["id"], str(number)) for number in range(1, 9)))
    message = await seen(ann, sent["id"])
    assert message["edits"][0]["body"] == "0"
    assert sorted([*(one["body"] for one in message["edits"]), message["body"]]) == [*map(str, range(9))]


async def test_it_can_be_edited_for_a_time_only(ann: Person, house: House, thread: str) -> None:
    """And who repeats an edit that was in time is answered as before."""
    sent = await acts.send(ann, thread, "Helo")
    seconds = house.settings.edit_seconds
    await grow_old(house, seconds - 60)
    await edit(ann, sent["id"], "Hello")
    await grow_old(house, 61)
    errors = await threads.refusals(ann, changing.EDIT, input={"messageId": sent["id"], "body": "Hullo"})
    assert [(error["code"], error["path"]) for error in errors] == [("EDIT_WINDOW_PASSED", ["input", "messageId"])]
    assert (await edit(ann, sent["id"], "Hello"))["body"] == "Hello"


async def test_the_time_is_a_setting(make_house: OpenHouse) -> None:
    """0 is for ever."""
    for seconds, code in ((10, "EDIT_WINDOW_PASSED"), (0, None)):
        async with make_house(edit_seconds=seconds) as house, People(house) as people:
            await acts.list_thing(people.host)
            thread = await acts.open_about(people.ann)
            sent = await acts.send(people.ann, thread, "Helo", "k")
            await grow_old(house, 11)
            assert await edit_code(people.ann, sent["id"], "Hello") == code


async def test_a_message_is_edited_so_often_only(make_house: OpenHouse) -> None:
    async with make_house(max_edits=3) as house, People(house) as people:
        await acts.list_thing(people.host)
        sent = await acts.send(people.ann, await acts.open_about(people.ann), "0")
        for number in range(1, 4):
            await edit(people.ann, sent["id"], str(number))
        assert await edit_code(people.ann, sent["id"], "4") == "FORBIDDEN"
        assert (await seen(people.ann, sent["id"]))["body"] == "3"


async def test_edits_count_as_sends(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", sends="2 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        sent = await acts.send(people.ann, await acts.open_about(people.ann), "0")
        await edit(people.ann, sent["id"], "1")
        assert await edit_code(people.ann, sent["id"], "2") == "RATE_LIMITED"
        assert await edit_code(people.ann, sent["id"], "1") is None


async def test_who_may_send_no_links_edits_none_in(make_house: OpenHouse) -> None:
    async with make_house(stranger_links="off") as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        sent = await acts.send(people.ann, thread, "Hello")
        assert await edit_code(people.ann, sent["id"], "See https://spam.example/x") == "FORBIDDEN"
        await acts.send(people.bob, thread, "Yes?")
        assert await edit_code(people.ann, sent["id"], "See https://shop.example/x") is None


async def test_nothing_is_edited_in_a_closed_conversation(ann: Person, host: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Helo")
    await edit(ann, sent["id"], "Hello")
    await acts.list_thing(host, state="CLOSED")
    assert await edit_code(ann, sent["id"], "Hullo") == "CONVERSATION_CLOSED"
    assert await edit_code(ann, sent["id"], "Hello") is None
    await acts.list_thing(host, state="ACTIVE")
    assert await edit_code(ann, sent["id"], "Hullo") is None


async def test_who_left_edits_no_more(ann: Person, host: Person) -> None:
    await acts.book(host, "booking-1", "ann", "bob")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    sent = await acts.send(ann, thread, "Hello")
    await acts.book(host, "booking-1", "bob", "dan")
    assert await edit_code(ann, sent["id"]) == "NOT_FOUND"


async def test_a_repeated_send_finds_the_edited_message(ann: Person, thread: str) -> None:
    """What is compared is what was sent first, whatever was edited since."""
    sent = await acts.send(ann, thread, "Helo", "k")
    await edit(ann, sent["id"], "Hello")
    again = await acts.send(ann, thread, "Helo", "k")
    assert (again["id"], again["body"]) == (sent["id"], "Hello")
    fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k"}
    assert await ann.code(acts.SEND, input=fields) == "IDEMPOTENCY_CONFLICT"


async def test_an_edit_moves_no_place_no_mark_and_no_count(ann: Person, bob: Person, thread: str) -> None:
    fields = "lastMessage { id body } lastMessageAt unreadCount firstUnreadMessage { id }"
    sent = await acts.send(ann, thread, "Helo")
    before = await threads.look(bob, thread, fields)
    await edit(ann, sent["id"], "Hello")
    after = await threads.look(bob, thread, fields)
    assert after == {**before, "lastMessage": {"id": sent["id"], "body": "Hello"}}
    await acts.read(bob, thread)
    await edit(ann, sent["id"], "Hello!")
    assert (await threads.look(bob, thread, "unreadCount"))["unreadCount"] == 0


@pytest.mark.parametrize("who", ["ann", "bob"])
async def test_an_edit_is_told_live_and_again_to_who_resumes(people: People, thread: str, who: str) -> None:
    """By both streams, to the other and to the sender's other devices."""
    person = {"ann": people.ann, "bob": people.bob}[who]
    sent = await acts.send(people.ann, thread, "Helo")
    start, token = await cursor_of(person, thread), await inbox_cursor(person)
    async with person.connect() as line:
        live = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
        ]
        await edit(people.ann, sent["id"], "Hello")
        told = [(await without_receipts(stream, 1))[0] for stream in live]
        again = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
            await line.subscribe(INBOX, after=told[1]["cursor"]),
        ]
        replayed = [(await without_receipts(stream, 1))[0] for stream in again[:2]]
        await edit(people.ann, sent["id"], "Hello!")
        (last,) = await without_receipts(again[2], 1)
    for event in [*told, *replayed]:
        assert event["__typename"] == "MessageUpdatedEvent"
        assert event["message"]["body"] == "Hello"
        assert [one["body"] for one in event["message"]["edits"]] == ["Helo"]
        assert event["message"]["conversation"]["lastMessage"] == {"id": sent["id"], "body": "Hello"}
        assert event["viewer"]["unreadMessageCount"] == (1 if who == "bob" else 0)
    assert last["message"]["body"] == "Hello!"


async def test_message_added_tells_of_no_edit_and_goes_on_after_it(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Helo")
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=sent["cursor"]) as stream:
        await edit(ann, sent["id"], "Hello")
        await acts.send(ann, thread, "Next")
        assert (await stream.next())["message"]["body"] == "Next"


async def test_what_is_refused_is_no_event(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    before = await cursor_of(ann, thread)
    assert await edit_code(bob, sent["id"]) == "FORBIDDEN"
    assert await edit_code(ann, sent["id"], " ") == "INVALID"
    assert await cursor_of(ann, thread) == before
