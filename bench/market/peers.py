"""Writes the same market into the tables of the peers."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from bench.market.palaver import batches, file_row, member_key
from bench.market.rows import Market, Message

TABLES = Path(__file__).parents[1] / "peers" / "tables.sql"
Rows: TypeAlias = tuple[str, Sequence[Sequence[Any]]]


def fill_sqlite(path: Path, market: Market) -> None:
    """Make a file with the peers' tables, and write all of the market into it."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(TABLES.read_text("utf-8"))
        for table, rows in _tables_of(market):
            marks = ", ".join("?" for _ in rows[0])
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.commit()
    finally:
        connection.close()


async def fill_postgres(url: str, market: Market) -> None:
    """Make the peers' tables in an empty database, and write all of the market into them."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLES.read_text("utf-8"))
        for table, rows in _tables_of(market):
            await connection.copy_records_to_table(table, records=rows)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _tables_of(market: Market) -> Iterator[Rows]:
    yield "users", [(person.key, person.sub, person.name, person.picture) for person in market.people]
    last = {message.thread.key: message for message in market.messages()}
    yield (
        "conversations",
        [
            (thread.key, "OPEN", thread.length, last[thread.key].key, last[thread.key].sent_at)
            for thread in market.threads
        ],
    )
    yield (
        "participants",
        [
            (member_key(thread, ordinal), thread.key, person.key, role, read)
            for thread in market.threads
            for ordinal, (person, role, read) in enumerate(
                (
                    (thread.seller, "seller", thread.length - thread.unread),
                    (thread.buyer, "buyer", thread.length),
                )
            )
        ],
    )
    for batch in batches(market.messages()):
        yield "messages", [_message(message) for message in batch]
        files = [file_row(message) for message in batch if message.file_key]
        if files:
            yield (
                "attachments",
                [
                    (
                        row.id,
                        row.message_id,
                        row.kind,
                        row.file_name,
                        row.mime_type,
                        row.byte_size,
                        row.width,
                        row.height,
                    )
                    for row in files
                ],
            )


def _message(message: Message) -> Sequence[Any]:
    return (
        message.key,
        message.thread.key,
        message.seq,
        message.sender.key,
        f"key-{message.seq}",
        "IMAGE" if message.file_key else "TEXT",
        message.body,
        message.sent_at,
    )
