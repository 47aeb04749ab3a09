"""Reports: whoever sees a message can tell staff about it, and nobody else learns of it."""

import asyncio
from typing import Any

from sqlalchemy import text

from core.ids import key_of
from db import conversations
from tests import acts, changing
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.storage import run_sql
from tests.waiting import until

REPORT = """
mutation Report($input: ReportMessageInput!) {
  reportMessage(input: $input) {
    report {
      id reason note messageBody createdAt resolvedAt
      message { id body }
      reporter { externalId }
    }
    errors { code reason path ... on RateLimitedError { retryAfterMs } }
  }
}
"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Report { reason messageBody } } }"


async def report(person: Person, message_id: str, reason: str = "SCAM", note: str | None = None) -> dict[str, Any]:
    """Somebody reports a message; the report."""
    payload = await person.ask(REPORT, input={"messageId": message_id, "reason": reason, "note": note})
    assert payload["errors"] == [], payload
    made: dict[str, Any] = payload["report"]
    return made


async def test_a_report_keeps_the_words_and_who_says_so(ann: Person, bob: Person, thread: str) -> None:
    sent = await acts.send(bob, thread, "Pay me by voucher")
    made = await report(ann, sent["id"], "SCAM", "He wants a voucher")
    assert made["createdAt"] >= sent["createdAt"]
    assert {key: made[key] for key in made if key not in ("id", "createdAt")} == {
        "reason": "SCAM",
        "note": "He wants a voucher",
        "messageBody": "Pay me by voucher",
        "resolvedAt": None,
        "message": {"id": sent["id"], "body": "Pay me by voucher"},
        "reporter": {"externalId": "ann"},
    }


async def test_the_words_stay_as_they_were(ann: Person, bob: Person, thread: str) -> None:
    """Whatever becomes of the message."""
    sent = await acts.send(bob, thread, "Pay me by voucher")
    made = await report(ann, sent["id"])
    await run_sql(ann.house, "update messages set body = 'Hello'")
    assert (await ann.ask(NODE, id=made["id"]))["messageBody"] == "Pay me by voucher"
    await run_sql(ann.house, "update messages set body = null, deleted_at = 5")
    assert (await ann.ask(NODE, id=made["id"]))["messageBody"] == "Pay me by voucher"


async def test_an_edit_comes_before_a_report_or_after_it(house: House, ann: Person, bob: Person, thread: str) -> None:
    """Who edits has the conversation: the report waits, and keeps the words as they are then, not as it saw them."""
    sent = await acts.send(bob, thread, "Pay me by voucher")
    async with house.palaver.work.begin() as unit:
        await conversations.lock(unit.db, key_of(thread, "Conversation") or "")
        reporting = asyncio.create_task(report(ann, sent["id"]))
        if not house.palaver.database.is_sqlite:  # There nobody else has begun to write.
            await until(lambda: waits_for_a_lock(house))
        await unit.db.run(text("update messages set body = 'Hello'"))
    assert (await reporting)["messageBody"] == "Hello"


async def waits_for_a_lock(house: House) -> bool:
    """Does somebody want what somebody else has?"""
    return bool(await run_sql(house, "select 1 from pg_locks where not granted"))


async def test_reports_and_edits_at_once_keep_words_that_were_said(ann: Person, bob: Person, thread: str) -> None:
    """Those from before or those from after, and all of the history; a deletion leaves the words, or comes first."""
    for number in range(12):
        sent = await acts.send(bob, thread, "First words")
        acting: list[Any] = [changing.edit(bob, sent["id"], f"Edited {turn}") for turn in range(2)]
        acting.insert(number % 3, report(ann, sent["id"]))
        done = await asyncio.gather(*acting)
        made = done[number % 3]
        left = await changing.seen(ann, sent["id"])
        said = {"First words", left["body"], *(edit["body"] for edit in left["edits"])}
        assert said == {"First words", "Edited 0", "Edited 1"}
        assert made["messageBody"] in said
        assert (await ann.ask(NODE, id=made["id"]))["messageBody"] == made["messageBody"]
        again: dict[str, Any]
        last: dict[str, Any]
        again, _ = await asyncio.gather(report(ann, sent["id"]), changing.delete(bob, sent["id"]))
        assert again["messageBody"] == made["messageBody"]
        late = await acts.send(bob, thread, "More words")
        last, _ = await asyncio.gather(report(ann, late["id"]), changing.delete(bob, late["id"]))
        assert last["messageBody"] in ("More words", None)


async def test_a_message_is_reported_once_by_each(people: People, thread: str) -> None:
    """A repeat changes nothing, whatever it says; somebody else's report is another one."""
    ann, bob, host = people.ann, people.bob, people.host
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    sent = await acts.send(bob, booking, "Fools")
    first = await report(ann, sent["id"], "ABUSE", "Rude")
    assert await report(ann, sent["id"], "ABUSE", "Rude") == first
    assert await report(ann, sent["id"], "SPAM") == first
    assert (await report(people.cy, sent["id"], "OTHER"))["id"] != first["id"]


