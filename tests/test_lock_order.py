"""Acts that need several rows take them in one order (docs/decisions/0024), so that none of two waits for the other.

Each pair of acts runs against each other many times. On SQLite, where one writes at a time, that proves nothing; on
PostgreSQL a pair that takes rows in different orders is found in the first few rounds, for who is told of a deadlock
fails. Only acts that can lock at once what the other has are paired here.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from chat.presence import Presence
from chat.subjects import Party, SubjectChange, upsert_subject
from chat.users import Viewer, ensure_known
from core.clock import now_ms
from core.ids import key_of
from db import presence
from tests import acts
from tests.cli.files import Fields, message
from tests.client import People, Person
from tests.house import House
from tests.racing import ROUNDS, Make, import_lines, race
from tests.storage import run_sql
from tests.uploads import upload

#: As many as make it likely that one of two acts is among them while the other is.
CROWD = [f"p-{number}" for number in range(12)]
HOST = Viewer("host", "market", ("service",), now_ms() + 3_600_000)
SEND_FILES = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }"


def booking(people: Sequence[str], name: str = "booking-1", role: str = "party") -> SubjectChange:
    """A booking of these people, in this order."""
    parties = [Party(person, role) for person in people]
    return SubjectChange(
        kind="booking", external_id=name, title="A trip", policy="PARTIES", owner=None, parties=parties
    )


async def meet_backwards(house: House) -> None:
    """Let the crowd be known, the last of them first: the order of their ids is not that of their names."""
    for external_id in reversed(CROWD):
        async with house.palaver.work.begin() as unit:
            await ensure_known(unit, [external_id])


async def ids_of(house: House, table: str, column: str = "id") -> list[str]:
    """The ids of a table, in order."""
    return [row[0] for row in await run_sql(house, f"select {column} from {table} order by id")]


async def open_booking(house: House, people: People) -> str:
    """The database id of a conversation of the whole crowd."""
    await meet_backwards(house)
    await upsert_subject(house.palaver.work, HOST, booking(CROWD))
    return key_of(await acts.open_about(people.person(CROWD[0]), "booking-1", kind="booking"), "Conversation") or ""


async def deliver(house: House, conversations: Sequence[str], seq: int) -> None:
    """Everybody's sockets have taken something; it is stored as the server stores it."""
    deliveries = house.palaver.deliveries
    for conversation_id in conversations:
        for user_id in await ids_of(house, "users"):
            deliveries.note(conversation_id, user_id, seq)
    await deliveries.flush()


@pytest.mark.parametrize("what", ["let in and out", "given other parts"])
async def test_a_bookings_people_change_while_deliveries_are_stored(house: House, people: People, what: str) -> None:
    conversation_id = await open_booking(house, people)

    async def change(number: int) -> None:
        some = CROWD if what != "let in and out" or number % 2 else CROWD[-2:]
        await upsert_subject(house.palaver.work, HOST, booking(some, role=f"part-{number}"))

    await race(change, lambda number: deliver(house, [conversation_id], number + 1))


async def test_two_subjects_name_the_same_new_people(house: House) -> None:
    """Each side begins at the other end; and whoever owns one is somewhere in the other."""
    work = house.palaver.work

    def tell(side: str) -> Make:
        async def upsert(number: int) -> None:
            names = [f"new-{number}-{place}" for place in range(8)]
            ordered = names if side == "left" else names[::-1]
            change = booking(ordered[1:], f"{side}-{number}")
            owner = Party(ordered[0], "owner")
            await upsert_subject(work, HOST, SubjectChange(**{**_fields(change), "owner": owner}))

        return upsert

    await race(tell("left"), tell("right"))


def _fields(change: SubjectChange) -> dict[str, Any]:
    return {name: getattr(change, name) for name in SubjectChange.__dataclass_fields__}


async def test_the_same_new_subject_is_told_twice_with_its_people_in_two_orders(house: House) -> None:
    work = house.palaver.work

    def tell(step: int) -> Make:
        async def upsert(number: int) -> None:
            names = [f"new-{number}-{place}" for place in range(8)]
            await upsert_subject(work, HOST, booking(names[::step], f"booking-{number}"))

        return upsert

    await race(tell(1), tell(-1))
    assert len(await ids_of(house, "subjects")) == ROUNDS


async def upload_six(person: Person) -> list[str]:
    """The ids of six new files."""
    return [(await upload(person, f"file {place}".encode(), f"{place}.txt"))["attachment"]["id"] for place in range(6)]


