"""Days are the viewer's own: where one ends and the next begins, and what Today is while the page stays open."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.browser.inbox import Inbox, import_lines
from tests.client import sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

#: An hour before the night of New York, on the day on which its clocks are put forward.
NOW = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
#: Each of these is a minute, or half an hour, from somebody's midnight.
MOMENTS = (
    "2026-03-07T04:59:00Z",
    "2026-03-07T05:01:00Z",
    "2026-03-08T04:30:00Z",
    "2026-03-08T05:30:00Z",
    "2026-03-09T02:30:00Z",
)
MONTH = 30 * 86_400
SEPARATORS = "(rows) => rows.map((row) => [row.querySelector('h3')?.textContent ?? '', row.dataset.seq].join(' '))"


def nights() -> Iterator[dict[str, object]]:
    """What Ann and Bob have said about a bicycle, around midnight; both have read it."""
    for sub, name in (("ann", "Ann Archer"), ("bob", "Bob Baker")):
        yield {"type": "user", "externalId": sub, "name": name}
    owner = {"userExternalId": "bob", "role": "seller"}
    yield {"type": "subject", "kind": "listing", "externalId": "bike-1", "title": "A red bicycle", "owner": owner}
    about = {"subject": {"kind": "listing", "externalId": "bike-1"}, "contacter": "ann"}
    marks = {"readUpTo": {"ann": "m-5", "bob": "m-5"}}
    yield {"type": "conversation", "id": "nights", **about, "createdAt": MOMENTS[0], **marks}
    for number, moment in enumerate(MOMENTS, 1):
        line = {"conversation": "nights", "id": f"m-{number}", "sender": "ann", "body": moment, "createdAt": moment}
        yield {"type": "message", **line}


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with the conversation."""
    async with serve(sqlite_home) as served:
        await import_lines(served, nights())
        yield served


async def test_a_day_turns_at_the_viewers_midnight(browser: Browser, palaver: Served) -> None:
    """In New York and in London, at the same moments."""

    async def open_in(zone: str, sub: str, name: str) -> Inbox:
        context = await browser.new_context(timezone_id=zone, locale="en-GB")
        await context.clock.install(time=NOW)
        token = sign(sub, name=name, seconds=MONTH)
        inbox = await Inbox.open(context, f"{palaver.url}/#token={token}")
        await inbox.choose("A red bicycle")
        await expect(inbox.bodies).to_have_count(len(MOMENTS))
        return inbox

    async def has_days(inbox: Inbox, *days: str) -> None:
        await expect(inbox.page.get_by_role("log").get_by_role("heading")).to_have_text(list(days))

    ann = await open_in("America/New_York", "ann", "Ann Archer")
    bob = await open_in("Europe/London", "bob", "Bob Baker")
    when = ann.row("A red bicycle").locator("time")
    await has_days(ann, "Friday", "Yesterday", "Today")
    await has_days(bob, "Saturday", "Yesterday", "Today")
    await expect(when).to_have_text("22:30")
    rows = ann.page.get_by_role("log").locator("[data-seq]")
    assert await rows.evaluate_all(SEPARATORS) == ["Friday 1", "Yesterday 2", " 3", "Today 4", " 5"]
    rows = bob.page.get_by_role("log").locator("[data-seq]")
    assert await rows.evaluate_all(SEPARATORS) == ["Saturday 1", " 2", "Yesterday 3", " 4", "Today 5"]

    # Midnight in New York, and three in the morning in London.
    for person in (ann, bob):
        await person.page.clock.fast_forward("01:01:00")
    await has_days(ann, "Friday", "Saturday", "Yesterday")
    await has_days(bob, "Saturday", "Yesterday", "Today")
    await expect(when).to_have_text("Sun")

    # A machine that sleeps has no timers: it is when one looks again that the days are others.
    for later, days in (
        (timedelta(days=2), ("Friday", "Saturday", "Sunday")),
        (timedelta(days=9), ("6 March", "7 March", "8 March")),
    ):
        await ann.page.clock.set_system_time(NOW + later)
        await ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await has_days(ann, *days)
    await expect(when).to_have_text("8 Mar")
    for person in (ann, bob):
        await person.page.context.close()
