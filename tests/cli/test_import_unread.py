"""Imported messages count as read, unless the file says otherwise; and what was unread before stays unread."""

from pathlib import Path
from typing import Any

from tests import acts
from tests.cli.files import BIKE, about_bike, message, take_in
from tests.client import Person
from tests.house import House
from tests.threads import listening

THREAD = """
{
  conversations(first: 10) {
    edges {
      node {
        id unreadCount
        firstUnreadMessage { seq }
        participants { user { externalId } lastReadSeq lastDeliveredSeq }
        messages(first: 100) { edges { node { body seq status } } }
      }
    }
  }
}
"""


async def thread_of(person: Person) -> dict[str, Any]:
    """A person's only conversation."""
    (edge,) = (await person.ask(THREAD))["edges"]
    found: dict[str, Any] = edge["node"]
    return found


def marks(found: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """How far each has read and received."""
    return {
        person["user"]["externalId"]: (person["lastReadSeq"], person["lastDeliveredSeq"])
        for person in found["participants"]
    }


TALK = [message(1, "ann"), message(2, "bob"), message(3, "ann"), message(4, "ann"), message(5, None)]


async def test_imported_messages_count_as_read(house: House, bob: Person, tmp_path: Path) -> None:
    assert (await take_in(house, tmp_path, BIKE, about_bike(), *TALK)).status == 0
    found = await thread_of(bob)
    assert (found["unreadCount"], marks(found)) == (0, {"ann": (5, 5), "bob": (5, 5)})
    assert [edge["node"]["status"] for edge in found["messages"]["edges"]] == ["READ"] * 4 + ["SENT"]


async def test_the_file_says_who_had_not_read_what(house: House, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Ann had read nothing, but what comes before her own words counts; Bob had read m-3, and had all but the last."""
    told = about_bike(readUpTo={"ann": None, "bob": "m-3"}, deliveredUpTo={"bob": "m-4"})
    assert (await take_in(house, tmp_path, BIKE, told, *TALK)).status == 0
    found = await thread_of(bob)
    assert marks(found) == {"ann": (4, 4), "bob": (3, 4)}
    assert (found["unreadCount"], found["firstUnreadMessage"]) == (2, {"seq": 4})
    assert [edge["node"]["status"] for edge in found["messages"]["edges"]] == [
        "READ",
        "READ",
        "READ",
        "DELIVERED",
        "SENT",
    ]
    assert (await thread_of(ann))["unreadCount"] == 1


async def test_a_mark_at_a_message_that_is_nowhere_is_told(house: House, bob: Person, tmp_path: Path) -> None:
    ended = await take_in(house, tmp_path, BIKE, about_bike(readUpTo={"bob": "m-9"}), *TALK)
    assert (ended.status, ended.errors.splitlines()[-1]) == (1, "line 2: readUpTo: There is no message m-9.")
    assert (await thread_of(bob))["unreadCount"] == 0


async def test_a_later_file_adds_to_what_an_earlier_one_brought(house: House, bob: Person, tmp_path: Path) -> None:
    """Bob's mark is at a message of the first file, so what the second one adds is unread."""
    assert (await take_in(house, tmp_path, BIKE, about_bike(), *TALK[:3])).status == 0
    assert (await take_in(house, tmp_path, about_bike(readUpTo={"bob": "m-3"}), *TALK)).status == 0
    found = await thread_of(bob)
    assert [edge["node"]["body"] for edge in found["messages"]["edges"]] == [line["body"] for line in TALK]
    assert found["unreadCount"] == 2


async def test_an_import_adds_to_a_conversation_that_is_there(
    house: House, ann: Person, bob: Person, thread: str, tmp_path: Path
) -> None:
    """It goes on after what was said, and who resumes, in the conversation or in the inbox, gets all of it once."""
    first = await acts.send(ann, thread, "said here")
    cursor = (await bob.ask("{ viewer { inboxCursor } }"))["inboxCursor"]
    assert (await take_in(house, tmp_path, about_bike(), *TALK[:3])).status == 0
    found = await thread_of(bob)
    said = ["said here", "message 1", "message 2", "message 3"]
    assert [edge["node"]["body"] for edge in found["messages"]["edges"]] == said
    assert found["id"] == thread
    # By writing message 2 Bob has read all before it, and nothing says that he has not read what came after.
    assert marks(found) == {"ann": (4, 4), "bob": (4, 4)}
    async with bob.follow(acts.MESSAGE_ADDED, id=thread, after=first["cursor"]) as missed:
        assert [event["message"]["body"] for event in await missed.take(3)] == said[1:]
    inbox = "subscription($after: String) { inbox(after: $after) { ... on MessageAddedEvent { message { body } } } }"
    async with bob.follow(inbox, after=cursor) as all_missed:
        heard: list[str] = []
        while len(heard) < 3:
            event = await all_missed.next()
            heard += [event["message"]["body"]] if event else []
        assert heard == said[1:]


async def test_what_was_unread_before_stays_unread(
    house: House, ann: Person, bob: Person, thread: str, tmp_path: Path
) -> None:
    await acts.send(ann, thread, "said here")
    assert (await take_in(house, tmp_path, about_bike(), message(1, "ann"), message(2, None))).status == 0
    found = await thread_of(bob)
    assert (found["unreadCount"], found["firstUnreadMessage"]) == (3, {"seq": 1})
    assert marks(found) == {"ann": (3, 3), "bob": (0, 0)}


async def test_who_follows_hears_of_imported_messages_with_the_next_one(
    house: House, ann: Person, bob: Person, thread: str, tmp_path: Path
) -> None:
    async with listening(bob, thread) as heard:
        assert (await take_in(house, tmp_path, about_bike(), message(1, "ann"))).status == 0
        await acts.send(ann, thread, "said here")
        assert [event["message"]["body"] for event in await heard.take(2)] == ["message 1", "said here"]
        assert heard.is_quiet
