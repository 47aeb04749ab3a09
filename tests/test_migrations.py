"""What migrations leave as it was, on tables with rows in them."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection

from db.engine import Database
from db.migrate import configuration, upgrade
from db.tables import metadata
from tests import acts, changing
from tests.client import People
from tests.house import House, open_house
from tests.legs import Home
from tests.searching import bodies
from tests.storage import run_sql
from tests.test_inbox_entries import move_to

#: Entries of the index of words are made anew, with other numbers; the others a server writes while it does nothing.
STAYING = [
    table
    for table in metadata.sorted_tables
    if not table.name.startswith(("message_words", "presence", "audit_un", "audit_seal"))
]

#: In which migrations and triggers have written rows already.
FILLED = ("epochs", "message_words", "inbox_entries", "audit_unsealed")


async def say_everything(people: People) -> list[dict[str, Any]]:
    """Messages with all that may belong to one: answers, reactions, what was said before; and one that was deleted."""
    await acts.list_thing(people.host)
    thread = await acts.open_about(people.ann)
    sent = [await acts.send(people.ann, thread, f"Words {number}") for number in range(4)]
    await changing.edit(people.ann, sent[0]["id"], "Other words")
    await changing.react(people.bob, sent[1]["id"], "👍")
    await changing.reply(people.bob, thread, sent[2]["id"])
    await changing.delete(people.ann, sent[3]["id"])
    return sent


async def kept(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that stay."""
    found = {}
    for table in STAYING:
        rows = await run_sql(house, f"select {', '.join(table.c.keys())} from {table.name}")
        found[table.name] = sorted(rows, key=repr)
    return found


async def test_rows_stay_as_they_are_where_an_index_or_a_key_goes(house: House, people: People) -> None:
    """Down and up again; whoever wants to write a thing twice is still stopped."""
    await say_everything(people)
    before = await kept(house)
    assert all(before[name] for name in ("messages", "message_edits", "reactions", "events"))
    for _ in range(2):
        await move_to(house.settings.database_url, "0015")
        assert await kept(house) == before
    assert await bodies(people.bob, "words") == ["Words 2", "Words 1", "Other words"]


async def migrate_to(url: str, revision: str) -> None:
    """Bring an empty database up to a revision."""
    config, database = configuration(), Database(url)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with database.writer.begin() as connection:
        await connection.run_sync(run)
    await database.close()


def copy_rows(origin: str, target: str) -> None:
    """All rows of one SQLite database into another, which has none but what its migrations wrote."""
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        database.execute("attach ? as origin", [origin])
        for table in sorted(metadata.sorted_tables, key=lambda table: table.name in FILLED):
            columns = ", ".join(column.name for column in table.c if column.computed is None)
            if table.name in FILLED:
                database.execute(f"delete from {table.name}")
            database.execute(f"insert into {table.name} ({columns}) select {columns} from origin.{table.name}")


def ask(path: Path, *statements: str) -> Iterable[list[tuple[Any, ...]]]:
    """The rows of statements."""
    with closing(sqlite3.connect(path)) as database:
        return [database.execute(statement).fetchall() for statement in statements]


async def test_sqlite_is_sound_after_a_key_was_taken_from_the_table_of_messages(
    sqlite_home: Home, tmp_path: Path
) -> None:
    """With all its rows, triggers and other keys; and a connection that was open before knows of it."""
    async with open_house(sqlite_home.settings()) as house, People(house) as people:
        await say_everything(people)
        before = await kept(house)
    path = tmp_path / "before.db"
    await migrate_to(f"sqlite+aiosqlite:///{path}", "0015")
    copy_rows(str(house.settings.database_url).partition(":///")[2], str(path))
    triggers = "select name, sql from sqlite_schema where type = 'trigger' order by name"
    indexes = "select name from pragma_index_list('messages') order by name"
    keys = "select seqno, name from pragma_index_info('sqlite_autoindex_messages_3')"
    (triggers_before, indexes_before) = ask(path, triggers, indexes)
    assert ("sqlite_autoindex_messages_4",) in indexes_before
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("select count(*) from messages where position = 2").fetchall() == [(1,)]
        await upgrade(database := Database(f"sqlite+aiosqlite:///{path}"))
        await database.close()
        assert reader.execute("select count(*) from messages where seq = 1").fetchall() == [(1,)]
        assert reader.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert reader.execute("pragma foreign_key_check").fetchall() == []
    (triggers_after, indexes_after, key) = ask(path, triggers, indexes, keys)
    assert triggers_after == triggers_before
    assert ("sqlite_autoindex_messages_4",) not in indexes_after
    assert [column for _, column in key] == ["conversation_id", "seq"]
    for table in STAYING:
        (rows,) = ask(path, f"select {', '.join(table.c.keys())} from {table.name}")
        assert sorted(rows, key=repr) == before[table.name], table.name
