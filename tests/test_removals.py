"""Deleting a subject: it goes with its conversations, messages and files, and whoever was in them learns it."""

import asyncio
from typing import Any

import db.own_tables  # noqa: F401 - its tables belong to the metadata
from core.clock import now_ms
from core.ids import key_of
from db.tables import metadata
from tests import acts, changing, searching
from tests.access.world import send_files, upload
from tests.client import People, Person
from tests.live.asks import CONVERSATION_EVENTS, CURSOR, TYPING, inbox_cursor
from tests.storage import run_sql
from tests.test_reports import NODE as REPORT_NODE
from tests.test_reports import report

DELETE = """
mutation Delete($input: DeleteSubjectInput!) { deleteSubject(input: $input) { deletedId errors { code reason path } } }
"""
INBOX = """
subscription Inbox($after: String) {
  inbox(after: $after) {
    __typename
    ... on ConversationRemovedEvent { conversationId viewer { unreadMessageCount } }
    ... on MessageAddedEvent { message { body } }
  }
}
"""
LIST = "{ conversations(filter: {archived: null}) { edges { node { id } } } viewer { unreadMessageCount } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
#: What refers to these, and goes with them, is emptied with them, or tells nothing.
REFERRING = {
    "messages": {"attachments", "events", "message_edits", "message_words", "reactions", "reports"},
    "conversations": {"events", "inbox_entries", "messages", "participants"},
    "subjects": {"conversations", "subject_parties"},
}


async def delete(host: Person, external_id: str = "bike-1", kind: str = "listing") -> str:
    """The host takes a subject away; its id."""
    payload = await host.ask(DELETE, input={"kind": kind, "externalId": external_id})
    assert payload["errors"] == [], payload
    deleted_id: str = payload["deletedId"]
    return deleted_id


def is_gone(found: dict[str, Any]) -> bool:
    """Does somebody have nothing at all any more?"""
    return bool(found == {"conversations": {"edges": []}, "viewer": {"unreadMessageCount": 0}})


def test_nothing_refers_to_what_goes_and_is_forgotten() -> None:
    for target, known in REFERRING.items():
        referring = {
            table.name
            for table in metadata.tables.values()
            for key in table.foreign_keys
            if key.column.table.name == target
        }
        assert referring == known, f"deleteSubject takes {target} away: think of it in db/removals.py, then add it here"


async def test_all_of_it_goes(people: People, thread: str) -> None:
    """What was said, the file on the disk, the subject, and every id of it; another conversation stays."""
    ann, bob, host = people.ann, people.bob, people.host
    await acts.list_thing(host, "bike-2")
    kept = await acts.open_about(ann, "bike-2", firstMessage={"body": "And this?", "clientMessageId": "k"})
    sent = await acts.send(ann, thread, "A word that nobody else says", "the key")
    await changing.edit(ann, sent["id"], "Another word that nobody else says")
    await changing.react(bob, sent["id"], "👍")
    file = await upload(bob, "My offer")
    carrier = await send_files(bob, thread, file["id"])
    address = file["url"]
    assert (await bob.http.get(address, headers=bob.headers)).status_code == 200
    subject_id = await delete(host)
    for person in (ann, bob):
        ids = [subject_id, thread, sent["id"], carrier, file["id"]]
        assert await person.ask(NODES, ids=ids) == [None] * len(ids)
        found = await person.ask(LIST)
        assert [edge["node"]["id"] for edge in found["conversations"]["edges"]] == [kept]
        assert await person.ask("query($id: ID!) { conversation(id: $id) { id } }", id=thread) is None
        assert (await person.http.get(file["url"], headers=person.headers)).status_code == 404
    assert len(await run_sql(people.house, "select key from leftovers")) >= 1
    await people.house.palaver.reaper.sweep(now_ms() + 1)
    assert await run_sql(people.house, "select key from leftovers") == []
    said = await run_sql(
        people.house, "select body, client_key, content_hash from messages where deleted_at is not null"
    )
    assert all(body is None and key != "the key" and not digest for body, key, digest in said)
    assert len(said) == 2
    for person in (ann, bob):
        assert await searching.bodies(person, "nobody") == []
    for table in ("message_edits", "reactions"):
        assert await run_sql(people.house, f"select message_id from {table}") == []
    gone = (
        "select identity, snapshot_title, title_folded, contacter_id, subject_id from conversations where gone_at > 0"
    )
    [(identity, *others)] = await run_sql(people.house, gone)
    assert identity == f"gone:{key_of(thread, 'Conversation')}"
    assert others == [None] * 4
    assert await acts.bodies(ann, kept) == ["And this?"]


