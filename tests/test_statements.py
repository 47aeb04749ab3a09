"""How many SQL statements an operation takes over HTTP: a fixed number, the same for one row and for a hundred.

The numbers are written down here, so that a change of them is seen and meant.
"""

import asyncio
from typing import Any

from tests import acts, threads
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.searching import SEARCH
from tests.statements import Counted, counting, quiet_people
from tests.timelines import WITH

PAGE = """
query Page($id: ID!, $first: Int!) {
  conversation(id: $id) {
    id
    messages(first: $first) {
      edges {
        cursor
        node {
          id seq kind body status createdAt senderRole clientMessageId
          sender { id externalId name avatarUrl roles }
          attachments { id url }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
INBOX = """
query Inbox($first: Int!) {
  viewer { unreadMessageCount unreadConversationCount inboxCursor user { id name } }
  conversations(first: $first) {
    edges {
      cursor
      node {
        id state unreadCount lastMessageAt
        subject { id title url imageUrl owner { id name } }
        counterpart { role user { id name avatarUrl roles } }
        lastMessage { id body kind status sender { id name } }
        firstUnreadMessage { id }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


#: What a send writes, its entry in the audit log too. On PostgreSQL it is one statement, with the place as its one row.
ONE_BY_ONE = [
    ("update conversations", 1),
    ("insert messages", 1),
    ("insert events", 1),
    ("update participants", 1),
    ("insert audit_entries", 1),
]
TOGETHER = [("with asked", 1)]


async def count(person: Person, query: str, **variables: Any) -> tuple[Any, Counted]:
    """The answer to an operation and the statements that it took, after one that warmed everything up."""
    await person.ask(query, **variables)
    with counting(person.house) as counted:
        answer = await person.ask(query, **variables)
    return answer, counted


async def booking_of_many(people: People) -> str:
    """A conversation of fifty people, so that a page has many senders."""
    names = [f"guest-{number}" for number in range(48)]
    await acts.book(people.host, "booking-1", "ann", "bob", *names)
    return await acts.open_about(people.ann, "booking-1", kind="booking")


async def test_a_page_of_messages_takes_as_many_statements_for_one_as_for_a_hundred(make_house: OpenHouse) -> None:
    """With senders, roles, status and files: of one sender, and of fifty."""
    async with quiet_people(make_house) as people:
        thread = await booking_of_many(people)
        guests = [people.person(f"guest-{number}", "buyer") for number in range(48)]
        numbers = {}
        sent = 0
        for wanted in (1, 2, 50, 100):
            for number in range(sent, wanted):
                await acts.send([people.ann, people.bob, *guests][number % 50], thread, str(number))
            sent = wanted
            page, counted = await count(people.bob, PAGE, id=thread, first=wanted)
            assert len(page["messages"]["edges"]) == wanted
            numbers[wanted] = len(counted)
            senders = {edge["node"]["sender"]["id"] for edge in page["messages"]["edges"]}
            assert len(senders) == min(wanted, 50)
        assert numbers == dict.fromkeys((1, 2, 50, 100), 5)


async def test_a_part_of_a_long_thread_takes_as_many_statements_wherever_it_is(make_house: OpenHouse) -> None:
    """Forward, backward, after, before and around: a cursor costs one, a message to centre on costs one."""
    async with quiet_people(make_house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        sent = await threads.fill(people.ann, thread, 60)
        numbers = {}
        for name, choice in (
            ("front", {"first": 20}),
            ("back", {"last": 20}),
            ("after", {"first": 20, "after": sent[30]["cursor"]}),
            ("before", {"last": 20, "before": sent[30]["cursor"]}),
            ("around", {"first": 20, "around": sent[30]["id"]}),
            ("empty", {"first": 20, "after": sent[59]["cursor"]}),
        ):
            _, counted = await count(people.bob, acts.MESSAGES, id=thread, **choice)
            numbers[name] = len(counted)
        assert numbers == {"front": 4, "back": 4, "after": 5, "before": 5, "around": 5, "empty": 2}


async def test_a_history_with_a_person_takes_as_many_statements_however_many_threads_it_has(
    make_house: OpenHouse,
) -> None:
    """A page costs one, its conversations and its senders one each; a cursor two, and what is beside the page one."""
    async with quiet_people(make_house) as people:
        ann, bob = people.ann, people.bob
        other = (await bob.ask("{ viewer { user { id } } }"))["user"]["id"]
        sent: list[Any] = []
        for wanted in (1, 2, 20):
            for number in range(len(sent), wanted):
                await acts.list_thing(people.host, f"bike-{number}")
                sent.append(await acts.send(ann, await acts.open_about(ann, f"bike-{number}"), "Hello"))
            page, counted = await count(ann, WITH, userId=other, first=wanted)
            assert len(page["edges"]) == wanted
            assert len(counted) == 3, counted.texts
        page, counted = await count(ann, WITH, userId=other, first=5, after=sent[7]["cursor"])
        assert len(page["edges"]) == 5
        assert len(counted) == 6, counted.texts


async def test_a_search_takes_as_many_statements_however_much_it_finds(make_house: OpenHouse) -> None:
    """One for what is found, one for the messages, one for their conversations; a cursor one for what is beside.

    Before them comes a look whether there are words to be saved first.
    """
    async with quiet_people(make_house) as people:
        ann = people.ann
        for wanted in (1, 2, 20):
            for number in range(wanted):
                await acts.list_thing(people.host, f"bike-{number}")
                await acts.send(ann, await acts.open_about(ann, f"bike-{number}"), f"Hello {wanted}")
            await people.house.palaver.indexer.index_some()
            page, counted = await count(ann, SEARCH, text=f"hello {wanted}", first=wanted)
            assert len(page["edges"]) == wanted
            assert len(counted) == 4, counted.texts
        page, counted = await count(ann, SEARCH, text="hello 20", first=5, after=page["edges"][7]["cursor"])
        assert len(page["edges"]) == 5
        assert len(counted) == 5, counted.texts
        page, counted = await count(ann, SEARCH, text="?!")
        assert len(counted) == 1, counted.texts


async def test_an_inbox_takes_as_many_statements_for_one_as_for_a_hundred(make_house: OpenHouse) -> None:
    """With counterpart, last message, its sender and status, first unread message, unread count and subject.

    People are read with their last words, and those who did not have the last word all at once.
    """
    async with quiet_people(make_house) as people:
        numbers = {}
        opened: list[str] = []
        for wanted in (1, 2, 20, 100):
            for number in range(len(opened), wanted):
                await acts.list_thing(people.host, f"bike-{number}")
                buyer = people.person(f"buyer-{number}", "buyer", name=f"Buyer {number}")
                first = {"body": f"Hello {number}", "clientMessageId": "k1"}
                opened.append(await acts.open_about(buyer, f"bike-{number}", firstMessage=first))
            answer, counted = await count(people.bob, INBOX, first=wanted)
            assert len(answer["conversations"]["edges"]) == answer["viewer"]["unreadMessageCount"] == wanted
            numbers[wanted] = len(counted)
        assert numbers == dict.fromkeys((1, 2, 20, 100), 9)
        for thread in opened[::3]:
            await acts.send(people.bob, thread, "Yes?")
        for wanted in (40, 70, 100):  # his 34 answers come first
            answer, counted = await count(people.bob, INBOX, first=wanted)
            assert len(answer["conversations"]["edges"]) == wanted
            assert answer["viewer"]["unreadConversationCount"] == 66
            assert len(counted) == 10, counted.texts


async def test_a_counterpart_is_read_alone_where_nobody_asks_for_everybody(make_house: OpenHouse) -> None:
    """By itself it is one row for each conversation, and not two; else it takes no statement of its own."""
    async with quiet_people(make_house) as people:
        await acts.list_thing(people.host)
        await acts.open_about(people.ann, firstMessage={"body": "Hello", "clientMessageId": "k1"})
        for beside in ("participants { role }", "viewerParticipant { role }", "lastMessage { status }"):
            fewest = None
            for fields in (beside, f"{beside} counterpart {{ role }}", f"counterpart {{ role }} {beside}"):
                query = f"{{ conversations(first: 5) {{ edges {{ node {{ {fields} }} }} }} }}"
                answer, counted = await count(people.bob, query)
                fewest = fewest or len(counted)
                assert len(counted) == fewest, counted.texts
                assert answer["edges"][0]["node"].get("counterpart", {"role": "buyer"}) == {"role": "buyer"}
        answer, counted = await count(
            people.bob, "{ conversations(first: 5) { edges { node { counterpart { role } } } } }"
        )
        assert answer["edges"][0]["node"]["counterpart"] == {"role": "buyer"}
        assert "participants.user_id !=" in counted.texts[-1]


async def test_people_of_several_parts_of_an_answer_are_read_in_one_statement(make_house: OpenHouse) -> None:
    """The other person of each conversation, and who wrote last in it: by themselves too."""
    async with quiet_people(make_house) as people:
        for number in range(3):
            await acts.list_thing(people.host, f"bike-{number}")
            thread = await acts.open_about(people.ann, f"bike-{number}")
            await acts.send((people.ann, people.bob)[number % 2], thread, "Hello")
        other, last = "counterpart { user { name } }", "lastMessage { sender { name } }"
        for fields in (other, last, f"{other} {last}", f"{last} {other}"):
            query = f"{{ conversations(first: 5) {{ edges {{ node {{ {fields} }} }} }} }}"
            answer, counted = await count(people.bob, query)
            assert len(answer["edges"]) == 3
            asked = [text for text in counted.texts if "users" in text]
            assert len(asked) == 1, asked


async def test_acts_take_a_fixed_number_of_statements(make_house: OpenHouse) -> None:
    """However long the thread is: sending, a repeat, and marks; one row is written for each thing that happened."""
    async with quiet_people(make_house) as people:
        ann, bob = people.ann, people.bob
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        await threads.look(bob, thread, "id")
        for length in (1, 50):
            await asyncio.gather(*(acts.send(ann, thread, str(number)) for number in range(length)))
            with counting(people.house) as sending:
                await acts.send(ann, thread, "Hello", f"k{length}")
            with counting(people.house) as repeating:
                await acts.send(ann, thread, "Hello", f"k{length}")
            with counting(people.house) as reading:
                await acts.read(bob, thread)
            with counting(people.house) as reading_again:
                await acts.read(bob, thread)
            is_sqlite = people.house.palaver.database.is_sqlite
            assert sending.writes == (ONE_BY_ONE if is_sqlite else TOGETHER)
            assert repeating.writes == []
            assert reading.writes == [("update participants", 1)]
            assert reading_again.writes == [("update participants", 0)]
            # One statement reads all that sending has to know; a repeat, which is rare, reads what was sent by another.
            most = [3 + len(ONE_BY_ONE if is_sqlite else TOGETHER), 4 if is_sqlite else 3]
            assert [len(counted) for counted in (sending, repeating, reading, reading_again)] == [*most, 6, 6]
