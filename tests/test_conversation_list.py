"""The viewer's conversations: the most recently active first, page by page, each exactly."""

import asyncio
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.listings import LIST, conversation_of, ids_listed

ABOUT = """
query($first: Int, $after: String, $last: Int, $before: String) {
  subject(kind: "listing", externalId: "bike-1") {
    conversations(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


@pytest.fixture
async def threads(ann: Person, host: Person) -> list[str]:
    """Seven conversations of Ann's with Bob, the newest first."""
    for number in range(7):
        await acts.list_thing(host, f"bike-{number}")
    return [await acts.open_about(ann, f"bike-{number}") for number in range(7)][::-1]


async def page_of(person: Person, **choice: Any) -> tuple[list[str], bool, bool, str | None, str | None]:
    """The ids of a page, whether there is more on either side, and its cursors."""
    page = await person.ask(LIST, **choice)
    info = page["pageInfo"]
    cursors = [edge["cursor"] for edge in page["edges"]]
    assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
    ids = [edge["node"]["id"] for edge in page["edges"]]
    return ids, info["hasNextPage"], info["hasPreviousPage"], info["startCursor"], info["endCursor"]


async def test_what_nobody_has_spoken_in_stands_where_it_was_opened(ann: Person, threads: list[str]) -> None:
    assert await ids_listed(ann) == threads


async def test_whoever_speaks_moves_it_to_the_top_for_both(
    ann: Person, bob: Person, host: Person, threads: list[str]
) -> None:
    """Also the host; and what only changes moves nothing."""
    await acts.send(ann, threads[3], "Hello")
    await acts.send(bob, threads[5], "Hello")
    await host.ask(
        "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }",
        input={"conversationId": threads[6], "body": "A reminder", "clientMessageId": "one"},
    )
    await acts.list_thing(host, "bike-3", state="CLOSED")
    await acts.read(bob, threads[1])
    wanted = [threads[number] for number in (6, 5, 3, 0, 1, 2, 4)]
    assert await ids_listed(ann) == await ids_listed(bob) == wanted


async def test_the_order_is_that_of_the_last_message_else_of_the_opening(ann: Person, threads: list[str]) -> None:
    for number in (2, 4):
        await acts.send(ann, threads[number], "Hello")
    found = [await conversation_of(ann, one) for one in await ids_listed(ann)]
    times = [one["lastMessageAt"] or one["createdAt"] for one in found]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_put_together_are_the_list_from_either_end(size: int, ann: Person, threads: list[str]) -> None:
    """And each says exactly whether there is more before and behind."""
    forward: list[str] = []
    end: str | None = None
    while len(forward) < len(threads):
        ids, has_next, has_previous, _, end = await page_of(ann, first=size, **({"after": end} if end else {}))
        assert has_previous is bool(forward)
        forward += ids
        assert has_next is (len(forward) < len(threads))
    assert forward == threads
    backward: list[str] = []
    start: str | None = None
    while len(backward) < len(threads):
        ids, has_next, has_previous, start, _ = await page_of(ann, last=size, **({"before": start} if start else {}))
        assert has_next is bool(backward)
        backward = ids + backward
        assert has_previous is (len(backward) < len(threads))
    assert backward == threads


async def test_either_end_goes_with_either_cursor(ann: Person, threads: list[str]) -> None:
    page = await ann.ask(LIST, first=100)
    cursors = [edge["cursor"] for edge in page["edges"]]
    assert (await page_of(ann, first=2, before=cursors[5]))[:3] == (threads[:2], True, False)
    assert (await page_of(ann, last=2, after=cursors[1]))[:3] == (threads[5:], False, True)
    assert (await page_of(ann, first=9, after=cursors[1], before=cursors[5]))[:3] == (threads[2:5], True, True)
    assert (await page_of(ann, last=2, after=cursors[1], before=cursors[5]))[:3] == (threads[3:5], True, True)
    assert (await page_of(ann, first=9, after=cursors[6]))[:3] == ([], False, True)
    assert (await page_of(ann, last=9, before=cursors[0]))[:3] == ([], True, False)
    assert (await page_of(ann, first=9, after=cursors[3], before=cursors[4]))[:3] == ([], True, True)


async def test_an_empty_list_has_an_empty_page(cy: Person, threads: list[str]) -> None:
    assert await page_of(cy) == ([], False, False, None, None)


@pytest.mark.parametrize("choice", [{"first": 0}, {"first": 101}, {"last": -1}, {"first": 1, "last": 1}])
async def test_a_page_has_one_to_a_hundred_from_one_end(choice: dict[str, int], ann: Person) -> None:
    assert await ann.code(LIST, **choice) == "BAD_USER_INPUT"


async def test_a_cursor_of_another_list_is_refused(ann: Person, threads: list[str]) -> None:
    message = await acts.send(ann, threads[0], "Hello")
    viewer = await ann.ask("{ viewer { inboxCursor } users { edges { cursor } } }")
    for wrong in (message["cursor"], viewer["viewer"]["inboxCursor"], viewer["users"]["edges"][0]["cursor"], "no", ""):
        assert await ann.code(LIST, after=wrong) == "INVALID_CURSOR"
        assert await ann.code(LIST, before=wrong) == "INVALID_CURSOR"


async def test_a_page_goes_on_where_it_stopped_though_what_was_there_has_moved(ann: Person, threads: list[str]) -> None:
    """A cursor names a place, not a conversation: whoever moves up is not shown twice, and nobody is left out."""
    ids, _, _, _, end = await page_of(ann, first=3)
    await acts.send(ann, ids[2], "Hello")
    rest, has_next, has_previous, _, _ = await page_of(ann, first=9, after=end)
    assert (rest, has_next, has_previous) == (threads[3:], False, True)


async def test_an_owner_pages_through_those_who_asked_about_one_listing(people: People) -> None:
    """And through nothing else of theirs."""
    await acts.list_thing(people.host)
    await acts.list_thing(people.host, "bike-2")
    buyers = [people.person(f"buyer-{number}") for number in range(5)]
    asked = [await acts.open_about(buyer) for buyer in buyers][::-1]
    await asyncio.gather(*(acts.open_about(buyer, "bike-2") for buyer in buyers))
    seen: list[str] = []
    end: str | None = None
    while len(seen) < 5:
        connection = (await people.bob.ask(ABOUT, first=2, **({"after": end} if end else {})))["conversations"]
        assert connection["pageInfo"]["hasPreviousPage"] is bool(seen)
        seen += [edge["node"]["id"] for edge in connection["edges"]]
        assert connection["pageInfo"]["hasNextPage"] is (len(seen) < 5)
        end = connection["pageInfo"]["endCursor"]
    assert seen == asked
    last = (await people.bob.ask(ABOUT, last=2))["conversations"]
    assert [edge["node"]["id"] for edge in last["edges"]] == asked[3:]
