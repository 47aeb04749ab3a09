"""A market in which Ann and Bob have one of everything, and strangers have a conversation of their own."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from tests import acts
from tests.access.things import Things
from tests.client import People, Person
from tests.house import House
from tests.staff import AUDIT_LOG
from tests.uploads import place_for, put

PUT = b"A third thought"
UPLOAD = """
mutation Upload($input: UploadAttachmentInput!) {
  uploadAttachment(input: $input) { attachment { id url } errors { code } }
}
"""
SEND_FILES = """
mutation SendFiles($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id } errors { code reason } }
}
"""
PARTS = """
query Parts($id: ID!) {
  conversation(id: $id) {
    subject { id }
    viewerParticipant { id user { id } }
    counterpart { user { id } }
  }
}
"""
PLACES = """
query Places {
  viewer { inboxCursor }
  conversations(first: 100) { edges { cursor node { id } } }
  users(first: 100) { edges { cursor node { externalId } } }
}
"""
FIND = '{ searchMessages(query: "is") { edges { cursor } } }'
UPSERT_USER = """
mutation UpsertUser($input: UpsertUserInput!) { upsertUser(input: $input) { user { id } errors { code } } }
"""

BLOCK = "mutation Block($input: BlockUserInput!) { blockUser(input: $input) { errors { code } } }"
REPORT = """
mutation Report($input: ReportMessageInput!) { reportMessage(input: $input) { report { id } errors { code } } }
"""
SAVE = """
mutation Save($input: SaveMessageTemplateInput!) {
  saveMessageTemplate(input: $input) { messageTemplate { id } errors { code } }
}
"""


async def upload(person: Person, text: str) -> dict[str, str]:
    """Give a text file; its id and address."""
    form = {
        "operations": json.dumps({"query": UPLOAD, "variables": {"input": {"file": None}}}),
        "map": json.dumps({"0": ["variables.input.file"]}),
    }
    headers = {**person.headers, "GraphQL-Require-Preflight": "1"}
    file = {"0": ("offer.txt", text.encode(), "text/plain")}
    response = await person.http.post(f"{person.house.url}/graphql", data=form, files=file, headers=headers)
    payload = response.json()["data"]["uploadAttachment"]
    assert payload["errors"] == [], payload
    attachment: dict[str, str] = payload["attachment"]
    return attachment


async def send_files(person: Person, conversation_id: str, *file_ids: str) -> str:
    """Send files without words; the message's id."""
    fields = {"conversationId": conversation_id, "attachmentIds": list(file_ids), "clientMessageId": acts.key()}
    payload = await person.ask(SEND_FILES, input=fields)
    assert payload["errors"] == [], payload
    message_id: str = payload["message"]["id"]
    return message_id


async def open_with(person: Person, external_id: str) -> str:
    """Open a conversation with somebody about nothing; its id."""
    payload = await person.ask(acts.OPEN, input={"userExternalId": external_id})
    assert payload["errors"] == [], payload
    conversation_id: str = payload["conversation"]["id"]
    return conversation_id


@dataclass(frozen=True, slots=True)
class World:
    """The cast, and the names of what Ann and Bob have."""

    cast: dict[str, Person]
    _ann_and_bobs: Things
    _what_rex_knew: Things
    _homes: dict[str, str]

    def things(self, name: str) -> Things:
        """What Ann and Bob have, as somebody asks for it who has a home of their own, or is one of them.

        To Rex it is what he knows of the booking from the time when he was a party.
        """
        home = self._homes.get(name)
        things = self._what_rex_knew if name == "rex" else self._ann_and_bobs
        return things if home is None else things.at_home(home, "desk-1")

    async def block(self) -> None:
        """Ann wants to hear nothing more of Bob."""
        wished = {"userId": self._ann_and_bobs.bob, "blocked": True}
        assert await self.cast["ann"].code(BLOCK, input=wished) is None

    async def close(self) -> None:
        """What Ann and Bob talk about is over: the bicycle is sold, and the haircut done."""
        await acts.list_thing(self.cast["host"], state="CLOSED")
        await acts.book(self.cast["host"], state="CLOSED")


@asynccontextmanager
async def make_world(house: House) -> AsyncIterator[World]:
    """Ann and Bob's things first; then the strangers (Cy, the admin and the host's server) open theirs with Dee.

    So does Rex, who was a party of the booking once and is one no more.
    """
    async with People(house) as people:
        dee, eve = people.person("dee", "seller", name="Dee"), people.person("eve", "buyer", name="Eve")
        admin = people.person("ada", "admin", name="Ada")
        host = people.host
        abe = {"externalId": "abe", "name": "Abe", "roles": ["seller"]}
        assert (await host.ask(UPSERT_USER, input=abe))["errors"] == []
        rex = people.person("rex", "buyer", name="Rex")
        for person in (people.ann, people.bob, dee, eve, people.cy, admin, rex):
            await person.ask("{ viewer { id } }")
        await acts.list_thing(host)
        await acts.list_thing(host, "desk-1", title="A desk", owner={"userExternalId": "dee", "role": "seller"})
        eves = await acts.open_about(eve)
        things, what_rex_knew = await _things(people, eves, rex)
        strangers = {"cy": people.cy, "ada": admin, "host": host, "rex": rex}
        homes = {name: await acts.open_about(stranger, "desk-1") for name, stranger in strangers.items()}
        members = {"ann": people.ann, "bob": people.bob, "sam": people.person("sam", "admin", name="Sam")}
        yield World({**members, **strangers}, things, what_rex_knew, homes)


