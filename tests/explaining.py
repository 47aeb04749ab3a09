"""How the database would find the rows of a statement: by which columns of which table, as EXPLAIN tells it."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from db.engine import Database
from db.tables import metadata

#: The plan of a statement whose values are not known, as it is for one that is kept.
GENERIC = "plan_cache_mode = force_generic_plan"


@dataclass(frozen=True, slots=True)
class Access:
    """A step of a plan: the columns by which rows of a table are found, None when all of it is read.

    `is_first` when nothing but the first row in the index's order is wanted; `index` is what it is found by, by name;
    `is_covering` when SQLite needs the index alone, and not the rows themselves.
    """

    statement: str
    table: str
    columns: frozenset[str] | None
    is_first: bool = False
    index: str | None = None
    is_covering: bool = False


#: Stands for a table where rows have to be put in order.
SORT = "(sort)"


async def explain(database: Database, statements: Iterable[str], *, may_sort: bool = True) -> list[Access]:
    """Every access to a table of ours that statements would make, and every sort; if not `may_sort`, those needed."""
    distinct = dict.fromkeys(statements)
    if database.is_sqlite:
        connection = sqlite3.connect(str(database.url.database))
        try:
            return [access for text in distinct for access in _on_sqlite(connection, text)]
        finally:
            connection.close()
    url = database.url.set(drivername="postgresql", query={}).render_as_string(hide_password=False)
    postgres = await asyncpg.connect(url)
    try:
        # Small tables are read whole whatever indexes they have; here the question is whether one could be used.
        await postgres.execute("ANALYZE")
        for way in ("seqscan", "mergejoin", "hashjoin", *(() if may_sort else ("sort",))):
            await postgres.execute(f"SET enable_{way} = off")
        await postgres.execute(f"SET {GENERIC}")
        return [access for text in distinct for access in await _on_postgres(postgres, text)]
    finally:
        await postgres.close()


def _on_sqlite(connection: sqlite3.Connection, text: str) -> Iterator[Access]:
    unknown = re.sub(r"'[^']*'", "", text).count("?")
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", text) if table in metadata.tables}
    steps = [*connection.execute(f"EXPLAIN QUERY PLAN {text}", [None] * unknown)]
    # The first rows of each of many: what is listed for a row, up to a limit, without having to be put in order.
    listed = {number for number, *_, step in steps if step.startswith("CO-ROUTINE")}
    listed -= {parent for _, parent, _, step in steps if step.endswith("FOR ORDER BY")}
    limits = text.count("LIMIT") - 1
    listed = listed if limits > 0 else set()
    # So is the one row that is wanted of a subquery, where each of them has its limit.
    single = {number for number, *_, step in steps if "SCALAR SUBQUERY" in step}
    listed |= single if len(single) <= limits else set()
    for _, parent, _, step in steps:
        found = re.match(r"(SEARCH|SCAN) (\w+)(?:.*? INDEX (\w+))?(?:.*?\((.*)\))?", step)
        if found is None:
            if step.endswith("FOR ORDER BY"):
                yield Access(text, SORT, None)
            continue
        verb, name, index, by = found.groups()
        table = str(names.get(name, name))
        if table in metadata.tables:
            columns = frozenset(re.findall(r"(\w+)[=<>]", by or ""))
            # The least or the greatest of an index, or of a part of it, is one row.
            is_first = text.startswith(("SELECT min(", "SELECT max(")) and len(columns) < 2
            is_first = verb == "SEARCH" and (is_first or parent in listed)
            is_covering = " COVERING INDEX " in step
            yield Access(text, table, columns if verb == "SEARCH" else None, is_first, index, is_covering)


async def _on_postgres(connection: asyncpg.Connection, text: str) -> list[Access]:
    values = max((int(number) for number in re.findall(r"\$(\d+)", text)), default=0)
    given = f"({', '.join(['NULL'] * values)})" if values else ""
    await connection.execute(f"PREPARE explained AS {text}")
    try:
        [row] = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE explained{given}")
    finally:
        await connection.execute("DEALLOCATE explained")
    return list(_walk(text, json.loads(row[0])[0]["Plan"], is_first=False))


def _walk(text: str, node: dict[str, Any], *, is_first: bool) -> Iterator[Access]:
    table = str(node.get("Relation Name", ""))
    if table in metadata.tables and node["Node Type"] != "ModifyTable":
        condition = node.get("Index Cond") or node.get("Recheck Cond") or node.get("TID Cond")
        # What a column is compared with may be a column of another table; that is told with its table's name.
        own = re.sub(r"\w+\.\w+", "", condition or "")
        columns = frozenset(name for name in metadata.tables[table].c.keys() if re.search(rf"\b{name}\b", own))  # noqa: SIM118
        index = node.get("Index Name")
        yield Access(text, table, columns or None, is_first and node["Node Type"].startswith("Index"), index)
    if node["Node Type"].endswith("Sort"):
        yield Access(text, SORT, None)
    for child in node.get("Plans", ()):
        yield from _walk(text, child, is_first=node["Node Type"] == "Limit")
