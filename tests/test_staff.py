"""Staff: they see everything through `admin` and nothing otherwise, and whatever they see or do is in the log first."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from core.ids import key_of
from tests import acts, staff
from tests.access.world import open_with, send_files, upload
from tests.client import People, Person, Stream
from tests.conftest import OpenHouse
from tests.house import House
from tests.statements import quiet_people
from tests.test_reports import report

NODE = "query($id: ID!) { node(id: $id) { id } }"
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


def ids_of(connection: Any) -> list[str]:
    """The ids on a page."""
    return [edge["node"]["id"] for edge in connection["edges"]]


async def user_id(person: Person) -> str:
    """Somebody's id."""
    found: str = (await person.ask("{ viewer { user { id } } }"))["user"]["id"]
    return found


async def heard(stream: Stream) -> Any:
    """The next event that is no mark: those come when the server has stored what it delivered."""
    event = await stream.next()
    while event["__typename"] == "ReceiptEvent":
        event = await stream.next()
    return event


async def refuse_entries(house: House) -> None:
    """A trigger plays the database that cannot take an entry."""
    refusing = (
        ["create trigger full before insert on audit_entries begin select raise(abort, 'full'); end"]
        if house.palaver.database.is_sqlite
        else [
            "create function full_() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$",
            'create trigger "full" before insert on audit_entries for each row execute function full_()',
        ]
    )
    await run_all(house, refusing)


async def run_all(house: House, statements: Sequence[str]) -> None:
    """What somebody does who has the database."""
    async with house.palaver.work.begin() as unit:
        for statement in statements:
            await unit.db.run(text(statement))


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
    assert ids_of(found["admin"]["conversation"]["messages"]) == [sent["id"]]
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
        return ids_of((await ada.ask(staff.CONVERSATIONS, **{"first": 10, **wanted}))["conversations"])

    assert await listed() == [bike, pair, desk]
    assert await listed(filter={"subjectKind": "listing"}) == [bike, desk]
    assert await listed(filter={"query": "DESK"}) == [desk]
    assert await listed(filter={"query": "ann"}) == [bike, pair]
    assert await listed(participantId=await user_id(cy)) == [desk]
    assert await listed(participantId=await user_id(bob)) == [bike, pair, desk]
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
    await refuse_entries(house)
    answer = await ada.answer(staff.THREAD, id=thread, first=10)
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    assert "red" not in str(answer)
    assert (
        await ann.code(acts.SEND, input={"conversationId": thread, "body": "x", "clientMessageId": "k"}) == "INTERNAL"
    )
    assert await acts.bodies(ann, thread) == ["Is it red?"]


