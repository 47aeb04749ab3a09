"""Following streams by @palaver/client alone, and what it says of them."""

import httpx

from tests import acts
from tests.client import Person
from tests.clients.node import App
from tests.served import Served
from tests.waiting import until

CURSORS = "query($id: ID!) { conversation(id: $id) { cursor } viewer { inboxCursor } }"
STREAMS = ("messages", "conversation", "inbox")


async def watch(app: App, stream: str, thread: str, after: str | None = None, name: str = "") -> None:
    """Follow a stream; what it says is kept under a name."""
    await app.do("watch", {"stream": stream, "conversationId": thread, "after": after, "as": name})


async def has_seen(app: App, count: int, name: str = "") -> list[str]:
    """Wait until a stream has said so much; all that it has said."""

    async def enough() -> bool:
        return len(await app.do("seen", name)) >= count

    await until(enough)
    seen: list[str] = await app.do("seen", name)
    return seen


async def is_live(app: App) -> None:
    """Wait until the streams are there, so that what is said next comes live."""

    async def says_so() -> bool:
        return bool((await app.do("states"))[-1:] == ["live"])

    await until(says_so)


async def no_problems(app: App) -> None:
    """Nothing ended, and nothing was complained of."""
    report = await app.do("report")
    assert report["problems"] == []
    assert report["warnings"] == []


async def is_offline(app: App) -> bool:
    """Is there no connection, and will it be tried again?"""
    return await times_offline(app) > 0


async def times_offline(app: App) -> int:
    """How often was there no connection?"""
    states: list[str] = await app.do("states")
    return states.count("offline, tries again")


async def restore(served: Served) -> None:
    """Give the database another epoch, as after restoring a backup."""
    await served.kill()
    await served.command("restored")
    await served.start()


async def two_at(served: Served, http: httpx.AsyncClient) -> tuple[Person, Person, str]:
    """Ann and Bob at a server, and their conversation."""
    ann = served.person(http, "ann", "buyer", name="Ann")
    await acts.list_thing(served.person(http, "market", "service", name="The market"))
    return ann, served.person(http, "bob", "seller", name="Bob"), await acts.open_about(ann)
