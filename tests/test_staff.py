"""Staff: they see everything through `admin` and nothing otherwise, and whatever they see or do is in the log first."""

from typing import Any

import pytest

from tests import acts, staff
from tests.access.world import open_with, send_files, upload
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.statements import quiet_people

BESIDE = """
query($id: ID!, $message: ID!) {
  before: conversation(id: $id) { id }
  admin { conversation(id: $id) { id messages(first: 5) { edges { node { id } } } } }
  after: conversation(id: $id) { id }
  node(id: $message) { id }
}
"""


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_staff_read_a_conversation_that_they_are_not_in(
    ann: Person, bob: Person, ada: Person, thread: str
) -> None:
    question, answer = await acts.send(ann, thread, "Is it red?"), await acts.send(bob, thread, "It is.")
    found = (await ada.ask(staff.THREAD, id=thread, first=10))["conversation"]
    assert [edge["node"]["body"] for edge in found["messages"]["edges"]] == ["Is it red?", "It is."]
    assert [edge["node"]["sender"]["name"] for edge in found["messages"]["edges"]] == ["Ann", "Bob"]
    assert {edge["node"]["conversation"]["id"] for edge in found["messages"]["edges"]} == {thread}
    assert [member["user"]["externalId"] for member in found["participants"]] == ["bob", "ann"]
    assert found["viewerParticipant"] is None
    assert found["messages"]["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False}
    seen = [entry for entry in await staff.told(ada) if entry[0] == "ada"]
    assert sorted(seen) == [
        ("ada", "conversation.read", thread),
        *sorted(("ada", "message.read", sent["id"]) for sent in (question, answer)),
    ]


async def test_staff_see_nothing_beside_admin(ann: Person, ada: Person, thread: str) -> None:
    """Not even what the same operation shows them through it."""
    sent = await acts.send(ann, thread, "Is it red?")
    found = await ada.ask(BESIDE, id=thread, message=sent["id"])
    assert staff.ids_of(found["admin"]["conversation"]["messages"]) == [sent["id"]]
    assert (found["before"], found["after"], found["node"]) == (None, None, None)


async def test_others_are_refused(ann: Person, cy: Person, host: Person, thread: str) -> None:
    """The host's own server too, and who is in the conversation."""
    sent = await acts.send(ann, thread, "Is it red?")
    for person in (ann, cy, host):
        assert await person.code(staff.CONVERSATIONS, first=1) == "FORBIDDEN"
        assert await person.code(staff.THREAD, id=thread, first=1) == "FORBIDDEN"
        assert await person.code(staff.JOIN, input={"conversationId": thread}) == "FORBIDDEN"
        assert await person.code(staff.SET_STATE, input={"conversationId": thread, "state": "CLOSED"}) == "FORBIDDEN"
        assert await person.code(staff.REMOVE, input={"messageId": sent["id"], "reason": "No"}) == "FORBIDDEN"
    assert await acts.bodies(ann, thread) == ["Is it red?"]


async def test_what_is_refused_to_others_is_data_without_admin(ann: Person) -> None:
    answer = await ann.answer("{ viewer { user { externalId } } admin { id } }")
    assert answer["data"] == {"viewer": {"user": {"externalId": "ann"}}, "admin": None}


async def test_staff_list_everybodys_conversations(
    people: People, ann: Person, bob: Person, cy: Person, ada: Person
) -> None:
    await acts.list_thing(people.host)
    await acts.list_thing(people.host, "desk-1", title="A desk")
    bike, desk = await acts.open_about(ann), await acts.open_about(cy, "desk-1")
    pair = await open_with(ann, "bob")
    last = await acts.send(ann, bike, "Hello")

    async def listed(**wanted: Any) -> list[str]:
        return staff.ids_of((await ada.ask(staff.CONVERSATIONS, **{"first": 10, **wanted}))["conversations"])

    assert await listed() == [bike, pair, desk]
    assert await listed(filter={"subjectKind": "listing"}) == [bike, desk]
    assert await listed(filter={"query": "DESK"}) == [desk]
    assert await listed(filter={"query": "ann"}) == [bike, pair]
    assert await listed(participantId=await staff.user_id(cy)) == [desk]
    assert await listed(participantId=await staff.user_id(bob)) == [bike, pair, desk]
    assert await listed(participantId=bike) == []
    assert await listed(filter={"state": "CLOSED"}) == []
    page = (await ada.ask(staff.CONVERSATIONS, first=2))["conversations"]
    assert page["pageInfo"]["hasNextPage"]
    assert await listed(first=2, after=page["pageInfo"]["endCursor"]) == [desk]
    assert await listed(first=None, last=2) == [pair, desk]
    seen = {(entry["action"], entry["target"]) for entry in await staff.entries(ada)}
    assert {("conversation.read", key) for key in (bike, pair, desk)} <= seen
    assert {("conversations.listed", None), ("message.read", last["id"])} <= seen


async def test_a_read_that_cannot_be_logged_shows_nothing(house: House, ann: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Is it red?")
    await ada.ask("{ viewer { id } }")
    await staff.refuse_entries(house)
    answer = await ada.answer(staff.THREAD, id=thread, first=10)
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    assert "red" not in str(answer)
    assert (
        await ann.code(acts.SEND, input={"conversationId": thread, "body": "x", "clientMessageId": "k"}) == "INTERNAL"
    )
    assert await acts.bodies(ann, thread) == ["Is it red?"]


async def test_staff_close_and_reopen(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    async with bob.follow(staff.EVENTS, id=thread) as events:
        wish = {"conversationId": thread, "state": "CLOSED", "reason": "A quarrel"}
        closed = await ada.ask(staff.SET_STATE, input=wish)
        assert (closed["conversation"]["state"], closed["errors"]) == ("CLOSED", [])
        assert (await staff.heard(events))["conversation"]["state"] == "CLOSED"
        assert (await ada.ask(staff.SET_STATE, input=wish))["conversation"]["state"] == "CLOSED"
        fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k1"}
        assert await ann.code(acts.SEND, input=fields) == "CONVERSATION_CLOSED"
        opened = await ada.ask(staff.SET_STATE, input={"conversationId": thread, "state": "OPEN"})
        assert opened["conversation"]["state"] == "OPEN"
        assert (await staff.heard(events))["conversation"]["state"] == "OPEN"
    await acts.send(ann, thread, "Hello")
    done = [(e["action"], e["reason"]) for e in await staff.entries(ada) if e["action"].startswith("conversation.")]
    assert ("conversation.closed", "A quarrel") in done
    assert [action for action, _ in done].count("conversation.closed") == 1
    assert ("conversation.reopened", None) in done


async def test_what_staff_closed_its_subject_does_not_open_nor_the_other_way(
    ann: Person, ada: Person, host: Person, thread: str
) -> None:
    async def state() -> str:
        found = await ann.ask("query($id: ID!) { conversation(id: $id) { state } }", id=thread)
        return str(found["state"])

    opens = {"conversationId": thread, "state": "OPEN"}
    await acts.list_thing(host, state="CLOSED")
    assert await ada.code(staff.SET_STATE, input=opens) == "INVALID"
    await ada.ask(staff.SET_STATE, input={"conversationId": thread, "state": "CLOSED"})
    await acts.list_thing(host, state="ACTIVE")
    assert await state() == "CLOSED"
    await ada.ask(staff.SET_STATE, input=opens)
    assert await state() == "OPEN"


async def test_staff_remove_a_message(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    file = await upload(ann, "Rude things")
    message = await send_files(ann, thread, file["id"])
    sent = await acts.send(ann, thread, "Rude words", "k1")
    async with bob.follow(staff.EVENTS, id=thread) as events:
        payload: Any = None
        for removed in (message, sent["id"]):
            payload = await ada.ask(staff.REMOVE, input={"messageId": removed, "reason": "Rude"})
            assert payload["errors"] == []
            assert (payload["message"]["body"], payload["message"]["attachments"]) == (None, [])
            told = await staff.heard(events)
            assert told["__typename"] == "MessageUpdatedEvent"
            assert (told["message"]["id"], told["message"]["body"]) == (removed, None)
    again = await ada.ask(staff.REMOVE, input={"messageId": sent["id"], "reason": "Rude"})
    assert again["message"]["deletedAt"] == payload["message"]["deletedAt"]
    assert await acts.bodies(bob, thread) == [None, None]
    assert (await bob.http.get(file["url"])).status_code == 404
    assert (await bob.ask("{ viewer { unreadMessageCount } }"))["unreadMessageCount"] == 0
    assert (await acts.send(ann, thread, "Rude words", "k1"))["body"] is None
    done = [entry for entry in await staff.entries(ada) if entry["action"] == "message.removed"]
    assert [(entry["target"], entry["reason"]) for entry in done] == [(message, "Rude"), (sent["id"], "Rude")]


async def test_what_is_gone_is_gone_for_staff_too(ann: Person, ada: Person, host: Person, thread: str) -> None:
    await acts.send(ann, thread, "Rude words")
    delete = "mutation($i: DeleteSubjectInput!) { deleteSubject(input: $i) { deletedId errors { code } } }"
    await host.ask(delete, i={"kind": "listing", "externalId": "bike-1"})
    assert (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"] is None
    assert staff.ids_of((await ada.ask(staff.CONVERSATIONS, first=9))["conversations"]) == []
    assert await ada.code(staff.JOIN, input={"conversationId": thread}) == "NOT_FOUND"
    gone = [entry for entry in await staff.entries(ada) if entry["action"].endswith(".deleted")]
    assert [(entry["action"], entry["actor"]["externalId"]) for entry in gone] == [
        ("conversation.deleted", "market"),
        ("subject.deleted", "market"),
    ]
    assert gone[0]["target"] == thread


async def test_what_staff_do_is_told_at_once(make_house: OpenHouse) -> None:
    """By bells, where nobody looks behind them."""
    async with quiet_people(make_house) as people:
        ann, ada = people.ann, staff.staff_of(people)
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        sent = await acts.send(ann, thread, "Rude words")
        async with ann.follow(staff.EVENTS, id=thread) as events:
            await ada.ask(staff.JOIN, input={"conversationId": thread})
            assert (await staff.heard(events))["__typename"] == "ConversationUpdatedEvent"
            assert (await staff.heard(events))["__typename"] == "MessageAddedEvent"
            await ada.ask(staff.SET_STATE, input={"conversationId": thread, "state": "CLOSED"})
            assert (await staff.heard(events))["__typename"] == "ConversationUpdatedEvent"
            await ada.ask(staff.REMOVE, input={"messageId": sent["id"], "reason": "Rude"})
            assert (await staff.heard(events))["__typename"] == "MessageUpdatedEvent"


async def test_what_staff_are_given_must_make_sense(ada: Person, thread: str) -> None:
    for wish in ({"conversationId": "?"}, {"conversationId": await staff.user_id(ada)}):
        assert await ada.code(staff.JOIN, input=wish) == "NOT_FOUND"
        assert await ada.code(staff.SET_STATE, input={**wish, "state": "CLOSED"}) == "NOT_FOUND"
    assert await ada.code(staff.REMOVE, input={"messageId": thread, "reason": "Rude"}) == "NOT_FOUND"
    assert await ada.code(staff.REMOVE, input={"messageId": thread, "reason": ""}) == "INVALID"
    long = {"conversationId": thread, "state": "CLOSED", "reason": "x" * 1001}
    assert await ada.code(staff.SET_STATE, input=long) == "TOO_LONG"
    assert await ada.code(staff.CONVERSATIONS, first=101) == "BAD_USER_INPUT"
    assert await ada.code(staff.CONVERSATIONS, first=1, after="?") == "INVALID_CURSOR"
    assert await ada.code(staff.AUDIT_LOG, first=1, after="?") == "INVALID_CURSOR"
    assert (await ada.ask(staff.THREAD, id="?", first=1))["conversation"] is None