async def _things(people: People, eves_conversation: str, rex: Person) -> tuple[Things, Things]:
    ann, bob = people.ann, people.bob
    thread = await acts.open_about(ann)
    message = await acts.send(ann, thread, "Is it still there?", "the first key")
    inbox_cursor = (await ann.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    reply = await acts.send(bob, thread, "It is!")
    file, unsent = await upload(ann, "My offer"), await upload(ann, "A second thought")
    await send_files(ann, thread, file["id"])
    edited, deleted = await acts.send(ann, thread, "It shines"), await acts.send(ann, thread, "It rusts")
    place = await place_for(ann, len(PUT))
    assert await put(ann, place, PUT) == 204
    await acts.book(people.host, "booking-1", "ann", "bob", "rex")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    known = await _known_to(rex, people, booking)
    await acts.book(people.host)
    pair = await open_with(ann, "bob")
    await acts.book(people.host, "spare-1")
    parts = await ann.ask(PARTS, id=booking)
    own = await _own_of(ann, reply["id"])
    places: Any = await bob.ask(PLACES)
    found = [edge["cursor"] for edge in (await bob.ask(FIND))["edges"]]
    of_conversation = {edge["node"]["id"]: edge["cursor"] for edge in places["conversations"]["edges"]}
    of_user = {edge["node"]["externalId"]: edge["cursor"] for edge in places["users"]["edges"]}
    log = (await people.person("sam", "admin", name="Sam").ask(AUDIT_LOG, first=1))["auditLog"]
    things = Things(
        home=thread,
        home_listing="bike-1",
        conversation=thread,
        booking=booking,
        booking_kind="booking",
        booking_id="booking-1",
        pair=pair,
        message=message["id"],
        message_key="the first key",
        message_cursor=message["cursor"],
        message_words="still there",
        found_cursor=found[0],
        found_later_cursor=found[1],
        reply=reply["id"],
        reply_cursor=reply["cursor"],
        edited=edited["id"],
        deleted=deleted["id"],
        participant=parts["viewerParticipant"]["id"],
        subject=parts["subject"]["id"],
        file=file["id"],
        unsent_file=unsent["id"],
        upload=place["uploadId"],
        ann=parts["viewerParticipant"]["user"]["id"],
        ann_id="ann",
        ann_name="Ann",
        ann_role="buyer",
        ann_cursor=of_user["ann"],
        bob=parts["counterpart"]["user"]["id"],
        conversation_cursor=of_conversation[thread],
        older_cursor=of_conversation[eves_conversation],
        inbox_cursor=inbox_cursor,
        entry=log["edges"][0]["node"]["id"],
        entry_cursor=log["edges"][0]["cursor"],
        spare_id="spare-1",
        **own,
    )
    # Of Ann's, what is not of the booking is nothing that Rex ever saw.
    rex_knew = replace(things, conversation=booking, participant=known["participant"], **known["of_messages"])
    return things, replace(rex_knew, conversation_cursor=known["cursor"])


async def _own_of(ann: Person, message_id: str) -> dict[str, str]:
    """What is Ann's alone: a report, two templates, and whom she has blocked."""
    report = await ann.ask(REPORT, input={"messageId": message_id, "reason": "OTHER"})
    for name in ("abe", "dee"):
        user_id = (await ann.ask("query($id: ID!) { user(externalId: $id) { id } }", id=name))["id"]
        assert await ann.code(BLOCK, input={"userId": user_id, "blocked": True}) is None
    names = {"template": "Greeting", "spare_template": "Farewell"}
    saved = {key: await ann.ask(SAVE, input={"name": name, "body": "Hello {{name}}"}) for key, name in names.items()}
    templates = {key: payload["messageTemplate"]["id"] for key, payload in saved.items()}
    return {"report": report["report"]["id"], **templates}


async def _known_to(rex: Person, people: People, booking: str) -> dict[str, Any]:
    """What a party of the booking learns of it: who is there, what they say, and where it stands in the list."""
    message = await acts.send(people.ann, booking, "See you on Monday", "the first key there")
    reply = await acts.send(people.bob, booking, "At ten")
    file = await upload(people.ann, "The way to me")
    await send_files(people.ann, booking, file["id"])
    parts = await people.ann.ask(PARTS, id=booking)
    places: Any = await rex.ask(PLACES)
    ids = [booking, message["id"], reply["id"], file["id"], parts["viewerParticipant"]["id"]]
    assert [node["id"] for node in await rex.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)] == ids
    (edge,) = (edge for edge in places["conversations"]["edges"] if edge["node"]["id"] == booking)
    of_messages = {
        "message": message["id"],
        "message_cursor": message["cursor"],
        "message_words": "see Monday",
        "message_key": "the first key there",
        "reply": reply["id"],
        "reply_cursor": reply["cursor"],
        "edited": message["id"],
        "deleted": reply["id"],
        "file": file["id"],
    }
    return {"participant": ids[-1], "cursor": edge["cursor"], "of_messages": of_messages}
