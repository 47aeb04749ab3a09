"""What people arrange for themselves: conversations put away, muted and pinned, which nobody else learns of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.clock import iso_of, now_ms
from tests import acts
from tests.client import Person, Stream
from tests.conftest import OpenHouse
from tests.live.asks import inbox_cursor
from tests.statements import counting, quiet_people
from tests.storage import run_sql
from tests.test_statements import count
from tests.threads import look
from tests.waiting import until

ARRANGED = "id archivedAt mutedUntil pinnedAt"
ARCHIVE = f"""
mutation Archive($input: ArchiveConversationInput!) {{
  archiveConversation(input: $input) {{ conversation {{ {ARRANGED} }} errors {{ code reason path }} }}
}}
"""
MUTE = f"""
mutation Mute($input: MuteConversationInput!) {{
  muteConversation(input: $input) {{ conversation {{ {ARRANGED} }} errors {{ code reason path }} }}
}}
"""
PIN = f"""
mutation Pin($input: PinConversationInput!) {{
  pinConversation(input: $input) {{ conversation {{ {ARRANGED} }} errors {{ code reason path }} }}
}}
"""
LIST = """
query List($filter: ConversationFilter) { conversations(filter: $filter) { edges { node { id } } } }
"""
INBOX = f"""
subscription Inbox($after: String) {{
  inbox(after: $after) {{
    __typename
    ... on ResumableEvent {{ cursor }}
    ... on ConversationUpdatedEvent {{ conversation {{ {ARRANGED} }} }}
    ... on MessageAddedEvent {{ message {{ body conversation {{ {ARRANGED} }} }} }}
  }}
}}
"""
DAY = 86_400_000


async def arrange(person: Person, mutation: str, thread: str, **wished: Any) -> dict[str, Any]:
    """The conversation after somebody arranged something in it."""
    payload = await person.ask(mutation, input={"conversationId": thread, **wished})
    assert payload["errors"] == [], payload
    conversation: dict[str, Any] = payload["conversation"]
    return conversation


async def listed(person: Person, **wanted: Any) -> list[str]:
    """The ids of somebody's conversations, with a filter if one is given."""
    answer = await person.ask(LIST, **({"filter": wanted} if wanted else {}))
    return [edge["node"]["id"] for edge in answer["edges"]]


@asynccontextmanager
async def inbox_of(person: Person, after: str | None = None) -> AsyncIterator[Stream]:
    """Somebody's inbox from now on, or after a token."""
    async with person.follow(INBOX, after=after) as stream:
        yield stream


async def updates(stream: Stream) -> dict[str, Any]:
    """The conversation of the next update; receipts are passed over."""
    while True:
        event = await stream.next()
        if event["__typename"] != "ReceiptEvent":
            assert event["__typename"] == "ConversationUpdatedEvent", event
            conversation: dict[str, Any] = event["conversation"]
            return conversation


