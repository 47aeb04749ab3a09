"""The statements alone, on sqlite3, without a server: python -m bench.peers.statements Q1|Q2|M1 --seconds 2.

Nothing is checked, put together or sent. DATABASE names the file; the viewer and the conversation are the market's.
"""

import argparse
import json
import os
import sqlite3
import time
from collections.abc import Callable
from itertools import count

from bench.figures import percentile
from bench.market.rows import Size, make_market
from db.ids import new_id

MEMBER = "SELECT id, read_seq FROM participants WHERE conversation_id = ? AND user_id = ?"
MESSAGES = "SELECT * FROM messages WHERE conversation_id = ? ORDER BY seq DESC LIMIT 51"
PEOPLE = "SELECT * FROM users WHERE id IN (SELECT value FROM json_each(?))"
FILES = "SELECT * FROM attachments WHERE message_id IN (SELECT value FROM json_each(?))"
INBOX = """
SELECT c.* FROM participants p JOIN conversations c ON c.id = p.conversation_id
WHERE p.user_id = ? ORDER BY c.last_message_at DESC, c.id DESC LIMIT 21
"""
OTHERS = """
SELECT p.*, u.* FROM participants p JOIN users u ON u.id = p.user_id
WHERE p.user_id <> ? AND p.conversation_id IN (SELECT value FROM json_each(?))
"""
LAST = "SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))"
UNREAD = """
SELECT m.conversation_id, count(*) FROM participants p
JOIN messages m ON m.conversation_id = p.conversation_id AND m.seq > p.read_seq AND m.sender_id <> p.user_id
WHERE p.user_id = ? AND p.conversation_id IN (SELECT value FROM json_each(?)) GROUP BY m.conversation_id
"""
SENT = "SELECT 1 FROM messages WHERE conversation_id = ? AND sender_id = ? AND client_key = ?"
NEXT = """
UPDATE conversations SET last_seq = last_seq + 1, last_message_id = ?, last_message_at = ? WHERE id = ?
RETURNING last_seq
"""
INSERT = "INSERT INTO messages VALUES (?, ?, ?, ?, ?, 'TEXT', ?, ?)"
READ = "UPDATE participants SET read_seq = ? WHERE id = ?"


class Statements:
    """The work of one request, as a client of SQLite does it."""

    def __init__(self, path: str) -> None:
        market = make_market(Size())
        self._viewer, self._main, self._threads = market.viewer.key, market.main.key, market.mine[:50]
        self._numbers = count()
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=64)
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")
        for pragma in (*pragmas, "wal_autocheckpoint=10000"):
            self._db.execute(f"PRAGMA {pragma}")

    def page(self) -> None:
        """Q1."""
        self._all(MEMBER, self._main, self._viewer)
        rows = self._all(MESSAGES, self._main)
        self._all(PEOPLE, json.dumps([*{row[3] for row in rows}]))
        self._all(FILES, json.dumps([row[0] for row in rows if row[5] != "TEXT"]))

    def inbox(self) -> None:
        """Q2."""
        rows = self._all(INBOX, self._viewer)
        ids = json.dumps([row[0] for row in rows])
        self._all(OTHERS, self._viewer, ids)
        last = self._all(LAST, json.dumps([row[3] for row in rows]))
        self._all(PEOPLE, json.dumps([*{row[3] for row in last}]))
        self._all(UNREAD, self._viewer, ids)

    def send(self) -> None:
        """M1: one transaction, on the disk."""
        number = next(self._numbers)
        thread, key, now = self._threads[number % len(self._threads)].key, new_id(), time.time_ns() // 1_000_000
        self._db.execute("BEGIN IMMEDIATE")
        [(participant, _)] = self._all(MEMBER, thread, self._viewer)
        self._all(SENT, thread, self._viewer, f"raw-{number}")
        [(seq,)] = self._all(NEXT, key, now, thread)
        self._db.execute(INSERT, (key, thread, seq, self._viewer, f"raw-{number}", "Is it still for sale?", now))
        self._db.execute(READ, (seq, participant))
        self._db.execute("COMMIT")

    def _all(self, text: str, *values: str | int) -> list[tuple[str, ...]]:
        return self._db.execute(text, values).fetchall()


def measure(act: Callable[[], None], seconds: float, warm: float) -> dict[str, float]:
    """How often it can be done in a second, and how long each takes."""
    until = time.perf_counter() + warm
    while time.perf_counter() < until:
        act()
    took: list[float] = []
    cpu, started = time.process_time(), time.perf_counter()
    while time.perf_counter() < started + seconds:
        before = time.perf_counter()
        act()
        took.append(time.perf_counter() - before)
    return {
        "per_second": len(took) / (time.perf_counter() - started),
        "p50_ms": percentile(took, 0.5) * 1000,
        "p99_ms": percentile(took, 0.99) * 1000,
        "cpu_us": (time.process_time() - cpu) / len(took) * 1e6,
    }


def main() -> None:
    """Measure one work, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("Q1", "Q2", "M1"))
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--warm", type=float, default=0.5)
    asked = parser.parse_args()
    statements = Statements(os.environ["DATABASE"])
    act = {"Q1": statements.page, "Q2": statements.inbox, "M1": statements.send}[asked.work]
    print(json.dumps(measure(act, asked.seconds, asked.warm)))


if __name__ == "__main__":
    main()
