"""What the audit log cannot take is not done, and not shown: entries are written with the act, and before a look."""

from typing import Any

import pytest

from tests import acts, changing, staff
from tests.client import People, Person
from tests.house import House
from tests.storage import run_sql
from tests.test_reports import report

POST = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
DELETE_SUBJECT = "mutation($input: DeleteSubjectInput!) { deleteSubject(input: $input) { errors { code } } }"
UPSERT_USER = "mutation($input: UpsertUserInput!) { upsertUser(input: $input) { errors { code } } }"
NODE = "query($id: ID!) { node(id: $id) { ... on AuditEntry { action hash } } }"
#: What acts change.
TABLES = (
    "conversations",
    "participants",
    "messages",
    "message_edits",
    "events",
    "reports",
    "subjects",
    "audit_entries",
)
#: Who does what, with names of things in it.
ACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "join": ("ada", staff.JOIN, {"conversationId": "other"}),
    "leave": ("ada", staff.LEAVE, {"conversationId": "joined"}),
    "close": ("ada", staff.SET_STATE, {"conversationId": "other", "state": "CLOSED"}),
    "remove": ("ada", staff.REMOVE, {"messageId": "message", "reason": "Rude"}),
    "resolve": ("ada", staff.RESOLVE, {"reportId": "report"}),
    "lose the role": ("market", UPSERT_USER, {"externalId": "ada", "roles": []}),
    "send": ("ann", acts.SEND, {"conversationId": "other", "body": "Hello", "clientMessageId": "k"}),
    "edit": ("ann", changing.EDIT, {"messageId": "message", "body": "Kind words"}),
    "delete": ("ann", changing.DELETE, {"messageId": "message"}),
    "open with first words": (
        "cy",
        acts.OPEN,
        {"subject": {"kind": "listing", "externalId": "bike-1"}, "firstMessage": {"body": "a", "clientMessageId": "k"}},
    ),
    "say as the host": ("market", POST, {"conversationId": "other", "body": "Sold", "clientMessageId": "k"}),
    "delete the subject": ("market", DELETE_SUBJECT, {"kind": "listing", "externalId": "bike-1"}),
}
#: What staff look at.
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
    "conversations": (staff.CONVERSATIONS, {"first": 5}),
    "a conversation": (staff.THREAD, {"id": "joined", "first": 5}),
    "reports": (staff.REPORTS, {"first": 5}),
    "the log": (staff.AUDIT_LOG, {"first": 5}),
    "an entry": (NODE, {"id": "entry"}),
}


@pytest.fixture
async def things(people: People, thread: str) -> dict[str, str]:
    """What there is, by the names that are used here. Staff are in one conversation, and not in the other."""
    ann, ada = people.ann, staff.staff_of(people)
    await acts.list_thing(people.host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    sent = await acts.send(ann, thread, "Rude words")
    made = await report(people.bob, sent["id"])
    await staff.join(ada, thread)
    await people.cy.ask("{ viewer { id } }")
    (entry, *_) = await staff.entries(ada)
    return {"joined": thread, "other": other, "message": sent["id"], "report": made["id"], "entry": entry["id"]}


def named(given: dict[str, Any], things: dict[str, str]) -> dict[str, Any]:
    """What was given, with ids where names of things are."""
    return {key: things.get(value, value) if isinstance(value, str) else value for key, value in given.items()}


async def everything(house: House) -> dict[str, list[Any]]:
    """All rows of what acts change."""
    return {table: await run_sql(house, f"select * from {table} order by 1, 2") for table in TABLES}


def person_of(people: People, name: str) -> Person:
    """Who acts."""
    return {"ada": staff.staff_of(people), "market": people.host, "ann": people.ann, "cy": people.cy}[name]


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_without_its_entry_is_not_done(
    house: House, people: People, things: dict[str, str], name: str
) -> None:
    """It is an error, and there is nothing of it; when the log takes entries again it is done, with its entry."""
    who, query, given = ACTS[name]
    person, wish = person_of(people, who), named(given, things)
    await person.ask("{ viewer { id } }")
    before = await everything(house)
    await staff.refuse_entries(house)
    assert await person.code(query, input=wish) == "INTERNAL"
    assert await everything(house) == before
    await staff.accept_entries(house)
    assert await person.code(query, input=wish) is None
    after = await everything(house)
    assert len(after["audit_entries"]) > len(before["audit_entries"])
    assert {table for table in TABLES if after[table] != before[table]} > {"audit_entries"}


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_without_its_entry_shows_nothing(
    house: House, people: People, things: dict[str, str], name: str
) -> None:
    ada = staff.staff_of(people)
    query, given = LOOKS[name]
    wish = named(given, things)
    await house.palaver.sealer.seal()
    shown = await ada.answer(query, **wish)
    assert "errors" not in shown
    await staff.refuse_entries(house)
    answer = await ada.answer(query, **wish)
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    assert "Rude" not in str(answer)
    await staff.accept_entries(house)
    assert "errors" not in await ada.answer(query, **wish)