async def test_the_same_files_are_sent_in_two_conversations_at_once(people: People) -> None:
    ann = people.ann
    threads = []
    for name in ("bike-1", "bike-2"):
        await acts.list_thing(people.host, name)
        threads.append(await acts.open_about(ann, name))

    def send(thread: str, step: int) -> Make:
        async def attach(_: int) -> list[str]:
            fields = {"conversationId": thread, "attachmentIds": files[::step], "clientMessageId": acts.key()}
            return [error["code"] for error in (await ann.ask(SEND_FILES, input=fields))["errors"]]

        return attach

    files: list[str] = []
    for _ in range(6):
        files[:] = await upload_six(ann)
        ((left, right),) = await race(send(threads[0], 1), send(threads[1], -1), rounds=1)
        assert sorted([left, right]) == [[], ["NOT_FOUND"]], "a file goes with one message"


async def test_files_are_forgotten_while_they_are_sent(house: House, people: People, thread: str) -> None:
    ann = people.ann
    for _ in range(6):
        files = await upload_six(ann)

        async def send(_: int, ids: Sequence[str] = tuple(files[::-1])) -> None:
            fields = {"conversationId": thread, "attachmentIds": ids, "clientMessageId": acts.key()}
            codes = [error["code"] for error in (await ann.ask(SEND_FILES, input=fields))["errors"]]
            assert codes in ([], ["NOT_FOUND"])

        async def sweep(_: int) -> None:
            await house.palaver.reaper.sweep(now_ms() + 10**12)

        await race(send, sweep, sweep, rounds=1)


async def test_messages_are_imported_while_deliveries_are_stored(house: House, people: People) -> None:
    """The file names the conversations in another order than that of their ids."""
    talks = [f"t-{number}" for number in range(8)]
    await meet_backwards(house)
    persons = [(CROWD[place], CROWD[-1 - place]) for place in range(4)]
    persons += [(CROWD[place], CROWD[place + 1]) for place in range(4)]
    opening = [
        {
            "type": "conversation",
            "id": talk,
            "people": [{"userExternalId": name} for name in pair],
            "createdAt": "2025-04-01T08:00:00Z",
        }
        for talk, pair in zip(talks, persons, strict=True)
    ]
    await _take_in(house, opening)
    conversations = await ids_of(house, "conversations")

    async def bring(number: int) -> None:
        said = [
            message(number, pair[number % 2], conversation=talk, id=f"m-{number}-{talk}")
            for talk, pair in zip(talks, persons, strict=True)
        ]
        await _take_in(house, [*opening, *reversed(said)])

    await race(bring, lambda number: deliver(house, conversations, number + 1))


async def _take_in(house: House, lines: Sequence[Fields]) -> None:
    _, bad_lines = await import_lines(house, lines)
    assert bad_lines == []


async def test_processes_that_come_go_and_die_at_once(house: House) -> None:
    """Each has somebody who leaves, and both find a third that died with everybody on board."""
    work, hub = house.palaver.work, house.palaver.hub
    await meet_backwards(house)
    crowd = await ids_of(house, "users")
    for number in range(ROUNDS):
        alive = [Presence(work, hub, 600), Presence(work, hub, 600)]
        for process, some in zip(alive, (crowd[::2], crowd[1::2]), strict=True):
            for user_id in some:
                process.arrive(user_id)
            await process._store()
            for user_id in some:
                process.depart(user_id)
        await run_sql(house, "update users set last_seen_at = null")
        async with work.begin() as unit:
            await presence.beat(unit.db, f"dead-{number}", 1)
            await presence.take_leases(unit.db, f"dead-{number}", crowd, unit.now)
        await asyncio.gather(*(process._store() for process in alive))
        await asyncio.gather(*(process.stop() for process in alive))
    assert await run_sql(house, "select count(*) from presence_leases") == [(0,)]


async def test_a_process_that_was_given_up_wakes_while_its_leases_are_dropped(house: House) -> None:
    work, hub = house.palaver.work, house.palaver.hub
    await meet_backwards(house)
    crowd = await ids_of(house, "users")
    for _ in range(ROUNDS):
        asleep, awake = Presence(work, hub, 600), Presence(work, hub, 600)
        for process in (asleep, awake):
            for user_id in crowd:
                process.arrive(user_id)
            await process._store()
            for user_id in crowd:
                process.depart(user_id)
        await run_sql(house, "update presence_processes set beat_at = 1 where id = ?", asleep._process_id)
        await asyncio.gather(asleep.stop(), awake._store())
        await awake.stop()
