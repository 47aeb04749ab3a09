"""Staff in conversations: they join and leave, for all to see."""

import pytest

from tests import acts, staff
from tests.client import People, Person

INBOX = """
subscription($after: String) {
  inbox(after: $after) { __typename ... on ConversationRemovedEvent { conversationId } }
}
"""


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_joining_is_seen_by_everybody(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Is it red?")
    async with ann.follow(staff.EVENTS, id=thread) as events, bob.follow(INBOX) as inbox:
        joined = await ada.ask(staff.JOIN, input={"conversationId": thread})
        assert joined["errors"] == []
        assert [member["role"] for member in joined["conversation"]["participants"]] == ["seller", "buyer", "staff"]
        updated, said = await staff.heard(events), await staff.heard(events)
        assert updated["__typename"] == "ConversationUpdatedEvent"
        assert said["message"]["kind"] == "SYSTEM"
        assert said["message"]["body"] == "Ada (staff) has joined the conversation."
        told = [await staff.heard(inbox), await staff.heard(inbox)]
        assert [event["__typename"] for event in told] == ["ConversationUpdatedEvent", "MessageAddedEvent"]
    look = await ann.ask("query($id: ID!) { conversation(id: $id) { counterpart { user { name } } } }", id=thread)
    assert look["counterpart"]["user"]["name"] == "Bob"
    assert await acts.bodies(ada, thread) == ["Is it red?", "Ada (staff) has joined the conversation."]
    again = await ada.ask(staff.JOIN, input={"conversationId": thread})
    assert again["conversation"]["lastMessage"] == joined["conversation"]["lastMessage"]
    done = [entry[1] for entry in await staff.told(ada) if entry[0] == "ada"]
    assert done.count("conversation.joined") == 1
    await acts.send(ada, thread, "How can I help?")


async def test_who_joined_is_not_waited_for(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    """A message is read when the two have read it, whatever staff have."""
    await ada.ask(staff.JOIN, input={"conversationId": thread})
    await acts.send(ann, thread, "Is it red?")
    await acts.read(bob, thread)
    page = await ann.ask(acts.MESSAGES, id=thread, last=1)
    assert page["messages"]["edges"][0]["node"]["status"] == "READ"


async def test_a_party_who_left_comes_back_as_staff(people: People, ann: Person, ada: Person, host: Person) -> None:
    """And is no party any more: the two who are left are each other's counterparts again."""
    await ada.ask("{ viewer { id } }")
    await acts.book(host, "booking-1", "ann", "bob", "ada")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    await acts.book(host, "booking-1", "ann", "bob")
    joined = await ada.ask(staff.JOIN, input={"conversationId": booking})
    roles = {member["user"]["externalId"]: member["role"] for member in joined["conversation"]["participants"]}
    assert roles["ada"] == "staff"
    look = await ann.ask("query($id: ID!) { conversation(id: $id) { counterpart { role } } }", id=booking)
    assert look["counterpart"] is not None
    await acts.book(host, "booking-1", "ann", "bob", title="Another haircut")
    assert await ada.ask("query($id: ID!) { conversation(id: $id) { id } }", id=booking) is not None


async def test_staff_leave_what_they_joined_for_all_to_see(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    await staff.join(ada, thread)
    hers = ada.follow(staff.EVENTS, id=thread)
    async with ann.follow(staff.EVENTS, id=thread) as events, hers as her_events, ada.follow(INBOX) as inbox:
        payload = await ada.ask(staff.LEAVE, input={"conversationId": thread})
        assert payload["errors"] == []
        assert [member["role"] for member in payload["conversation"]["participants"]] == ["seller", "buyer"]
        updated, said = await staff.heard(events), await staff.heard(events)
        assert updated["__typename"] == "ConversationUpdatedEvent"
        assert said["message"]["body"] == "Ada (staff) has left the conversation."
        assert await her_events.ended() == "NOT_FOUND"
        assert await staff.heard(inbox) == {"__typename": "ConversationRemovedEvent", "conversationId": thread}
    assert not await staff.is_member(ada, thread)
    fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k1"}
    assert await ada.code(acts.SEND, input=fields) == "NOT_FOUND"
    again = await ada.ask(staff.LEAVE, input={"conversationId": thread})
    assert again["conversation"]["lastMessage"] == payload["conversation"]["lastMessage"]
    assert await staff.departures(ada) == [("ada", thread, None)]
    await staff.join(ada, thread)
    assert await staff.is_member(ada, thread)
    assert await staff.roles_in(bob, thread) == ["seller", "buyer", "staff"]


async def test_only_staff_leave_and_only_what_they_joined(
    ann: Person, cy: Person, host: Person, ada: Person, thread: str
) -> None:
    for person in (ann, cy, host):
        assert await person.code(staff.LEAVE, input={"conversationId": thread}) == "FORBIDDEN"
    assert await staff.roles_in(ann, thread) == ["seller", "buyer"]
    await acts.list_thing(host, "desk-1", title="A desk", owner={"userExternalId": "ada", "role": "seller"})
    own = await acts.open_about(cy, "desk-1")
    refused = await ada.ask(staff.LEAVE, input={"conversationId": own})
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("FORBIDDEN", ["input", "conversationId"])
    ]
    assert await staff.is_member(ada, own)
    for wrong in ("?", (await ada.ask("{ viewer { user { id } } }"))["user"]["id"]):
        assert await ada.code(staff.LEAVE, input={"conversationId": wrong}) == "NOT_FOUND"
