"""The server is killed and started again under two threads: nothing is lost, doubled or out of order on either."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.inbox import Inbox
from tests.served import Served

EnterInbox = Callable[[str], Awaitable[Inbox]]

pytestmark = pytest.mark.browser


@pytest.fixture
async def talkers(enter: EnterInbox) -> tuple[Inbox, Inbox]:
    """Buyer and seller look at the same thread."""
    buyer, seller = await enter("buyer"), await enter("seller")
    for person in (buyer, seller):
        await person.choose("Green sofa")
        await expect(person.composer).to_be_visible()
    return buyer, seller


async def bodies_of(person: Inbox) -> list[str]:
    """What the thread says now."""
    return await person.bodies.all_inner_texts()


async def test_what_was_written_while_the_server_was_dead_arrives_once(
    talkers: tuple[Inbox, Inbox], market: Served
) -> None:
    buyer, seller = talkers
    await buyer.send("Before")
    await seller.says("Before")
    await market.kill()
    connection = buyer.page.get_by_role("status").filter(has_text="No connection")
    await expect(connection).to_be_visible()
    for word in ("One", "Two", "Three"):
        await buyer.send(word)
        await buyer.is_marked(word, "sending")
    await seller.send("And one from the other side")
    await market.start()
    await expect(connection).to_have_count(0)
    for word in ("One", "Two", "Three"):
        await buyer.is_marked(word, "read")
    await seller.is_marked("And one from the other side", "read")
    seen = await bodies_of(buyer)
    assert seen == await bodies_of(seller)
    assert [word for word in seen if word in ("One", "Two", "Three")] == ["One", "Two", "Three"]
    assert seen.count("And one from the other side") == 1


async def test_without_a_connection_nobody_is_said_to_be_online(talkers: tuple[Inbox, Inbox], market: Served) -> None:
    buyer, _ = talkers
    online = buyer.page.locator("header", has_text="Bob Baker").get_by_text("online")
    await expect(online).to_be_visible()
    await market.kill()
    await expect(buyer.page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    await expect(online).to_have_count(0)
    await market.start()
    await expect(online).to_be_visible()


async def test_killed_again_and_again_in_mid_conversation(talkers: tuple[Inbox, Inbox], market: Served) -> None:
    """Both write all the time; each kill cuts off answers of messages that are stored."""
    buyer, seller = talkers
    said: list[str] = []

    async def talk(person: Inbox, name: str) -> None:
        for number in range(12):
            said.append(f"{name} {number}")
            await person.send(f"{name} {number}")
            await asyncio.sleep(0.1)

    talking = asyncio.gather(talk(buyer, "Ann"), talk(seller, "Bob"))
    for _ in range(3):
        await asyncio.sleep(0.4)
        await market.kill()
        await market.start()
    await talking
    for person, name in ((buyer, "Ann"), (seller, "Bob")):
        await person.is_marked(f"{name} 11", "read")
        await expect(person.page.locator("[data-outgoing]")).to_have_count(0)
        await expect(person.page.get_by_role("log").get_by_text(re.compile(r"^(Ann|Bob) \d+$"))).to_have_count(24)
    seen = await bodies_of(buyer)
    assert seen == await bodies_of(seller)
    assert sorted(seen[-24:]) == sorted(said)
    for name in ("Ann", "Bob"):
        own = [words for words in seen if words.startswith(f"{name} ")]
        assert own == [f"{name} {number}" for number in range(12)]


async def test_a_reload_loses_nothing_that_waits(talkers: tuple[Inbox, Inbox], market: Served) -> None:
    """The page goes while the server is dead, and comes back with what was written."""
    buyer, seller = talkers
    await market.kill()
    await buyer.send("Kept through a reload")
    await buyer.is_marked("Kept through a reload", "sending")
    address = buyer.page.url
    await buyer.page.goto("about:blank")
    await market.start()
    await buyer.page.goto(address)
    await seller.says("Kept through a reload")
    await buyer.is_marked("Kept through a reload", "read")
    assert (await bodies_of(buyer)).count("Kept through a reload") == 1


async def test_a_message_whose_answer_got_lost_is_not_doubled(talkers: tuple[Inbox, Inbox]) -> None:
    """The server has stored it; the page, which knows nothing of that, is reloaded and sends it again."""
    buyer, seller = talkers
    lost = 0

    async def lose(route: object) -> None:
        nonlocal lost
        request = route.request  # type: ignore[attr-defined]
        if "sendMessage" in (request.post_data or "") and lost == 0:
            lost += 1
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await buyer.page.route("**/graphql", lose)
    await buyer.send("Only once")
    await seller.says("Only once")
    await buyer.page.reload()
    await buyer.is_marked("Only once", "read")
    await expect(buyer.page.locator("[data-outgoing]")).to_have_count(0)
    assert (lost, (await bodies_of(buyer)).count("Only once"), (await bodies_of(seller)).count("Only once")) == (
        1,
        1,
        1,
    )
