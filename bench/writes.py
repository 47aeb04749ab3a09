"""What a send costs below the schema: python -m bench.writes --seconds 5 [--leg postgres].

So many writers in one process, each in a conversation of its own, send one message after another as fast as they are
acknowledged. Told are the sends in a second, the CPU time of this process for one, and how long one takes.
"""

import argparse
import asyncio
import cProfile
import pstats
import time
from itertools import count

from bench.plan import Market, market, sign_in
from chat.conversations import Opening
from chat.references import SubjectReference
from chat.send_rules import Content
from chat.sending import send_message
from chat.users import Viewer
from tests.legs import NAMES

CONCURRENCIES = (1, 8, 32)
#: Conversations that are there: a writer for each.
THREADS = 40
STRETCHES = 10


async def desks(made: Market) -> list[tuple[Viewer, str]]:
    """Who writes where."""
    found = []
    for number in range(THREADS):
        ann = await sign_in(made.palaver, f"ann-{number}", "buyer")
        opening = Opening(SubjectReference("listing", f"bike-{number}"), None, None, None)
        found.append((ann, (await made.palaver.openings.open(ann, opening)).conversation.id))
    return found


async def write(made: Market, viewer: Viewer, thread: str, until: float, took: list[float], name: str) -> None:
    """Send until it is time."""
    palaver = made.palaver
    for number in count():
        started = time.perf_counter()
        if started > until:
            return
        content = Content("I could come by on Saturday, would that be good for you?", (), f"{name}-{number}")
        await send_message(palaver.work, palaver.send_rules, viewer, thread, content)
        took.append(time.perf_counter() - started)


async def measure(made: Market, concurrency: int, seconds: float) -> str:
    """A row of the table: the best of some stretches, for others use this machine too."""
    places = await desks(made)
    stretches = [await stretch(made, places[:concurrency], seconds / STRETCHES) for _ in range(STRETCHES)]
    rate, _, middle, late = max(stretches)
    cost = min(cpu for _, cpu, _, _ in stretches)
    return f"{concurrency:>8} | {rate:>8.0f} | {cost:>11.0f} | {middle:>6.2f} | {late:>6.2f}"


async def stretch(made: Market, places: list[tuple[Viewer, str]], seconds: float) -> tuple[float, float, float, float]:
    """Sends in a second, microseconds of CPU for one, and how long the middle one and a late one took (ms)."""
    took: list[float] = []
    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(write(made, *place, started + seconds, took, f"{started}") for place in places))
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    took.sort()
    middle, late = (1000 * took[int(len(took) * part)] for part in (0.5, 0.99))
    return len(took) / wall, 1e6 * cpu / len(took), middle, late


async def main(seconds: float, leg: str, profile: str | None) -> None:
    """Measure, and print a table."""
    async with market(leg, THREADS, 0) as made:
        if profile:
            with cProfile.Profile() as profiler:
                await measure(made, 32, seconds)
            pstats.Stats(profiler).sort_stats(profile).print_stats(40)
            return
        print("writers  | sends/s  | CPU us/send | p50 ms | p99 ms")
        for concurrency in CONCURRENCIES:
            print(await measure(made, concurrency, seconds))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--leg", choices=NAMES, default="sqlite")
    parser.add_argument("--profile", choices=("tottime", "cumtime"))
    asked = parser.parse_args()
    asyncio.run(main(asked.seconds, asked.leg, asked.profile))
