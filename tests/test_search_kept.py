"""What can be found is what is there now, whoever wrote it and however: the database keeps it so."""

from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest

from chat.indexer import Indexer
from core.ids import key_of
from db.search import Said, save_words
from db.tables import conversations, messages, participants
from tests import acts, changing
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.searching import bodies
from tests.storage import run_sql
from tests.test_inbox_entries import move_to
from tests.waiting import until

#: The entries that there should be, and those that there are.
MEANT = (
    "select id, conversation_id, created_at from messages where kind <> 'SYSTEM' and deleted_at is null and body <> ''"
)
KEPT = "select message_id, conversation_id, created_at from message_words"
PENDING = "select message_id from message_words where words is null"
CHECK = "insert into message_index (message_index) values ('integrity-check')"
GONE = "update messages set deleted_at = 5 where id = ?"


async def check(house: House) -> None:
    """There is an entry for what can be found and for nothing else, and SQLite's index is what the entries say."""
    assert sorted(await run_sql(house, KEPT)) == sorted(await run_sql(house, MEANT))
    if house.palaver.database.is_sqlite:
        await run_sql(house, CHECK)


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server that saves no words before it is told to, or somebody searches."""
    async with make_house(search_seconds=600) as running:
        yield running


@pytest.fixture
async def sent(ann: Person, thread: str) -> dict[str, Any]:
    """A message of Ann's."""
    return await acts.send(ann, thread, "A secret bicycle")


async def test_a_deleted_text_is_never_found(house: House, ann: Person, thread: str, sent: dict[str, Any]) -> None:
    """Whether it is marked as deleted, emptied, or gone altogether, by whoever can write to the database."""
    others = [await acts.send(ann, thread, "A secret bicycle, again") for _ in range(2)]
    assert len(await bodies(ann, "secret")) == 3
    changes = (GONE, "update messages set body = null where id = ?", "delete from messages where id = ?")
    for left, (message, change) in zip((2, 1, 0), zip((sent, *others), changes, strict=True), strict=True):
        key = key_of(message["id"], "Message")
        if change.startswith("delete"):
            await run_sql(house, "delete from events where message_id = ?", key)
        await run_sql(house, change, key)
        assert len(await bodies(ann, "secret")) == left
        await check(house)


async def test_an_edited_away_text_is_never_found_and_the_new_one_soon(
    house: House, ann: Person, sent: dict[str, Any]
) -> None:
    """Also when whoever edits it does not think of the search."""
    await run_sql(house, "update messages set body = 'An open book' where id = ?", key_of(sent["id"], "Message"))
    assert await run_sql(house, PENDING) == [(key_of(sent["id"], "Message"),)]
    assert await bodies(ann, "secret") == []
    assert await run_sql(house, PENDING) == []
    assert await bodies(ann, "open book") == ["An open book"]
    assert await bodies(ann, "secret") == []
    assert await house.palaver.indexer.index_some() == 0
    await check(house)


async def test_what_its_sender_edits_is_found_by_its_new_words_at_once(
    house: House, ann: Person, bob: Person, cy: Person, sent: dict[str, Any]
) -> None:
    await changing.edit(ann, sent["id"], "A quiet tricycle")
    for person in (ann, bob):
        assert (await bodies(person, "secret"), await bodies(person, "quiet")) == ([], ["A quiet tricycle"])
    assert await bodies(cy, "quiet") == []
    assert await run_sql(house, PENDING) == []
    await changing.delete(ann, sent["id"])
    assert await bodies(bob, "quiet") == []
    await check(house)


async def test_words_that_are_saved_again_replace_those_before(house: House, ann: Person, sent: dict[str, Any]) -> None:
    """As whoever edits a message saves them, perhaps after somebody else has."""
    [(message, conversation, seq)] = await run_sql(house, "select id, conversation_id, seq from messages")
    for body in ("An open book", "A closed book", "A closed book"):
        async with house.palaver.work.begin() as unit:
            await save_words(unit.db, [Said(message, conversation, seq, body)])
        await check(house)
    assert await bodies(ann, "secret") == await bodies(ann, "open") == []
    assert len(await bodies(ann, "book")) == 1


async def test_what_was_deleted_and_is_there_again_is_found_again(
    house: House, ann: Person, sent: dict[str, Any]
) -> None:
    await run_sql(house, GONE, key_of(sent["id"], "Message"))
    await run_sql(house, "update messages set deleted_at = null where id = ?", key_of(sent["id"], "Message"))
    assert await bodies(ann, "secret") == ["A secret bicycle"]
    await check(house)


