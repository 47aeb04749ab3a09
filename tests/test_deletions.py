"""Deleting: nothing of a message is left but its place, for everybody, wherever it was to be seen."""

import asyncio
from typing import Any

import pytest

from tests import acts, threads
from tests.access.world import send_files, upload
from tests.changing import CONVERSATION_EVENTS, DELETE, INBOX, delete, delete_code, edit, edit_code, seen
from tests.client import People, Person
from tests.house import House
from tests.live.asks import cursor_of, inbox_cursor, without_receipts
from tests.storage import count_rows, run_sql

COUNTS = "{ viewer { unreadMessageCount unreadConversationCount } }"


async def stored_words(house: House) -> list[str]:
    """Everything that the database holds of what people wrote."""
    rows = await run_sql(house, "select body from messages union all select body from message_edits")
    return sorted(row[0] for row in rows if row[0] is not None)


async def test_a_deleted_message_keeps_its_place_and_nothing_else(
    ann: Person, bob: Person, house: House, thread: str
) -> None:
    await acts.send(ann, thread, "Before")
    sent = await acts.send(ann, thread, "A secrt")
    await edit(ann, sent["id"], "A secret")
    await acts.send(bob, thread, "After")
    left = await delete(ann, sent["id"])
    assert left["deletedAt"] >= left["editedAt"]
    assert {name: left[name] for name in ("id", "seq", "kind", "body", "edits", "attachments")} == {
        "id": sent["id"],
        "seq": 2,
        "kind": "TEXT",
        "body": None,
        "edits": [],
        "attachments": [],
    }
    for person in (ann, bob):
        assert await seen(person, sent["id"]) == left
        assert await acts.bodies(person, thread) == ["Before", None, "After"]
    assert await stored_words(house) == ["After", "Before"]


async def test_only_the_sender_deletes(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    """The other one may not; to strangers, the host's server included, the message is not there."""
    sent = await acts.send(ann, thread, "Hello")
    assert await delete_code(bob, sent["id"]) == "FORBIDDEN"
    for stranger in (cy, host):
        errors = await threads.refusals(stranger, DELETE, input={"messageId": sent["id"]})
        assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "messageId"])]
    assert await acts.bodies(ann, thread) == ["Hello"]


