"""When a message was said stands in its last line, or below that where there is no room for it."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import pytest

from tests import acts
from tests.browser.inbox import Inbox
from tests.browser.messages import said
from tests.browser.pageless import Meet, thread_about
from tests.served import Served
from tests.waiting import until

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser

SHORT = "It is by the door."
ENDING = "It is by the door, which is the second one when you come in, and which you cannot miss since it is blue. Yes."
#: How many letters fill a line of a message that is as wide as one can be.
FILLING = """(body) => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(body).font;
  return Math.floor((560 - 26) / pen.measureText('m').width);
}"""
#: Pixels from the end of the words to the hour, from the bottom of their last line to its, and to the bubble's edge.
#: Nothing in the moment in which what is on its way gives its place to what has come.
PLACES = """(row) => {
  const range = document.createRange();
  range.selectNodeContents(row.querySelector('[data-testid=body]'));
  const last = [...range.getClientRects()].at(-1);
  if (!last) return null;
  const hour = row.querySelector('time').getBoundingClientRect();
  const bubble = row.querySelector('article').getBoundingClientRect();
  return [hour.left - last.right, hour.bottom - last.bottom, bubble.right - Math.max(hour.right, last.right)];
}"""


async def places(inbox: Inbox, words: str) -> tuple[float, float, float]:
    """As above."""
    await inbox.says(words)
    beside, below, edge = await until(lambda: said(inbox, words).evaluate(PLACES))
    return beside, below, edge


async def test_the_hour_of_a_message_shares_its_last_line(enter: EnterInbox) -> None:
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    for words in (SHORT, ENDING):
        await buyer.send(words)
        await buyer.is_marked(words, "sent")
        beside, below, _ = await places(buyer, words)
        assert beside > 5
        assert abs(below) < 5
    full = "m" * await buyer.bodies.last.evaluate(FILLING)
    await buyer.send(full)
    await buyer.is_marked(full, "sent")
    beside, below, _ = await places(buyer, full)
    assert beside < 0
    assert below > 10


async def test_a_name_above_a_message_does_not_make_it_wider(enter: EnterInbox, meet: Meet, market: Served) -> None:
    """As staff read it."""
    buyer, staff = meet("buyer"), await enter("admin")
    thread = await thread_about(buyer, "Green sofa")
    await acts.send(buyer, thread, SHORT)
    await staff.page.goto(f"{market.url}/staff/c/{quote(thread, safe='')}")
    await staff.page.get_by_role("log").get_by_text("Ann Archer").first.wait_for()
    beside, _, edge = await places(staff, SHORT)
    assert beside < 15
    assert edge < 15
