"""Lists below lists: pages of many parents at once, from both ends."""

from typing import Any

import pytest

from tests.plan.both import Both
from tests.plan.market import Market
from tests.statements import counting

NESTED = """
query Nested($first: Int, $last: Int) {
  conversations(first: 100) {
    edges {
      node {
        id
        subject {
          externalId
          conversations(first: $first, last: $last) {
            edges { cursor node { id lastMessage { body } } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
        messages(first: $first, last: $last) {
          edges { node { seq sender { name } } }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    "size",
    [{}, {"first": 1}, {"first": 2}, {"first": 3}, {"last": 1}, {"last": 2}, {"last": 3}, {"last": 100}],
    ids=str,
)
async def test_pages_of_many_parents_are_the_pages_of_each(market: Market, both: Both, size: dict[str, Any]) -> None:
    """The same edges in the same order, with the same flags, as by resolvers, which ask for one parent at a time."""
    answers = await both.answers(both.guard(), market.people.bob, NESTED, size)
    assert answers is not None
    planned, resolved = answers
    assert planned == resolved
    assert both.meters.answered == {"planned": 1}
    many = [
        edge["node"]["subject"]["conversations"]["edges"]
        for edge in planned["data"]["conversations"]["edges"]
        if edge["node"]["subject"]
    ]
    assert max(map(len, many)) == min(3, *(size.values() or [3]))


async def test_lists_below_lists_take_as_many_statements_for_few_as_for_many(market: Market) -> None:
    """One for each level, however many parents it has."""
    bob, counts = market.people.bob, set()
    for number in (1, 2, 5):
        query = NESTED.replace("first: 100", f"first: {number}", 1)
        await bob.ask(query, first=2)
        with counting(market.house) as counted:
            answer = await bob.ask(query, first=2)
        assert len(answer["edges"]) == number
        counts.add(len(counted))
    assert len(counts) == 1, counts
    assert max(counts) <= 8