async def test_whoever_follows_learns_it(people: People, thread: str) -> None:
    ann, bob, host = people.ann, people.bob, people.host
    await acts.send(bob, thread, "Hello")
    cursor = (await ann.ask(CURSOR, id=thread))["cursor"]
    async with (
        ann.follow(INBOX) as inbox,
        ann.follow(CONVERSATION_EVENTS, id=thread, after=cursor) as events,
        ann.follow(acts.MESSAGE_ADDED, id=thread, after=cursor) as messages,
        ann.follow(TYPING, id=thread) as typing,
    ):
        await delete(host)
        gone = await inbox.next()
        while gone["__typename"] == "ReceiptEvent":
            gone = await inbox.next()
        assert gone["__typename"] == "ConversationRemovedEvent"
        assert (gone["conversationId"], gone["viewer"]) == (thread, {"unreadMessageCount": 0})
        told = await events.next()
        while told["__typename"] == "ReceiptEvent":
            told = await events.next()
        assert told["__typename"] == "ConversationRemovedEvent"
        for stream in (events, messages, typing):
            assert await stream.ended() == "NOT_FOUND"
        # The inbox goes on.
        await acts.list_thing(host)
        again = await acts.open_about(ann, firstMessage={"body": "A new one", "clientMessageId": "k"})
        assert again != thread
        event = await inbox.next()
        while event["__typename"] != "MessageAddedEvent":
            event = await inbox.next()
        assert event["message"]["body"] == "A new one"


async def test_who_was_away_learns_it_when_they_resume(people: People, thread: str) -> None:
    """And nothing of what was said meanwhile."""
    ann, bob = people.ann, people.bob
    cursor = await inbox_cursor(ann)
    for number in range(30):
        await acts.send(bob, thread, str(number))
    thread_cursor = (await ann.ask(CURSOR, id=thread))["cursor"]
    await delete(people.host)
    async with ann.follow(INBOX, after=cursor) as inbox:
        event = await inbox.next()
        assert (event["__typename"], event["conversationId"]) == ("ConversationRemovedEvent", thread)
    async with ann.follow(CONVERSATION_EVENTS, id=thread, after=thread_cursor) as events:
        assert await events.ended() == "NOT_FOUND"


async def test_a_booking_goes_for_everybody_in_it(people: People) -> None:
    ann, host = people.ann, people.host
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(ann, booking, "On Monday?")
    async with people.bob.follow(INBOX) as his, people.cy.follow(INBOX) as theirs:
        await delete(host, "booking-1", "booking")
        for inbox in (his, theirs):
            event = await inbox.next()
            while event["__typename"] == "ReceiptEvent":
                event = await inbox.next()
            assert event["__typename"] == "ConversationRemovedEvent"
    for person in (ann, people.bob, people.cy):
        assert is_gone(await person.ask(LIST))


async def test_a_report_keeps_the_words(people: People, thread: str) -> None:
    sent = await acts.send(people.bob, thread, "Pay me by voucher")
    made = await report(people.ann, sent["id"])
    await delete(people.host)
    found = await people.ann.ask(REPORT_NODE, id=made["id"])
    assert found == {"id": made["id"], "reason": "SCAM", "messageBody": "Pay me by voucher"}


async def test_it_can_be_told_of_again(people: People, thread: str) -> None:
    """As another one, and nothing of the old one is in it."""
    ann, host = people.ann, people.host
    await acts.send(ann, thread, "Hello", "the key")
    before = await delete(host)
    assert await host.code(DELETE, input={"kind": "listing", "externalId": "bike-1"}) == "NOT_FOUND"
    assert (await acts.list_thing(host, title="A new bicycle"))["id"] != before
    again = await acts.open_about(ann)
    assert again != thread
    assert (await acts.send(ann, again, "Hello", "the key"))["seq"] == 1


async def test_only_the_host_may(people: People, thread: str) -> None:
    for person in (people.ann, people.bob, people.cy, people.person("ada", "admin", name="Ada")):
        for external_id in ("bike-1", "none"):
            assert await person.code(DELETE, input={"kind": "listing", "externalId": external_id}) == "FORBIDDEN"
    assert await people.host.code(DELETE, input={"kind": "listing", "externalId": "none"}) == "NOT_FOUND"
    assert await people.host.code(DELETE, input={"kind": "", "externalId": "bike-1"}) == "INVALID"
    assert await acts.open_about(people.ann) == thread


async def test_what_comes_at_the_same_moment_is_there_before_or_not_at_all(people: People, thread: str) -> None:
    """Sends, openings, the host's words and another word about the subject; nothing of it fails otherwise."""
    ann, cy, host = people.ann, people.cy, people.host
    post = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
    subject = {"kind": "listing", "externalId": "bike-1"}
    tasks = [
        *(
            ann.code(acts.SEND, input={"conversationId": thread, "body": "Hi", "clientMessageId": acts.key()})
            for _ in range(5)
        ),
        *(person.code(acts.OPEN, input={"subject": subject}) for person in (ann, cy) for _ in range(3)),
        *(host.code(post, input={"subject": subject, "body": "Sold", "clientMessageId": acts.key()}) for _ in range(3)),
        host.code(DELETE, input=subject),
        *(
            host.code(
                acts.UPSERT_SUBJECT, input={**subject, "title": "A", "owner": {"userExternalId": "bob", "role": "x"}}
            )
            for _ in range(3)
        ),
    ]
    assert set(await asyncio.gather(*tasks)) <= {None, "NOT_FOUND"}
    if await host.code(DELETE, input=subject) is None:
        assert is_gone(await ann.ask(LIST))
        assert is_gone(await cy.ask(LIST))
    assert await run_sql(people.house, "select id from messages where body is not null") == []
