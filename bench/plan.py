"""What a read costs, in CPU time of its process: python -m bench.plan --seconds 3 [--leg postgres].

The same operations by their plans and by graphql-core, from the text to the bytes of the answer, without a socket.
"""

import argparse
import asyncio
import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.operations import INBOX, PAGE
from chat.conversations import Opening
from chat.palaver import Palaver, start_palaver
from chat.references import SubjectReference
from chat.send_rules import Content
from chat.sending import send_message
from chat.subjects import Party, SubjectChange, upsert_subject
from chat.users import Viewer
from core.clock import now_ms
from core.ids import encode_id
from core.tokens import Claims
from db import attachments
from db.attachments import AttachmentRow
from db.ids import new_id
from graph.context import Context
from graph.execution import Operation, execute
from graph.guard import Guard, choose_operation
from graph.meters import Meters
from graph.metrics import new_registry
from graph.plan.plans import Plans
from graph.responses import encode
from graph.roots import row_types, schema, subscription_fields
from tests.legs import NAMES, PostgresLeg, SqliteLeg, home_in
from tests.parts.databases import migrate_empty


class NoPlans(Plans):
    """Leaves every operation to graphql-core."""

    def find(self, *_: Any) -> None:
        """None."""


@dataclass(frozen=True, slots=True)
class Market:
    """A running server with something in it, and who reads it."""

    palaver: Palaver
    reader: Viewer
    thread: str


async def sign_in(palaver: Palaver, name: str, *roles: str) -> Viewer:
    """Somebody comes with a token."""
    claims = Claims(name, now_ms() + 3_600_000, now_ms(), name.title(), f"https://img.example/{name}", roles)
    return await palaver.registry.recognise(claims)


async def fill(palaver: Palaver, threads: int, length: int) -> Market:
    """Bob's listings, each with a conversation; the newest one is long, with pictures."""
    host, bob = await sign_in(palaver, "market", "service"), await sign_in(palaver, "bob", "seller")
    opened = []
    for number in range(threads):
        ann = await sign_in(palaver, f"ann-{number}", "buyer")
        owner = Party(bob.external_id, "seller")
        change = SubjectChange("listing", f"bike-{number}", title=f"Bicycle {number}", owner=owner)
        await upsert_subject(palaver.work, host, change)
        first = Content("Is it still for sale?", (), f"first-{number}")
        reference = SubjectReference("listing", f"bike-{number}")
        conversation = (await palaver.openings.open(ann, Opening(reference, None, None, first))).conversation
        opened.append((ann, conversation.id))
    ann, thread = opened[-1]
    for number in range(length):
        writer = (ann, bob)[number % 2]
        files = (await give(palaver, writer),) if number % 5 == 0 else ()
        body = f"I could come by on Saturday, would that be good for you? ({number})"
        await send_message(palaver.work, palaver.send_rules, writer, thread, Content(body, files, f"key-{number}"))
    return Market(palaver, bob, thread)


async def give(palaver: Palaver, owner: Viewer) -> str:
    """A picture, as far as the database knows."""
    row = AttachmentRow(
        new_id(), owner.id, None, 0, "IMAGE", "bicycle.jpg", "image/jpeg", 90_000, "0" * 64, 800, 600, None, now_ms()
    )
    async with palaver.work.begin() as unit:
        await attachments.insert_one(unit.db, row)
    return row.id


@asynccontextmanager
async def market(leg: str, threads: int, length: int) -> AsyncIterator[Market]:
    """A market on a new database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        await migrate_empty(f"sqlite+aiosqlite:///{template}")
        stands_on = SqliteLeg(template) if leg == "sqlite" else PostgresLeg()
        try:
            with home_in(Path(folder), stands_on) as home:
                palaver = await start_palaver(home.settings(rate_limits="off", log_level="error", log_format="json"))
                try:
                    yield await fill(palaver, threads, length)
                finally:
                    await palaver.stop()
        finally:
            if isinstance(stands_on, PostgresLeg):
                stands_on.stop()


@dataclass(frozen=True, slots=True)
class Reader:
    """Executes one operation again and again, from its text on."""

    market: Market
    guard: Guard
    plans: Plans
    meters: Meters
    query: str
    variables: dict[str, Any]

    async def read(self) -> bytes:
        """The bytes of an answer."""
        palaver = self.market.palaver
        checked = self.guard.check(self.query)
        if checked.document is None or checked.errors:
            raise ValueError(checked.errors)
        chosen = choose_operation(checked.document, None)
        context = Context(palaver, self.market.reader, "http://127.0.0.1", self.meters)
        cost = checked.cost_of(chosen).of(self.variables)
        operation = Operation(checked.document, None, self.variables, chosen, cost)
        return encode(await execute(self.plans, context, operation))

    async def cost(self, seconds: float) -> float:
        """Microseconds of the process's CPU time for one answer; the best of five stretches."""
        await self.read()
        best = float("inf")
        for _ in range(5):
            count, started = 0, time.process_time()
            while time.process_time() - started < seconds / 5:
                await self.read()
                count += 1
            best = min(best, (time.process_time() - started) / count)
        return best * 1e6


async def measure(seconds: float, leg: str, profile: str | None) -> None:
    """Measure, and print a line for each operation."""
    async with market(leg, 25, 120) as made:
        guard, meters = Guard(schema._schema, made.palaver.settings), Meters(new_registry(), subscription_fields)
        operations: Sequence[tuple[str, str, dict[str, Any]]] = (
            ("page of 50", PAGE, {"id": encode_id("Conversation", made.thread), "last": 50}),
            ("inbox of 20", INBOX, {"first": 20}),
        )
        for name, query, variables in operations:
            planned, resolved = (
                Reader(made, guard, plans(schema, row_types), meters, query, variables) for plans in (Plans, NoPlans)
            )
            one, other = await planned.read(), await resolved.read()
            same = "the same answer" if json.loads(one) == json.loads(other) else "ANOTHER ANSWER"
            if profile:
                with cProfile.Profile() as profiler:
                    for _ in range(300):
                        await planned.read()
                pstats.Stats(profiler).sort_stats(profile).print_stats(35)
                continue
            cheap, dear = await planned.cost(seconds), await resolved.cost(seconds)
            times = f"plan {cheap:.0f} us, graphql-core {dear:.0f} us, {dear / cheap:.1f}x"
            print(f"{name}: {len(one)} bytes; {times}; {same}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--leg", choices=NAMES, default="sqlite")
    parser.add_argument("--profile", choices=("tottime", "cumtime"))
    asked = parser.parse_args()
    asyncio.run(measure(asked.seconds, asked.leg, asked.profile))
