"""Statements that read messages look at the membership themselves, whoever has looked at it before."""

import pytest

from core.ids import key_of
from db import message_places
from db.message_places import SeqRange
from db.messages import MessageRow
from db.rows import lean
from tests import acts
from tests.client import People, Person

WHO = "{ viewer { user { id } } }"
KINDS = [MessageRow, lean(MessageRow, frozenset({"id", "conversation_id", "seq", "body"}))]


async def bodies(person: Person, threads: list[str], kind: type[MessageRow]) -> list[list[str | None]]:
    """What somebody is given of the beginnings of conversations: by ranges one by one, together, and by places."""
    me = key_of((await person.ask(WHO))["user"]["id"], "User") or ""
    keys = [key_of(thread, "Conversation") or "" for thread in threads]
    ranges = [SeqRange(key, 1, 9) for key in keys]
    async with person.house.palaver.database.reading() as db:
        alone = [await message_places.find_ranges(db, me, [span], kind) for span in ranges]
        together = await message_places.find_ranges(db, me, ranges, kind)
        places = await message_places.find_at(db, me, [(key, 1) for key in keys], kind)
    found = [[row.body for row in one[span]] for one, span in zip(alone, ranges, strict=True)]
    assert found == [[row.body for row in together[span]] for span in ranges]
    assert [rows[:1] for rows in found] == [[places[key, 1].body] if (key, 1) in places else [] for key in keys]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=["whole", "lean"])
async def test_messages_are_read_only_for_who_is_in_their_conversation(people: People, kind: type[MessageRow]) -> None:
    """Not for the stranger Cy, and not for Bob, who was in one of the two, from when he is out of it."""
    threads = []
    for number in (1, 2):
        await acts.book(people.host, f"booking-{number}")
        threads.append(await acts.open_about(people.ann, f"booking-{number}", kind="booking"))
        await acts.send(people.ann, threads[-1], f"Hello {number}")
    both = [["Hello 1"], ["Hello 2"]]
    assert await bodies(people.ann, threads, kind) == both
    assert await bodies(people.bob, threads, kind) == both
    assert await bodies(people.cy, threads, kind) == [[], []]
    await acts.book(people.host, "booking-1", "ann", "dan")
    assert await bodies(people.bob, threads, kind) == [[], ["Hello 2"]]
    assert await bodies(people.ann, threads, kind) == both
