"""`palaver import` takes in what another system kept, into the database of a running server."""

from pathlib import Path
from typing import Any

from tests.cli.files import BIKE, about_bike, example, message, take_in
from tests.cli.running import ROOT
from tests.client import People, Person
from tests.house import House
from tests.storage import run_sql

INBOX = """
{
  conversations(first: 10) {
    edges {
      node {
        state createdAt lastMessageAt unreadCount
        subject { externalId }
        participants { role joinedAt user { externalId name } }
        messages(first: 10) {
          edges { node { seq kind body createdAt status senderRole sender { externalId } clientMessageId } }
        }
      }
    }
  }
}
"""
#: What is shown where there is no terminal for a bar of progress.
SHOWN = "lines ...\nusers ...\nsubjects ...\nconversations ...\nmessages ...\n"
TABLES = ("users", "user_roles", "subjects", "subject_parties", "conversations", "participants", "messages", "events")


async def inbox(person: Person) -> list[dict[str, Any]]:
    """A person's conversations, the most recently active first."""
    return [edge["node"] for edge in (await person.ask(INBOX))["edges"]]


async def everything(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that an import writes to."""
    return {table: sorted(await run_sql(house, f"select * from {table}"), key=repr) for table in TABLES}


async def test_the_example_of_the_documentation_goes_in(house: House, ann: Person, tmp_path: Path) -> None:
    ended = await take_in(house, tmp_path, example())
    assert (ended.status, ended.errors) == (0, SHOWN)
    said = f"```console\n$ palaver import market.jsonl\n{ended.output}```"
    assert said in (ROOT / "docs" / "import.md").read_text("utf-8")
    about_the_bike, booking, pair = await inbox(ann)

    assert about_the_bike["subject"] == {"externalId": "bike-1"}
    assert about_the_bike["createdAt"] == "2025-04-01T08:00:00.000Z"
    assert about_the_bike["lastMessageAt"] == "2025-04-01T08:12:30.250Z"
    assert about_the_bike["unreadCount"] == 1
    assert [edge["node"] for edge in about_the_bike["messages"]["edges"]] == [
        {
            "seq": 1,
            "kind": "TEXT",
            "body": "Is it still for sale?",
            "createdAt": "2025-04-01T08:00:00.000Z",
            "status": "READ",
            "senderRole": "buyer",
            "sender": {"externalId": "ann"},
            "clientMessageId": "m-1",
        },
        {
            "seq": 2,
            "kind": "TEXT",
            "body": "It is! 🚲",
            "createdAt": "2025-04-01T08:12:30.250Z",
            "status": "SENT",
            "senderRole": "seller",
            "sender": {"externalId": "bob"},
            "clientMessageId": None,
        },
    ]
    assert (booking["state"], booking["unreadCount"]) == ("CLOSED", 0)
    assert [(edge["node"]["kind"], edge["node"]["sender"]) for edge in booking["messages"]["edges"]] == [
        ("SYSTEM", None),
        ("TEXT", {"externalId": "bob"}),
    ]
    assert (pair["state"], pair["subject"]) == ("CLOSED", None)
    assert [(person["role"], person["user"]["externalId"]) for person in pair["participants"]] == [
        ("neighbour", "ann"),
        ("seller", "bob"),
    ]
    assert {person["joinedAt"] for person in pair["participants"]} == {pair["createdAt"]}


async def test_importing_a_file_twice_changes_nothing_and_says_so(house: House, tmp_path: Path) -> None:
    assert (await take_in(house, tmp_path, example())).status == 0
    before = await everything(house)
    again = await take_in(house, tmp_path, example())
    assert (again.status, again.output.splitlines()[-1]) == (0, "Nothing is new.")
    assert await everything(house) == before


async def test_the_log_tells_of_an_import_as_of_what_is_sent(house: House, tmp_path: Path) -> None:
    """One event for the opening and one for each message, numbered without holes."""
    assert (await take_in(house, tmp_path, example())).status == 0
    positions = await run_sql(house, "select conversation_id, position, kind, message_id from events order by 1, 2")
    told = await run_sql(
        house, "select conversation_id, position, 'MESSAGE_ADDED', id from messages where seq = position - 1"
    )
    opened = await run_sql(house, "select id, 1, 'CONVERSATION_UPDATED', null from conversations")
    assert positions == sorted(opened + told)
    ends = await run_sql(house, "select last_event, last_seq from conversations order by last_event")
    assert ends == [(2, 1), (3, 2), (3, 2)]


async def test_lines_may_stand_in_any_order(house: House, ann: Person, tmp_path: Path) -> None:
    bob = {"type": "user", "externalId": "bob", "name": "B"}
    assert (await take_in(house, tmp_path, message(1, "ann"), message(2, "bob"), about_bike(), BIKE, bob)).status == 0
    (found,) = await inbox(ann)
    assert [edge["node"]["body"] for edge in found["messages"]["edges"]] == ["message 1", "message 2"]
    assert [person["user"]["name"] for person in found["participants"]] == ["B", "Ann"]


async def test_a_stranger_sees_nothing_of_what_was_imported(house: House, cy: Person, tmp_path: Path) -> None:
    assert (await take_in(house, tmp_path, example())).status == 0
    assert await inbox(cy) == []
    assert await cy.ask('{ subject(kind: "booking", externalId: "b-7") { id } }') is None


async def test_what_a_token_told_of_a_person_stays(
    house: House, people: People, ann: Person, bob: Person, tmp_path: Path
) -> None:
    """Ann came with a name, Dot without one, and of Eli nobody has told anything."""
    dot = people.person("dot", "buyer")
    for person in (ann, bob, dot):
        await person.ask("{ viewer { id } }")
    lines = [
        {"type": "user", "externalId": name, "name": f"{name} of old", "roles": ["driver"]}
        for name in ("ann", "dot", "eli")
    ]
    assert (await take_in(house, tmp_path, *lines)).status == 0
    found = await bob.ask("{ users(first: 10) { edges { node { name roles } } } }")
    assert [edge["node"] for edge in found["edges"]] == [
        {"name": "Bob", "roles": ["seller"]},
        {"name": "eli of old", "roles": ["driver"]},
    ]
    assert await ann.ask("{ viewer { user { name } } }") == {"user": {"name": "Ann"}}
    assert await dot.ask("{ viewer { user { name roles } } }") == {"user": {"name": "dot of old", "roles": ["buyer"]}}
