"""Somebody does by hand what an import is doing: both end well, and what there is afterwards is there once.

On SQLite one writes at a time, so that only what comes between two batches can be met there; on PostgreSQL whoever
comes first is waited for, and the other finds it done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import combinations
from typing import Any, TypeAlias

import pytest

from chat.import_state import BadLine, Count
from chat.subjects import Party, SubjectChange, upsert_subject
from chat.users import Viewer, ensure_known
from core.clock import now_ms
from db import imports
from tests import acts
from tests.cli.files import Fields, message
from tests.client import People, Person
from tests.house import House
from tests.racing import import_lines, race
from tests.storage import run_sql
from tests.waiting import soon, until

HOST = Viewer("host", "market", ("service",), now_ms() + 3_600_000)
ME = "query { viewer { id } }"
DELETE = "mutation($i: DeleteSubjectInput!) { deleteSubject(input: $i) { deletedId errors { code } } }"
#: People of one round.
CROWD = 10

Begun: TypeAlias = list["asyncio.Future[None]"]


def crowd_of(number: int) -> list[str]:
    """New people for each round."""
    return [f"p-{number}-{place}" for place in range(CROWD)]


def talk_of(names: tuple[str, str]) -> Fields:
    """A pair's conversation, as a file names it."""
    people = [{"userExternalId": name} for name in names]
    return {"type": "conversation", "id": "-".join(names), "people": people, "createdAt": "2025-04-01T08:00:00Z"}


def message_of(names: tuple[str, str]) -> Fields:
    """Something that the first of a pair said."""
    return message(1, names[0], conversation="-".join(names))


def user_of(name: str) -> Fields:
    """A person, as a file tells of them."""
    return {"type": "user", "externalId": name, "name": "From a file", "roles": ["seller"]}


def meanwhile(monkeypatch: pytest.MonkeyPatch, house: House, step: str, act: Callable[[], Awaitable[None]]) -> Begun:
    """Let somebody act between what an import has read and its first `step`; the act is to be awaited.

    On SQLite the import is the one who writes: there they come after it.
    """
    done = getattr(imports, step)
    begun: Begun = []

    async def overtaken(*given: Any) -> None:
        if not begun:
            begun.append(asyncio.ensure_future(act()))
            if not house.settings.database_url.startswith("sqlite"):
                await soon(begun[0])
        await done(*given)

    monkeypatch.setattr(imports, step, overtaken)
    return begun


