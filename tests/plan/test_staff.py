"""What staff see is the same by a plan and by graphql-core, and no more beside it than others see."""

import time
from dataclasses import replace
from typing import Any

import pytest

from core.ids import decode_id, key_of
from tests import staff
from tests.client import Person, sign
from tests.plan.both import Both
from tests.plan.market import Market
from tests.test_statements import PAGE

MINE = "{ conversations(first: 100) { edges { node { id } } } }"
#: Everything that hangs on a conversation, seen by staff and, beside it, by whoever they are otherwise.
EVERYTHING_OF_STAFF = """
query($first: Int!, $last: Int!) {
  __typename
  mine: conversations(first: $first) { edges { node { id } } }
  admin {
    __typename
    id
    conversations(first: $first) {
      edges {
        cursor
        node {
          ...Thread
          messages(last: $last) {
            edges {
              cursor
              node {
                id seq kind body status clientMessageId senderRole
                conversation { id viewerParticipant { id } }
                sender { id name roles presence { status } }
                attachments { id url thumbnailUrl }
              }
            }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
  mineAgain: conversations(first: $first) { edges { node { ...Thread } } }
}
fragment Thread on Conversation {
  id state cursor unreadCount
  subjectSnapshot { title }
  subject {
    id title policy state viewerCanContact contactRefusal owner { name }
    conversations(first: 5) { edges { node { id } } }
  }
  participants { id role lastReadSeq lastReadMessage { body } lastDeliveredMessage { id } user { name } }
  counterpart { user { name } }
  lastMessage { body }
  firstUnreadMessage { id }
  typing { name }
}
"""


@pytest.fixture
def ada(market: Market) -> Person:
    """Staff."""
    return staff.staff_of(market.people)


async def test_both_ways_show_staff_the_same(market: Market, both: Both, ada: Person) -> None:
    conversations = [id_ for id_ in market.words.ids["Conversation"] if decode_id(id_)]
    asked: list[tuple[str, dict[str, Any]]] = [
        (EVERYTHING_OF_STAFF, {"first": 20, "last": 5}),
        (staff.CONVERSATIONS, {"first": 3, "filter": {"query": "a"}}),
        (staff.CONVERSATIONS, {"last": 2, "filter": {"state": "OPEN"}}),
        *((staff.THREAD, {"id": id_, "first": 10}) for id_ in conversations[:4]),
        *((PAGE, {"id": id_, "first": 10}) for id_ in conversations[:4]),
    ]
    guard = both.guard()
    for query, variables in asked:
        answers = await both.answers(guard, ada, query, variables)
        assert answers is not None
        planned, resolved = answers
        assert "errors" not in planned, planned
        assert planned == resolved
    assert both.meters.answered == {"planned": len(asked)}


async def test_both_ways_refuse_others_alike(market: Market, both: Both) -> None:
    for person in market.askers.values():
        answers = await both.answers(both.guard(), person, EVERYTHING_OF_STAFF, {"first": 20, "last": 5})
        assert answers is not None
        planned, resolved = answers
        assert planned == resolved
        assert [error["extensions"]["code"] for error in planned["errors"]] == ["FORBIDDEN"]
        assert planned["data"]["admin"] is None


async def test_both_ways_show_nothing_of_what_was_joined_when_the_role_is_gone(
    market: Market, both: Both, ada: Person
) -> None:
    """The older token, which has the role, and a newer one without it; before that, both show it."""
    before = {key_of(edge["node"]["id"], "Conversation") for edge in (await ada.ask(MINE))["edges"]}
    listed = (await ada.ask(staff.CONVERSATIONS, first=20))["conversations"]["edges"]
    strange = next(edge["node"]["id"] for edge in listed if key_of(edge["node"]["id"], "Conversation") not in before)
    assert (await ada.ask(staff.JOIN, input={"conversationId": strange}))["errors"] == []
    guard, ordinary = both.guard(), replace(ada, token=sign("ada", iat=int(time.time()) + 1))
    for person, is_there in ((ada, True), (ordinary, False), (ada, False)):
        answers = await both.answers(guard, person, PAGE, {"id": strange, "first": 10})
        assert answers is not None
        planned, resolved = answers
        assert planned == resolved
        assert (planned["data"]["conversation"] is not None) is is_there
    assert both.meters.answered == {"planned": 3}


async def test_the_log_has_a_plan(both: Both, ada: Person) -> None:
    """The two answers differ: the first look is in the second."""
    answers = await both.answers(both.guard(), ada, staff.AUDIT_LOG, {"last": 5})
    assert answers is not None
    assert both.meters.answered == {"planned": 1}
    newest = answers[1]["data"]["admin"]["auditLog"]["edges"][-1]["node"]
    assert newest["action"] == "audit.read"