async def test_what_is_no_message_cannot_be_deleted(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for wrong in ("", "nonsense", thread, sent["id"][:-4], "TWVzc2FnZTow"):
        assert await delete_code(ann, wrong) == "NOT_FOUND"


async def test_a_double_click_deletes_once(ann: Person, house: House, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    answers = await asyncio.gather(*(delete(ann, sent["id"]) for _ in range(8)))
    assert [*answers] == [answers[0]] * 8
    assert await delete(ann, sent["id"]) == answers[0]
    assert (await count_rows(house))["events"] == 3, "opened, added, deleted"


async def test_an_edit_and_a_deletion_at_once_leave_no_words(
    ann: Person, bob: Person, house: House, host: Person
) -> None:
    """The edit comes first and is gone, or it comes too late and is refused; nobody is told its words after that."""
    await acts.list_thing(host)
    thread = await acts.open_about(ann)
    for number in range(12):
        sent = await acts.send(ann, thread, "Hello")
        start = await cursor_of(bob, thread)
        edits = [edit_code(ann, sent["id"], f"Edited {turn}") for turn in range(3)]
        acting: list[Any] = [*edits[: number % 4], delete(ann, sent["id"]), *edits[number % 4 :]]
        done = await asyncio.gather(*acting)
        codes = [one for one in done if not isinstance(one, dict)]
        assert set(codes) <= {None, "INVALID"}
        told = 1 + codes.count(None)
        async with bob.follow(CONVERSATION_EVENTS, id=thread, after=start) as stream:
            events = await without_receipts(stream, told)
        assert [event["message"]["body"] for event in events] == [None] * told
        left = await seen(bob, sent["id"])
        assert (left["body"], left["edits"]) == (None, [])
        assert left["deletedAt"] is not None
    assert await stored_words(house) == []


async def test_what_is_deleted_is_not_edited(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    await delete(ann, sent["id"])
    assert await edit_code(ann, sent["id"]) == "INVALID"
    assert await edit_code(ann, sent["id"], "Hello") == "INVALID"
    assert (await seen(ann, sent["id"]))["body"] is None


async def test_what_is_deleted_is_not_unread(ann: Person, bob: Person, thread: str) -> None:
    """In counts and as the first one; the last message stays the last, and tells nothing."""
    fields = "unreadCount firstUnreadMessage { id } lastMessage { id body } lastMessageAt"
    one, two, three = [await acts.send(ann, thread, word) for word in ("One", "Two", "Three")]
    await delete(ann, one["id"])
    await delete(ann, three["id"])
    assert await threads.look(bob, thread, fields) == {
        "unreadCount": 1,
        "firstUnreadMessage": {"id": two["id"]},
        "lastMessage": {"id": three["id"], "body": None},
        "lastMessageAt": three["createdAt"],
    }
    assert await bob.ask(COUNTS) == {"unreadMessageCount": 1, "unreadConversationCount": 1}
    await delete(ann, two["id"])
    assert await bob.ask(COUNTS) == {"unreadMessageCount": 0, "unreadConversationCount": 0}
    assert (await threads.look(bob, thread, "firstUnreadMessage { id }"))["firstUnreadMessage"] is None
    assert (await acts.send(ann, thread, "Four"))["seq"] == 4


async def test_it_can_be_deleted_when_the_conversation_is_closed(ann: Person, host: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "My number is 555")
    await acts.list_thing(host, state="CLOSED")
    assert (await delete(ann, sent["id"]))["body"] is None


async def test_files_go_with_the_message(ann: Person, bob: Person, house: House, thread: str) -> None:
    file = await upload(ann, "My offer")
    message_id = await send_files(ann, thread, file["id"])
    addresses = [
        (await person.ask("query($id: ID!) { node(id: $id) { ... on Attachment { url } } }", id=file["id"]))["url"]
        for person in (ann, bob)
    ]
    for address in addresses:
        assert (await ann.http.get(address)).status_code == 200
    assert (await delete(ann, message_id))["attachments"] == []
    for person, address in zip((ann, bob), addresses, strict=True):
        assert (await ann.http.get(address)).status_code == 404
        assert await person.ask("query($id: ID!) { node(id: $id) { id } }", id=file["id"]) is None
    fields = {"conversationId": thread, "attachmentIds": [file["id"]], "clientMessageId": "again"}
    assert await ann.code(acts.SEND, input=fields) == "NOT_FOUND"


async def test_a_repeated_send_finds_what_is_left(ann: Person, thread: str) -> None:
    """A retry that comes late does not bring it back."""
    sent = await acts.send(ann, thread, "Hello", "k")
    await delete(ann, sent["id"])
    again = await acts.send(ann, thread, "Hello", "k")
    assert (again["id"], again["body"]) == (sent["id"], None)
    assert await acts.bodies(ann, thread) == [None]


@pytest.mark.parametrize("who", ["ann", "bob"])
async def test_a_deletion_is_told_live_and_again_to_who_resumes(people: People, thread: str, who: str) -> None:
    """By both streams, with the counts; the words are gone from what is told again of the sending too."""
    person = {"ann": people.ann, "bob": people.bob}[who]
    start, token = await cursor_of(person, thread), await inbox_cursor(person)
    sent = await acts.send(people.ann, thread, "Hello")
    async with person.connect() as line:
        live = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
        ]
        for stream in live:
            (added,) = await without_receipts(stream, 1)
            assert added["message"]["body"] == "Hello"
        await edit(people.ann, sent["id"], "Hello, Bob")
        for stream in live:
            (edited,) = await without_receipts(stream, 1)
            assert [one["body"] for one in edited["message"]["edits"]] == ["Hello"]
        await delete(people.ann, sent["id"])
        told = [(await without_receipts(stream, 1))[0] for stream in live]
        again = [
            await line.subscribe(CONVERSATION_EVENTS, id=thread, after=start),
            await line.subscribe(INBOX, after=token),
        ]
        replayed = [await without_receipts(stream, 3) for stream in again]
    for event in [*told, *(event for events in replayed for event in events[1:])]:
        assert event["__typename"] == "MessageUpdatedEvent"
        assert event["message"]["deletedAt"] is not None
        assert event["message"]["conversation"]["unreadCount"] == 0
        assert event["message"]["conversation"]["lastMessage"] == {"id": sent["id"], "body": None}
        assert (event["message"]["edits"], event["message"]["attachments"]) == ([], [])
        assert event["viewer"] == {"unreadMessageCount": 0}
    assert [event["message"]["body"] for events in replayed for event in events] == [None] * 6


async def test_who_left_deletes_no_more(ann: Person, host: Person) -> None:
    await acts.book(host, "booking-1", "ann", "bob")
    thread = await acts.open_about(ann, "booking-1", kind="booking")
    sent = await acts.send(ann, thread, "Hello")
    await acts.book(host, "booking-1", "bob", "dan")
    assert await delete_code(ann, sent["id"]) == "NOT_FOUND"