async def test_the_entries_are_the_messages_whatever_happens(house: House, people: People, thread: str) -> None:
    """Sending, editing, deleting and indexing, in any order, as a server and as somebody beside it."""
    random = Random(3)
    keys: list[str] = []
    meant: dict[str, str] = {}
    for number in range(60):
        chance = random.random()
        if chance < 0.5 or not keys:
            body = f"word{number} {'common ' * random.randrange(3)}"
            sent = await acts.send(people.ann, thread, body)
            keys.append(key_of(sent["id"], "Message") or "")
            meant[keys[-1]] = body
        elif chance < 0.7:
            meant[key := random.choice(keys)] = f"edited{number}"
            await run_sql(house, "update messages set body = ?, deleted_at = null where id = ?", meant[key], key)
        elif chance < 0.85:
            await run_sql(house, GONE, key := random.choice(keys))
            meant.pop(key, None)
        else:
            await house.palaver.indexer.index_some()
        if number % 10 == 9:
            await check(house)
    await house.palaver.indexer.index_some()
    assert await run_sql(house, PENDING) == []
    await check(house)
    for query in ("word", "edited", "common"):
        found = await bodies(people.bob, query)
        assert sorted(found) == sorted(body for body in meant.values() if query in body), query


async def test_messages_of_a_database_of_before_are_found_once_they_were_looked_into(make_house: OpenHouse) -> None:
    """The server does so by itself, while it serves."""
    async with make_house(search_seconds=0.05) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        for number in range(5):
            await acts.send(people.ann, thread, f"Old words {number}")
        await move_to(house.settings.database_url, "0005")

        async def is_looked_into() -> bool:
            return await run_sql(house, PENDING) == []

        await until(is_looked_into)
        assert len(await bodies(people.ann, "old words")) == 5
        await check(house)


async def test_two_who_index_at_once_take_other_messages(house: House, ann: Person, thread: str) -> None:
    """Or one of them finds nothing left; each message is found once."""
    for number in range(4):
        await acts.send(ann, thread, f"Words {number}")
    await run_sql(house, "update messages set body = 'Other ' || body")
    palaver = house.palaver
    others = [Indexer(palaver.database, palaver.work, 60) for _ in range(3)]
    done = [await one.index_some() for one in others]
    assert sum(done) == 4
    assert len(await bodies(ann, "other words")) == 4


async def test_what_comes_too_often_or_too_late_is_not_found_in_either_database(make_house: OpenHouse) -> None:
    """A word is found where it is said the first 255 times, and the first 16,000 words are; all else still is."""
    async with make_house(message_length=100_000) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        often = "la " * 255 + "last la end"
        await acts.send(people.ann, thread, often)
        long = " ".join(f"w{number:x}" for number in range(16_001))
        await acts.send(people.ann, thread, long)
        for query, meant in (
            ("la", [often]),
            ('"la last"', [often]),
            ('"last la"', []),
            ("end", [often]),
            ("w3e7f", [long]),
            ("w3e80", []),
            ('"w3e7e w3e7f"', [long]),
        ):
            assert await bodies(people.ann, query) == meant, query
        await acts.send(people.ann, thread, "北" * 50_000 + "a" * 49_000)
        assert len(await bodies(people.ann, "北北北")) == 1


async def test_two_conversations_whose_ids_end_alike_are_two(house: House, people: People, thread: str) -> None:
    """Words are kept with the end of the id; the whole of it decides."""
    await acts.send(people.ann, thread, "A bicycle")
    key = key_of(thread, "Conversation") or ""
    other = "f" * 24 + key[24:]
    await people.cy.ask("{ viewer { id } }")
    await run_sql(house, _copied(conversations, {"id": f"'{other}'", "identity": "'other'"}), key)
    for table in (participants, messages):
        changed = {"id": f"'{other[:12]}' || substr({table.name}.id, 13)", "conversation_id": f"'{other}'"}
        await run_sql(house, _copied(table, changed, by="conversation_id"), key)
    cy = "select id from users where external_id = 'cy'"
    await run_sql(
        house,
        f"update participants set user_id = ({cy}) where conversation_id = ? and role = 'buyer'",
        other,
    )
    await run_sql(house, "update messages set body = 'Another bicycle' where conversation_id = ?", other)
    await house.palaver.indexer.index_some()
    assert await bodies(people.cy, "bicycle") == ["Another bicycle"]
    assert await bodies(people.ann, "bicycle") == ["A bicycle"]
    assert sorted(await bodies(people.bob, "bicycle")) == ["A bicycle", "Another bicycle"]


def _copied(table: Any, changes: dict[str, str], by: str = "id") -> str:
    names = [column.name for column in table.columns]
    values = ", ".join(changes.get(name, name) for name in names)
    return f"insert into {table.name} ({', '.join(names)}) select {values} from {table.name} where {by} = ?"
