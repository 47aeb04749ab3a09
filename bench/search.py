"""What a search takes when much is stored: python -m bench.search --messages 1000000 --database sqlite.

The market's viewer has a hundred conversations; in one of them half of everything was said, in eight sentences over
and over. Somebody else has a thousand short ones. So every word but those of one message is in a quarter of all
messages: it is as bad as it gets. What is timed is the reading, without HTTP and without the answer.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.figures import shown
from bench.machine import machine
from bench.market.palaver import fill_palaver
from bench.market.rows import Market, Message, Person, Size, Thread, make_market
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
#: Said once by each who searches; of the viewer's, in the middle of the main conversation.
RARE = "A gramophone made of walnut"
CHINESE = "北京大学在海淀区。我在北京"
#: Conversations of the other one who searches.
BUSY = 1000
PAGE = Window(20)
Ask = Callable[[Reading], Coroutine[Any, Any, Page[Any]]]


@dataclass(frozen=True, slots=True)
class RareMarket(Market):
    """The market, with somebody who has a thousand conversations, two things that are said once, and some Chinese."""

    @property
    def busy(self) -> Person:
        """Who has them."""
        return self.people[101]

    @property
    def theirs(self) -> Sequence[Thread]:
        """Their conversations, the oldest first."""
        return [thread for thread in self.threads if thread.seller is self.busy]

    def messages(self) -> Any:
        """Everything that was said."""
        rare = {(self.main.key, self.main.length // 2), (self.theirs[0].key, 1)}
        for number, message in enumerate(Market.messages(self)):
            if number % 100_000 == 0:
                say(f"{number:,} messages are made")
            body = CHINESE if message.seq % 10 == 3 else message.body
            body = RARE if (message.thread.key, message.seq) in rare else body
            yield Message(message.key, message.thread, message.seq, message.sender, body, message.sent_at, None)


def market_of(messages: int) -> RareMarket:
    """It, with about so many messages."""
    plain = make_market(Size.of(messages))
    busy, first = plain.people[101], plain.size.mine
    threads = tuple(
        replace(thread, seller=busy)
        if first <= number < first + BUSY and busy not in (thread.seller, thread.buyer)
        else thread
        for number, thread in enumerate(plain.threads)
    )
    return RareMarket(plain.size, plain.people, threads)


def questions(market: RareMarket) -> dict[str, Ask]:
    """What is asked."""
    settings = Settings()
    limits = {"depth": settings.search_depth, "most": settings.search_most}

    def search(text: str, conversation_id: str | None = None, *, viewer: Person = market.viewer, pages: int = 1) -> Ask:
        async def ask(db: Reading) -> Page[Any]:
            query = Query.of(text, 32)
            page = await find_page(db, viewer.key, conversation_id, query, PAGE, **limits)
            for _ in range(1, pages):
                window = Window(PAGE.size, after=tuple(page.items[-1]))
                page = await find_page(db, viewer.key, conversation_id, query, window, **limits)
            return page

        return ask

    busy = market.busy
    return {
        "a word that was said once": search("gramophone"),
        "the beginning of it": search("gramo"),
        "a word that is everywhere": search("the"),
        "one letter": search("t"),
        "a phrase that is everywhere": search('"it still for sale"'),
        "a sentence, word by word": search("see you at the station i will bring"),
        "a word without spaces": search("海淀区"),
        "a word that is everywhere, two pages": search("the", pages=2),
        "a word that is everywhere, in one conversation": search("the", market.main.key),
        "a word that is everywhere, in a short conversation": search("the", market.mine[0].key),
        "a thousand conversations, a word that was said once": search("gramophone", viewer=busy),
        "a thousand conversations, a word that is everywhere": search("the", viewer=busy),
        "a thousand conversations, a phrase": search('"it still for sale"', viewer=busy),
        "history with a person, the newest page": lambda db: timeline.page(
            db, market.viewer.key, market.main.buyer.key, Window(20, backward=True)
        ),
    }


async def measure(leg: Leg, messages: int, rounds: int) -> dict[str, float]:
    """Milliseconds of each, the median."""
    market = market_of(messages)
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