async def test_joining_is_seen_by_everybody(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Is it red?")
    async with ann.follow(EVENTS, id=thread) as events, bob.follow(INBOX) as inbox:
        joined = await ada.ask(staff.JOIN, input={"conversationId": thread})
        assert joined["errors"] == []
        assert [member["role"] for member in joined["conversation"]["participants"]] == ["seller", "buyer", "staff"]
        updated, said = await heard(events), await heard(events)
        assert updated["__typename"] == "ConversationUpdatedEvent"
        assert said["message"]["kind"] == "SYSTEM"
        assert said["message"]["body"] == "Ada (staff) has joined the conversation."
        told = [await heard(inbox), await heard(inbox)]
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


async def test_staff_close_and_reopen(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    async with bob.follow(EVENTS, id=thread) as events:
        wish = {"conversationId": thread, "state": "CLOSED", "reason": "A quarrel"}
        closed = await ada.ask(staff.SET_STATE, input=wish)
        assert (closed["conversation"]["state"], closed["errors"]) == ("CLOSED", [])
        assert (await heard(events))["conversation"]["state"] == "CLOSED"
        assert (await ada.ask(staff.SET_STATE, input=wish))["conversation"]["state"] == "CLOSED"
        fields = {"conversationId": thread, "body": "Hello", "clientMessageId": "k1"}
        assert await ann.code(acts.SEND, input=fields) == "CONVERSATION_CLOSED"
        opened = await ada.ask(staff.SET_STATE, input={"conversationId": thread, "state": "OPEN"})
        assert opened["conversation"]["state"] == "OPEN"
        assert (await heard(events))["conversation"]["state"] == "OPEN"
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
    async with bob.follow(EVENTS, id=thread) as events:
        payload: Any = None
        for removed in (message, sent["id"]):
            payload = await ada.ask(staff.REMOVE, input={"messageId": removed, "reason": "Rude"})
            assert payload["errors"] == []
            assert (payload["message"]["body"], payload["message"]["attachments"]) == (None, [])
            told = await heard(events)
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


async def test_staff_take_a_file_by_the_address_that_admin_gives(ann: Person, ada: Person, thread: str) -> None:
    """That they did is in the log; nobody makes an address of staff's of their own, and what was taken back is gone."""
    file = await upload(ann, "My offer")
    message = await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    (shown,) = edge["node"]["attachments"]
    found = await ada.http.get(shown["url"])
    assert (found.status_code, found.text) == (200, "My offer")
    assert ("ada", "attachment.read", file["id"]) in await staff.told(ada)
    assert (await ada.http.get(shown["url"].replace("staff-", ""))).status_code == 404
    holder = str(key_of(await user_id(ann), "User"))
    assert (await ada.http.get(file["url"].replace(holder, f"staff-{holder}"))).status_code == 404
    await ada.ask(staff.REMOVE, input={"messageId": message, "reason": "Rude"})
    assert (await ada.http.get(shown["url"])).status_code == 404


async def test_one_look_at_a_file_is_one_entry_however_it_is_taken(ann: Person, ada: Person, thread: str) -> None:
    """A player asks for many ranges, some of them at once; another address of the file is another look."""
    file = await upload(ann, "My offer")
    await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    url = edge["node"]["attachments"][0]["url"]
    ranges = [{"Range": f"bytes={place}-{place}"} for place in range(8)]
    parts = await asyncio.gather(*(ada.http.get(url, headers=one) for one in ranges * 5))
    assert {(part.status_code, part.text) for part in parts} == {(206, letter) for letter in "My offer"}
    assert (await ada.http.get(url, headers={"If-None-Match": "*"})).status_code == 304
    assert [what for _, what, _ in await staff.told(ada)].count("attachment.read") == 1


async def test_a_file_whose_taking_cannot_be_logged_stays_where_it_is(
    house: House, ann: Person, ada: Person, thread: str
) -> None:
    """Whoever comes later, when the log takes entries again, has it."""
    file = await upload(ann, "My offer")
    await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    url = edge["node"]["attachments"][0]["url"]
    await refuse_entries(house)
    tries = await asyncio.gather(*(ada.http.get(url) for _ in range(3)), ada.http.get(url))
    assert [(one.status_code, "offer" in one.text) for one in tries] == [(500, False)] * 4
    where = "" if house.palaver.database.is_sqlite else " on audit_entries"
    await run_all(house, [f'drop trigger "full"{where}'])
    assert (await ada.http.get(url)).text == "My offer"
    assert [what for _, what, _ in await staff.told(ada)].count("attachment.read") == 1


async def test_reports_wait_for_staff_open_ones_first(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    """With the words as they were, whatever became of the message; and the message, which only staff see there."""
    sent = [await acts.send(ann, thread, f"Rude words {number}") for number in range(3)]
    made = [(await report(bob, message["id"], note="Look!"))["id"] for message in sent]

    async def queue(**page: Any) -> list[str]:
        return ids_of((await ada.ask(staff.REPORTS, **page))["reports"])

    await ada.ask(staff.REMOVE, input={"messageId": sent[0]["id"], "reason": "Rude"})
    (first, *_) = (await ada.ask(staff.REPORTS, first=1))["reports"]["edges"]
    assert first["node"] == {
        "id": made[0],
        "messageBody": "Rude words 0",
        "note": "Look!",
        "reason": "SCAM",
        "resolvedAt": None,
        "reporter": {"externalId": "bob"},
        "message": {"id": sent[0]["id"], "body": None, "conversation": {"id": thread}},
    }
    done = await ada.ask(staff.RESOLVE, input={"reportId": made[0], "note": "It is gone"})
    assert done["errors"] == []
    assert done["report"]["resolvedAt"] is not None
    assert await ada.ask(staff.RESOLVE, input={"reportId": made[0], "note": "Again"}) == done
    assert await queue(first=10) == [made[1], made[2], made[0]]
    page = (await ada.ask(staff.REPORTS, first=2))["reports"]
    assert page["pageInfo"]["hasNextPage"]
    assert await queue(first=2, after=page["pageInfo"]["endCursor"]) == [made[0]]
    assert await queue(last=1, before=page["pageInfo"]["endCursor"]) == [made[1]]
    seen = [(entry["action"], entry["target"], entry["reason"]) for entry in await staff.entries(ada)]
    assert seen.count(("report.resolved", made[0], "It is gone")) == 1
    assert [action for action, *_ in seen].count("report.resolved") == 1
    assert {("reports.listed", None, None), *(("report.read", key, None) for key in made)} <= {*seen}


async def test_a_message_that_a_report_shows_is_in_the_log(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    """Once for each look, by the queue and by what resolving answers; not when only the report is asked for."""
    sent = await acts.send(ann, thread, "Rude words")
    made = await report(bob, sent["id"])

    async def reads() -> int:
        return (await staff.told(ada)).count(("ada", "message.read", sent["id"]))

    await ada.ask("{ admin { reports(first: 5) { edges { node { messageBody message { __typename } } } } } }")
    before = await reads()
    await ada.ask("{ admin { reports(first: 5) { edges { node { id messageBody } } } } }")
    assert await reads() == before
    await ada.ask(staff.REPORTS, first=5)
    assert await reads() == before + 1
    await ada.ask(staff.RESOLVE, input={"reportId": made["id"]})
    assert await reads() == before + 2


async def test_reports_are_staffs_alone(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Rude words")
    made = await report(bob, sent["id"])
    for person in (ann, bob, cy, host):
        assert await person.code(staff.REPORTS, first=1) == "FORBIDDEN"
        assert await person.code(staff.RESOLVE, input={"reportId": made["id"]}) == "FORBIDDEN"


async def test_what_is_gone_is_gone_for_staff_too(ann: Person, ada: Person, host: Person, thread: str) -> None:
    await acts.send(ann, thread, "Rude words")
    delete = "mutation($i: DeleteSubjectInput!) { deleteSubject(input: $i) { deletedId errors { code } } }"
    await host.ask(delete, i={"kind": "listing", "externalId": "bike-1"})
    assert (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"] is None
    assert ids_of((await ada.ask(staff.CONVERSATIONS, first=9))["conversations"]) == []
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
        async with ann.follow(EVENTS, id=thread) as events:
            await ada.ask(staff.JOIN, input={"conversationId": thread})
            assert (await heard(events))["__typename"] == "ConversationUpdatedEvent"
            assert (await heard(events))["__typename"] == "MessageAddedEvent"
            await ada.ask(staff.SET_STATE, input={"conversationId": thread, "state": "CLOSED"})
            assert (await heard(events))["__typename"] == "ConversationUpdatedEvent"
            await ada.ask(staff.REMOVE, input={"messageId": sent["id"], "reason": "Rude"})
            assert (await heard(events))["__typename"] == "MessageUpdatedEvent"


async def test_what_staff_are_given_must_make_sense(ada: Person, thread: str) -> None:
    for wish in ({"conversationId": "?"}, {"conversationId": await user_id(ada)}):
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


EVENTS = """
subscription($id: ID!) {
  conversationEvents(conversationId: $id) {
    __typename
    ... on MessageAddedEvent { message { kind body } }
    ... on MessageUpdatedEvent { message { id body } }
    ... on ConversationUpdatedEvent { conversation { state } }
  }
}
"""
INBOX = "subscription { inbox { __typename } }"
