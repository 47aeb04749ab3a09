"""A course's chat: participants write to their teacher, see who types and who is online, and read back to the start."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.acts import book, key
from tests.client import People, Person, Stream
from tests.conftest import OpenHouse
from tests.house import House

TEACHERS = """
query Teachers { users(first: 20, filter: {role: "teacher"}) { edges { node { id name presence { status } } } } }
"""
ASK_TEACHER = """
mutation AskTeacher($teacher: ID!) {
  openConversation(input: {userId: $teacher}) { conversation { id cursor counterpart { role } } errors { code } }
}
"""
OPEN_GROUP = """
mutation OpenGroup($group: ID!) {
  openConversation(input: {subject: {kind: "group", externalId: $group}}) {
    conversation { id counterpart { role } participants { role } }
    errors { code }
  }
}
"""
SAY = """
mutation Say($chat: ID!, $text: String!, $key: String!) {
  sendMessage(input: {conversationId: $chat, body: $text, clientMessageId: $key}) {
    messageEdge { cursor node { id seq } }
    errors { code }
  }
}
"""
HISTORY = """
query History($chat: ID!, $first: Int, $after: String, $last: Int, $before: String, $around: ID) {
  conversation(id: $chat) {
    unreadCount
    firstUnreadMessage { id seq }
    messages(first: $first, after: $after, last: $last, before: $before, around: $around) {
      edges { cursor node { seq body } }
      pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
    }
  }
}
"""
TYPE = """
mutation Type($chat: ID!, $typing: Boolean!) {
  setTyping(input: {conversationId: $chat, isTyping: $typing}) { errors { code } }
}
"""
READ = """
mutation Read($chat: ID!, $upTo: ID) {
  markRead(input: {conversationId: $chat, upToMessageId: $upTo}) { errors { code } }
}
"""
WHO_TYPES = "subscription WhoTypes($chat: ID!) { typing(conversationId: $chat) { user { name } isTyping } }"
WHO_IS_HERE = """
subscription WhoIsHere($users: [ID!]!) { presence(userIds: $users) { user { name } presence { status lastSeenAt } } }
"""
LISTEN = """
subscription Listen($chat: ID!, $after: String) {
  messageAdded(conversationId: $chat, after: $after) { cursor isReplay message { seq body } }
}
"""
RECEIPTS = """
subscription Receipts($chat: ID!) {
  conversationEvents(conversationId: $chat) { ... on ReceiptEvent { participant { user { externalId } lastReadSeq } } }
}
"""
STATUS = "query Status($id: ID!) { node(id: $id) { ... on Message { status } } }"


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server whose directory lists teachers."""
    async with make_house(directory_roles=["teacher"], presence_seconds=30) as running:
        yield running


@pytest.fixture
def ann(people: People) -> Person:
    """A student of the course."""
    return people.person("ann", "student", name="Ann")


@pytest.fixture
async def bob(people: People) -> Person:
    """The teacher, who has signed in."""
    bob = people.person("bob", "teacher", name="Bob")
    await bob.ask("{ viewer { id } }")
    return bob


@pytest.fixture
def eve(people: People) -> Person:
    """Another student of the course."""
    return people.person("eve", "student", name="Eve")


async def ask_teacher(student: Person) -> dict[str, Any]:
    """A student's chat with the teacher."""
    [edge] = (await student.ask(TEACHERS))["edges"]
    payload = await student.ask(ASK_TEACHER, teacher=edge["node"]["id"])
    assert payload["errors"] == [], payload
    chat: dict[str, Any] = payload["conversation"]
    return chat


async def say(person: Person, chat_id: str, *texts: str) -> list[dict[str, Any]]:
    """Send one after the other: the edges."""
    payloads = [await person.ask(SAY, chat=chat_id, text=text, key=key()) for text in texts]
    assert [payload["errors"] for payload in payloads] == [[]] * len(texts)
    return [payload["messageEdge"] for payload in payloads]


async def history(person: Person, chat_id: str, **page: Any) -> tuple[list[int], dict[str, Any]]:
    """A page of the chat: the numbers of its messages, and where it stands."""
    messages = (await person.ask(HISTORY, chat=chat_id, **page))["messages"]
    return [edge["node"]["seq"] for edge in messages["edges"]], messages["pageInfo"]


