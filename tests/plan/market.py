"""A market with something of everything that a query can come upon, and the words that queries about it are made of."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import text

from tests import acts, changing, staff, threads
from tests.access.world import open_with, send_files, upload
from tests.client import People, Person
from tests.house import House

EVERYTHING = """
query {
  viewer { id user { id } inboxCursor }
  messageTemplates { id }
  blockedUsers(first: 100) { edges { cursor } }
  users(first: 100) { edges { cursor node { id externalId } } }
  searchMessages(query: "it") { edges { cursor } }
  conversations(first: 100, filter: { archived: null }) {
    edges {
      cursor
      node {
        id
        cursor
        subject { id kind externalId }
        participants { id user { id } }
        messages(last: 100) { edges { cursor node { id attachments { id } } } }
      }
    }
  }
}
"""
POST = """
mutation Post($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }
"""
SAVE = """
mutation Save($input: SaveMessageTemplateInput!) { saveMessageTemplate(input: $input) { errors { code } } }
"""
REPORT = """
mutation Report($input: ReportMessageInput!) { reportMessage(input: $input) { report { id } errors { code } } }
"""
ARRANGE = """
mutation Arrange($id: ID!, $until: DateTime!) {
  archiveConversation(input: {conversationId: $id, archived: true}) { errors { code } }
  muteConversation(input: {conversationId: $id, until: $until}) { errors { code } }
  pinConversation(input: {conversationId: $id, pinned: true}) { errors { code } }
}
"""
WATCHED = """
query {
  admin {
    conversations(first: 50) { edges { cursor node { id messages(last: 100) { edges { node { id } } } } } }
    reports(first: 100) { edges { cursor } }
    auditLog(first: 50) { edges { cursor node { id } } }
  }
}
"""
BLOCK = "mutation Block($id: ID!) { blockUser(input: {userId: $id, blocked: true}) { errors { code } } }"
TYPE = "mutation Type($id: ID!) { setTyping(input: {conversationId: $id}) { errors { code } } }"


@dataclass(frozen=True, slots=True)
class Words:
    """What arguments are made of: ids and cursors of what there is, whoever may see it."""

    ids: dict[str, Sequence[str]]
    cursors: dict[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Market:
    """The market, who asks, and what they can name."""

    house: House
    people: People
    words: Words

    @property
    def askers(self) -> dict[str, Person]:
        """Ann and Bob talk, Cy was a party once, the host may do more than others."""
        people = self.people
        return {"ann": people.ann, "bob": people.bob, "cy": people.cy, "host": people.host}

    @property
    def watchers(self) -> dict[str, Person]:
        """Staff; staff who may do what the host may; and Ann, who is refused."""
        people = self.people
        both = people.person("root", "admin", "service", name="Root")
        return {"ada": staff.staff_of(people), "root": both, "ann": people.ann}


@asynccontextmanager
async def open_market(house: House) -> AsyncIterator[Market]:
    """Open the market at a server."""
    async with People(house) as people:
        for person in (people.ann, people.bob, people.cy):
            await person.ask("{ viewer { id } }")
        await _talk(people)
        await _grow_old(house)
        yield Market(house, people, await _words(people))


async def _talk(people: People) -> None:
    ann, bob, cy, host = people.ann, people.bob, people.cy, people.host
    dee = people.person("dee", "seller", name="Dee")
    for number in range(5):
        await acts.list_thing(host, f"bike-{number}", title=f"Bicycle {number}")
    await acts.list_thing(host, "desk-1", title="A desk", owner={"userExternalId": "dee", "role": "seller"})
    long = await acts.open_about(ann, "bike-0")
    sent = []
    for number in range(12):
        sent += await threads.fill((ann, bob)[number % 2], long, 2, since=2 * number)
    await _change(people, long, sent)
    await send_files(ann, long, (await upload(ann, "My offer"))["id"], (await upload(ann, "Another"))["id"])
    await upload(ann, "A second thought")
    await acts.read(bob, long)
    await acts.send(ann, long, "Are you there?")
    await host.ask(POST, input=_said("bike-0", "The price has changed"))
    await bob.ask(TYPE, id=long)
    for buyer in (ann, cy, dee):
        for listing in ("bike-1", "bike-3"):
            await acts.send(buyer, await acts.open_about(buyer, listing), "Is it still there?")
    closed = await acts.open_about(cy, "bike-2")
    await acts.send(cy, closed, "Is it blue?")
    await acts.list_thing(host, "bike-2", state="CLOSED")
    await acts.send(cy, await acts.open_about(cy, "desk-1"), "A nice desk")
    await acts.send(dee, await open_with(dee, "ann"), "Hello Ann")
    await acts.send(ann, await open_with(ann, "bob"), "Hello Bob")
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.send(cy, booking, "See you on Monday")
    await acts.book(host, "booking-1", "ann", "bob")
    await acts.send(bob, booking, "Without Cy")
    await _arrange(people, closed)


async def _arrange(people: People, closed: str) -> None:
    """Cy puts one away, and has blocked Dee, to whom he cannot write any more; he and Ann have templates."""
    ann, cy = people.ann, people.cy
    await cy.ask(ARRANGE, id=closed, until="2999-01-01T00:00:00.000Z")
    for person in (ann, cy):
        for name, body in (("Greeting", "Hello {{name}}, {{name}}, the {{thing}}?"), ("Farewell", "Bye")):
            await person.ask(SAVE, input={"name": name, "body": body})
    dee = await cy.ask('{ user(externalId: "dee") { id } }')
    assert await cy.code(BLOCK, id=dee["id"]) is None


def _said(external_id: str, body: str) -> dict[str, Any]:
    return {"subject": {"kind": "listing", "externalId": external_id}, "body": body, "clientMessageId": acts.key()}


async def _change(people: People, thread: str, sent: Sequence[dict[str, Any]]) -> None:
    """Messages that were edited, answered, reacted to and deleted, and some of which all of that is true."""
    ann, bob = people.ann, people.bob
    for number in (0, 1, 4, 8):
        await changing.edit(ann, sent[number]["id"], f"{sent[number]['body']}, rather")
    await changing.edit(ann, sent[4]["id"], "Anything")
    for number, emoji in ((0, "👍"), (4, "🎉"), (4, "👍"), (5, "❤️"), (8, "👍")):
        for person in (ann, bob)[: 1 + number % 3]:
            await changing.react(person, sent[number]["id"], emoji)
    answers = [await changing.reply(bob, thread, sent[number]["id"]) for number in (0, 4, 8)]
    await changing.reply(ann, thread, answers[0]["id"])
    for number in (5, 8):
        await changing.delete(ann, sent[number]["id"])
    await changing.delete(bob, answers[1]["id"])


async def _grow_old(house: House) -> None:
    """People who were seen."""
    async with house.palaver.database.writing() as db:
        await db.run(text("update users set last_seen_at = created_at + 9 where external_id in ('ann', 'dee')"))
        await db.commit()


def _note_conversation(node: dict[str, Any], id_: Callable[..., None], cursor: Callable[..., None]) -> None:
    id_("Conversation", node["id"])
    cursor("messages", node["cursor"])
    if node["subject"]:
        id_("Subject", node["subject"]["id"])
    for participant in node["participants"]:
        id_("Participant", participant["id"])
        id_("User", participant["user"]["id"])
    for item in node["messages"]["edges"]:
        cursor("messages", item["cursor"])
        id_("Message", item["node"]["id"])
        id_("Attachment", *(file["id"] for file in item["node"]["attachments"]))


async def _words(people: People) -> Words:
    ids: dict[str, list[str]] = {}
    cursors: dict[str, list[str]] = {}

    def note(known: dict[str, list[str]], name: str, *values: str) -> None:
        known.setdefault(name, []).extend(value for value in values if value not in known.get(name, ()))

    for person in (people.ann, people.bob, people.cy):
        seen = await person.ask(EVERYTHING)
        note(ids, "Viewer", seen["viewer"]["id"])
        note(cursors, "inbox", seen["viewer"]["inboxCursor"])
        for edge in seen["searchMessages"]["edges"]:
            note(cursors, "search", edge["cursor"])
        for edge in seen["users"]["edges"]:
            note(ids, "User", edge["node"]["id"])
            note(cursors, "users", edge["cursor"])
        note(ids, "MessageTemplate", *(template["id"] for template in seen["messageTemplates"]))
        for edge in seen["conversations"]["edges"]:
            note(cursors, "conversations", edge["cursor"])
            _note_conversation(edge["node"], partial(note, ids), partial(note, cursors))
    for message_id in ids["Message"][:3]:
        for person in (people.ann, people.bob):
            made = await person.ask(REPORT, input={"messageId": message_id, "reason": "SPAM", "note": "Again"})
            note(ids, "Report", *([made["report"]["id"]] if made["report"] else ()))
    await _watch(people, partial(note, ids), partial(note, cursors))
    return Words({**ids}, {**cursors})


async def _watch(people: People, id_: Callable[..., None], cursor: Callable[..., None]) -> None:
    """Staff look at everything, again and again: their log is so long then that its first pages stay as they are."""
    ada = staff.staff_of(people)
    for _ in range(3):
        await ada.ask(WATCHED)
    watched = await ada.ask(WATCHED)
    for edge in watched["auditLog"]["edges"]:
        id_("AuditEntry", edge["node"]["id"])
        cursor("audit", edge["cursor"])
    cursor("reports", *(edge["cursor"] for edge in watched["reports"]["edges"]))
