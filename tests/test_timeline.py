"""History with a person: one timeline over all that two people talked about."""

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from core.ids import key_of
from tests import acts, changing, staff, threads
from tests.client import People, Person
from tests.house import House
from tests.listings import ids_listed
from tests.storage import run_sql
from tests.timelines import WITH

POST = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
ARCHIVE = "mutation($input: ArchiveConversationInput!) { archiveConversation(input: $input) { errors { code } } }"
THREAD = """
query($id: ID!, $after: String) {
  conversation(id: $id) {
    messages(first: 100, after: $after) { edges { node { id seq createdAt conversation { id } } } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks, and Bob's id."""

    people: People
    bob: str

    @property
    def ann(self) -> Person:
        """Who asks."""
        return self.people.ann


async def id_of(person: Person) -> str:
    """A person's own id."""
    found: str = (await person.ask("{ viewer { user { id } } }"))["user"]["id"]
    return found


@pytest.fixture
async def cast(people: People) -> Cast:
    """Ann and Bob about two listings and about nothing, Ann with Dee, and all of them with a booking."""
    ann, bob, host, dee = people.ann, people.bob, people.host, people.person("dee", "seller")
    bob_id, _, dee_id = [await id_of(person) for person in (bob, ann, dee)]
    await acts.list_thing(host, "bike-1")
    await acts.list_thing(host, "bike-2")
    await acts.book(host, "booking-1", "ann", "bob", "dee")
    talks = [
        await acts.open_about(ann, "bike-1"),
        await acts.open_about(ann, "bike-2"),
        await acts.open_about(ann, "booking-1", kind="booking"),
        *[(await ann.ask(acts.OPEN, input={"userId": other}))["conversation"]["id"] for other in (bob_id, dee_id)],
    ]
    random = Random(7)
    for number in range(30):
        place = random.randrange(5)
        await acts.send([ann, dee if place == 4 else bob][number % 2], talks[place], f"{place}: {number}")
    await host.ask(POST, input={"conversationId": talks[1], "body": "Sold", "clientMessageId": "one"})
    return Cast(people, bob_id)


async def walked(person: Person, user_id: str, size: int, *, backward: bool = False) -> list[dict[str, Any]]:
    """All pages put together, each checked against the one before it."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        choice = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        page = await person.ask(WITH, userId=user_id, **choice)
        edges, info = page["edges"], page["pageInfo"]
        assert len(edges) <= size
        ahead, behind = (
            (info["hasPreviousPage"], info["hasNextPage"])
            if backward
            else (info["hasNextPage"], info["hasPreviousPage"])
        )
        assert behind is bool(found)
        found = [*edges, *found] if backward else [*found, *edges]
        if not ahead:
            return found
        cursor = info["startCursor"] if backward else info["endCursor"]


async def union(person: Person, user_id: str) -> list[tuple[str, str, int, str]]:
    """The messages of all threads that somebody is in too, in time order: their times, threads, seqs and ids."""
    found: list[tuple[str, str, int, str]] = []
    for thread in await ids_listed(person, filter={"withUserId": user_id, "archived": None}):
        page = await person.ask(THREAD, id=thread)
        found += [place_of(edge["node"]) for edge in page["messages"]["edges"]]
    return sorted(found)


def place_of(node: dict[str, Any]) -> tuple[str, str, int, str]:
    """By which a timeline is in order."""
    return node["createdAt"], key_of(node["conversation"]["id"], "Conversation") or "", node["seq"], node["id"]


@pytest.mark.parametrize("size", [1, 4, 100])
async def test_it_is_all_threads_with_a_person_in_one_order_from_either_end(size: int, cast: Cast) -> None:
    """About every subject and about none, the host's words included; and nothing said to anybody else alone."""
    for person, other in ((cast.ann, cast.bob), (cast.people.bob, await id_of(cast.ann))):
        meant = await union(person, other)
        forward = await walked(person, other, size)
        assert [place_of(edge["node"]) for edge in forward] == meant
        assert forward == await walked(person, other, size, backward=True)
        kinds = {edge["node"]["kind"] for edge in forward}
        assert kinds == {"TEXT", "SYSTEM"}
        assert not any((edge["node"]["body"] or "").startswith("4:") for edge in forward)


