"""PostgreSQL commits in another order than it gives out numbers: who commits late is missed by nobody."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from core.clock import now_ms
from core.ids import key_of
from db.ids import new_id
from tests import acts
from tests.fleet.conftest import Fleet
from tests.house import House
from tests.live.asks import INBOX, bodies_of, inbox_cursor, say, without_receipts
from tests.storage import address_of
from tests.waiting import until

PLACE = """
update conversations set last_event = last_event + 1, last_seq = last_seq + 1, last_message_at = $2, active_at = $2
where id = $1 returning last_event, last_seq
"""
MESSAGE = """
insert into messages (id, conversation_id, seq, position, author_key, client_key, content_hash, kind, body, created_at)
values ($1, $2, $3, $4, 'system', $7, '', 'SYSTEM', $5, $6)
"""
EVENT = """
insert into events (conversation_id, position, kind, message_id, created_at) values ($1, $2, 'MESSAGE_ADDED', $3, $4)
"""


@pytest.fixture
def broker() -> str:
    """None between the machines, so that only the look behind the bells finds anything."""
    return "memory://"


@asynccontextmanager
async def saying_slowly(house: House, conversation_id: str, body: str) -> AsyncIterator[None]:
    """Something is said in a transaction that is committed when the block ends, and rings no bell."""
    key = key_of(conversation_id, "Conversation")
    connection = await asyncpg.connect(address_of(house.settings.database_url))
    try:
        async with connection.transaction():
            position, seq = await connection.fetchrow(PLACE, key, now_ms())
            message_id = new_id()
            await connection.execute(MESSAGE, message_id, key, seq, position, body, now_ms(), body)
            await connection.execute(EVENT, key, position, message_id, now_ms())
            yield
    finally:
        await connection.close()


async def open_three(fleet: Fleet) -> list[str]:
    """Conversations of Ann's with Bob about three things."""
    opened = []
    for number in range(3):
        await acts.list_thing(fleet.here.host, f"thing-{number}")
        opened.append(await acts.open_about(fleet.here.ann, f"thing-{number}"))
    return opened


async def looks_at(house: House, count: int) -> None:
    """Wait until the look behind the bells has been there so often."""
    looks = house.palaver.backstop.looks
    await until(lambda: house.palaver.backstop.looks >= looks + count)


async def test_a_late_commit_is_found_by_the_look_behind_the_bells(fleet: Fleet) -> None:
    """It began before what was looked at already, in whichever order the two others end."""
    first, second, third = await open_three(fleet)
    there = fleet.there.house
    async with AsyncExitStack() as streams, fleet.there.bob.follow(INBOX) as inbox:
        heard = {
            thread: await streams.enter_async_context(fleet.there.bob.follow(acts.MESSAGE_ADDED, id=thread))
            for thread in (first, second, third)
        }
        async with saying_slowly(fleet.here.house, first, "late"):
            async with saying_slowly(fleet.here.house, second, "less late"):
                await say(fleet.here.ann, third, ["in time"])
                assert bodies_of(await heard[third].take(1)) == ["in time"]
                await looks_at(there, 3)
            assert bodies_of(await heard[second].take(1)) == ["less late"]
            await looks_at(there, 3)
            await say(fleet.here.ann, third, ["again"])
            assert bodies_of(await heard[third].take(1)) == ["again"]
        assert bodies_of(await heard[first].take(1)) == ["late"]
        told = bodies_of(await without_receipts(inbox, 4))
        assert told == ["in time", "less late", "again", "late"]


async def test_an_inbox_that_resumes_in_between_misses_no_late_commit(fleet: Fleet) -> None:
    """Each token that was given while somebody was late, and the tokens of the events after it."""
    first, second, _ = await open_three(fleet)
    tokens: list[tuple[str, list[str]]] = []
    async with saying_slowly(fleet.here.house, first, "late"):
        tokens.append((await inbox_cursor(fleet.here.bob), ["early", "late"]))
        await say(fleet.here.ann, second, ["early"])
        tokens.append((await inbox_cursor(fleet.here.bob), ["late"]))
        async with fleet.here.bob.connect() as line:
            stream = await line.subscribe(INBOX, after=tokens[0][0])
            (event,) = await without_receipts(stream, 1)
            assert event["message"]["body"] == "early"
            tokens.append((event["cursor"], ["late"]))
    for token, wanted in tokens:
        async with fleet.there.bob.connect() as line:
            stream = await line.subscribe(INBOX, after=token)
            assert sorted(bodies_of(await without_receipts(stream, len(wanted)))) == wanted
            await say(fleet.here.ann, second, ["mark"])
            # Nothing else came in between: nothing is told twice.
            assert bodies_of(await without_receipts(stream, 1)) == ["mark"]
        for later in tokens:
            later[1].append("mark")
            later[1].sort()
