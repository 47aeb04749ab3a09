"""What a search takes when much is stored: python -m bench.search --messages 1000000 --database sqlite.

The market's viewer has a hundred conversations; in one of them half of everything was said, in eight sentences over
and over. So every word but those of one message is in a quarter of all messages: it is as bad as it gets. What is
timed is the reading, without HTTP and without the answer.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import shown
from bench.machine import machine
from bench.market.palaver import fill_palaver
from bench.market.rows import Market, Message, Size, make_market
from bench.rounds import say
from chat.search import Query, find_page
from core.settings import Settings
from db import timeline
from db.engine import Database
from db.pages import Page, Window
from db.reading import Reading
from tests.legs import Leg, PostgresLeg, SqliteLeg, home_in
from tests.parts.databases import migrate_empty

RESULTS = Path(__file__).parent / "results"
#: Said once, in the middle of the main conversation.
RARE = "A gramophone made of walnut"
PAGE = Window(20)
Ask = Callable[[Reading], Coroutine[Any, Any, Page[Any]]]


@dataclass(frozen=True, slots=True)
class RareMarket(Market):
    """The market, with one thing that is said once."""

    def messages(self) -> Any:
        """Everything that was said."""
        for message in Market.messages(self):
            is_it = message.thread is self.main and message.seq == self.main.length // 2
            body = RARE if is_it else message.body
            yield Message(message.key, message.thread, message.seq, message.sender, body, message.sent_at, None)


def questions(market: Market) -> dict[str, Ask]:
    """What is asked."""
    viewer, depth = market.viewer.key, Settings().search_depth

    def search(text: str, conversation_id: str | None = None) -> Ask:
        return lambda db: find_page(db, viewer, conversation_id, Query.of(text, 32), PAGE, depth=depth)

    return {
        "a word that was said once": search("gramophone"),
        "the beginning of it": search("gramo"),
        "a word that is everywhere": search("the"),
        "one letter": search("t"),
        "a phrase that is everywhere": search('"it still for sale"'),
        "a sentence, word by word": search("see you at the station i will bring"),
        "a word that is everywhere, in one conversation": search("the", market.main.key),
        "a word that is everywhere, in a short conversation": search("the", market.mine[0].key),
        "history with a person, the newest page": lambda db: timeline.page(
            db, viewer, market.main.buyer.key, Window(20, backward=True)
        ),
    }


async def measure(leg: Leg, messages: int, rounds: int) -> dict[str, float]:
    """Milliseconds of each, the median."""
    plain = make_market(Size.of(messages))
    market = RareMarket(plain.size, plain.people, plain.threads)
    with tempfile.TemporaryDirectory(prefix="palaver-search-") as folder, home_in(Path(folder), leg) as home:
        started = time.perf_counter()
        url = home.places["database_url"]
        await fill_palaver(url, market)
        say(f"{messages:,} messages are written and indexed after {time.perf_counter() - started:.0f} s")
        database, found = Database(url), {}
        for name, ask in questions(market).items():
            found[name] = sorted([await _timed(database, ask) for _ in range(rounds)])[rounds // 2]
            say(f"{name:52} {shown(found[name])} ms")
        await database.close()
    return found


async def _timed(database: Database, ask: Ask) -> float:
    async with database.reading_directly() as db:
        started = time.perf_counter()
        page = await ask(db)
        took = time.perf_counter() - started
    if not page.items:
        raise LookupError("Nothing was found.")
    return took * 1000


def main() -> None:
    """Measure, and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palaver-template-") as folder:
        template = Path(folder) / "palaver.db"
        asyncio.run(migrate_empty(f"sqlite+aiosqlite:///{template}"))
        postgres = PostgresLeg()
        try:
            leg: Leg = SqliteLeg(template) if asked.database == "sqlite" else postgres
            found = asyncio.run(measure(leg, asked.messages, asked.rounds))
        finally:
            postgres.stop()
    path = RESULTS / "search.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    kept[asked.database] = {"machine": machine(), "messages": asked.messages, "milliseconds": found}
    path.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
