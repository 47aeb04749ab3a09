"""What is done to the servers and to what they stand on while people talk."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.faults.company import ANN, BOB
from tests.faults.fleet import Server
from tests.faults.onlookers import PAGE
from tests.faults.points import POINTS
from tests.faults.readers import Habits, Reader
from tests.faults.stage import Stage

#: Messages between two faults: enough that something is always on its way.
BETWEEN = 15
#: So many messages of 16 kB do not fit into what lies between a server and a client that takes nothing.
LOUD_ENOUGH = 360
#: Done to a stage so many times.
Act = Callable[[Stage, int], Awaitable[None]]


async def calm(stage: Stage, times: int) -> None:
    """Nothing happens."""
    for _ in range(times):
        await stage.said(BETWEEN * 2)
        await stage.breathe()


async def burst(stage: Stage, times: int) -> None:
    """A few words at once, then silence: whoever's bell was lost has nothing that would ring another."""
    for _ in range(times):
        await stage.said(random.randrange(2, 9))
        await stage.breathe()


async def kill(stage: Stage, times: int) -> None:
    """Servers are killed at any moment, and started again at once."""
    for _ in range(times):
        await stage.said(random.randrange(1, BETWEEN * 2))
        async with stage.fault("kill -9"):
            await kill_and_start(stage, random.choice(stage.fleet.servers))
        await stage.connected()


async def kill_and_start(stage: Stage, server: Server) -> None:
    """One death, and the next life."""
    await server.kill()
    stage.kills += 1
    await server.start()
    await stage.said(1)


async def die_at_points(stage: Stage, times: int) -> None:
    """Servers die between two steps of sending: before and after the commit, before and after the answer."""
    for number in range(times):
        point, server = POINTS[number % len(POINTS)], random.choice(stage.fleet.servers)
        await stage.fleet.ready()
        await server.order(f"die {point} {random.randrange(1, 8)}")
        await stage.died(server)
        async with stage.fault(point):
            await server.start()
            await stage.said(1)
        await stage.connected()
    await stage.said(BETWEEN)


async def two_of_three(stage: Stage, times: int) -> None:
    """Two of three servers are killed at once, and stay away for a while."""
    for _ in range(times):
        await stage.said(BETWEEN)
        dead = random.sample(stage.fleet.servers, 2)
        async with stage.fault("two of three killed"):
            await asyncio.gather(*(server.kill() for server in dead))
            stage.kills += 2
            await stage.said(BETWEEN)
            await stage.connected()
        await asyncio.gather(*(server.start() for server in dead))
        await stage.fleet.ready()


async def hold_a_server(stage: Stage, times: int) -> None:
    """A server stands still for a while, as a machine does that swaps; its clients wait, or go elsewhere."""
    for _ in range(times):
        await stage.said(BETWEEN)
        server = random.choice(stage.fleet.servers)
        async with stage.fault("a server stands still"):
            server.hold()
            await asyncio.sleep(2)
            server.go_on()
        await stage.said(BETWEEN)


async def roll(stage: Stage, times: int) -> None:
    """Servers are ended in order and started again, one after another, as in an upgrade."""
    for _ in range(times):
        for server in stage.fleet.servers:
            await stage.said(BETWEEN)
            await stage.fleet.ready()  # Who is ended while it still starts ends by the signal.
            async with stage.fault("SIGTERM"):
                server.terminate()
                status = await asyncio.wait_for(server.ended(), 60)
                await server.start()
                await stage.said(1)
            if status != 0:
                raise AssertionError(f"A server that was told to end did so with {status}.")
            await stage.fleet.ready()
            await stage.connected()


async def kill_redis(stage: Stage, times: int) -> None:
    """The broker dies, stays away for a while in which everybody still hears everything, and comes back."""
    assert stage.ground.redis is not None
    for _ in range(times):
        await stage.said(BETWEEN)
        async with stage.fault("Redis killed"):
            await asyncio.to_thread(stage.ground.redis.kill)
            await stage.said(BETWEEN * 2)
            await stage.breathe()
        await asyncio.to_thread(stage.ground.redis.start)
        await stage.said(BETWEEN)
        await stage.fleet.ready()


async def hold_redis(stage: Stage, times: int) -> None:
    """The broker takes connections and answers nothing."""
    assert stage.ground.redis is not None
    for _ in range(times):
        await stage.said(BETWEEN)
        async with stage.fault("Redis stands still"):
            stage.ground.redis.hold()
            await stage.said(BETWEEN * 2)
            await stage.breathe()
            stage.ground.redis.go_on()
        await stage.said(BETWEEN)
        await stage.fleet.ready()


async def restart_postgres(stage: Stage, times: int) -> None:
    """PostgreSQL is restarted in order, then as after a crash, by turns."""
    for number in range(times):
        await stage.said(BETWEEN)
        async with stage.fault(("PostgreSQL restarted", "PostgreSQL crashed")[number % 2]):
            await stage.ground.restart_postgres(by_crash=number % 2 == 1, away=0.3)
            await stage.said(1)
        await stage.connected()
        await stage.said(BETWEEN)


