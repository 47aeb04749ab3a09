"""Palaver is away: the host goes on, and tells it later, also when the host itself was killed meanwhile."""

from collections.abc import AsyncIterator

import pytest

from tests.hosts.acts import contact, is_closed, may_contact, offer, say
from tests.hosts.kinds import Kind
from tests.hosts.running import Host, run_host
from tests.hosts.visitors import Visitor
from tests.legs import SECRET, Home
from tests.waiting import until

pytestmark = pytest.mark.hosts


@pytest.fixture
async def host(kind: Kind, sqlite_home: Home) -> AsyncIterator[Host]:
    """An example of this test's own."""
    async with run_host(kind, sqlite_home) as running:
        yield running


async def test_what_happened_while_palaver_was_away_is_told_when_it_is_back(
    host: Host, ann: Visitor, bob: Visitor
) -> None:
    page = await offer(host, ann, bob)
    conversation = await contact(ann, page)
    await host.served.kill()
    other = await offer(host, ann, bob, title="A drum")
    assert (await bob.submit(page, f"{page}/close")).status_code == 200
    away = await ann.http.get(other)
    assert away.status_code == 200
    assert "away" in away.text
    fields = {**await ann.hidden(), "body": "Hello?", "key": "once"}
    assert (await ann.post(f"{other}/contact", fields)).status_code == 503
    assert (await ann.http.get(f"/conversations/{conversation}")).status_code == 503
    await host.kill()
    await host.start()
    await host.served.start()
    buyer = await ann.person()
    await until(lambda: is_closed(buyer, conversation), pause=0.05)
    assert await contact(ann, other) != conversation


async def test_what_palaver_refuses_holds_up_nothing_else(host: Host, ann: Visitor, bob: Visitor) -> None:
    """A title that Palaver does not take is logged and left, and what comes after it is told."""
    refused = await offer(host, ann, bob, title=host.kind.odd_title)
    page = await offer(host, ann, bob)
    buyer = await ann.person()
    assert await say(buyer, await contact(ann, page), "Good.") > 1
    assert not await may_contact(ann, refused)
    assert "refuses" in host.output


async def test_a_change_that_is_undone_at_once_is_told_as_it_ended(host: Host, ann: Visitor, bob: Visitor) -> None:
    """Closed before Palaver has heard that it was there."""
    await host.served.kill()
    page = await offer(host, ann, bob)
    assert (await bob.submit(page, f"{page}/close")).status_code == 200
    await host.served.start()
    last = await offer(host, ann, bob, title="A drum")
    await contact(ann, last)
    assert not await may_contact(ann, page)


async def test_tokens_that_palaver_does_not_take_are_told_of_by_name(host: Host, bob: Visitor, ann: Visitor) -> None:
    """As when another server, with another secret or other keys, has the port."""
    await host.served.kill()
    host.served.settings.pop("PALAVER_JWKS_URL", None)
    host.served.settings["PALAVER_JWT_SECRET"] = f"another one: {SECRET}"
    await host.served.start()
    page = await offer(host, ann, bob)
    await until(lambda: "Palaver does not take our tokens" in host.output, pause=0.05)
    assert "away" in (await ann.http.get(page)).text
