"""A place in a conversation is found by looking up some of its messages: the same as by counting them all."""

from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from random import Random

import pytest
from sqlalchemy import insert

from db.engine import Database, Writing
from db.message_places import find_seqs_at
from db.tables import conversations, messages
from tests.legs import Home


@pytest.fixture
async def database(home: Home) -> AsyncIterator[Database]:
    """An empty one."""
    opened = Database(home.settings().database_url)
    yield opened
    await opened.close()


async def write_log(db: Writing, key: str, positions: Sequence[int], last_event: int) -> None:
    """A conversation with a message at each of some positions of its log; of the other events there is no row."""
    counters = {"last_event": last_event, "last_seq": len(positions), "active_at": 1, "created_at": 1, "updated_at": 1}
    await db.run(insert(conversations).values(id=key, identity=key, **counters))
    said = {"conversation_id": key, "author_key": "system", "content_hash": "", "kind": "SYSTEM", "created_at": 1}
    rows = [
        {**said, "id": f"{key}-{seq}", "client_key": f"{seq}", "seq": seq, "position": position}
        for seq, position in enumerate(positions, 1)
    ]
    if rows:
        await db.run_many(insert(messages), rows)


def made_log(random: Random) -> tuple[list[int], int]:
    """The positions of messages in a log, among few or many other events, and its last position."""
    last_event = random.choice((1, 2, 3, 17, 64, 200))
    share = random.choice((0, 0.1, 0.5, 0.95, 1))
    return [position for position in range(1, last_event + 1) if random.random() < share], last_event


async def test_the_last_message_up_to_a_position_is_found_wherever_that_is(database: Database) -> None:
    """At each position of many logs, before the first one and behind the last one; of no conversation nothing."""
    random = Random(5)
    logs = {f"log{number}": made_log(random) for number in range(60)}
    async with database.writing() as db:
        for key, (positions, last_event) in logs.items():
            await write_log(db, key, positions, last_event)
        await db.commit()
    asked = [(key, place) for key, (_, last_event) in logs.items() for place in range(-1, last_event + 3)]
    random.shuffle(asked)
    async with database.reading() as db:
        found = await find_seqs_at(db, asked)
        alone = {place: (await find_seqs_at(db, [place]))[place] for place in asked[:40]}
        assert await find_seqs_at(db, [("nowhere", 3)]) == {("nowhere", 3): 0}
    assert len({len(positions) for positions, _ in logs.values()}) > 10
    assert found == {(key, place): bisect_right(logs[key][0], place) for key, place in asked}
    assert alone == {place: found[place] for place in alone}