async def test_times_that_tie_or_run_back_lose_nothing_and_double_nothing(house: House, cast: Cast) -> None:
    """Clocks of several servers differ; many messages of one millisecond keep the order of their thread."""
    await run_sql(house, "update messages set created_at = 1700000000000 + (seq * 7919) % 3")
    meant = await union(cast.ann, cast.bob)
    assert len({place[0] for place in meant}) == 3
    for size in (1, 3, 7):
        forward = await walked(cast.ann, cast.bob, size)
        assert [place_of(edge["node"]) for edge in forward] == meant
        assert forward == await walked(cast.ann, cast.bob, size, backward=True)


async def test_random_pages_are_slices_of_the_whole(cast: Cast) -> None:
    """Between any two cursors, from either end."""
    whole = await walked(cast.ann, cast.bob, 100)
    random = Random(11)
    for _ in range(25):
        low, high, size = random.randrange(-1, len(whole)), random.randrange(len(whole) + 1), random.randrange(1, 9)
        end = random.choice(("first", "last"))
        bounds = {"after": whole[low]["cursor"] if low >= 0 else None}
        bounds["before"] = whole[high]["cursor"] if high < len(whole) else None
        page = await cast.ann.ask(WITH, userId=cast.bob, **{end: size}, **bounds)
        between = range(low + 1, max(high, low + 1))
        wanted = between[:size] if end == "first" else between[-size:]
        assert page["edges"] == [whole[number] for number in wanted]
        if wanted:
            info = page["pageInfo"]
            assert info["hasPreviousPage"] is (wanted[0] > 0)
            assert info["hasNextPage"] is (wanted[-1] < len(whole) - 1)


async def test_cursors_are_those_of_the_threads(cast: Cast) -> None:
    """A message's cursor pages in both, and one of an event that is no message stands where that happened."""
    whole = await walked(cast.ann, cast.bob, 100)
    thread = whole[0]["node"]["conversation"]["id"]
    page = await threads.page_of(cast.ann, thread, first=100)
    in_thread = [edge for edge in whole if edge["node"]["conversation"]["id"] == thread]
    assert page.cursors == [edge["cursor"] for edge in in_thread]
    await acts.list_thing(cast.people.host, "bike-1", state="CLOSED")
    await acts.list_thing(cast.people.host, "bike-1", state="ACTIVE")
    sent = await acts.send(cast.people.bob, thread, "After all that")
    for listed in await ids_listed(cast.ann, filter={"withUserId": cast.bob}):
        cursor = (await threads.look(cast.ann, listed, "cursor"))["cursor"]
        if listed != thread:
            continue
        later = await cast.ann.ask(WITH, userId=cast.bob, first=9, after=cursor)
        before = await cast.ann.ask(WITH, userId=cast.bob, last=1, before=cursor)
        assert later["edges"] == []
        assert before["edges"][0]["node"]["id"] != sent["id"], "it is not before itself"


async def test_a_thread_in_which_nothing_was_said_has_a_cursor_too(people: People) -> None:
    """It stands where the thread was opened."""
    bob = await id_of(people.bob)
    await acts.list_thing(people.host)
    thread = await acts.open_about(people.ann)
    cursor = (await threads.look(people.ann, thread, "cursor"))["cursor"]
    assert (await people.ann.ask(WITH, userId=bob, after=cursor))["edges"] == []
    sent = await acts.send(people.bob, thread, "Hello")
    [edge] = (await people.ann.ask(WITH, userId=bob, after=cursor))["edges"]
    assert (edge["node"]["id"], edge["cursor"]) == (sent["id"], sent["cursor"])
    assert (await people.ann.ask(WITH, userId=bob, before=cursor))["edges"] == []


