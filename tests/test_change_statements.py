"""How many SQL statements changes of messages take, and what is read of them in a page: fixed numbers.

The numbers are written down here, so that a change of them is seen and meant.
"""

from typing import Any

from tests import acts, changing
from tests.conftest import OpenHouse
from tests.statements import Counted, counting, quiet_people
from tests.test_statements import count

PAGE = """
query Page($id: ID!, $first: Int!) {
  conversation(id: $id) {
    messages(first: $first) {
      edges {
        node {
          id seq body
          replyTo { id body sender { id name } }
          reactions { emoji count viewerReacted users { id name } }
          edits { body editedAt }
        }
      }
    }
  }
}
"""
TOLD = [("update conversations", 1), ("insert events", 1)]
EDITED = [("insert message_edits", 1), ("update messages", 1), ("update message_words", 1)]
#: In the audit log.
NOTED = ("insert audit_entries", 1)


async def test_a_page_of_changed_messages_takes_as_many_statements_for_one_as_for_fifty(make_house: OpenHouse) -> None:
    async with quiet_people(make_house) as people:
        ann, bob = people.ann, people.bob
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        first = await acts.send(ann, thread, "0")
        numbers = {}
        sent = 0
        for wanted in (1, 2, 50):
            for number in range(sent, wanted):
                answer = await changing.reply((ann, bob)[number % 2], thread, first["id"])
                await changing.edit((ann, bob)[number % 2], answer["id"], str(number))
                for person in (ann, bob):
                    await changing.react(person, answer["id"], "👍🎉❤"[number % 3])
            sent = wanted
            page, counted = await count(bob, PAGE, id=thread, first=wanted + 1)
            nodes = [edge["node"] for edge in page["messages"]["edges"]][1:]
            assert len(nodes) == wanted
            assert all(node["replyTo"] and node["edits"] and len(node["reactions"][0]["users"]) == 2 for node in nodes)
            numbers[wanted] = len(counted)
        assert numbers == dict.fromkeys((1, 2, 50), 7)


async def test_changes_take_a_fixed_number_of_statements(make_house: OpenHouse) -> None:
    """However long the thread and the history are; what is so already writes nothing of the log."""
    async with quiet_people(make_house) as people:
        ann = people.ann
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        first = await acts.send(ann, thread, "0")
        counts: list[list[int]] = []
        for turn, length in enumerate((1, 20)):
            for number in range(length):
                await changing.edit(ann, first["id"], f"{turn} {number}")
                await acts.send(ann, thread, str(number))
            acting: list[tuple[str, dict[str, Any], list[tuple[str, int]]]] = [
                (
                    changing.EDIT,
                    {"body": f"{turn} edited"},
                    [*EDITED, *TOLD, NOTED],
                ),
                (changing.EDIT, {"body": f"{turn} edited"}, []),
                (changing.REACT, {"emoji": "👍", "reacted": True}, [("insert reactions", 1), *TOLD]),
                (changing.REACT, {"emoji": "👍", "reacted": True}, [("insert reactions", 0)]),
                (changing.REACT, {"emoji": "👍", "reacted": False}, [("delete reactions", 1), *TOLD]),
                (changing.REACT, {"emoji": "👍", "reacted": False}, [("delete reactions", 0)]),
            ]
            counts.append([])
            for operation, given, writes in acting:
                counted = await _count_act(people.ann, operation, messageId=first["id"], **given)
                assert counted.writes == writes
                counts[-1].append(len(counted))
        assert counts[0] == counts[1] == [14, 7, 12, 9, 10, 8]
        deleting = await _count_act(ann, changing.DELETE, messageId=first["id"])
        gone = [("update messages", 1), ("delete message_edits", 23), ("delete reactions", 0)]
        assert deleting.writes == [NOTED, *gone, *TOLD]
        again = await _count_act(ann, changing.DELETE, messageId=first["id"])
        assert again.writes == []
        assert (len(deleting), len(again)) == (12, 5)


async def _count_act(person: Any, operation: str, **given: Any) -> Counted:
    with counting(person.house) as counted:
        payload = await person.ask(operation, input=given)
    assert payload["errors"] == [], payload
    return counted
