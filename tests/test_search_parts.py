"""Long conversations, and many: whatever is looked for, no more is read than can be put in order."""

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text as sql

from chat.search import Query
from core.ids import key_of
from db import search
from db.engine import Database
from db.matching import PART
from db.statements import Statement
from tests import acts, changing
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.legs import Home
from tests.searching import bodies, find
from tests.storage import run_sql
from tests.test_inbox_entries import move_to
from tests.test_search_kept import check

PARTS = 4
ON = f"update conversations set last_seq = last_seq + {PART}, last_event = last_event + {PART}"
MISPLACED = f"""
select count(*) from message_words join messages on messages.id = message_id where part <> seq / {PART}
"""
SAID = ("A bike", "Bikes", "A red bike", "12 bikes, blue")


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server that puts few messages in order."""
    async with make_house(search_depth=6, search_seconds=600) as running:
        yield running


@pytest.fixture
async def long(house: House, ann: Person, thread: str) -> list[dict[str, Any]]:
    """What was said in the thread: as much in each of its parts."""
    return await _talk(house, ann, thread)


async def _talk(house: House, ann: Person, thread: str) -> list[dict[str, Any]]:
    said = []
    for part in range(PARTS):
        said += [await acts.send(ann, thread, f"{body} in part{part}") for body in SAID]
        if part < PARTS - 1:
            await run_sql(house, ON)
    return said


async def test_all_of_a_long_conversation_is_found_by_the_same_words_in_each_part(
    house: House, people: People, thread: str, long: list[dict[str, Any]]
) -> None:
    """By words, beginnings and phrases; the best first, and of equals the newest. Cy finds nothing of it."""
    assert list(await run_sql(house, "select count(*) from message_words where part > 0")) == [(12,)]
    for query, meant in (
        ('"red bike"', [f"A red bike in part{part}" for part in (3, 2, 1, 0)]),
        ("part2", [f"{body} in part2" for body in reversed(SAID)]),
        ("red par", [f"A red bike in part{part}" for part in (3, 2, 1, 0)]),
        ("12", [f"12 bikes, blue in part{part}" for part in (3, 2, 1, 0)]),
        # Not the number of a part, nor what it stands between.
        ("2", []),
        ('"2 a"', []),
        ("\u00b72\u00b7", []),
    ):
        for more in ({}, {"conversationId": thread}):
            assert await bodies(people.bob, query, **more) == meant, query
        assert await bodies(people.cy, query) == []
    assert (await find(people.ann, "red part1"))[0] == ("A red bike in part1", ("red", "part1"))
    assert await run_sql(house, MISPLACED) == [(0,)]
    await check(house)


async def test_the_newest_of_a_long_conversation_are_looked_at(ann: Person, long: Any) -> None:
    """Six: all of the last part, and two of the part before. The best come first."""
    assert await bodies(ann, "bike") == [
        "A red bike in part3",
        "A bike in part3",
        "A red bike in part2",
        "12 bikes, blue in part3",
        "Bikes in part3",
        "12 bikes, blue in part2",
    ]


async def test_what_is_edited_is_still_found_in_its_part(house: House, ann: Person, long: list[dict[str, Any]]) -> None:
    """The better one before the newer one; and what is deleted there is not."""
    await changing.edit(ann, long[5]["id"], "A tricycle of old")
    await changing.edit(ann, long[13]["id"], "Tricycles")
    await changing.delete(ann, long[6]["id"])
    await run_sql(house, "update messages set body = 'A unicycle' where id = ?", key_of(long[9]["id"], "Message"))
    assert await bodies(ann, "tricycle") == ["A tricycle of old", "Tricycles"]
    assert await bodies(ann, "unicycle") == ["A unicycle"]
    assert await bodies(ann, '"red bike in part1"') == []
    assert await run_sql(house, MISPLACED) == [(0,)]
    await check(house)


async def test_a_database_of_before_is_put_into_parts(house: House, ann: Person, long: Any) -> None:
    """By the migration, and by whoever searches first; down and up again."""
    before = await bodies(ann, "bike")
    await move_to(house.settings.database_url, "0011")
    assert await run_sql(house, "select count(*) from message_words where words is null") == [(12,)]
    assert await bodies(ann, "bike") == before
    assert await run_sql(house, MISPLACED) == [(0,)]
    await check(house)


async def test_no_more_than_so_many_of_all_conversations_are_looked_at(make_house: OpenHouse) -> None:
    """Those of the conversations in which something was said last, also in an older one that was begun later."""
    async with make_house(search_depth=2, search_most=3) as house, People(house) as people:
        threads = []
        for number in range(3):
            await acts.list_thing(people.host, f"bike-{number}")
            threads.append(await acts.open_about(people.ann, f"bike-{number}"))
            for place in range(3):
                await acts.send(people.ann, threads[-1], f"bike {number} {place}")
        assert await bodies(people.ann, "bike") == ["bike 2 2", "bike 2 1", "bike 1 2"]
        await acts.send(people.bob, threads[0], "Hello")
        assert await bodies(people.ann, "bike") == ["bike 2 2", "bike 0 2", "bike 0 1"]
        assert await bodies(people.ann, "bike", conversationId=threads[1]) == ["bike 1 2", "bike 1 1"]


@pytest.mark.parametrize(("text", "parts"), [("bike", 2), ('"a red bike"', PARTS), ("b", 2), ("part3", PARTS)])
async def test_no_more_parts_are_asked_than_it_takes(
    house: House, ann: Person, thread: str, long: Any, text: str, parts: int
) -> None:
    """And in each the index is asked for its words: nothing reads a conversation, however few parts there are."""
    assert len(await bodies(ann, text)) <= 6
    for is_of_one in (True, False):
        assert await _parts_asked(house, thread, text, is_of_one=is_of_one) == parts


async def test_postgres_compiles_no_search(postgres_home: Home) -> None:
    """It guesses so high what a search will find that it would, which takes longer than to search."""
    database = Database(postgres_home.places["database_url"])
    try:
        for reading in (database.reading(), database.reading_directly()):
            async with reading as db:
                assert await db.value(sql("SHOW jit")) == "off"
    finally:
        await database.close()


async def _parts_asked(house: House, thread: str, text: str, *, is_of_one: bool) -> int:
    pages = search._pages(is_of_one=is_of_one)
    database, query = house.palaver.database, Query.of(text, 32)
    rows = pages.rows(has_after=False, has_before=False, backward=False)
    statement = Statement(rows).text_for(database.reader.dialect)
    [(ann,)] = await run_sql(house, "select id from users where external_id = 'ann'")
    place = {"conversation_id": key_of(thread, "Conversation")}
    values = statement.values(
        {"viewer_id": ann, "sought": query.phrases, "phrases": query.whole, "depth": 6, "most": 50, "size": 21, **place}
    )
    if database.is_sqlite:
        return _on_sqlite(str(database.url.database), statement.text, values)
    url = database.url.set(drivername="postgresql", query={}).render_as_string(hide_password=False)
    postgres = await asyncpg.connect(url)
    try:
        await postgres.execute("ANALYZE")
        # Small tables are read whole; here the question is how often it is asked for what.
        await postgres.execute("SET enable_seqscan = off")
        [row] = await postgres.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}", *values)
    finally:
        await postgres.close()
    [asked] = _looks(json.loads(row[0])[0]["Plan"])
    return asked


def _on_sqlite(path: str, text: str, values: Sequence[Any]) -> int:
    """Each part is asked by a query of its own, in which its key is put."""
    connection = sqlite3.connect(path)
    asked: list[str] = []

    def put(sought: str, sign: str, key: str) -> str:
        if not sought.startswith("["):
            asked.append(key)
        return sought.replace(sign, key)

    try:
        connection.create_function("replace", 3, put)
        connection.execute(text, values).fetchall()
    finally:
        connection.close()
    assert len(asked) == len({*asked})
    return len(asked)


def _looks(node: dict[str, Any]) -> list[int]:
    """How often the index of words was looked into, at each place of a plan where it is."""
    own = [node["Actual Loops"]] if node.get("Index Name") == "ix_message_words_words" else []
    assert node.get("Relation Name") != "message_words" or node["Node Type"] == "Bitmap Heap Scan"
    return own + [loops for child in node.get("Plans", ()) for loops in _looks(child)]