async def test_what_somebody_was_let_out_of_is_not_in_it(cast: Cast) -> None:
    """Whether the viewer left, or the other; and it is there again when they are back."""
    before = await union(cast.ann, cast.bob)
    await acts.book(cast.people.host, "booking-1", "ann", "dee")
    without = [place_of(edge["node"]) for edge in await walked(cast.ann, cast.bob, 100)]
    assert without == await union(cast.ann, cast.bob)
    assert len(without) < len(before)
    await acts.book(cast.people.host, "booking-1", "bob", "dee")
    assert [place_of(edge["node"]) for edge in await walked(cast.ann, cast.bob, 100)] == without
    await acts.book(cast.people.host, "booking-1", "ann", "bob", "dee")
    assert [place_of(edge["node"]) for edge in await walked(cast.ann, cast.bob, 100)] == before


async def test_what_changed_and_was_put_away_is_in_it_as_in_its_thread(cast: Cast) -> None:
    """Edited, deleted, archived, closed; and what staff said who joined, and have a history with Ann from then on."""
    ann, ada = cast.ann, staff.staff_of(cast.people)
    first, second, *_ = await ids_listed(ann, filter={"withUserId": cast.bob})
    edited, deleted, last = [await acts.send(ann, first, word) for word in ("Wrong", "Rude", "Bye")]
    await changing.edit(ann, edited["id"], "Right")
    await changing.delete(ann, deleted["id"])
    assert (await walked(ann, await id_of(ada), 100)) == []
    for thread in (first, second):
        await ada.ask(staff.JOIN, input={"conversationId": thread})
    said = await acts.send(ada, first, "How can I help?")
    await ada.ask(staff.SET_STATE, input={"conversationId": second, "state": "CLOSED"})
    assert await ann.code(ARCHIVE, input={"conversationId": second, "archived": True}) is None
    whole = {edge["node"]["id"]: edge["node"] for edge in await walked(ann, cast.bob, 100)}
    assert [place_of(node) for node in whole.values()] == await union(ann, cast.bob)
    assert [whole[one["id"]]["body"] for one in (edited, deleted, last, said)] == ["Right", None, "Bye", said["body"]]
    assert second in {node["conversation"]["id"] for node in whole.values()}
    hers = await walked(ann, await id_of(ada), 100)
    assert [place_of(edge["node"]) for edge in hers] == await union(ann, await id_of(ada))
    assert {edge["node"]["conversation"]["id"] for edge in hers} == {first, second}
    await ada.ask(staff.LEAVE, input={"conversationId": first})
    left = await walked(ann, await id_of(ada), 100)
    assert {edge["node"]["conversation"]["id"] for edge in left} == {second}


async def test_with_strangers_nobody_and_oneself_there_is_nothing(cast: Cast) -> None:
    """Cy gets of Ann and Bob what he gets of somebody who does not exist."""
    nothing = {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }
    cy = cast.people.cy
    for unknown in (cast.bob, await id_of(cast.ann), "VXNlcjp4", "x", await id_of(cy)):
        assert await cy.ask(WITH, userId=unknown) == nothing
    assert await cast.ann.ask(WITH, userId=await id_of(cast.ann)) == nothing


async def test_cursors_of_others_and_of_other_lists_are_refused(cast: Cast) -> None:
    """As for one that means nothing."""
    [edge] = (await cast.ann.ask(WITH, userId=cast.bob, first=1))["edges"]
    of_list = (await cast.ann.ask("{ conversations(first: 1) { edges { cursor } } }"))["edges"][0]["cursor"]
    assert await cast.people.cy.code(WITH, userId=cast.bob, after=edge["cursor"]) == "INVALID_CURSOR"
    for cursor in (of_list, "nonsense", ""):
        assert await cast.ann.code(WITH, userId=cast.bob, before=cursor) == "INVALID_CURSOR"
    assert await cast.ann.code(WITH, userId=cast.bob, first=1, last=1) == "BAD_USER_INPUT"
    assert await cast.ann.code(WITH, userId=cast.bob, first=101) == "BAD_USER_INPUT"
