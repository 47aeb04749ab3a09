"""How long a socket lasts: not for ever, whatever it does, and not for long when it does nothing."""

from contextlib import suppress

from tests import acts
from tests.client import People, StreamEnded
from tests.conftest import OpenHouse
from tests.live.asks import cursor_of
from tests.socket.wire import WHO, greeted

#: Closes by which graphql-ws and its like come back.
COME_BACK = 1001


async def test_a_socket_on_which_nothing_runs_and_nothing_is_said_is_closed(make_house: OpenHouse) -> None:
    async with make_house(socket_idle_seconds=0.2) as house, People(house) as cast:
        async with greeted(cast.ann) as wire:
            code, reason = await wire.ending()
            assert (code, bool(reason)) == (COME_BACK, True)
        async with greeted(cast.ann) as wire:
            await wire.subscribe("1", WHO)
            assert [(await wire.hear())["type"] for _ in range(2)] == ["next", "complete"]
            assert (await wire.ending())[0] == COME_BACK


async def test_while_something_runs_it_may_be_silent(make_house: OpenHouse) -> None:
    """Another that was silent as long has ended meanwhile; and when the last operation ends, so does this one."""
    async with make_house(socket_idle_seconds=0.3) as house, People(house) as cast:
        await acts.list_thing(cast.host)
        thread = await acts.open_about(cast.ann)
        start = await cursor_of(cast.bob, thread)
        async with greeted(cast.bob) as busy:
            await busy.subscribe("1", acts.MESSAGE_ADDED, id=thread, after=start)
            for _ in range(2):
                async with greeted(cast.bob) as idle:
                    assert (await idle.ending())[0] == COME_BACK
            await acts.send(cast.ann, thread, "still here?")
            assert (await busy.hear())["payload"]["data"]["messageAdded"]["message"]["body"] == "still here?"
            await busy.say(type="complete", id="1")
            assert (await busy.ending())[0] == COME_BACK


async def test_who_says_something_now_and_then_stays(make_house: OpenHouse) -> None:
    """As long as three others that are silent, one after the other."""
    settings = {"socket_idle_seconds": 0.4, "socket_messages": "100000 per second"}
    async with make_house(**settings) as house, People(house) as cast, greeted(cast.bob) as talker:
        async with greeted(cast.ann) as silent:
            while silent.socket.close_code is None:
                assert await talker.is_open()
        assert silent.socket.close_code == COME_BACK
        assert await talker.is_open()


async def test_a_socket_that_is_old_is_closed_and_its_client_resumes(make_house: OpenHouse) -> None:
    """Whatever runs on it. Nothing is lost: what it would have heard comes after its cursor."""
    async with make_house(socket_age_seconds=0.5) as house, People(house) as cast:
        await acts.list_thing(cast.host)
        thread = await acts.open_about(cast.ann)
        start = await cursor_of(cast.bob, thread)
        heard: list[int] = []
        codes: list[int] = []
        while len(codes) < 3:
            async with cast.bob.connect() as line:
                stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
                with suppress(StreamEnded):
                    while True:
                        await acts.send(cast.ann, thread, "more")
                        event = await stream.next()
                        heard.append(event["message"]["seq"])
                        start = event["cursor"]
                codes.append(await line.closed())
        assert codes == [COME_BACK] * 3
        last = await acts.send(cast.ann, thread, "the last")
        async with cast.bob.connect() as line:
            stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
            while heard[-1] < last["seq"]:
                heard.append((await stream.next())["message"]["seq"])
        assert heard == list(range(1, last["seq"] + 1))


async def test_a_token_that_ends_sooner_ends_it_with_its_own_code(make_house: OpenHouse) -> None:
    async with make_house() as house, People(house) as cast, greeted(cast.person("dee", seconds=1.2)) as wire:
        assert (await wire.ending())[0] == 4403