async def test_nobody_sees_anothers_report(people: People, thread: str) -> None:
    """Not whom it is about, not staff by this way, and not the host's server."""
    ann, bob = people.ann, people.bob
    sent = await acts.send(bob, thread, "Pay me by voucher")
    made = await report(ann, sent["id"])
    assert (await ann.ask(NODE, id=made["id"]))["reason"] == "SCAM"
    for person in (bob, people.cy, people.host, people.person("ada", "admin", name="Ada")):
        assert await person.ask(NODE, id=made["id"]) is None


async def test_a_stranger_reports_nothing(ann: Person, bob: Person, cy: Person, thread: str) -> None:
    """Nor who was let out: to them it is as if there were no such message."""
    sent = await acts.send(bob, thread, "Hello")
    answers = [
        await cy.ask(REPORT, input={"messageId": name, "reason": "SPAM"}) for name in (sent["id"], "TWVzc2FnZTow")
    ]
    assert answers[0] == answers[1]
    assert [error["code"] for error in answers[0]["errors"]] == ["NOT_FOUND"]
    assert await run_sql(ann.house, "select * from reports") == []


async def test_who_was_let_out_reports_nothing(people: People) -> None:
    ann, bob, cy, host = people.ann, people.bob, people.cy, people.host
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    sent = await acts.send(bob, await acts.open_about(ann, "booking-1", kind="booking"), "Hello")
    await acts.book(host, "booking-1", "ann", "bob")
    assert await cy.code(REPORT, input={"messageId": sent["id"], "reason": "SPAM"}) == "NOT_FOUND"


async def test_what_is_wrong_is_told(ann: Person, bob: Person, thread: str) -> None:
    sent, own = await acts.send(bob, thread, "Hello"), await acts.send(ann, thread, "Yes?")
    assert await ann.code(REPORT, input={"messageId": own["id"], "reason": "SPAM"}) == "INVALID"
    for name in (thread, "nonsense", ""):
        assert await ann.code(REPORT, input={"messageId": name, "reason": "SPAM"}) == "NOT_FOUND"
    long = {"messageId": sent["id"], "reason": "SPAM", "note": "x" * 1001}
    refused = await ann.ask(REPORT, input=long)
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [("TOO_LONG", ["input", "note"])]
    assert await ann.code(REPORT, input={"messageId": sent["id"], "reason": "DULL"}) == "BAD_USER_INPUT"
    assert (await report(ann, sent["id"], note="  "))["note"] is None


async def test_so_many_can_be_made(make_house: OpenHouse) -> None:
    """And a repeat is none."""
    async with make_house(rate_limits="on", reports="1 per hour") as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        one, two = [await acts.send(people.bob, thread, word) for word in ("One", "Two")]
        await report(people.ann, one["id"])
        await report(people.ann, one["id"])
        refused = await people.ann.ask(REPORT, input={"messageId": two["id"], "reason": "SPAM"})
        assert [error["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
        assert refused["errors"][0]["retryAfterMs"] > 0
