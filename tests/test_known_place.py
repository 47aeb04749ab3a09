"""A place in the log that was read beforehand: where it was overtaken nothing is written, and nothing is lost."""

import sqlite3

import pytest

from chat.audit import MESSAGE_SENT, Entry, row_of
from core.ids import key_of
from db import conversations, messages
from db.conversations import ConversationRow
from db.ids import new_id
from tests import acts
from tests.client import People
from tests.house import House, open_house
from tests.legs import Home
from tests.storage import run_sql


async def read(house: House, thread: str) -> ConversationRow:
    """A conversation, as whoever writes reads it."""
    async with house.palaver.work.begin() as unit:
        row = await conversations.lock(unit.db, key_of(thread, "Conversation") or "")
    assert row is not None
    return row


async def append(house: House, known: ConversationRow) -> None:
    """Write a message of nobody's at the place that was the next one then."""
    async with house.palaver.work.begin() as unit:
        [row] = await run_sql(house, "select * from messages limit 1")
        draft = messages.MessageRow(*row)._replace(id=new_id(), client_key="another", created_at=unit.now)
        entry = row_of(None, Entry(MESSAGE_SENT, "Message", draft.id), unit.now)
        await messages.append(unit.db, draft, None, entry, now=unit.now, known=known)


async def test_a_place_that_somebody_else_has_is_not_taken(sqlite_home: Home) -> None:
    async with open_house(sqlite_home.settings()) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "first")
        before = await read(house, thread)
        await acts.send(people.ann, thread, "second")
        with pytest.raises(sqlite3.IntegrityError):
            await append(house, before)
        await append(house, await read(house, thread))
        await acts.send(people.ann, thread, "last")
        told = await run_sql(house, "select body, seq from messages order by seq")
        assert [tuple(row) for row in told] == [("first", 1), ("second", 2), ("first", 3), ("last", 4)]
        after = await read(house, thread)
        assert (after.last_seq, after.last_event) == (4, before.last_event + 3)
