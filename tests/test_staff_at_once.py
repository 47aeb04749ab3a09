"""Staff, and who reports, click twice, or two of them do the same at once: it is done once, and once in the log."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from core.ids import key_of
from tests import acts, changing, staff
from tests.client import People, Person
from tests.house import House
from tests.storage import run_sql
from tests.test_reports import report

TIMES = 8


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def at_once(query: str, wish: dict[str, Any], *people: Person) -> list[Any]:
    """The payloads of what people ask all at once; nobody is refused."""
    payloads = await asyncio.gather(*(people[n % len(people)].ask(query, input=wish) for n in range(TIMES)))
    assert [payload["errors"] for payload in payloads] == [[]] * TIMES
    return payloads


async def count(house: House, conversation: str, kind: str) -> int:
    """How many events of a kind a conversation's log has."""
    statement = "select count(*) from events where conversation_id = ? and kind = ?"
    [(found,)] = await run_sql(house, statement, key_of(conversation, "Conversation"), kind)
    return int(found)


async def actions(ada: Person) -> list[str]:
    """What the log has of what staff did to conversations and reports."""
    done = [action for who, action, _ in await staff.told(ada) if who in ("ada", "sam")]
    return [one for one in done if one.startswith(("conversation.", "report.")) and not one.endswith(".read")]


async def test_joining_and_leaving_many_times_at_once_is_done_once(
    house: House, ann: Person, ada: Person, thread: str
) -> None:
    wish = {"conversationId": thread}
    for payload in await at_once(staff.JOIN, wish, ada):
        assert [member["role"] for member in payload["conversation"]["participants"]].count("staff") == 1
    await at_once(staff.LEAVE, wish, ada)
    assert [await count(house, thread, kind) for kind in ("JOINED", "LEFT")] == [1, 1]
    assert await acts.bodies(ann, thread) == [
        "Ada (staff) has joined the conversation.",
        "Ada (staff) has left the conversation.",
    ]
    assert await actions(ada) == ["conversation.joined", "conversation.left"]


async def test_two_of_staff_join_at_once(people: People, ann: Person, ada: Person, thread: str) -> None:
    """Each is in it, once."""
    sam = people.person("sam", "admin", name="Sam")
    await at_once(staff.JOIN, {"conversationId": thread}, ada, sam)
    assert await staff.roles_in(ann, thread) == ["seller", "buyer", "staff", "staff"]
    assert sorted(await acts.bodies(ann, thread)) == [
        f"{name} (staff) has joined the conversation." for name in ("Ada", "Sam")
    ]
    assert await actions(ada) == ["conversation.joined"] * 2


async def test_closing_many_times_at_once_is_done_once(people: People, ada: Person, thread: str) -> None:
    sam = people.person("sam", "admin", name="Sam")
    for state, action in (("CLOSED", "conversation.closed"), ("OPEN", "conversation.reopened")):
        await at_once(staff.SET_STATE, {"conversationId": thread, "state": state}, ada, sam)
        assert (await actions(ada)).count(action) == 1


async def test_closing_and_reopening_at_once_leave_a_log_that_says_how_it_ended(ada: Person, thread: str) -> None:
    states = ("CLOSED", "OPEN") * TIMES
    wishes = [{"conversationId": thread, "state": state} for state in states]
    await asyncio.gather(*(ada.ask(staff.SET_STATE, input=wish) for wish in wishes))
    is_closed = (await ada.ask(staff.THREAD, id=thread, first=1))["conversation"]["state"] == "CLOSED"
    done = await actions(ada)
    assert done.count("conversation.closed") - done.count("conversation.reopened") == is_closed


async def test_a_message_that_is_removed_and_deleted_at_once_ends_once(
    house: House, people: People, ann: Person, ada: Person, thread: str
) -> None:
    sam = people.person("sam", "admin", name="Sam")
    for number in range(6):
        sent = await acts.send(ann, thread, f"Rude words {number}")
        wish = {"messageId": sent["id"], "reason": "Rude"}
        ending: list[Awaitable[Any]] = [at_once(staff.REMOVE, wish, ada, sam)]
        ending.insert(number % 2, changing.delete(ann, sent["id"]))
        await asyncio.gather(*ending)
        ends = [what for _, what, target in await staff.told(ada) if target == sent["id"]]
        assert len([what for what in ends if what in ("message.removed", "message.deleted")]) == 1
    assert await count(house, thread, "MESSAGE_UPDATED") == 6


async def test_a_report_made_or_resolved_many_times_at_once_is_one(
    house: House, people: People, ann: Person, bob: Person, ada: Person, thread: str
) -> None:
    sam = people.person("sam", "admin", name="Sam")
    sent = await acts.send(ann, thread, "Rude words")
    made = await asyncio.gather(*(report(bob, sent["id"], note=str(number)) for number in range(TIMES)))
    assert [*made] == [made[0]] * TIMES
    assert await run_sql(house, "select count(*) from reports") == [(1,)]
    done = await at_once(staff.RESOLVE, {"reportId": made[0]["id"], "note": "Done"}, ada, sam)
    assert len({payload["report"]["resolvedAt"] for payload in done}) == 1
    assert (await actions(ada)).count("report.resolved") == 1
