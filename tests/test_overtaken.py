"""Something happens in a conversation between what a send decides upon and its writing: it decides anew.

On SQLite nothing can: an act holds the one lock of writing from its beginning. There what happens meanwhile waits, and
comes after.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
import pytest

from chat.send_rules import Content
from chat.sending import send_message
from chat.users import Viewer
from core.clock import now_ms
from core.ids import encode_id, key_of
from core.limits import Rate
from db.engine import Database, Writing
from db.line_writing import LineWriting
from db.stored import Stored
from db.tries import Try
from tests import acts, threads
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.storage import address_of, locked, run_sql
from tests.waiting import until

Act = Callable[[], Coroutine[Any, Any, Any]]


class Meanwhile:
    """Counts sends as the server does; and when it counts the first one, something else happens."""

    def __init__(self, house: House, act: Act) -> None:
        limits = house.palaver.send_rules.limits
        self._take, self._can_try = limits.take, house.palaver.work.can_try
        limits.take = self.take  # type: ignore[method-assign]
        self._act: Act | None = act
        self.happening: asyncio.Task[Any] | None = None
        self.counted = 0

    async def take(self, rate: Rate, who: str) -> int:
        """Between reading and writing."""
        if rate.name != "sends":
            return await self._take(rate, who)
        self.counted += 1
        act, self._act = self._act, None
        if act is not None:
            self.happening = asyncio.create_task(act())
            if self._can_try:
                await self.happening
        return await self._take(rate, who)


async def send_while(person: Person, thread: str, act: Act, key: str = "k1") -> tuple[dict[str, Any], Meanwhile]:
    """What a send is answered with while something happens."""
    meanwhile = Meanwhile(person.house, act)
    fields = {"conversationId": thread, "body": "Hello", "clientMessageId": key}
    answer = await person.ask(acts.SEND, input=fields)
    assert meanwhile.happening is not None, "nothing happened meanwhile"
    await meanwhile.happening
    return answer, meanwhile


def codes(answer: dict[str, Any]) -> list[str]:
    """Why it was refused."""
    return [error["code"] for error in answer["errors"]]


async def test_the_other_writes_meanwhile(ann: Person, bob: Person, thread: str) -> None:
    """Both are stored, in one order for everybody, and told as acknowledged."""
    async with threads.listening(bob, thread) as heard:
        answer, meanwhile = await send_while(ann, thread, lambda: acts.send(bob, thread, "Me first"))
        bodies = ["Me first", "Hello"] if ann.house.palaver.work.can_try else ["Hello", "Me first"]
        assert [event["message"]["body"] for event in await heard.take(2)] == bodies
    assert answer["message"]["seq"] == bodies.index("Hello") + 1
    assert await acts.bodies(ann, thread) == await acts.bodies(bob, thread) == bodies
    assert meanwhile.counted == 2, "one of each"


async def test_the_conversation_closes_meanwhile(ann: Person, bob: Person, host: Person, thread: str) -> None:
    answer, _ = await send_while(ann, thread, lambda: acts.list_thing(host, state="CLOSED"))
    if ann.house.palaver.work.can_try:
        assert (codes(answer), await acts.bodies(bob, thread)) == (["CONVERSATION_CLOSED"], [])
    else:
        assert (codes(answer), await acts.bodies(bob, thread)) == ([], ["Hello"])
    again = {"conversationId": thread, "body": "And?", "clientMessageId": "k2"}
    assert codes(await ann.ask(acts.SEND, input=again)) == ["CONVERSATION_CLOSED"]


async def test_who_is_removed_meanwhile_has_sent_before_or_not_at_all(people: People) -> None:
    everybody = ("ann", "bob")
    await acts.book(people.host, "booking-1", *everybody)
    thread = await acts.open_about(people.ann, "booking-1", kind="booking")
    answer, _ = await send_while(people.ann, thread, lambda: acts.book(people.host, "booking-1", "bob", "dan"))
    if people.ann.house.palaver.work.can_try:
        assert (codes(answer), await acts.bodies(people.bob, thread)) == (["NOT_FOUND"], [])
    else:
        assert (codes(answer), await acts.bodies(people.bob, thread)) == ([], ["Hello"])
    again = {"conversationId": thread, "body": "And?", "clientMessageId": "k2"}
    assert codes(await people.ann.ask(acts.SEND, input=again)) == ["NOT_FOUND"]


async def test_a_block_comes_between(ann: Person, bob: Person, thread: str) -> None:
    """What is being sent is there before the block, or not at all."""
    me = (await ann.ask("{ viewer { user { id } } }"))["user"]["id"]
    answer, _ = await send_while(ann, thread, lambda: bob.ask(BLOCK, input={"userId": me, "blocked": True}))
    if ann.house.palaver.work.can_try:
        assert (codes(answer), await acts.bodies(bob, thread)) == (["BLOCKED"], [])
    else:
        assert (codes(answer), await acts.bodies(bob, thread)) == ([], ["Hello"])
    again = {"conversationId": thread, "body": "And?", "clientMessageId": "k2"}
    assert codes(await ann.ask(acts.SEND, input=again)) == ["BLOCKED"]


BLOCK = "mutation Block($input: BlockUserInput!) { blockUser(input: $input) { errors { code } } }"


async def test_the_same_is_sent_meanwhile_by_another_device(ann: Person, bob: Person, thread: str) -> None:
    answer, _ = await send_while(ann, thread, lambda: acts.send(ann, thread, "Hello", "k1"))
    assert codes(answer) == []
    assert await acts.bodies(bob, thread) == ["Hello"]


async def test_something_else_is_sent_meanwhile_with_the_same_key(ann: Person, bob: Person, thread: str) -> None:
    fields = {"conversationId": thread, "body": "Good day", "clientMessageId": "k1"}
    others: list[dict[str, Any]] = []

    async def say_something_else() -> None:
        others.append(await ann.ask(acts.SEND, input=fields))

    answer, _ = await send_while(ann, thread, say_something_else)
    assert sorted([codes(answer), codes(others[0])]) == [[], ["IDEMPOTENCY_CONFLICT"]]
    stored = "Good day" if ann.house.palaver.work.can_try else "Hello"
    assert await acts.bodies(bob, thread) == [stored]


async def test_what_is_overtaken_counts_once(make_house: OpenHouse) -> None:
    async with make_house(rate_limits="on", sends="2 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        answer, _ = await send_while(people.ann, thread, lambda: acts.send(people.bob, thread, "Me first"))
        assert codes(answer) == []
        await acts.send(people.ann, thread, "One more")
        fields = {"conversationId": thread, "body": "Too many", "clientMessageId": "k3"}
        assert codes(await people.ann.ask(acts.SEND, input=fields)) == ["RATE_LIMITED"]


async def test_a_stranger_is_refused_and_nothing_is_counted(ann: Person, cy: Person, thread: str) -> None:
    """Foreign and non-existent are the same answer."""
    meanwhile = Meanwhile(cy.house, lambda: acts.send(ann, thread, "Hello"))
    answers = []
    for conversation in (thread, encode_id("Conversation", "0" * 32)):
        fields = {"conversationId": conversation, "body": "Let me in", "clientMessageId": acts.key()}
        answers.append(await cy.ask(acts.SEND, input=fields))
    assert codes(answers[0]) == ["NOT_FOUND"]
    assert answers[0] == answers[1]
    assert meanwhile.counted == 0
    assert await acts.bodies(ann, thread) == []


async def test_who_is_called_off_while_it_waits_has_sent_nothing(make_house: OpenHouse) -> None:
    async with make_house(backstop_seconds=600) as house, People(house) as people:
        thread, sending = await begin(people)
        async with threads.listening(people.bob, thread) as heard:
            async with locked(house):
                task = asyncio.create_task(sending)
                await until(lambda: waits_for_a_lock(house))
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            await acts.send(people.ann, thread, "Only this")
            assert (await heard.next())["message"]["body"] == "Only this"


async def test_who_is_called_off_when_it_is_written_is_heard(make_house: OpenHouse) -> None:
    """Bells ring for what is stored, though nobody waits for the answer: nothing else tells of it here."""
    async with make_house(backstop_seconds=600) as house, People(house) as people:
        thread, sending = await begin(people)
        written = asyncio.Event()
        database, work = house.palaver.database, house.palaver.work
        work._database = cast(Database, LateAnswers(house, written))
        try:
            async with threads.listening(people.bob, thread) as heard:
                task = asyncio.create_task(sending)
                await written.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert (await heard.next())["message"]["body"] == "Hello"
        finally:
            work._database = database


async def begin(people: People) -> tuple[str, Coroutine[Any, Any, Any]]:
    """A conversation, and a message of Ann's that is not sent yet."""
    house = people.house
    await acts.list_thing(people.host)
    thread = await acts.open_about(people.ann)
    me = (await people.ann.ask("{ viewer { user { id } } }"))["user"]["id"]
    viewer = Viewer(key_of(me, "User") or "", "ann", (), now_ms() + 60_000)
    content, key = Content("Hello", (), "k1"), key_of(thread, "Conversation")
    return thread, send_message(house.palaver.work, house.palaver.send_rules, viewer, key, content)


