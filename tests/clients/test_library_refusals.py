"""@palaver/client by itself: bad tokens, strangers, resets, and what it says of how it stands."""

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.clients.conftest import OpenApp
from tests.clients.following import (
    CURSORS,
    STREAMS,
    has_seen,
    is_live,
    is_offline,
    no_problems,
    restore,
    times_offline,
    watch,
)
from tests.clients.log import say, settles_on
from tests.clients.node import run_app
from tests.served import Served
from tests.waiting import until

pytestmark = pytest.mark.clients


async def test_a_token_that_is_refused_is_asked_for_anew_once_by_a_request(
    served: Served, ann: Person, thread: str, library: None
) -> None:
    async with run_app(served.url, "palaver", ann, "buyer", seconds=-5) as app:
        with pytest.raises(AssertionError, match="expired"):
            await app.do("open", thread)
        assert (await app.do("report"))["renewals"] == 1
        await app.do("lifetime", 3600)
        assert await app.do("open", thread) == []
        assert (await app.do("report"))["renewals"] == 2


async def test_a_host_that_gives_bad_tokens_is_asked_with_pauses(
    served: Served, ann: Person, bob: Person, thread: str, library: None
) -> None:
    """The socket is closed with 4403 each time; with a good one the stream goes on by itself."""
    cursor = (await ann.ask(CURSORS, id=thread))["conversation"]["cursor"]
    async with run_app(served.url, "palaver", ann, "buyer", seconds=-5) as app:
        await watch(app, "messages", thread, cursor)

        async def has_tried_often() -> bool:
            return await times_offline(app) >= 4

        await until(has_tried_often)
        attempts = (await app.do("states")).count("connecting")
        assert (await app.do("report"))["renewals"] <= attempts + 1
        await app.do("lifetime", 3600)
        said = await say(bob, thread, 2)
        assert await has_seen(app, len(said)) == said
        await no_problems(app)


@pytest.mark.parametrize("stream", ["conversation", "inbox"])
async def test_events_go_on_after_a_reset_when_what_is_shown_was_fetched_again(
    stream: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    """The thread is not followed, so that only fetching it again can fill it."""
    app = await open_app("palaver")
    await app.do("open", thread)
    await watch(app, stream, thread)
    await is_live(app)
    await acts.send(bob, thread, "before")
    await has_seen(app, 1)
    await restore(served)
    await settles_on(app, ["before"])
    await acts.send(bob, thread, "after")
    assert await has_seen(app, 2) == ["before", "after"]
    await no_problems(app)


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_reset_that_nobody_obeys_is_never_silence(
    stream: str, open_app: OpenApp, served: Served, bob: Person, thread: str
) -> None:
    """A union says it by its ResetEvent and goes on; messageAdded has no word for it, and ends."""
    app = await open_app("palaver")
    await watch(app, stream, thread)
    await is_live(app)
    await acts.send(bob, thread, "before")
    await has_seen(app, 1)
    await restore(served)
    if stream == "messages":

        async def has_ended() -> bool:
            return len((await app.do("report"))["problems"]) == 1

        await until(has_ended)
        return
    await is_live(app)
    await acts.send(bob, thread, "after")
    assert await has_seen(app, 2) == ["before", "after"]
    await no_problems(app)


@pytest.mark.parametrize("stream", ["messages", "conversation"])
async def test_cy_the_stranger_is_refused_once_and_for_good(
    stream: str, served: Served, http: httpx.AsyncClient, bob: Person, thread: str, library: None
) -> None:
    cy = served.person(http, "cy", "buyer", name="Cy")
    async with run_app(served.url, "palaver", cy, "buyer") as app:
        await watch(app, stream, thread)

        async def is_refused() -> bool:
            return bool((await app.do("report"))["problems"])

        await until(is_refused)
        await acts.send(bob, thread, "not for Cy")
        await watch(app, "inbox", thread, name="inbox")
        await is_live(app)
        assert len((await app.do("report"))["problems"]) == 1
        assert await app.do("seen") == []


async def test_the_states_tell_how_it_stands(open_app: OpenApp, served: Served, bob: Person, thread: str) -> None:
    app = await open_app("palaver")
    await watch(app, "messages", thread)
    await is_live(app)
    assert await app.do("states") == ["connecting", "catching-up", "live"]
    await served.kill()
    await until(lambda: is_offline(app))
    await served.start()
    await is_live(app)
    states = await app.do("states")
    assert states[3:5] == ["offline, tries again", "connecting"]
    assert states[-3:] == ["connecting", "catching-up", "live"]
    assert states.count("live") == 2
