"""Sending: a message is stored as sent, in one order for everybody, and what is refused leaves no trace."""

import asyncio
import re
from typing import Any

from tests import acts, threads
from tests.client import People, Person

SEND_ALL = """
mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message {
      __typename id seq kind body senderRole status createdAt editedAt deletedAt clientMessageId
      sender { externalId } conversation { id } attachments { id }
    }
    messageEdge { cursor node { id } }
    errors { code }
  }
}
"""
ONE = """
query($id: ID!) { node(id: $id) { ... on Message { seq body clientMessageId sender { externalId } } } }
"""


async def test_a_message_is_answered_whole(ann: Person, thread: str) -> None:
    payload = await ann.ask(SEND_ALL, input={"conversationId": thread, "body": "Hello", "clientMessageId": "k1"})
    message = payload["message"]
    assert payload["errors"] == []
    assert payload["messageEdge"]["node"]["id"] == message.pop("id")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", message.pop("createdAt"))
    assert message == {
        "__typename": "Message",
        "seq": 1,
        "kind": "TEXT",
        "body": "Hello",
        "senderRole": "buyer",
        "status": "SENT",
        "editedAt": None,
        "deletedAt": None,
        "clientMessageId": "k1",
        "sender": {"externalId": "ann"},
        "conversation": {"id": thread},
        "attachments": [],
    }


async def test_the_other_reads_it_by_its_id_but_not_its_key(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello", "k1")
    assert (await ann.ask(ONE, id=sent["id"]))["clientMessageId"] == "k1"
    assert await bob.ask(ONE, id=sent["id"]) == {
        "seq": 1,
        "body": "Hello",
        "clientMessageId": None,
        "sender": {"externalId": "ann"},
    }


async def test_the_role_is_that_of_the_conversation_not_of_the_token(people: People, thread: str) -> None:
    """Ann's token says admin now; in this conversation she is the buyer."""
    promoted = people.person("ann", "admin")
    payload = await promoted.ask(SEND_ALL, input={"conversationId": thread, "body": "Hi", "clientMessageId": "k"})
    assert payload["message"]["senderRole"] == "buyer"


async def test_messages_sent_at_once_are_numbered_without_holes(ann: Person, bob: Person, thread: str) -> None:
    senders = [ann, bob] * 20
    sent = await asyncio.gather(
        *(acts.send(person, thread, f"{person.sub} {number}") for number, person in enumerate(senders))
    )
    assert sorted(message["seq"] for message in sent) == list(range(1, 41))
    in_order = [message["body"] for message in sorted(sent, key=lambda message: message["seq"])]
    assert await acts.bodies(ann, thread) == in_order
    assert await acts.bodies(bob, thread) == in_order


async def test_a_stranger_cannot_send(ann: Person, cy: Person, thread: str) -> None:
    """Neither with a new key nor with one that Ann used."""
    await acts.send(ann, thread, "Hello", "k1")
    for key in ("k1", "k2"):
        fields = {"conversationId": thread, "body": "Hello", "clientMessageId": key}
        assert await cy.code(acts.SEND, input=fields) == "NOT_FOUND"
    assert await acts.bodies(ann, thread) == ["Hello"]


async def test_what_is_no_conversation_cannot_be_sent_to(ann: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Hello")
    for wrong in ("", "nonsense", sent["id"], thread[:-4], thread + "=", "Q29udmVyc2F0aW9uOjA="):
        errors = await threads.refusals(
            ann, acts.SEND, input={"conversationId": wrong, "body": "Hi", "clientMessageId": "k"}
        )
        assert [(error["code"], error["path"]) for error in errors] == [("NOT_FOUND", ["input", "conversationId"])]


async def test_what_is_refused_takes_no_place(ann: Person, thread: str) -> None:
    """Neither a seq nor a position of the log, so the next subscriber finds no hole."""
    before = (await threads.look(ann, thread, "cursor"))["cursor"]
    wrong: list[dict[str, Any]] = [{"body": " "}, {"body": "x" * 4001}, {"body": "x", "attachmentIds": ["nothing"]}]
    for number, fields in enumerate(wrong):
        named = {"conversationId": thread, "clientMessageId": f"k{number}", **fields}
        assert await ann.code(acts.SEND, input=named) is not None
    assert await threads.look(ann, thread, "cursor lastMessage { id } lastMessageAt") == {
        "cursor": before,
        "lastMessage": None,
        "lastMessageAt": None,
    }
    async with ann.follow(acts.MESSAGE_ADDED, id=thread, after=before) as heard:
        # The keys of what was refused are free.
        sent = await acts.send(ann, thread, "Hello", "k0")
        assert sent["seq"] == 1
        assert (await heard.next())["message"]["id"] == sent["id"]


async def test_the_last_message_is_the_newest(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """Of either person, and the host's own words too."""
    fields = "lastMessage { id createdAt } lastMessageAt updatedAt"
    for sender, body in ((ann, "One"), (bob, "Two"), (ann, "Three")):
        sent = await acts.send(sender, thread, body)
        for reader in (ann, bob):
            seen = await threads.look(reader, thread, fields)
            assert seen["lastMessage"] == {"id": sent["id"], "createdAt": sent["createdAt"]}
            assert seen["lastMessageAt"] == seen["updatedAt"] == sent["createdAt"]
