"""How the database finds what is read: by an index, and no more of it than is wanted, however much is stored.

A page of a thread must not read the thread, the inbox of one person not everybody's conversations, and a look at the
log not the log.
"""

import re
from collections.abc import Iterable

import pytest

from bench.market.palaver import fill_palaver
from bench.market.rows import Size, make_market
from core.clock import now_ms
from db.events import find_after
from db.inbox import inbox_of
from tests import acts, changing, staff, threads
from tests.client import People
from tests.conftest import OpenHouse
from tests.explaining import SORT, Access, explain
from tests.house import House
from tests.legs import Home
from tests.searching import SEARCH
from tests.statements import counting, quiet_people
from tests.test_change_statements import PAGE as CHANGED
from tests.test_statements import INBOX, PAGE
from tests.timelines import WITH
from tests.uploads import complete, place_for, put

#: There is a row in them for each process that runs, and for each person at it.
FEW = {"presence_processes", "presence_leases", "epochs"}
#: They grow without end within one conversation, so that naming the conversation is not enough.
LONG = {"messages", "events", "message_words"}
INBOX_AFTER = """
query After($after: String!) {
  conversations(first: 1, after: $after) { edges { cursor } pageInfo { hasNextPage hasPreviousPage } }
}
"""
OWN = """
{
  conversations(first: 2, filter: { archived: true }) { edges { node { archivedAt mutedUntil pinnedAt } } }
  messageTemplates { id }
}
"""
FOLLOW_INBOX = "subscription($after: String) { inbox(after: $after) { __typename } }"
#: Holds nothing but messages of the last seconds, whose words nobody has saved yet.
WAITING = "ix_message_words_pending"


def faults_of(accesses: Iterable[Access]) -> list[str]:
    """The accesses that read more the more is stored, in words."""
    faults = []
    for access in accesses:
        if access.is_first or access.table in FEW or access.table == SORT or access.index == WAITING:
            continue
        if access.columns is None:
            faults.append(f"all of {access.table}: {access.statement}")
        elif access.table in LONG and access.columns == {"conversation_id"}:
            faults.append(f"all {access.table} of a conversation: {access.statement}")
        elif access.table in LONG and access.statement.startswith(("SELECT min(", "SELECT max(")):
            faults.append(f"a range of {access.table} for one of them: {access.statement}")
    return faults


async def talk(people: People) -> tuple[str, list[dict[str, str]], list[str]]:
    """Two threads of Ann's with Bob; one of them, what was sent into it, and the cursors of Bob's inbox."""
    for name in ("bike-1", "bike-2"):
        await acts.list_thing(people.host, name)
    thread = await acts.open_about(people.ann, "bike-1")
    await acts.send(people.ann, await acts.open_about(people.ann, "bike-2"), "Hello")
    sent = await threads.fill(people.ann, thread, 30)
    inbox = await people.bob.ask(INBOX, first=5)
    edges = inbox["conversations"]["edges"]
    return thread, sent, [inbox["viewer"]["inboxCursor"], *(edge["cursor"] for edge in edges)]


async def do_everything(people: People) -> None:
    """All that is asked again and again by many, once."""
    thread, sent, (inbox_cursor, front, _) = await talk(people)
    ann, bob, cursor = people.ann, people.bob, sent[15]["cursor"]
    await bob.ask(PAGE, id=thread, first=5)
    for choice in ({"last": 5}, {"first": 5, "after": cursor}, {"last": 5, "before": cursor}):
        await bob.ask(acts.MESSAGES, id=thread, **choice)
    await bob.ask(acts.MESSAGES, id=thread, first=5, around=sent[15]["id"])
    await bob.ask("query($id: ID!) { node(id: $id) { id } }", id=sent[3]["id"])
    other = (await ann.ask("{ viewer { user { id } } }"))["user"]["id"]
    for choice in ({"first": 5}, {"first": 5, "after": cursor}, {"last": 5, "before": cursor}):
        await bob.ask(WITH, userId=other, **choice)
    for query in ("1", '"1" 2*', "hello more"):
        await bob.ask(SEARCH, text=query)
        await bob.ask(SEARCH, text=query, conversationId=thread)
    found = (await bob.ask(SEARCH, text="1"))["edges"][1]["cursor"]
    for bound in ("after", "before"):
        await bob.ask(SEARCH, text="1", **{bound: found})
    await bob.ask(INBOX, first=1)
    await bob.ask(INBOX_AFTER, after=front)
    await bob.ask(OWN)
    await acts.send(ann, thread, "One more")
    await acts.read(bob, thread)
    await change(people, thread, [message["id"] for message in sent])
    async with bob.connect() as line:
        await (await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=cursor)).take(10)
        await (await line.subscribe(FOLLOW_INBOX, after=inbox_cursor)).next()


async def change(people: People, thread: str, sent: list[str]) -> None:
    """Edit, react, answer and delete, and read what came of it."""
    ann, bob = people.ann, people.bob
    await changing.edit(ann, sent[1], "Other words")
    await changing.react(bob, sent[1], "👍")
    await changing.react(bob, sent[1], "👍", reacted=False)
    await changing.react(bob, sent[2], "🎉")
    await changing.reply(bob, thread, sent[2])
    await changing.delete(ann, sent[3])
    await bob.ask(CHANGED, id=thread, first=5)


