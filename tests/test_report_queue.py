"""What people reported waits for staff, who look at it and are done with it; nobody else sees any of it."""

from typing import Any

import pytest

from tests import acts, staff
from tests.client import People, Person
from tests.explaining import explain
from tests.house import House
from tests.statements import counting
from tests.storage import run_sql
from tests.test_reports import report


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_reports_wait_for_staff_open_ones_first(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    """With the words as they were, whatever became of the message; and the message, which only staff see there."""
    sent = [await acts.send(ann, thread, f"Rude words {number}") for number in range(3)]
    made = [(await report(bob, message["id"], note="Look!"))["id"] for message in sent]

    async def queue(**page: Any) -> list[str]:
        return staff.ids_of((await ada.ask(staff.REPORTS, **page))["reports"])

    await ada.ask(staff.REMOVE, input={"messageId": sent[0]["id"], "reason": "Rude"})
    (first, *_) = (await ada.ask(staff.REPORTS, first=1))["reports"]["edges"]
    assert first["node"] == {
        "id": made[0],
        "messageBody": "Rude words 0",
        "note": "Look!",
        "reason": "SCAM",
        "resolvedAt": None,
        "reporter": {"externalId": "bob"},
        "message": {"id": sent[0]["id"], "body": None, "conversation": {"id": thread}},
    }
    done = await ada.ask(staff.RESOLVE, input={"reportId": made[0], "note": "It is gone"})
    assert done["errors"] == []
    assert done["report"]["resolvedAt"] is not None
    assert await ada.ask(staff.RESOLVE, input={"reportId": made[0], "note": "Again"}) == done
    assert await queue(first=10) == [made[1], made[2], made[0]]
    page = (await ada.ask(staff.REPORTS, first=2))["reports"]
    assert page["pageInfo"]["hasNextPage"]
    assert await queue(first=2, after=page["pageInfo"]["endCursor"]) == [made[0]]
    assert await queue(last=1, before=page["pageInfo"]["endCursor"]) == [made[1]]
    seen = [(entry["action"], entry["target"], entry["reason"]) for entry in await staff.entries(ada)]
    assert seen.count(("report.resolved", made[0], "It is gone")) == 1
    assert [action for action, *_ in seen].count("report.resolved") == 1
    assert {("reports.listed", None, None), *(("report.read", key, None) for key in made)} <= {*seen}


async def test_a_page_of_the_queue_is_read_in_its_order_however_many_were_made(
    house: House, ann: Person, ada: Person
) -> None:
    """From either end and from a cursor: nothing is put in order first, and no page reads those before it."""
    await ann.ask("{ viewer { id } }")
    [(ann_id,)] = await run_sql(house, "select id from users where external_id = 'ann'")
    row = "insert into reports (id, reporter_id, reason, created_at, resolved_at) values "
    values = [
        f"('{number:032x}', '{ann_id}', 'SPAM', {number}, {'null' if number % 3 else 9})" for number in range(600)
    ]
    await run_sql(house, row + ", ".join(values))
    edges = (await ada.ask(staff.REPORTS, first=50))["reports"]["edges"]
    found = [edge["cursor"] for edge in edges]
    with counting(house) as counted:
        for page in ({"first": 5}, {"last": 5}, {"first": 5, "after": found[20]}, {"last": 5, "before": found[20]}):
            await ada.ask(staff.REPORTS, **page)
    looked = [statement for statement in counted.texts if "is_done" in statement]
    assert len({*looked}) >= 4
    accesses = await explain(house.palaver.database, looked, may_sort=False)
    assert {(access.table, access.index) for access in accesses} == {("reports", "ix_reports_is_done_id")}
    begun = [one for one in accesses if "WHERE" in one.statement]
    assert begun
    assert all(one.columns is not None for one in begun)


async def test_a_message_that_a_report_shows_is_in_the_log(ann: Person, bob: Person, ada: Person, thread: str) -> None:
    """Once for each look, by the queue and by what resolving answers; not when only the report is asked for."""
    sent = await acts.send(ann, thread, "Rude words")
    made = await report(bob, sent["id"])

    async def reads() -> int:
        return (await staff.told(ada)).count(("ada", "message.read", sent["id"]))

    await ada.ask("{ admin { reports(first: 5) { edges { node { messageBody message { __typename } } } } } }")
    before = await reads()
    await ada.ask("{ admin { reports(first: 5) { edges { node { id messageBody } } } } }")
    assert await reads() == before
    await ada.ask(staff.REPORTS, first=5)
    assert await reads() == before + 1
    await ada.ask(staff.RESOLVE, input={"reportId": made["id"]})
    assert await reads() == before + 2


async def test_reports_are_staffs_alone(ann: Person, bob: Person, cy: Person, host: Person, thread: str) -> None:
    sent = await acts.send(ann, thread, "Rude words")
    made = await report(bob, sent["id"])
    for person in (ann, bob, cy, host):
        assert await person.code(staff.REPORTS, first=1) == "FORBIDDEN"
        assert await person.code(staff.RESOLVE, input={"reportId": made["id"]}) == "FORBIDDEN"
