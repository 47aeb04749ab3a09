"""What people write is text, whatever it is: nothing of it runs, leads astray, or leaves its place."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests import acts
from tests.browser.chromium import Watch
from tests.browser.hostile import texts
from tests.browser.inbox import Inbox
from tests.client import People, sign
from tests.legs import Home
from tests.served import Served, serve

pytestmark = pytest.mark.browser

LINKS = "(links) => links.map((link) => [link.protocol, link.username, link.rel, link.textContent, link.href])"


@pytest.fixture
async def palaver(sqlite_home: Home) -> AsyncIterator[Served]:
    """A running server."""
    async with serve(sqlite_home) as served:
        yield served


async def test_two_hundred_hostile_texts_stay_text(browser: Browser, palaver: Served) -> None:
    """As messages, as what a thing is called, and as somebody's name."""
    hostile = texts()
    assert len(hostile) >= 200
    async with People(palaver) as people:  # type: ignore[arg-type]
        await acts.list_thing(people.host, title="<img src=x onerror=globalThis.alarm=1>\u202e")
        thread = await acts.open_about(people.ann)
        for text in hostile:
            await acts.send(people.ann, thread, text)
    context = await browser.new_context()
    watch = Watch.over(context)
    name = "<script>globalThis.alarm=1</script>"
    reader = await Inbox.open(context, f"{palaver.url}/#token={sign('bob', 'seller', name=name)}")
    page, box = reader.page, reader.page.get_by_role("log")
    await reader.row("Ann").locator("a[data-row]").click()
    seen: dict[int, str] = {}
    await page.get_by_role("button", name="To the newest message").click()
    await expect(box.locator(f"[data-seq='{len(hostile)}']")).to_be_attached()
    while 1 not in seen:
        rows = await box.locator("[data-seq]").evaluate_all(
            "(rows) => rows.map((r) => [Number(r.dataset.seq), r.querySelector('[data-testid=body]').textContent])"
        )
        seen |= dict(rows)
        for link in await box.locator("a").evaluate_all(LINKS):
            assert link[0] in ("http:", "https:"), link
            assert link[1] == "", link
            assert "noopener" in link[2], link
            assert not set(link[3]) & set("\u202e\u202d\u2066\u2067\u2068\u200b<>\"'"), link
        await box.evaluate("(box) => { box.scrollTop = 0; }")
    assert [seen[number] for number in sorted(seen)] == hostile
    assert await page.evaluate("globalThis.alarm") is None
    # None is wider than where it stands.
    assert await box.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    assert watch.complaints == []
    assert len(watch.hosts) == 1
    await context.close()