async def give_files(people: People) -> None:
    """What is asked at each file, and by each look for files that nobody has any more."""
    place = await place_for(people.ann, 5)
    await put(people.ann, place, b"Hello")
    await complete(people.ann, place["uploadId"])
    await people.house.palaver.reaper.sweep(now_ms() + 10**9)


async def look_behind_the_bells(house: House) -> None:
    """What every process does twice a second, whoever asks."""
    database = house.palaver.database
    async with database.reading() as db:
        place = await inbox_of(database).find_head(db)
        await inbox_of(database).find_changed(db, place)
        await find_after(db, "0" * 32, 7, 100)


async def test_what_is_asked_all_the_time_reads_no_more_than_it_tells(home: Home, make_house: OpenHouse) -> None:
    """Pages, inboxes, sends, marks, streams that resume, and the look behind the bells."""
    await fill_palaver(home.settings().database_url, make_market(Size()))
    async with quiet_people(make_house) as people:
        with counting(people.house) as counted:
            await do_everything(people)
            await give_files(people)
            await look_behind_the_bells(people.house)
        accesses = await explain(people.house.palaver.database, counted.texts)
        inboxes = [statement for statement in counted.texts if "inbox_entries" in statement]
        pages = await explain(people.house.palaver.database, inboxes, may_sort=False)
    assert {access.table for access in pages} >= {"inbox_entries", "participants"}
    assert [access for access in pages if access.table == SORT] == []
    tables = {"messages", "events", "conversations", "participants", "users", "message_edits", "reactions"}
    assert tables <= {access.table for access in accesses}
    assert len({access.statement for access in accesses}) > 20
    assert faults_of(accesses) == []


async def test_what_is_new_in_an_inbox_is_found_by_walking_back_from_the_end_of_each_log(
    home: Home, make_house: OpenHouse
) -> None:
    """Through what is news, by the log's own key; no send has to keep another index for that."""
    await fill_palaver(home.settings().database_url, make_market(Size()))
    async with quiet_people(make_house) as people:
        _, _, (inbox_cursor, *_) = await talk(people)
        await acts.send(people.ann, await acts.open_about(people.ann, "bike-1"), "News")
        with counting(people.house) as counted:
            async with people.bob.connect() as line:
                stream = await line.subscribe(FOLLOW_INBOX, after=inbox_cursor)
                while (await stream.next())["__typename"] != "MessageAddedEvent":
                    pass
        news = next(text for text in counted.texts if "AS told" in text)
        accesses = await explain(people.house.palaver.database, [news])
    logs = [access for access in accesses if access.table == "events"]
    key = (
        "sqlite_autoindex_events_1" if people.house.palaver.database.is_sqlite else "uq_events_conversation_id_position"
    )
    assert [access.index for access in logs] == [key, key]
    (walk,) = (access for access in logs if access.columns == frozenset({"conversation_id"}))
    assert walk.is_first
    assert walk.is_covering is people.house.palaver.database.is_sqlite, "there it holds the row's id besides"
    assert [access.columns for access in logs if access is not walk] == [frozenset({"conversation_id", "position"})]


@pytest.mark.parametrize("filter_", [None, {"state": "OPEN"}, {"subjectKind": "listing"}, {"query": "a"}])
async def test_a_page_of_everybodys_conversations_is_read_in_its_order(
    home: Home, make_house: OpenHouse, filter_: dict[str, str] | None
) -> None:
    """From either end and from a cursor, whatever staff look for: nothing has to be put in order first."""
    await fill_palaver(home.settings().database_url, make_market(Size()))
    async with quiet_people(make_house) as people:
        ada = staff.staff_of(people)
        (first, *_, last) = (await ada.ask(staff.CONVERSATIONS, first=10))["conversations"]["edges"]
        with counting(people.house) as counted:
            for choice in (
                {"first": 5},
                {"last": 5},
                {"first": 5, "after": first["cursor"]},
                {"before": last["cursor"]},
            ):
                await ada.ask(staff.CONVERSATIONS, filter=filter_, **choice)
        pages = [text for text in counted.texts if re.search(r"ORDER BY conversations\.active_at", text)]
        accesses = await explain(people.house.palaver.database, pages, may_sort=False)
    assert len({access.statement for access in accesses}) >= 4
    assert [access.statement for access in accesses if access.table == SORT] == []


async def test_a_statement_that_reads_more_than_it_tells_is_noticed(house: House) -> None:
    """By a column that has no index, by the conversation alone, and in an order that has to be made."""
    statements = (
        "SELECT id FROM messages WHERE body = 'Hello'",
        "SELECT body FROM messages WHERE conversation_id = 'c' ORDER BY edited_at LIMIT 5",
        "SELECT id FROM conversations ORDER BY created_at LIMIT 5",
    )
    accesses = await explain(house.palaver.database, statements, may_sort=False)
    assert [access.statement for access in accesses if access.table == SORT] == [*statements[1:]]
    faults = faults_of(accesses)
    assert [re.sub(":.*", "", fault) for fault in faults] == [
        "all of messages",
        "all messages of a conversation",
        "all of conversations",
    ]