async def test_pairs_are_opened_while_they_are_imported(
    house: House, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of a crowd writes to the next one; the file holds a conversation of each two, twice."""
    crowd = crowd_of(0)
    persons = [people.person(name) for name in crowd]
    await asyncio.gather(*(person.ask(ME) for person in persons))

    async def open_one(person: Person, other: str) -> None:
        given = {"userExternalId": other, "firstMessage": {"body": "Hello", "clientMessageId": acts.key()}}
        payload = await person.ask(acts.OPEN, input=given)
        assert payload["errors"] == []
        assert payload["messageEdge"]["node"]["body"] == "Hello"

    async def open_some() -> None:
        await asyncio.gather(*(open_one(persons[place - 1], crowd[place]) for place in range(CROWD)))

    begun = meanwhile(monkeypatch, house, "insert_conversations", open_some)
    pairs = list(combinations(crowd, 2))
    lines = [talk_of(pair) for pair in pairs]
    importing, bad_lines = await import_lines(house, [*lines, lines[0], *(message_of(pair) for pair in pairs)])
    await begun[0]
    assert [line.reason for line in bad_lines] == ["id: p-0-0-p-0-1 is another conversation of this file."]
    there = 0 if house.settings.database_url.startswith("sqlite") else CROWD
    assert importing.state.counts["conversation"] == Count(len(pairs) - there, there)
    assert importing.state.counts["message"] == Count(len(pairs), 0)
    # What was said is in the one conversation that there is, with its two people and one log.
    found = await run_sql(house, "select count(*), count(distinct identity), sum(last_seq) from conversations")
    assert [tuple(map(int, row)) for row in found] == [(len(pairs), len(pairs), len(pairs) + CROWD)]
    assert await run_sql(house, "select count(*) from participants") == [(len(pairs) * 2,)]
    assert await run_sql(house, "select count(*) from events where position = 1") == [(len(pairs),)]


@pytest.mark.parametrize("step", ["insert_users", "save_users"])
async def test_people_come_while_they_are_imported(
    house: House, people: People, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """For the first time, or when they were only named so far. A file is older than all tokens."""
    crowd = crowd_of(0)
    if step == "save_users":
        async with house.palaver.work.begin() as unit:
            await ensure_known(unit, crowd)
    persons = [people.person(name, "buyer", name="From a token") for name in crowd[::-1]]

    async def come() -> None:
        await asyncio.gather(*(person.ask(ME) for person in persons))

    begun = meanwhile(monkeypatch, house, step, come)
    importing, bad_lines = await import_lines(house, [user_of(name) for name in crowd])
    await begun[0]
    assert bad_lines == []
    is_overtaken = not house.settings.database_url.startswith("sqlite")
    assert importing.state.counts["user"] == (Count(0, CROWD) if is_overtaken else Count(CROWD, 0))
    shown = "select distinct name, role from users join user_roles on user_id = id where external_id like 'p-%'"
    assert await run_sql(house, shown) == [("From a token", "buyer")]


async def test_subjects_are_told_of_while_they_are_imported(house: House) -> None:
    """With people of whom nobody has heard before; what the host tells stays."""

    def name_of(number: int, place: int) -> dict[str, str]:
        return {"kind": "listing", "externalId": f"s-{number}-{place}"}

    async def bring(number: int) -> None:
        lines: list[Fields] = [
            {
                "type": "subject",
                **name_of(number, place),
                "title": "From a file",
                "owner": {"userExternalId": name, "role": "seller"},
            }
            for place, name in enumerate(crowd_of(number))
        ]
        _, bad_lines = await import_lines(house, lines)
        assert bad_lines == []

    async def tell_one(number: int, place: int, name: str) -> None:
        change = SubjectChange("listing", f"s-{number}-{place}", title="From the host", owner=Party(name, "seller"))
        await upsert_subject(house.palaver.work, HOST, change)

    async def tell(number: int) -> None:
        places = list(enumerate(crowd_of(number)))[::-1]
        await asyncio.gather(*(tell_one(number, place, name) for place, name in places))

    rounds = await race(bring, tell)
    assert await run_sql(house, "select count(*), min(title), max(title) from subjects") == [
        (len(rounds) * CROWD, "From the host", "From the host")
    ]


async def test_two_imports_bring_the_same(house: House) -> None:
    """In two orders; each counts each line once, and of each thing one of them has made it."""

    def lines_of(number: int) -> list[Fields]:
        crowd = crowd_of(number)
        return [*map(user_of, crowd), *map(talk_of, combinations(crowd, 2))]

    async def bring(number: int, step: int) -> tuple[int, int]:
        importing, bad_lines = await import_lines(house, lines_of(number)[::step])
        assert bad_lines == []
        return importing.state.new, importing.state.known

    for number, counts in enumerate(await race(lambda n: bring(n, 1), lambda n: bring(n, -1))):
        total = len(lines_of(number))
        assert [sum(count) for count in counts] == [total, total]
        assert sum(new for new, _ in counts) == total


async def test_people_talk_and_read_in_a_conversation_that_is_imported(house: House, people: People) -> None:
    """Also under a key that the file has: who comes later is told so, and the log is one, without holes."""
    ann, bob = people.person("p-0-0"), people.person("p-0-1")
    names = ("p-0-0", "p-0-1")
    await asyncio.gather(ann.ask(ME), bob.ask(ME))
    opened = await ann.ask(acts.OPEN, input={"userExternalId": names[1]})
    thread = opened["conversation"]["id"]
    conflicts: list[BadLine] = []
    refused: list[str] = []

    async def bring(number: int) -> None:
        said = [
            message(place, names[place % 2], conversation="-".join(names), id=f"m-{number}-{place}")
            for place in range(20)
        ]
        _, bad_lines = await import_lines(house, [talk_of(names), *said])
        conflicts.extend(bad_lines)

    async def talk(number: int) -> None:
        for place in range(4):
            fields = {"conversationId": thread, "body": "now", "clientMessageId": f"m-{number}-{place * 2}"}
            payload = await ann.ask(acts.SEND, input=fields)
            refused.extend(error["code"] for error in payload["errors"])
            await acts.read(bob, thread)

    rounds = await race(bring, talk)
    assert set(refused) <= {"IDEMPOTENCY_CONFLICT"}
    assert all("is there already, with another text" in line.reason for line in conflicts)
    # Of each key that both had, one was taken and one refused.
    assert len(refused) + len(conflicts) == 4 * len(rounds)
    stored = await run_sql(house, "select seq, position from messages order by seq")
    assert [row[0] for row in stored] == list(range(1, 20 * len(rounds) + 1))
    assert stored[-1] == (20 * len(rounds), 20 * len(rounds) + 1)


async def test_a_subject_is_deleted_while_its_conversation_is_imported(house: House, people: People) -> None:
    """The import goes on with what is left, says which lines were too late, and nothing comes back."""
    await asyncio.gather(people.ann.ask(ME), people.bob.ask(ME))
    others = ("p-0-0", "p-0-1")
    refused: list[str] = []

    async def bring(number: int) -> None:
        name = f"thing-{number}"
        owner = {"userExternalId": "bob", "role": "seller"}
        key = {"kind": "listing", "externalId": name}
        lines: list[Fields] = [
            {"type": "subject", **key, "title": "A thing", "owner": owner},
            {
                "type": "conversation",
                "id": name,
                "subject": key,
                "contacter": "ann",
                "createdAt": "2025-04-01T08:00:00Z",
            },
            talk_of(others),
            # More than one batch: between two of them it is gone at the latest.
            *(message(place, ("ann", "bob")[place % 2], conversation=name) for place in range(700)),
            message(1, others[0], conversation="-".join(others), id=f"last-{number}"),
        ]
        _, bad_lines = await import_lines(house, lines)
        refused.extend(line.reason for line in bad_lines)

    async def delete(number: int) -> None:
        name = f"thing-{number}"

        async def is_there() -> bool:
            return bool(await run_sql(house, "select 1 from conversations where identity like 'subject:%'"))

        await until(is_there)
        payload = await people.host.ask(DELETE, i={"kind": "listing", "externalId": name})
        assert payload["errors"] == []

    rounds = await race(bring, delete, rounds=4)
    left = "select count(*) from messages where body is not null and client_key not like 'last-%'"
    assert await run_sql(house, left) == [(0,)]
    assert await run_sql(house, "select count(*) from messages where client_key like 'last-%'") == [(len(rounds),)]
    assert refused
    assert {reason.partition("thing")[0] for reason in refused} == {"conversation: Conversation "}