class LateAnswers:
    """A database whose acts are committed, and which does not say so for an hour."""

    def __init__(self, house: House, written: asyncio.Event) -> None:
        self._house, self._database, self._written = house, house.palaver.database, written
        self.can_try = self._database.can_try
        self._late: list[asyncio.Task[None]] = []

    async def _say_late(self, done: Any) -> Any:
        if self._written.is_set() or not await run_sql(self._house, "select id from messages"):
            return done  # The server does other things too.
        self._written.set()
        await asyncio.sleep(3600 if self.can_try else 0.05)  # On SQLite nobody is called off before it has come.
        return done

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[Try]:
        """A try that hears late of what it has stored."""
        async with self._database.trying() as db:
            store = db.store
            db.store = lambda *given: self._store(store, given)  # type: ignore[method-assign]
            yield db

    async def _store(self, store: Any, given: Any) -> Any:
        return await self._say_late(await store(*given))

    @asynccontextmanager
    async def writing(self, **options: Any) -> AsyncIterator[Writing]:
        """A transaction that hears late of its commit."""
        async with self._database.writing(**options) as db:
            if isinstance(db, LineWriting):
                store, line = db._line.store, db._line

                async def store_late(tell: Callable[[], None] | None = None) -> Stored:
                    line.store = store  # type: ignore[method-assign]
                    late = Stored(tell)
                    self._late.append(asyncio.create_task(self._wait_late(await store(), late)))
                    return late

                line.store = store_late  # type: ignore[method-assign]
            yield db

    async def _wait_late(self, stored: Stored, late: Stored) -> None:
        await stored.wait()
        await self._say_late(None)
        late.come_true()


async def waits_for_a_lock(house: House) -> bool:
    """Does an act of the server's wait for what somebody else has?"""
    line = house.palaver.database.line
    if line is not None:
        return line.is_taken
    connection = await asyncpg.connect(address_of(house.settings.database_url))
    try:
        found: int = await connection.fetchval("select count(*) from pg_locks where not granted")
        return found > 0
    finally:
        await connection.close()