async def test_students_find_their_teacher_and_each_has_a_chat_of_their_own(
    ann: Person, bob: Person, eve: Person
) -> None:
    await eve.ask("{ viewer { id } }")
    [edge] = (await ann.ask(TEACHERS))["edges"]
    assert (edge["node"]["name"], edge["node"]["presence"]) == ("Bob", None)
    anns, eves = await ask_teacher(ann), await ask_teacher(eve)
    assert anns["id"] != eves["id"]
    assert anns["counterpart"] == {"role": "teacher"}
    assert (await ann.ask(TEACHERS))["edges"][0]["node"]["presence"] == {"status": "OFFLINE"}


async def test_typing_is_shown_to_the_other_until_the_message_is_there(ann: Person, bob: Person) -> None:
    chat = (await ask_teacher(ann))["id"]
    typing_now = "query TypingNow($chat: ID!) { conversation(id: $chat) { typing { name } } }"
    async with ann.follow(WHO_TYPES, chat=chat) as shown:
        await bob.ask(TYPE, chat=chat, typing=True)
        assert await shown.next() == {"user": {"name": "Bob"}, "isTyping": True}
        assert await ann.ask(typing_now, chat=chat) == {"typing": [{"name": "Bob"}]}
        assert await bob.ask(typing_now, chat=chat) == {"typing": []}, "nobody is told of their own typing"
        await say(bob, chat, "Chapter three, please.")
        assert await shown.next() == {"user": {"name": "Bob"}, "isTyping": False}
    assert await ann.ask(typing_now, chat=chat) == {"typing": []}


async def test_the_teacher_is_shown_online_while_a_device_is_connected(ann: Person, bob: Person) -> None:
    await ask_teacher(ann)
    teacher = (await bob.ask("{ viewer { user { id } } }"))["user"]["id"]
    async with ann.follow(WHO_IS_HERE, users=[teacher]) as shown:
        assert (await shown.next())["presence"] == {"status": "OFFLINE", "lastSeenAt": None}
        async with bob.connect(), bob.connect():
            assert (await shown.next())["presence"]["status"] == "ONLINE"
        gone = await shown.next()
    assert gone["user"] == {"name": "Bob"}
    assert gone["presence"]["status"] == "OFFLINE"
    assert gone["presence"]["lastSeenAt"] is not None


async def test_a_message_to_the_group_is_read_when_all_have_read_it(
    ann: Person, bob: Person, eve: Person, host: Person
) -> None:
    """Bob sees the marks of each move; the message counts as read with the last of them."""
    parties = [{"userExternalId": one.sub, "role": "teacher" if one is bob else "student"} for one in (bob, ann, eve)]
    await book(host, "algebra", kind="group", title="Algebra", parties=parties)
    group = (await bob.ask(OPEN_GROUP, group="algebra"))["conversation"]
    assert group["counterpart"] is None, "the group has no one other person"
    assert [one["role"] for one in group["participants"]] == ["teacher", "student", "student"]
    [edge] = await say(bob, group["id"], "Exercise five until Monday.")
    async with bob.follow(RECEIPTS, chat=group["id"]) as receipts:
        await _until_read(receipts, {"ann": 0, "bob": 1, "eve": 0})
        await ann.ask(READ, chat=group["id"])
        await _until_read(receipts, {"ann": 1})
        assert await bob.ask(STATUS, id=edge["node"]["id"]) == {"status": "SENT"}
        await eve.ask(READ, chat=group["id"])
        await _until_read(receipts, {"eve": 1})
    assert await bob.ask(STATUS, id=edge["node"]["id"]) == {"status": "READ"}


async def _until_read(receipts: Stream, wanted: dict[str, int]) -> None:
    """Follow until everybody named has read as far as is wanted."""
    seen: dict[str, int] = {}
    while {name: seen.get(name) for name in wanted} != wanted:
        participant = (await receipts.next())["participant"]
        seen[participant["user"]["externalId"]] = participant["lastReadSeq"]