async def terminate_backends(stage: Stage, times: int) -> None:
    """All connections to the database are cut, again and again."""
    for _ in range(times):
        await stage.said(random.randrange(1, BETWEEN))
        async with stage.fault("backends terminated"):
            await stage.ground.terminate_backends()
            await stage.said(1)
    await stage.connected()
    await stage.said(BETWEEN)


async def blink_redis(stage: Stage, times: int) -> None:
    """The broker dies and is back soon, and nothing but its coming back makes anybody look for what was missed."""
    assert stage.ground.redis is not None
    for _ in range(times):
        await stage.said(BETWEEN)
        async with stage.fault("Redis blinks"):
            await asyncio.to_thread(stage.ground.redis.kill)
            await stage.said(BETWEEN)
            stage.gate.hold()
            await asyncio.to_thread(stage.ground.redis.start)
            await stage.fleet.ready()
            await stage.breathe()


async def commit_late(stage: Stage, times: int) -> None:
    """The database commits, and the server learns it only when the time of the act is over."""
    for server in stage.fleet.servers:
        await server.order("late 0.1 0.6")
    for _ in range(times):
        async with stage.fault("commits are told late"):
            await stage.said(BETWEEN)
            await stage.breathe()


async def storm(stage: Stage, times: int) -> None:
    """A server dies under hundreds of sockets, which all come back at once and resume."""
    for _ in range(times):
        await stage.said(BETWEEN)
        async with stage.fault("kill -9 under a crowd"):
            await kill_and_start(stage, random.choice(stage.fleet.servers))
            await stage.connected()
        await stage.said(BETWEEN)
        await stage.breathe()


async def shake(stage: Stage, times: int) -> None:
    """All sockets break at once while somebody writes; then everybody waits, and all must have heard everything."""
    for _ in range(times):
        await stage.said(random.randrange(1, BETWEEN))
        async with stage.fault("all sockets broken"):
            await stage.breathe(shaken=True)


async def come_late(stage: Stage, times: int) -> None:
    """Newcomers read what there is while the last word is said; nothing that was said between may escape them."""
    for number in range(times):
        await stage.said(random.randrange(2, 9))
        for stream in ("inbox", "added", "events"):
            conversation = None if stream == "inbox" else stage.conversations[number % len(stage.conversations)]
            await stage.join((ANN, BOB)[number % 2], stream, conversation)
        await asyncio.sleep(random.uniform(0.0, 0.5))
        await stage.breathe()


async def stall(stage: Stage, times: int) -> None:
    """A client that is far behind takes nothing, until the server closes its socket; then it comes back and resumes."""
    await stage.said(LOUD_ENOUGH)
    for _ in range(times):
        sloth = await stage.join(BOB, "added", stage.conversations[0], Habits(stalls_for=4.0))
        async with stage.fault("a client takes nothing"):
            await stage.expect("closing who takes nothing", lambda: was_closed(stage, sloth))  # noqa: B023


def was_closed(stage: Stage, reader: Reader) -> bool:
    """Has the server closed a reader's socket?"""
    return any(broke.reader == reader.number for broke in stage.history.broke)


async def fill_disk(stage: Stage, times: int) -> None:
    """SQLite's disk is full for a while: nothing is stored, reading goes on, and there is room again."""
    (server,) = stage.fleet.servers
    for _ in range(times):
        await stage.said(BETWEEN)
        await server.order("full")
        await refused(stage, server)
        async with stage.fault("disk full, and room again"):
            await server.order("room")
            await stage.said(1)
        await stage.said(BETWEEN)


async def break_disk(stage: Stage, times: int) -> None:
    """The system refuses to write SQLite's files any further, and later writes again."""
    (server,) = stage.fleet.servers
    for _ in range(times):
        await stage.said(BETWEEN)
        server.limit_files(server.output.stat().st_size + 65_536)
        await refused(stage, server)
        async with stage.fault("disk fails, and works again"):
            server.limit_files(-1)
            await stage.said(1)
        await stage.said(BETWEEN)


#: How often writers try anew until it is clear that they will not be refused.
PATIENT = 25


async def refused(stage: Stage, server: Server) -> None:
    """Wait until nobody's sending succeeds any more; people can still read, and the server lives.

    A server that goes on saying yes, to what it cannot have stored, is left to the checker.
    """
    for _ in range(PATIENT):
        done, tried = stage.acknowledged, len(stage.history.attempts)
        await stage.until(lambda: len(stage.history.attempts) >= tried + 4 * len(stage.writers))  # noqa: B023
        if stage.acknowledged == done:
            break
    await stage.people[ANN].ask(server, PAGE)
    if server.pid is None:
        raise AssertionError("The server has ended.")