async def test_what_is_put_away_is_in_the_archive_and_not_in_the_list(ann: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    assert (await arrange(ann, ARCHIVE, thread, archived=True))["archivedAt"] is not None
    assert await listed(ann) == await listed(ann, archived=False) == [other]
    assert await listed(ann, archived=True) == [thread]
    assert await listed(ann, archived=None) == [other, thread]
    assert (await arrange(ann, ARCHIVE, thread, archived=False))["archivedAt"] is None
    assert await listed(ann) == [other, thread]
    assert await listed(ann, archived=True) == []


async def test_a_page_about_a_subject_has_what_is_put_away(ann: Person, thread: str) -> None:
    await arrange(ann, ARCHIVE, thread, archived=True)
    about = '{ subject(kind: "listing", externalId: "bike-1") { conversations { edges { node { id } } } } }'
    assert (await ann.ask(about))["conversations"]["edges"] == [{"node": {"id": thread}}]


@pytest.mark.parametrize("writer", ["ann", "bob", "host"])
async def test_it_comes_back_with_a_new_message(
    writer: str, ann: Person, bob: Person, host: Person, thread: str
) -> None:
    """Somebody else's, one's own, or the host's; for everybody who had put it away."""
    await arrange(ann, ARCHIVE, thread, archived=True)
    await arrange(bob, ARCHIVE, thread, archived=True)
    if writer == "host":
        post = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
        assert await host.code(post, input={"conversationId": thread, "body": "Sold", "clientMessageId": "k"}) is None
    else:
        await acts.send({"ann": ann, "bob": bob}[writer], thread, "Hello")
    assert await listed(ann) == await listed(bob) == [thread]
    assert (await look(ann, thread, "archivedAt"))["archivedAt"] is None


async def test_a_message_of_the_same_millisecond_brings_it_back_too(ann: Person, thread: str) -> None:
    """It moves the conversation nowhere, but it is one: the database counts."""
    await arrange(ann, ARCHIVE, thread, archived=True)
    await run_sql(ann.house, "update conversations set last_event = last_event + 1, last_seq = last_seq + 1")
    assert await listed(ann) == [thread]


async def test_what_is_put_away_stays_there_when_nothing_is_said(ann: Person, bob: Person, thread: str) -> None:
    """Marks, typing and a retry are no messages."""
    await acts.send(bob, thread, "Hello", "the key")
    await arrange(ann, ARCHIVE, thread, archived=True)
    await acts.read(ann, thread)
    await acts.send(bob, thread, "Hello", "the key")
    assert await listed(ann, archived=True) == [thread]


async def test_pinning_and_muting_are_the_viewers_own(ann: Person, bob: Person, thread: str) -> None:
    end = iso_of(now_ms() + DAY)
    assert (await arrange(ann, PIN, thread, pinned=True))["pinnedAt"] is not None
    assert (await arrange(ann, MUTE, thread, until=end))["mutedUntil"] == end
    mine, theirs = await look(ann, thread, ARRANGED), await look(bob, thread, ARRANGED)
    assert mine["mutedUntil"] == end
    assert theirs == {"id": thread, "archivedAt": None, "mutedUntil": None, "pinnedAt": None}
    assert (await arrange(ann, PIN, thread, pinned=False))["pinnedAt"] is None
    assert (await arrange(ann, MUTE, thread, until=None))["mutedUntil"] is None


async def test_pins_do_not_change_the_order(ann: Person, host: Person, thread: str) -> None:
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    await arrange(ann, PIN, thread, pinned=True)
    assert await listed(ann) == [other, thread]


async def test_a_time_that_is_over_mutes_nothing(ann: Person, thread: str) -> None:
    await arrange(ann, MUTE, thread, until=iso_of(now_ms() + DAY))
    assert (await arrange(ann, MUTE, thread, until=iso_of(now_ms() - 1)))["mutedUntil"] is None


async def test_a_repeat_changes_nothing(ann: Person, thread: str) -> None:
    """Not even the time since when."""
    end = iso_of(now_ms() + DAY)
    wishes: list[tuple[str, dict[str, Any]]] = [(ARCHIVE, {"archived": True}), (PIN, {"pinned": True})]
    for mutation, wished in [*wishes, (MUTE, {"until": end})]:
        first = await arrange(ann, mutation, thread, **wished)
        assert await arrange(ann, mutation, thread, **wished) == first
        assert await look(ann, thread, ARRANGED) == first


async def test_another_device_of_theirs_learns_it_and_the_other_party_never(
    ann: Person, bob: Person, thread: str
) -> None:
    before = await look(bob, thread, "cursor updatedAt")
    async with inbox_of(ann) as hers, inbox_of(bob) as his:
        await arrange(ann, PIN, thread, pinned=True)
        assert (await updates(hers))["pinnedAt"] is not None
        await arrange(ann, ARCHIVE, thread, archived=True)
        assert (await updates(hers))["archivedAt"] is not None
        await arrange(ann, ARCHIVE, thread, archived=False)
        assert (await updates(hers))["archivedAt"] is None
        # Nothing that he can ask for has changed, and the next thing that he hears of is what she says.
        assert await look(bob, thread, "cursor updatedAt") == before
        await acts.send(ann, thread, "Hello")
        kinds = [(await his.next())["__typename"]]
        while kinds[-1] == "ReceiptEvent":
            kinds.append((await his.next())["__typename"])
        assert kinds[-1] == "MessageAddedEvent"


async def test_the_message_that_brings_it_back_tells_so(ann: Person, bob: Person, thread: str) -> None:
    await arrange(ann, ARCHIVE, thread, archived=True)
    async with inbox_of(ann) as hers:
        await acts.send(bob, thread, "Hello")
        event = await hers.next()
        while event["__typename"] != "MessageAddedEvent":
            event = await hers.next()
        assert event["message"]["conversation"]["archivedAt"] is None


async def test_a_device_that_was_away_learns_it_when_it_resumes(ann: Person, bob: Person, thread: str) -> None:
    her_cursor, his_cursor = await inbox_cursor(ann), await inbox_cursor(bob)
    await arrange(ann, PIN, thread, pinned=True)
    async with inbox_of(ann, her_cursor) as hers, inbox_of(bob, his_cursor) as his:
        assert (await updates(hers))["pinnedAt"] is not None
        await acts.send(ann, thread, "Hello")
        event = await his.next()
        while event["__typename"] == "ReceiptEvent":
            event = await his.next()
        assert event["__typename"] == "MessageAddedEvent"


async def test_two_devices_that_rest_together_both_learn_it(ann: Person, thread: str) -> None:
    async with ann.connect() as one, ann.connect() as two:
        streams = [await line.subscribe(INBOX) for line in (one, two)]
        await until(lambda: ann.house.feeds.resting == 2)
        for wished in (True, False):
            await arrange(ann, PIN, thread, pinned=wished)
            for stream in streams:
                assert ((await updates(stream))["pinnedAt"] is not None) == wished


async def test_who_comes_back_finds_it_as_they_had_arranged_it(ann: Person, host: Person) -> None:
    await acts.book(host, "booking-1", "ann", "bob", "dee")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    end = iso_of(now_ms() + DAY)
    await arrange(ann, MUTE, booking, until=end)
    await arrange(ann, ARCHIVE, booking, archived=True)
    await acts.book(host, "booking-1", "bob", "dee")
    assert await ann.ask(LIST) == {"edges": []}
    await acts.book(host, "booking-1", "ann", "bob", "dee")
    found = await look(ann, booking, ARRANGED)
    assert (found["mutedUntil"], found["archivedAt"]) == (end, None)


async def test_a_whole_list_takes_one_statement_and_an_act_a_few(make_house: OpenHouse) -> None:
    """However many conversations there are; a repeat writes nothing."""
    query = f"query($first: Int!) {{ conversations(first: $first) {{ edges {{ node {{ {ARRANGED} }} }} }} }}"
    async with quiet_people(make_house) as people:
        for number in range(5):
            await acts.list_thing(people.host, f"bike-{number}")
        thread, *_ = [await acts.open_about(people.ann, f"bike-{number}") for number in range(5)]
        for size in (1, 5):
            answer, counted = await count(people.ann, query, first=size)
            assert (len(answer["edges"]), len(counted)) == (size, 2)
        with counting(people.house) as counted:
            await arrange(people.ann, PIN, thread, pinned=True)
        assert counted.writes == [("update participants", 1)]
        with counting(people.house) as counted:
            await arrange(people.ann, PIN, thread, pinned=True)
        assert counted.writes == [("update participants", 0)]


@pytest.mark.parametrize(("mutation", "wished"), [(ARCHIVE, {"archived": True}), (MUTE, {}), (PIN, {"pinned": True})])
async def test_a_stranger_arranges_nothing(mutation: str, wished: dict[str, Any], cy: Person, thread: str) -> None:
    for name in (thread, "Q29udmVyc2F0aW9uOjAw", "nonsense"):
        assert await cy.code(mutation, input={"conversationId": name, **wished}) == "NOT_FOUND"
