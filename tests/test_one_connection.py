"""Whoever waits for a connection of the pool has none in hand: else as many as there are wait for each other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests import acts, staff
from tests.changing import reply
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House

MANY = 8
BESIDE = """
query { viewer { unreadMessageCount } admin { auditLog(last: 50) { edges { node { action actor { externalId } } } } } }
"""
TWO_ACTS = """
mutation ($first: SendMessageInput!, $second: SendMessageInput!) {
  one: sendMessage(input: $first) { message { body sender { name } } }
  two: sendMessage(input: $second) { message { body sender { name } } }
}
"""


@pytest.fixture
async def house(make_house: OpenHouse) -> AsyncIterator[House]:
    """A server that has a single connection, or one for reading beside the one that writes."""
    async with make_house(database_pool=1, stranger_links="off") as running:
        yield running


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_staff_see_something_when_it_is_in_the_log(ann: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Hello")
    seen = await asyncio.gather(*(ada.ask(staff.THREAD, id=thread) for _ in range(MANY)))
    assert [one["conversation"]["id"] for one in seen] == [thread] * MANY


async def test_the_log_is_read_beside_something_else(ann: Person, ada: Person, thread: str) -> None:
    await acts.send(ann, thread, "Hello")
    for answer in await asyncio.gather(*(ada.answer(BESIDE) for _ in range(MANY))):
        sent = {"node": {"action": "message.sent", "actor": {"externalId": "ann"}}}
        assert sent in answer["data"]["admin"]["auditLog"]["edges"]


async def test_answers_are_sent_to_what_was_read_first(ann: Person, bob: Person, thread: str) -> None:
    asked = await acts.send(ann, thread, "Is it still there?")
    sent = await asyncio.gather(*(reply(bob, thread, asked["id"], body=f"It is! {n}") for n in range(MANY)))
    assert sorted(one["seq"] for one in sent) == [*range(2, MANY + 2)]


async def test_links_are_sent_once_somebody_has_answered(ann: Person, bob: Person, thread: str) -> None:
    """Whether somebody has is read on a connection of their own, after what everybody reads together."""
    await acts.send(ann, thread, "Hello")
    await acts.send(bob, thread, "Show me!")
    await asyncio.gather(*(acts.send(ann, thread, f"https://example.com/{n}") for n in range(MANY)))
    assert len(await acts.bodies(ann, thread)) == MANY + 2


async def test_one_act_follows_another_in_the_same_operation(ann: Person, thread: str) -> None:
    """What the first one's answer is read with is given back before the second one begins."""
    first, second = ({"conversationId": thread, "body": body, "clientMessageId": body} for body in ("one", "two"))
    answers = await asyncio.gather(*(ann.answer(TWO_ACTS, first=first, second=second) for _ in range(MANY)))
    for answer in answers:
        assert [answer["data"][key]["message"]["body"] for key in ("one", "two")] == ["one", "two"]
