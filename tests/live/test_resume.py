"""Cursors outlive the server, and not the database: a restart, a restored backup."""

from chat.work import Work
from core.hub import Hub
from db import epochs
from db.engine import Database
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.legs import Home
from tests.live.asks import (
    CONVERSATION_EVENTS,
    INBOX,
    bodies_of,
    cursor_of,
    inbox_cursor,
    say,
    without_receipts,
)
from tests.waiting import soon


async def begin(cast: People) -> str:
    """A conversation with two messages."""
    await acts.list_thing(cast.host)
    thread = await acts.open_about(cast.ann)
    await say(cast.ann, thread, "ab")
    return thread


async def declare_restored(home: Home) -> None:
    """What `palaver restored` does."""
    database = Database(home.leg.url_of(home.folder))
    async with Work(database, Hub("memory://")).begin() as unit:
        await epochs.renew(unit.db)
    await database.close()


async def test_every_stream_resumes_after_a_restart(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as cast:
        thread = await begin(cast)
        log, token = await cursor_of(cast.bob, thread), await inbox_cursor(cast.bob)
        await say(cast.ann, thread, "cd")
    async with make_house() as house, People(house) as cast, cast.bob.connect() as line:
        messages = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=log)
        events = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=log)
        inbox = await line.subscribe(INBOX, after=token)
        assert bodies_of(await messages.take(2)) == ["c", "d"]
        assert bodies_of(await without_receipts(events, 2)) == ["c", "d"]
        assert bodies_of(await without_receipts(inbox, 2)) == ["c", "d"]
        await say(cast.ann, thread, "e")
        assert bodies_of(await messages.take(1)) == ["e"]
        assert bodies_of(await without_receipts(events, 1)) == ["e"]
        assert bodies_of(await without_receipts(inbox, 1)) == ["e"]


async def test_a_cursor_of_another_epoch_has_expired(make_house: OpenHouse, home: Home) -> None:
    async with make_house() as house, People(house) as cast:
        thread = await begin(cast)
        log, token = await cursor_of(cast.bob, thread), await inbox_cursor(cast.bob)
    await declare_restored(home)
    async with make_house() as house, People(house) as cast:
        await expect_expiry(cast.ann, cast.bob, thread, log, token)


async def test_a_cursor_from_after_the_backup_has_expired(make_house: OpenHouse, home: Home) -> None:
    """Also when nobody said that the backup was restored."""
    async with make_house() as house, People(house) as cast:
        thread = await begin(cast)
    home.leg.back_up(home.folder)
    async with make_house() as house, People(house) as cast:
        await say(cast.ann, thread, "lost")
        log, token = await cursor_of(cast.bob, thread), await inbox_cursor(cast.bob)
    home.leg.restore(home.folder)
    async with make_house() as house, People(house) as cast:
        await expect_expiry(cast.ann, cast.bob, thread, log, token)


async def expect_expiry(ann: Person, bob: Person, thread: str, log: str, token: str) -> None:
    """Each stream says so with a fresh cursor, from which it goes on without a gap."""
    async with bob.connect() as line:
        messages = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=log)
        assert await messages.ended() == "CURSOR_EXPIRED"
        messages = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=await fresh_cursor(bob, thread, log))
        events = await line.subscribe(CONVERSATION_EVENTS, id=thread, after=log)
        inbox = await line.subscribe(INBOX, after=token)
        resets = [await events.next(), await inbox.next()]
        assert [reset["__typename"] for reset in resets] == ["ResetEvent", "ResetEvent"]
        assert resets[0]["cursor"] == await cursor_of(bob, thread)
        await say(ann, thread, ["on we go"])
        assert bodies_of(await messages.take(1)) == ["on we go"]
        for stream in (events, inbox):
            assert bodies_of(await without_receipts(stream, 1)) == ["on we go"]
        again = await line.subscribe(INBOX, after=resets[1]["cursor"])
        assert bodies_of(await without_receipts(again, 1)) == ["on we go"]


async def fresh_cursor(person: Person, thread: str, cursor: str) -> str:
    """The cursor that comes with CURSOR_EXPIRED."""
    async with person.follow(acts.MESSAGE_ADDED, id=thread, after=cursor) as stream:
        frame = await soon(stream.frames.get())
    fresh: str = frame["payload"][0]["extensions"]["cursor"]
    assert fresh != cursor
    return fresh