async def test_history_is_the_same_from_both_ends_and_opens_at_the_first_unread(ann: Person, bob: Person) -> None:
    chat = (await ask_teacher(ann))["id"]
    said = await say(bob, chat, *(f"Lesson {number}" for number in range(1, 24)))
    everything = list(range(1, 24))

    forward, position = await history(ann, chat, first=10)
    assert (position["hasPreviousPage"], position["hasNextPage"]) == (False, True)
    while position["hasNextPage"]:
        page, position = await history(ann, chat, first=10, after=position["endCursor"])
        assert position["hasPreviousPage"] is True
        forward += page
    assert forward == everything

    backward, position = await history(ann, chat, last=10)
    while position["hasPreviousPage"]:
        page, position = await history(ann, chat, last=10, before=position["startCursor"])
        assert position["hasNextPage"] is True
        backward = page + backward
    assert backward == everything

    await ann.ask(READ, chat=chat, upTo=said[11]["node"]["id"])
    opened = await ann.ask(HISTORY, chat=chat, last=1)
    assert (opened["unreadCount"], opened["firstUnreadMessage"]["seq"]) == (11, 13)
    page, position = await history(ann, chat, first=6, around=opened["firstUnreadMessage"]["id"])
    assert page == [10, 11, 12, 13, 14, 15]
    assert (position["hasPreviousPage"], position["hasNextPage"]) == (True, True)
    assert (await history(ann, chat, last=3, before=position["startCursor"]))[0] == [7, 8, 9]
    assert (await history(ann, chat, first=3, after=position["endCursor"]))[0] == [16, 17, 18]


async def test_a_student_who_was_offline_gets_what_was_missed_once_and_in_order(ann: Person, bob: Person) -> None:
    """On the train the connection goes; the newest cursor that was seen brings the rest."""
    chat = await ask_teacher(ann)
    await say(bob, chat["id"], "Welcome!")
    async with ann.follow(LISTEN, chat=chat["id"], after=chat["cursor"]) as listening:
        last = await listening.next()
    await say(bob, chat["id"], "Page 12.", "No, page 13.")
    async with ann.follow(LISTEN, chat=chat["id"], after=last["cursor"]) as listening:
        missed = await listening.take(2)
        await say(bob, chat["id"], "See you tomorrow.")
        live = await listening.next()
    assert [(event["message"]["seq"], event["isReplay"]) for event in missed] == [(2, True), (3, True)]
    assert (live["message"], live["isReplay"]) == ({"seq": 4, "body": "See you tomorrow."}, False)
    newest = await ann.ask(HISTORY, chat=chat["id"], last=1)
    assert newest["messages"]["edges"][0]["cursor"] == live["cursor"], "a page goes on where the stream was"


async def test_somebody_from_another_course_neither_hears_nor_sees_anybody(
    ann: Person, bob: Person, cy: Person
) -> None:
    """Cy finds the teacher in the list; that tells him nothing of Ann, her chat, or whether the teacher is there."""
    chat = await ask_teacher(ann)
    [edge] = await say(ann, chat["id"], "Is there homework?")
    [listed] = (await cy.ask(TEACHERS))["edges"]
    assert listed["node"]["presence"] is None
    assert await cy.ask(HISTORY, chat=chat["id"], last=20, before=edge["cursor"]) is None
    assert await cy.ask(STATUS, id=edge["node"]["id"]) is None
    assert await cy.code(TYPE, chat=chat["id"], typing=True) == "NOT_FOUND"
    assert await cy.code(READ, chat=chat["id"]) == "NOT_FOUND"
    async with cy.connect() as line:
        for query, variables in (
            (WHO_TYPES, {"chat": chat["id"]}),
            (WHO_IS_HERE, {"users": [listed["node"]["id"]]}),
            (RECEIPTS, {"chat": chat["id"]}),
            (LISTEN, {"chat": chat["id"], "after": edge["cursor"]}),
        ):
            assert await (await line.subscribe(query, **variables)).ended() == "NOT_FOUND"
    own = await ask_teacher(cy)
    await say(cy, own["id"], "Hello.")
    assert await cy.code(HISTORY, chat=own["id"], first=20, after=edge["cursor"]) == "INVALID_CURSOR"
